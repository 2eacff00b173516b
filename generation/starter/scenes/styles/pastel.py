"""Pastel: soft, pale, a little pink, on a grainy paper."""

from __future__ import annotations

from generation.starter.scenes.canvas import Floats
from generation.starter.scenes.styles.fields import Picture, blur, color, grain, over, saturate, smooth, warped


def paint(picture: Picture) -> Floats:
    """Pale powder colors with soft edges."""
    side, unit = picture.side, picture.unit
    drift = smooth(side, picture.any_texture())
    soft: Floats = blur(warped(picture.rgb, drift * 0.9 * unit, drift * 0.8 * unit), 0.6 * unit)
    soft = 0.82 * soft + 0.18 * blur(soft, 3 * unit)
    pale: Floats = saturate(soft, 0.98) * 0.68 + 0.30 + color(0.035, 0.0, 0.028)
    pale = over(pale, picture.rgb * 0.82 + 0.17, picture.mask * 0.3)
    powder = grain(side, picture.any_texture())[..., None]
    return pale + 0.022 * powder * (1.15 - pale)
