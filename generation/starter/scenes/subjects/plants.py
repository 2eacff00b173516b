"""What grows."""

from __future__ import annotations

import math

from generation.starter.scenes.canvas import Pen
from generation.starter.scenes.palette import CREAM, LEAF, WOOD, Tones, darker, lighter
from generation.starter.scenes.subjects.parts import bead, cheeks

_CANDLE = (1.0, 0.88, 0.42)


def tree(pen: Pen, t: Tones) -> None:
    """An old broad tree, its crown in the color."""
    pen.shade("M-11 0Q-5 -30 -6 -56L-24 -66L-5 -62L0 -72L5 -62L26 -68L7 -54Q5 -28 13 0Z", WOOD)
    for x, y, radius in ((-28, -58, 20), (29, -60, 19), (0, -60, 18), (-18, -80, 21), (19, -80, 21), (0, -94, 16)):
        pen.ball(x, y, radius, radius, t.dark, 0.7)
    for x, y, radius in ((-30, -62, 14), (24, -65, 14), (-17, -84, 15), (14, -86, 15), (-2, -70, 15)):
        pen.ball(x, y, radius, radius, t.main, 0.6)
    for x, y, radius in ((-33, -67, 6), (-20, -90, 7), (9, -92, 7), (20, -70, 5)):
        pen.dot(x, y, radius, t.light)


def palm(pen: Pen, t: Tones) -> None:
    """A leaning palm with coconuts, its fronds in the color."""
    pen.shade("M-18 0C-10 -30 0 -50 4 -74L12 -72C8 -46 2 -24 -2 0Z", WOOD)
    pen.line("M-13 -14H-3M-9 -28L1 -27M-4 -42L5 -40M0 -56L8 -54", darker(WOOD, 0.35), 2)
    for turn, length in ((-100, 48), (-62, 50), (-22, 42), (24, 42), (62, 50), (104, 48)):
        with pen.at(8, -74, turn=turn):
            color = t.main if length > 45 else t.light  # noqa: PLR2004
            pen.shade(
                f"M-2 0C-14 -{length * 0.5} -8 -{length * 0.9} 6 -{length}C8 -{length * 0.7} 10 -{length * 0.4} 3 0Z",
                color,
                "v",
            )
            pen.line(f"M0 0Q-4 -{length * 0.5} 4 -{length * 0.9}", t.deep, 1.6)
    for x, y in ((4, -71), (13, -70)):
        pen.ball(x, y, 5, 5, darker(WOOD, 0.25))


def cactus(pen: Pen, t: Tones) -> None:
    """A cactus with two arms and a blossom."""
    for path in ("M-14 -36H-28Q-36 -36 -36 -46V-62", "M14 -24H26Q34 -24 34 -34V-54"):
        pen.line(path, t.dark, 15)
        pen.line(path, t.main, 11)
    pen.shade("M-17 0V-78C-17 -102 17 -102 17 -78V0Z", t.main)
    pen.line("M-7 -4V-82M7 -4V-82M0 -2V-88", t.dark, 1.8)
    flower = (0.98, 0.42, 0.62) if t.trim == CREAM else (0.86, 0.20, 0.50)
    for turn in range(0, 360, 72):
        with pen.at(2, -96, turn=turn):
            pen.oval(0, -5, 3.6, 5.5, flower)
    pen.dot(2, -96, 3, (1, 0.85, 0.3))


def _petals(pen: Pen, t: Tones, y: float, count: int, reach: float, width: float) -> None:
    for ring, color in enumerate((t.dark, t.main)):
        for i in range(count):
            with pen.at(0, y, 1 - 0.14 * ring, 360 * (i + 0.5 * ring) / count):
                pen.oval(0, -reach * 0.58, width, reach * 0.44, color)


def flower(pen: Pen, t: Tones) -> None:
    """A single open flower on a stem with two leaves."""
    pen.line("M2 0Q-5 -30 0 -62", LEAF, 5)
    pen.shade("M0 -16Q28 -44 36 -24Q20 -8 0 -16Z", lighter(LEAF, 0.1), "v")
    pen.shade("M0 -8Q-28 -36 -36 -16Q-20 0 0 -8Z", LEAF, "v")
    _petals(pen, t, -67, int(pen.rng.integers(6, 9)), 34, 11)
    pen.ball(0, -67, 11, 11, (0.99, 0.80, 0.20) if t.trim == CREAM else (0.50, 0.28, 0.14))


def sunflower(pen: Pen, t: Tones) -> None:
    """A sunflower: narrow petals around a big seed head."""
    pen.line("M2 0Q-4 -26 0 -58", LEAF, 6)
    pen.shade("M0 -12Q34 -40 42 -14Q22 0 0 -12Z", lighter(LEAF, 0.1), "v")
    pen.shade("M0 -20Q-34 -44 -42 -20Q-22 -6 0 -20Z", LEAF, "v")
    for i in range(15):
        with pen.at(0, -66, turn=24 * i):
            pen.fill("M-6 -16Q-8 -30 0 -41Q8 -30 6 -16Z", t.main if i % 2 else t.dark)
    pen.ball(0, -66, 20, 20, (0.36, 0.21, 0.12))
    for i in range(7):
        angle = math.tau * i / 7
        pen.dot(11 * math.cos(angle), -66 + 11 * math.sin(angle), 2.2, (0.62, 0.40, 0.20))
    pen.dot(0, -66, 4, (0.62, 0.40, 0.20))


def tulip(pen: Pen, t: Tones) -> None:
    """A closed tulip between two tall leaves."""
    pen.line("M0 0V-58", LEAF, 5)
    pen.shade("M-2 0C-34 -16 -36 -44 -30 -60C-16 -44 -6 -26 -2 0Z", LEAF)
    pen.shade("M2 0C30 -12 34 -36 30 -50C16 -38 6 -22 2 0Z", lighter(LEAF, 0.12))
    pen.shade("M0 -104C14 -92 16 -70 0 -56C-16 -70 -14 -92 0 -104Z", t.light)
    pen.shade("M-26 -98C-10 -92 6 -76 0 -52C-24 -50 -36 -70 -26 -98Z", t.main)
    pen.shade("M26 -98C10 -92 -6 -76 0 -52C24 -50 36 -70 26 -98Z", t.dark)


def mushroom(pen: Pen, t: Tones) -> None:
    """A toadstool with spots and a little face."""
    pen.shade("M-17 -48Q-13 -20 -22 -2Q0 5 22 -2Q13 -20 17 -48Z", (0.96, 0.91, 0.82))
    pen.oval(0, -46, 44, 9, darker(CREAM, 0.25))
    pen.shade_round("M-52 -44C-52 -84 -26 -102 0 -102C26 -102 52 -84 52 -44Q0 -58 -52 -44Z", t.main, 1.1)
    spot = (1, 0.98, 0.93) if t.trim == CREAM else t.trim
    for x, y, radius in ((-27, -66, 8.5), (5, -84, 8), (29, -63, 9), (-4, -61, 5.4), (-20, -88, 5)):
        pen.oval(x, y, radius, radius * 0.86, spot)
    for side in (-1, 1):
        bead(pen, side * 7, -27, 3.4)
    cheeks(pen, -20, 11, 3.4)


def pumpkin(pen: Pen, t: Tones) -> None:
    """A carved pumpkin, lit from within."""
    pen.line("M0 -70Q2 -84 14 -88", LEAF, 8)
    for x, rx in ((-32, 20), (32, 20), (-18, 22), (18, 22), (0, 20)):
        pen.ball(x, -38, rx, 37, t.main if x else t.light)
    for side in (-1, 1):
        eye = f"M{side * 10} -44L{side * 30} -44L{side * 20} -60Z"
        pen.line(eye, t.deep, 4)
        pen.fill(eye, _CANDLE)
    pen.line("M-32 -30Q0 -18 32 -30Q26 -8 0 -6Q-26 -8 -32 -30Z", t.deep, 4)
    pen.fill("M-32 -30Q0 -18 32 -30Q26 -8 0 -6Q-26 -8 -32 -30Z", _CANDLE)
    pen.fill("M-12 -26H-4V-18H-12ZM6 -26H14V-18H6ZM-4 -6H4V-14H-4Z", t.main)
    pen.lamps.append((0, -32, 22))


DRAWINGS = {
    "tree": tree,
    "palm": palm,
    "cactus": cactus,
    "flower": flower,
    "sunflower": sunflower,
    "tulip": tulip,
    "mushroom": mushroom,
    "pumpkin": pumpkin,
}
