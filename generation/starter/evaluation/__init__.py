"""What the starter model can do, in one table: from held-out prompts and fixed seeds.

One measure per file: `adherence` (by the attribute classifier), `retrieval` (CLIP), `reconstruction` (VAE), `frechet`
(distance of distributions), `enlarging` (high-resolution stage), `diversity`, `speed`. `held_out` makes the prompts,
`command` runs it all, `table` writes it.
"""
