"""One adapter per model family: text to conditioning, rows to outputs, latents to pixels and back.

`base.Family` is the contract; the loop knows families by it alone. `latent_family` is what all of them share, `parts`
reads their folders. `whole_pipeline` is no family: checkpoints that diffusers paints by itself.
"""
