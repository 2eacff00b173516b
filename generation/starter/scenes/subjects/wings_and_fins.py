"""Animals that fly and swim."""

from __future__ import annotations

from generation.starter.scenes.canvas import Pen
from generation.starter.scenes.palette import BLUSH, CREAM, INK, Tones, lighter
from generation.starter.scenes.subjects.parts import bead, cheeks, eye

_BEAK = (0.98, 0.64, 0.14)


def bird(pen: Pen, t: Tones) -> None:
    """A small bird in flight, wings raised."""
    pen.shade("M-24 -42L-58 -34L-56 -54L-22 -58Z", t.dark)
    pen.shade("M14 -52C8 -84 22 -100 40 -104C42 -84 38 -60 24 -46Z", t.deep)
    pen.shade("M-34 -50C-24 -14 24 -14 34 -50C42 -84 12 -86 6 -66C-6 -58 -22 -64 -34 -50Z", t.main, "v")
    pen.oval(10, -34, 16, 9, t.pale)
    pen.shade("M10 -48C-2 -80 -24 -102 -46 -106C-44 -78 -34 -50 -10 -36Z", t.dark, "v")
    pen.line("M-2 -48C-14 -70 -26 -84 -38 -92M-10 -46C-20 -58 -28 -68 -38 -76", t.light, 2.6)
    pen.fill("M34 -70L54 -62L34 -55Z", _BEAK)
    eye(pen, 23, -66, 6.5, 0.2)


def owl(pen: Pen, t: Tones) -> None:
    """A round owl with wide eyes."""
    for side in (-1, 1):
        pen.fill(f"M{side * 31} -76L{side * 38} -106L{side * 10} -90Z", t.dark)
    pen.shade("M0 -94C40 -94 44 -62 40 -38C36 -10 20 0 0 0C-20 0 -36 -10 -40 -38C-44 -62 -40 -94 0 -94Z", t.main, "v")
    pen.oval(0, -26, 23, 23, t.pale)
    pen.line(
        "M-13 -36Q-9 -29 -5 -36M5 -36Q9 -29 13 -36M-4 -25Q0 -18 4 -25M-13 -14Q-9 -7 -5 -14M5 -14Q9 -7 13 -14",
        t.dark,
        2.8,
    )
    for side in (-1, 1):
        pen.shade(
            f"M{side * 37} -56C{side * 54} -36 {side * 46} -14 {side * 26} -5"
            f"C{side * 24} -24 {side * 24} -42 {side * 37} -56Z",
            t.dark,
        )
        pen.dot(side * 17, -68, 17, t.pale)
        pen.dot(side * 16, -68, 12, (1, 0.78, 0.16))
        pen.dot(side * 15, -68, 7.4, INK)
        pen.dot(side * 15 - 2.5, -71, 2.6, (1, 1, 1))
        pen.line(f"M{side * 12} -2V4M{side * 7} -2V4", _BEAK, 4)
    pen.fill("M-6 -62H6L0 -49Z", _BEAK)


def penguin(pen: Pen, t: Tones) -> None:
    """A penguin, wings out, with a white front."""
    for side in (-1, 1):
        pen.shade(
            f"M{side * 26} -58C{side * 46} -50 {side * 52} -32 {side * 46} -20"
            f"C{side * 38} -26 {side * 30} -34 {side * 26} -40Z",
            t.dark,
        )
        pen.oval(side * 14, -2, 13, 6, _BEAK)
    pen.shade("M0 -102C26 -102 28 -80 28 -66C36 -46 36 -4 0 -3C-36 -4 -36 -46 -28 -66C-28 -80 -26 -102 0 -102Z", t.main)
    front = (0.98, 0.98, 0.97) if min(t.main) < 0.8 else (0.80, 0.85, 0.93)  # noqa: PLR2004
    pen.oval(0, -34, 22, 29, front)
    for side in (-1, 1):
        pen.oval(side * 10, -76, 12, 14, front)
        bead(pen, side * 9, -78, 5)
    pen.fill("M-8 -72Q0 -76 8 -72Q3 -63 0 -61Q-3 -63 -8 -72Z", _BEAK)
    cheeks(pen, -66, 16, 4)


def butterfly(pen: Pen, t: Tones) -> None:
    """A butterfly with open, spotted wings."""
    spot = t.trim
    for side in (-1, 1):
        lower = f"M0 -46C{side * 26} -50 {side * 52} -34 {side * 42} -10C{side * 28} 6 {side * 4} -18 0 -42Z"
        upper = f"M0 -52C{side * 12} -98 {side * 62} -108 {side * 58} -66C{side * 54} -46 {side * 20} -42 0 -48Z"
        for wing in (lower, upper):
            pen.shade_round(wing, t.main)
            pen.line(wing, t.deep, 3.4)
        pen.ball(side * 39, -74, 8, 8, spot, 0.5)
        pen.dot(side * 22, -66, 4.4, spot)
        pen.dot(side * 28, -23, 6, spot)
        pen.line(f"M0 -68Q{side * 6} -88 {side * 16} -92", INK, 2.4)
        pen.dot(side * 16, -92, 2.6, INK)
    pen.oval(0, -46, 4.4, 25, INK)
    pen.dot(0, -70, 6, INK)


def bee(pen: Pen, t: Tones) -> None:
    """A plump bee with two clear wings."""
    with pen.at(-10, -72, turn=-28):
        pen.oval(0, -12, 13, 24, (0.86, 0.94, 0.99), 0.92)
    with pen.at(12, -72, turn=18):
        pen.oval(0, -14, 14, 26, (0.93, 0.97, 1.0), 0.95)
    pen.fill("M-44 -44L-60 -38L-44 -30Z", INK)
    body = "M-46 -38C-46 -76 34 -76 46 -40C38 -4 -46 -2 -46 -38Z"
    pen.shade(body, t.main, "v")
    with pen.inside(body):
        stripe = INK if max(t.main) > 0.3 else CREAM  # noqa: PLR2004
        for x in (-30, -8):
            pen.line(f"M{x} -80Q{x + 8} -40 {x} 0", stripe, 10)
    eye(pen, 26, -46, 8, 0.25)
    pen.line("M36 -62Q40 -78 50 -80M26 -66Q28 -80 36 -86", INK, 2.8)
    pen.line("M24 -28Q32 -22 38 -28", t.deep, 2.4)
    pen.oval(18, -33, 4.5, 3, BLUSH, 0.8)


def fish(pen: Pen, t: Tones) -> None:
    """A round fish with long fins and two bands."""
    pen.shade("M-30 -46C-44 -78 -62 -86 -70 -84C-58 -60 -58 -34 -70 -8C-60 -6 -44 -16 -30 -46Z", t.dark)
    pen.shade("M-20 -70Q0 -104 32 -78Z", t.dark)
    pen.fill("M-12 -20Q-4 4 16 -18Z", t.dark)
    body = "M58 -46C40 -88 -22 -86 -42 -46C-22 -6 40 -2 58 -46Z"
    pen.shade(body, t.main, "v")
    with pen.inside(body):
        for x in (-18, 6):
            pen.line(f"M{x} -90Q{x + 12} -46 {x} 0", t.pale, 8)
        pen.oval(14, -18, 40, 12, t.pale, 0.5)
    eye(pen, 34, -54, 8.5, 0.2)
    pen.line("M50 -38Q46 -32 40 -34", t.deep, 2.4)
    pen.fill("M2 -46Q-16 -46 -20 -32Q-4 -28 2 -46Z", t.dark)


def whale(pen: Pen, t: Tones) -> None:
    """A whale with a pale belly, spouting."""
    for side in (-1, 1):
        pen.line(f"M18 -66Q{18 + side * 2} -92 {18 + side * 17} -86", (0.80, 0.93, 1), 5)
        pen.dot(18 + side * 19, -78, 3.4, (0.80, 0.93, 1))
    pen.shade("M-40 -28C-52 -34 -52 -48 -50 -58Q-60 -72 -74 -70Q-66 -62 -60 -48Q-60 -20 -34 -10Z", t.main)
    pen.shade("M-50 -54Q-48 -70 -30 -76Q-36 -62 -46 -48Z", t.dark)
    body = "M-52 -34C-24 -34 -14 -66 16 -66C46 -66 58 -46 58 -29C58 -6 40 0 12 0C-24 0 -48 -8 -52 -34Z"
    pen.shade(body, t.main, "v")
    with pen.inside(body):
        pen.oval(26, -4, 48, 21, lighter(t.pale, 0.2))
        pen.line("M6 -16Q12 -6 8 2M20 -18Q26 -6 22 2M34 -18Q40 -8 36 2", t.dark, 2, 0.6)
    pen.shade("M2 -18Q2 10 -20 8Q-16 -4 -12 -18Z", t.dark)
    eye(pen, 38, -34, 5, 0.1)
    pen.line("M57 -24Q48 -16 40 -21", t.deep, 2.4)


def octopus(pen: Pen, t: Tones) -> None:
    """An octopus with a big head and curling arms."""
    for side in (-1, 1):
        pen.line(
            f"M{side * 22} -34C{side * 44} -30 {side * 40} -12 {side * 58} -18"
            f"C{side * 64} -22 {side * 60} -30 {side * 54} -28",
            t.dark,
            8,
        )
        pen.line(f"M{side * 16} -30C{side * 30} -22 {side * 26} -2 {side * 44} 0", t.main, 9)
        pen.line(f"M{side * 8} -30C{side * 10} -14 {side * 6} -6 {side * 18} 2", t.light, 9)
    pen.shade_round(
        "M-34 -66C-34 -112 34 -112 34 -66C34 -52 28 -42 26 -28C10 -22 -10 -22 -26 -28C-28 -42 -34 -52 -34 -66Z", t.main
    )
    for side in (-1, 1):
        eye(pen, side * 13, -54, 9, -side * 0.15)
    for x, y, radius in ((-14, -86, 4.4), (4, -92, 3.4), (17, -80, 5)):
        pen.dot(x, y, radius, t.pale)
    pen.line("M-7 -38Q0 -31 7 -38", t.deep, 2.6)
    cheeks(pen, -41, 21, 4.5)


DRAWINGS = {
    "bird": bird,
    "owl": owl,
    "penguin": penguin,
    "butterfly": butterfly,
    "bee": bee,
    "fish": fish,
    "whale": whale,
    "octopus": octopus,
}
