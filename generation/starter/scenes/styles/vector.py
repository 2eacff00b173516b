"""Flat vector illustration: the drawing itself."""

from __future__ import annotations

from generation.starter.scenes.canvas import Floats
from generation.starter.scenes.styles.fields import Picture, saturate


def paint(picture: Picture) -> Floats:
    """The drawing with a touch more color."""
    return saturate(picture.rgb, 1.08)
