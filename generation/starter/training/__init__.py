"""Training of the starter model from nothing: data, networks, one loop, and one file for each stage.

From the bottom up:

- `sizes`, `budget`, `progress`, `files`, `words`, `pool`, `renderers`: tables and data; none of them loads torch.
- `device`, `networks`, `classifier_network`, `diffusion`, `measures`, `folders`: what is trained.
- `rows`, `encoded`: rendered pictures and their latents, where the network runs.
- `settings`, `checkpoints`, `averaging`, `compiling`, `loop`, `unets`: how anything is trained.
- `tokenizer`, `classifier`, `clip`, `vae`, `latents`, `base`, `hires`: the stages, in their order.
- `sampling`, `sheets`: pictures by what was trained.
"""
