"""Low poly: triangles of one color each, smaller where the picture changes."""

from __future__ import annotations

import numpy as np
import skia
from scipy import spatial

from generation.starter.scenes.canvas import FULL, Floats, pixels, polygon, surface
from generation.starter.scenes.styles.fields import Picture, blur, edges, over, saturate, smaller


def paint(picture: Picture) -> Floats:
    """A net of triangles."""
    corners = _corners(picture)
    net = spatial.Delaunay(corners)
    middles = corners[net.simplices].mean(1)
    side = picture.side
    at = np.clip(middles / FULL * side, 0, side - 1).astype(int)
    soft = blur(saturate(picture.rgb, 1.22), 0.9 * picture.unit)
    facets = np.clip(soft[at[:, 1], at[:, 0]] * (1 + _tones(picture, middles)), 0, 1)
    made = surface(side)
    canvas = made.getCanvas()
    paint = skia.Paint(AntiAlias=False)
    for simplex, facet in zip(net.simplices.tolist(), facets.tolist(), strict=True):
        paint.setColor4f(skia.Color4f(*facet, 1.0))
        canvas.drawPath(polygon([tuple(corners[i]) for i in simplex]), paint)
    out = pixels(made)[..., :3]
    keep = np.clip(edges(picture, 0.7) * 2.2 - 0.1, 0, 1)[..., None] * picture.figure * 0.55
    return over(out, picture.rgb, keep)


def _tones(picture: Picture, middles: Floats) -> Floats:
    """How much lighter or darker each facet is; it depends on where the facet is alone."""
    lattice = picture.rng.normal(0, 0.055, (40, 40))
    at = np.clip(middles / FULL * 40, 0, 39).astype(int)
    tones: Floats = lattice[at[:, 1], at[:, 0], None]
    return tones


def _corners(picture: Picture) -> Floats:
    """Corners of the net, x and y of 0 to 100: a loose lattice, and more of them on contours and in figures."""
    rng = picture.rng
    step = np.linspace(-4, 104, 11)
    lattice = np.stack(np.meshgrid(step, step), -1).reshape(-1, 2) + rng.uniform(-3.4, 3.4, (121, 2))
    spots = rng.uniform(0, 100, (1500, 2))
    luck = rng.gumbel(size=1500)
    sketch = smaller(picture, 64)
    small = (spots / FULL * sketch.side).astype(int)
    contours = edges(sketch, 1.0)
    detail = blur(contours * 0.6 + sketch.mask * 0.35 + contours * sketch.mask * 2.5, sketch.unit)
    score = np.log(detail[small[:, 1], small[:, 0]] + 0.01) + 0.5 * luck
    best = np.argsort(-score)[:330]
    return np.concatenate([lattice, spots[best]])
