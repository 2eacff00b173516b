"""Scenes that the project draws itself: attributes and a seed to a picture of any size, and captions of it.

The starter model is trained on these pictures and on nothing else, so they are the best it can paint.
No torch, no Django.

Front doors, in the order a trainer needs them:

- `scene_at(SPLITS["train"], row)`: the `Scene` of a row; it depends on the split's seed and the row alone.
  `is_held_out` tells the combinations that no training row has.
- `render(scene, side)`: its picture; `render_with_mask` also says where its subjects are.
- `caption(scene, rng)`: its caption in one of many phrasings; `word` also says which attributes the caption tells.
- `labels(scene)` and `ATTRIBUTES`: the classes for a classifier.
- `python -m generation.starter.scenes.sheet`: contact sheets.

Rooms: `subjects` and `places` draw, `styles` paint over what was drawn, `render` puts them together.
"""

from generation.starter.scenes.captions import Wording, caption, word
from generation.starter.scenes.render import Rendered, figures_of, render, render_with_mask
from generation.starter.scenes.sampling import SPLITS, Mix, Split, is_held_out, sample, scene_at, splits_of
from generation.starter.scenes.world import ATTRIBUTES, Attribute, Scene, labels

__all__ = [
    "ATTRIBUTES",
    "SPLITS",
    "Attribute",
    "Mix",
    "Rendered",
    "Scene",
    "Split",
    "Wording",
    "caption",
    "figures_of",
    "is_held_out",
    "labels",
    "render",
    "render_with_mask",
    "sample",
    "scene_at",
    "splits_of",
    "word",
]
