"""Oil: thick strokes that follow the forms, laid over one another from broad to fine."""

from __future__ import annotations

import numpy as np
import skia
from scipy import ndimage

from generation.starter.scenes.canvas import FULL, Floats, pixels, surface
from generation.starter.scenes.styles.fields import Picture, blur, gray, saturate, shifted, smooth


def paint(picture: Picture) -> Floats:
    """Strokes of paint, lit from the upper left."""
    angle = _flow(picture)
    made = surface(picture.side)
    base = (np.clip(saturate(picture.rgb, 1.2), 0, 1) * 255).astype(np.uint8)
    ground = np.dstack([base, np.full(base.shape[:2], 255, np.uint8)])
    made.getCanvas().drawImageRect(
        skia.Image.fromarray(ground, colorType=skia.kRGBA_8888_ColorType), skia.Rect.MakeWH(FULL, FULL)
    )
    rich = saturate(picture.rgb, 1.3)
    everywhere = np.ones_like(picture.mask)
    _strokes(picture, made.getCanvas(), rich, angle, (18, 5.8, 7.5), everywhere - 0.75 * picture.mask)
    _strokes(picture, made.getCanvas(), rich, angle, (26, 3.1, 5.0), 0.45 + 0.55 * picture.mask)
    _strokes(picture, made.getCanvas(), rich, angle, (46, 1.7, 2.2), picture.mask)
    out = pixels(made)[..., :3]
    thick = gray(out)
    relief = thick - shifted(thick, picture.unit, picture.unit)
    return out + 0.28 * relief[..., None]


def _flow(picture: Picture) -> Floats:
    """The direction of strokes at every px: along the forms, elsewhere in slow swirls."""
    level = gray(blur(picture.rgb, 2.0 * picture.unit))
    dx, dy = ndimage.sobel(level, 1, mode="nearest"), ndimage.sobel(level, 0, mode="nearest")
    strong = np.clip(np.hypot(dx, dy) * picture.unit * 6, 0, 1)
    swirl = smooth(picture.side, picture.any_texture()) * 0.7
    along = np.arctan2(dx, -dy)
    along = np.where(np.cos(along) < 0, along + np.pi, along)
    angle: Floats = (swirl * (1 - strong) + along * strong).astype(np.float32)
    return angle


def _strokes(
    picture: Picture, canvas: skia.Canvas, rgb: Floats, angle: Floats, brush: tuple[int, float, float], wanted: Floats
) -> None:
    across, width, length = brush
    rng, side = picture.rng, picture.side
    spots = np.stack(list(np.mgrid[0:across, 0:across]), -1).reshape(-1, 2) + rng.uniform(0, 1, (across * across, 2))
    tones, luck = rng.normal(0, 0.028, len(spots)), rng.uniform(0, 1, len(spots))
    order = rng.permutation(len(spots))
    at = np.clip(spots / across * side, 0, side - 1).astype(int)
    keep = [int(i) for i in order if luck[i] < wanted[at[i, 0], at[i, 1]]]
    half = length / 2
    turn = angle[at[:, 0], at[:, 1]]
    ends = np.stack([np.cos(turn), np.sin(turn)], 1) * half
    middles = spots[:, ::-1] / across * FULL
    colors = np.clip(rgb[at[:, 0], at[:, 1]] + tones[:, None], 0, 1)
    brushes = skia.Paint(
        AntiAlias=True, StrokeWidth=width, Style=skia.Paint.kStroke_Style, StrokeCap=skia.Paint.kRound_Cap
    )
    for i in keep:
        red, green, blue = colors[i].tolist()
        brushes.setColor4f(skia.Color4f(red, green, blue, 1.0))
        (x, y), (dx, dy) = middles[i].tolist(), ends[i].tolist()
        canvas.drawLine(x - dx, y - dy, x + dx, y + dy, brushes)
