"""Stained glass: panes of one color in lead, bright as if the sun stood behind them."""

from __future__ import annotations

import numpy as np

from generation.starter.scenes.canvas import Floats
from generation.starter.scenes.styles.fields import Picture, cells, color, drawn_lines, mean_by, over, saturate, smooth


def paint(picture: Picture) -> Floats:
    """Panes that follow the figures."""
    side = picture.side
    cut = cells(side, 8, 0.42, picture.any_texture())
    number = cut.number + cut.count * (picture.mask > 0.5)  # noqa: PLR2004
    panes = mean_by(picture.rgb, number, 2 * cut.count)
    panes = panes * (1 + picture.rng.uniform(-0.13, 0.13, (len(panes), 1)))
    glass = saturate(panes[number].astype(np.float32), 1.75) * 1.08 + 0.03
    inner = saturate(picture.rgb, 1.45) * 1.06
    glass = over(glass, inner, picture.mask * 0.85)
    glass = (
        glass
        * (0.88 + 0.035 * np.clip(cut.inside, 0, 7)[..., None])
        * (1 + 0.05 * smooth(side, picture.any_texture())[..., None])
    )
    joints = np.clip(1.45 - cut.inside, 0, 1) * (1 - 0.55 * picture.mask)
    lead = np.maximum(joints, drawn_lines(picture, 0.0, 1.0, 0.55, 1.5))
    return over(glass, color(0.055, 0.05, 0.07), lead)
