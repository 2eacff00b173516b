"""One adapter per model family: text to conditioning, rows to outputs, latents to pixels and back.

`base.Family` is the contract; the loop knows families by it alone.
"""
