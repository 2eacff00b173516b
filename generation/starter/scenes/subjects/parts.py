"""Parts that several figures share: eyes, windows, wheels."""

from __future__ import annotations

from generation.starter.scenes.canvas import Pen
from generation.starter.scenes.palette import BLUSH, CREAM, INK, LAMP, METAL, Color


def eye(pen: Pen, x: float, y: float, radius: float, look: float = 0.2) -> None:
    """A white eye around (x, y) with a big pupil; `look` moves the pupil, in radii to the right."""
    pen.dot(x, y, radius, (1, 1, 1))
    pen.dot(x + look * radius, y + 0.1 * radius, radius * 0.66, INK)
    pen.dot(x + look * radius - 0.22 * radius, y - 0.2 * radius, radius * 0.26, (1, 1, 1))


def bead(pen: Pen, x: float, y: float, radius: float) -> None:
    """A dark eye with a light in it."""
    pen.dot(x, y, radius, INK)
    pen.dot(x - 0.3 * radius, y - 0.35 * radius, radius * 0.36, (1, 1, 1))


def cheeks(pen: Pen, y: float, apart: float, radius: float, color: Color = BLUSH) -> None:
    """Two blushing cheeks at height y, `apart` from the middle."""
    for side in (-1, 1):
        pen.oval(side * apart, y, radius, radius * 0.7, color, 0.75)


def window(pen: Pen, x: float, y: float, width: float, height: float) -> None:
    """A lit window with a frame and a cross, from its upper left corner."""
    pen.box(x - 1.8, y - 1.8, width + 3.6, height + 3.6, CREAM, 1)
    pen.box(x, y, width, height, LAMP)
    middle, half = x + width / 2, y + height / 2
    pen.line(f"M{middle} {y}V{y + height}M{x} {half}H{x + width}", CREAM, 1.6)
    pen.lamps.append((middle, half, width * 0.7))


def wheel(pen: Pen, x: float, y: float, radius: float, hub: Color = METAL) -> None:
    """A tire with a hub."""
    pen.dot(x, y, radius, INK)
    pen.dot(x, y, radius * 0.55, hub)
    pen.dot(x, y, radius * 0.2, INK)
