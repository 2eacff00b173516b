"""Things: of the house, of the kitchen, and signs."""

from __future__ import annotations

import math

from generation.starter.scenes.canvas import Pen, oval_path, polygon
from generation.starter.scenes.palette import CREAM, GOLD, INK, LAMP, LEAF, METAL, WOOD, Tones, darker, lighter, mix


def teapot(pen: Pen, t: Tones) -> None:
    """A dotted teapot, steaming."""
    pen.line("M62 -66Q56 -76 64 -84Q70 -92 62 -102", (1, 1, 1), 4, 0.7)
    pen.line("M-32 -50C-64 -56 -64 -12 -30 -18", t.dark, 9)
    pen.shade("M28 -26C46 -24 44 -52 60 -64L68 -57C56 -44 58 -12 28 -10Z", t.main)
    body = "M-19 -62C-50 -54 -46 -6 -22 -2H22C46 -6 50 -54 19 -62Z"
    pen.shade(body, t.main, "h", 1.2)
    with pen.inside(body):
        for x in (-36, -18, 0, 18, 36):
            pen.dot(x, -32, 5.6, t.trim)
        pen.line("M-60 -46H60M-60 -18H60", t.pale, 3)
    pen.oval(0, -2, 23, 4, t.dark)
    pen.shade("M-22 -60Q-14 -79 0 -79Q14 -79 22 -60Z", t.dark, "h")
    pen.ball(0, -83, 7, 7, t.trim)


def cup(pen: Pen, t: Tones) -> None:
    """A cup of coffee on a saucer, steaming."""
    pen.oval(0, -5, 54, 8, t.dark)
    pen.oval(0, -7, 48, 6, t.pale)
    pen.line("M-12 -72Q-20 -82 -12 -90Q-4 -98 -12 -106M10 -72Q2 -82 10 -90Q18 -98 10 -106", (1, 1, 1), 5, 0.75)
    pen.line("M34 -50C60 -54 58 -18 28 -22", t.dark, 9)
    pen.shade("M-40 -62H40C40 -30 30 -8 0 -8C-30 -8 -40 -30 -40 -62Z", t.main, "h", 1.2)
    pen.oval(0, -62, 40, 10, t.light)
    pen.oval(0, -61, 34, 7, (0.36, 0.21, 0.12))
    pen.fill("M0 -28C-16 -42 -12 -50 -6 -50C-2 -50 0 -46 0 -44C0 -46 2 -50 6 -50C12 -50 16 -42 0 -28Z", t.trim)


def umbrella(pen: Pen, t: Tones) -> None:
    """An open umbrella, tilted a little."""
    with pen.at(0, -50, turn=float(pen.rng.uniform(-14, 14))), pen.at(0, 50):
        pen.line("M0 -55V-12Q0 0 10 0Q20 0 19 -11", WOOD, 5)
        pen.line("M0 -104V-94", WOOD, 4)
        canopy = (
            "M-54 -44C-52 -80 -26 -98 0 -98C26 -98 52 -80 54 -44Q45 -53 36 -44Q27 -53 18 -44"
            "Q0 -55 -18 -44Q-27 -53 -36 -44Q-45 -53 -54 -44Z"
        )
        pen.fill(canopy, t.main)
        with pen.inside(canopy):
            pen.fill("M0 -99C-28 -90 -35 -66 -36 -38H-18C-17 -64 -11 -86 0 -99Z", t.trim)
            pen.fill("M0 -99C28 -90 35 -66 36 -38H18C17 -64 11 -86 0 -99Z", t.trim)
            if not pen.flat:
                pen.fade(
                    "M-56 -100H56V-38H-56Z",
                    [((1, 1, 1), 0.25), ((1, 1, 1), 0), ((0.05, 0, 0.15), 0.36)],
                    (-54, 0),
                    (54, 0),
                )


def guitar(pen: Pen, t: Tones) -> None:
    """An acoustic guitar, leaning."""
    with pen.at(0, -50, turn=18), pen.at(0, 50):
        pen.shade("M-4 -60H4V-100H-4Z", darker(WOOD, 0.2))
        pen.box(-7, -110, 14, 14, darker(WOOD, 0.35), 2)
        for y in (-107, -101):
            pen.line(f"M-10 {y}H10", METAL, 2.4)
        pen.shade_round(
            "M0 -66C22 -68 22 -50 16 -42C14 -38 32 -34 32 -16C32 0 16 3 0 3C-16 3 -32 0 -32 -16"
            "C-32 -34 -14 -38 -16 -42C-22 -50 -22 -68 0 -66Z",
            t.main,
        )
        pen.dot(0, -38, 10, t.pale)
        pen.dot(0, -38, 7.5, INK)
        pen.box(-11, -15, 22, 5, darker(WOOD, 0.3), 1.5)
        pen.line("M-2.5 -100V-13M2.5 -100V-13", CREAM, 1.2)


def lantern(pen: Pen, t: Tones) -> None:
    """A round paper lantern with a tassel, lit."""
    pen.line("M0 -106V-90", darker(WOOD, 0.3), 3)
    pen.box(-16, -94, 32, 8, INK, 2)
    body = "M-18 -86C-52 -78 -52 -34 -18 -26H18C52 -34 52 -78 18 -86Z"
    pen.shade(body, t.main, "h", 0.6)
    with pen.inside(body):
        pen.glow(0, -56, 40, LAMP, 0.85)
        pen.line("M-20 -88C-34 -66 -34 -46 -20 -24M20 -88C34 -66 34 -46 20 -24M0 -88V-24", t.dark, 2.4)
    pen.box(-16, -27, 32, 7, INK, 2)
    pen.line("M-6 -20V-4M0 -20V0M6 -20V-4", GOLD, 3)
    pen.lamps.append((0, -56, 26))


def crown(pen: Pen, t: Tones) -> None:
    """A crown with five points and jewels."""
    pen.shade("M-50 -8L-56 -66L-28 -42L0 -86L28 -42L56 -66L50 -8Z", t.main, "h", 1.3)
    for x, y in ((-56, -68), (0, -88), (56, -68)):
        pen.ball(x, y, 7, 7, t.trim)
    pen.shade("M-50 -22H50L48 0H-48Z", t.dark)
    for x, color in ((-30, (0.30, 0.70, 0.95)), (0, (0.95, 0.25, 0.35)), (30, (0.35, 0.85, 0.50))):
        pen.ball(x, -11, 6.5, 6.5, color)


def heart(pen: Pen, t: Tones) -> None:
    """A heart with a highlight."""
    pen.shade_round(
        "M0 0C-62 -42 -60 -92 -28 -92C-10 -92 -2 -78 0 -70C2 -78 10 -92 28 -92C60 -92 62 -42 0 0Z", t.main, 1.2
    )
    pen.line("M-36 -64Q-36 -78 -24 -80", t.pale, 7)


def star(pen: Pen, t: Tones) -> None:
    """A rounded five-pointed star with a face."""
    points = [
        (
            (54 if i % 2 == 0 else 25) * math.sin(math.pi * i / 5),
            -48 - (54 if i % 2 == 0 else 25) * math.cos(math.pi * i / 5),
        )
        for i in range(10)
    ]
    pen.line(polygon(points), t.dark, 8)
    pen.shade(polygon(points), t.main, "d", 1.2)
    for side in (-1, 1):
        pen.oval(side * 9, -52, 3.4, 5, INK if max(t.main) > 0.3 else CREAM)  # noqa: PLR2004
    pen.line("M-7 -40Q0 -33 7 -40", t.deep, 3)


def diamond(pen: Pen, t: Tones) -> None:
    """A cut gem: facets in every tone of the color."""
    pen.fill("M-56 -60L-32 -92H32L56 -60L0 0Z", t.main)
    pen.fill("M-32 -92L-20 -60H-56Z", t.light)
    pen.fill("M-32 -92H0L-20 -60Z", t.pale)
    pen.fill("M0 -92H32L20 -60H-20Z", t.light)
    pen.fill("M32 -92L56 -60H20Z", t.dark)
    pen.fill("M-20 -60H20L0 0Z", t.light)
    pen.fill("M20 -60H56L0 0Z", t.deep)
    pen.line("M-62 -92V-104M-68 -98H-56", (1, 1, 1), 3)


def book(pen: Pen, t: Tones) -> None:
    """An open book, a bookmark hanging out."""
    pen.shade("M-64 0V-72Q-32 -84 0 -70Q32 -84 64 -72V0Q32 -10 0 3Q-32 -10 -64 0Z", t.main)
    pen.shade("M-52 -16V-76Q-28 -86 0 -72V-10Q-28 -24 -52 -16Z", CREAM, "h", 0.5)
    pen.shade("M52 -16V-76Q28 -86 0 -72V-10Q28 -24 52 -16Z", CREAM, "h", 0.7)
    pen.line("M-45 -64Q-26 -70 -9 -61M-45 -52Q-26 -58 -9 -49M-45 -40Q-26 -46 -9 -37M-45 -28Q-26 -34 -9 -25", t.dark, 3)
    pen.line("M45 -64Q26 -70 9 -61M45 -52Q26 -58 9 -49M45 -40Q26 -46 9 -37M45 -28Q26 -34 9 -25", t.dark, 3)
    pen.fill("M17 -81L29 -82V-2L23 -9L17 -2Z", t.dark)


def clock(pen: Pen, t: Tones) -> None:
    """An alarm clock with two bells."""
    for side in (-1, 1):
        pen.line(f"M{side * 22} -12L{side * 32} 0", INK, 6)
        with pen.at(side * 27, -86, turn=side * 34):
            pen.shade("M-17 4C-17 -16 17 -16 17 4Z", t.dark)
    pen.line("M0 -84V-98M-7 -98H7", INK, 4)
    pen.ball(0, -46, 42, 42, t.main)
    pen.dot(0, -46, 32, CREAM)
    for i in range(12):
        pen.dot(
            26 * math.sin(math.tau * i / 12), -46 - 26 * math.cos(math.tau * i / 12), 2.6 if i % 3 == 0 else 1.4, INK
        )
    hour, minute = pen.rng.uniform(0, 360, 2)
    with pen.at(0, -46, turn=float(hour)):
        pen.line("M0 0V-14", INK, 5)
    with pen.at(0, -46, turn=float(minute)):
        pen.line("M0 0V-22", t.dark, 3.4)
    pen.dot(0, -46, 4, INK)


def cupcake(pen: Pen, t: Tones) -> None:
    """A cupcake with swirled frosting and a cherry."""
    pen.shade("M-30 -36H30L22 0H-22Z", (0.85, 0.65, 0.42))
    pen.line("M-20 -34L-15 -2M-7 -34L-5 -2M7 -34L5 -2M20 -34L15 -2", (0.68, 0.46, 0.26), 3)
    pen.ball(0, -44, 40, 15, t.main)
    pen.ball(0, -60, 31, 14, t.light)
    pen.ball(0, -75, 20, 12, t.main)
    pen.ball(0, -90, 9, 9, (0.88, 0.12, 0.20) if t.main[0] < 0.8 or t.main[1] > 0.4 else CREAM)  # noqa: PLR2004
    pen.line("M1 -97Q4 -106 12 -108", LEAF, 2.4)
    for x, y, color in (
        (-24, -46, LAMP),
        (14, -48, (0.4, 0.8, 0.95)),
        (-8, -62, (0.95, 0.4, 0.5)),
        (18, -64, (1, 1, 1)),
    ):
        pen.box(x, y, 7, 3.6, color, 1.8)


def apple(pen: Pen, t: Tones) -> None:
    """An apple with a leaf."""
    pen.shade_round(
        "M0 -76C22 -92 52 -78 48 -44C44 -10 20 4 0 -4C-20 4 -44 -10 -48 -44C-52 -78 -22 -92 0 -76Z", t.main, 1.2
    )
    pen.line("M0 -74Q0 -90 8 -100", WOOD, 6)
    pen.shade("M4 -88Q20 -112 42 -100Q30 -82 4 -88Z", LEAF)
    pen.line("M-33 -54Q-32 -66 -20 -70", t.pale, 7)


def gift(pen: Pen, t: Tones) -> None:
    """A wrapped present with a bow."""
    pen.shade("M-40 -56H40V0H-40Z", t.main)
    pen.shade("M-46 -72H46V-52H-46Z", t.light, "h", 0.7)
    pen.box(-8, -72, 16, 72, t.trim)
    for side in (-1, 1):
        pen.fill(
            f"M0 -72C{side * 14} -104 {side * 48} -102 {side * 38} -82C{side * 30} -72 {side * 12} -72 0 -72Z", t.trim
        )
        pen.fill(
            f"M{side * 8} -76C{side * 16} -92 {side * 34} -92 {side * 30} -82"
            f"C{side * 24} -76 {side * 14} -76 {side * 8} -76Z",
            darker(t.trim, 0.3),
        )
    pen.ball(0, -74, 8, 8, t.trim)


def donut(pen: Pen, t: Tones) -> None:
    """A glazed donut with sprinkles."""
    dough = oval_path(0, -48, 50, 46)
    pen.shade_round(dough, (0.86, 0.62, 0.36))
    icing = (
        "M-46 -50C-48 -100 48 -100 46 -50C46 -38 38 -44 34 -34C30 -24 22 -34 14 -28"
        "C6 -20 -2 -28 -10 -24C-20 -20 -24 -34 -32 -34C-40 -34 -46 -40 -46 -50Z"
    )
    pen.shade_round(icing, t.main)
    pen.oval(0, -56, 17, 13, (0.70, 0.46, 0.24))
    pen.oval(0, -54, 15, 11, mix(darker(t.deep, 0.3), (0.45, 0.28, 0.16), 0.6))
    sprinkles = [(1.0, 0.95, 0.4), (0.45, 0.85, 1.0), (1.0, 1.0, 1.0), (0.98, 0.5, 0.6), (0.6, 0.9, 0.5)]
    for i, (x, y, turn) in enumerate(
        ((-30, -58, 30), (-20, -76, -40), (2, -82, 10), (22, -74, 60), (32, -56, -20), (20, -38, 30), (-18, -38, -30))
    ):
        with pen.at(x, y, turn=turn):
            pen.box(-5, -2, 10, 4, sprinkles[i % 5], 2)


def icecream(pen: Pen, t: Tones) -> None:
    """Two scoops in a waffle cone."""
    pen.shade("M-25 -48H25L0 6Z", (0.90, 0.68, 0.38))
    pen.line("M-16 -46L6 -6M0 -46L14 -24M16 -46L-6 -6M0 -46L-14 -24", (0.72, 0.48, 0.24), 2)
    pen.ball(0, -84, 22, 21, t.light)
    pen.ball(0, -58, 30, 22, t.main)
    pen.fill("M-30 -56Q-24 -38 -16 -46Q-8 -34 0 -44Q10 -34 16 -46Q24 -38 30 -56Z", t.main)
    pen.ball(4, -106, 7, 7, (0.88, 0.12, 0.20))
    pen.line("M-10 -94Q-14 -90 -14 -84", (1, 1, 1), 4, 0.7)


def planet(pen: Pen, t: Tones) -> None:
    """A banded planet with a ring."""
    ring = lighter(t.main, 0.45) if min(t.main) < 0.8 else (0.82, 0.68, 0.48)  # noqa: PLR2004
    with pen.at(0, -50, turn=float(pen.rng.uniform(-26, -8))):
        back, front = "M-66 0C-66 -22 66 -22 66 0", "M-66 0C-66 22 66 22 66 0"
        pen.line(back, darker(ring, 0.25), 6.5)
        globe = oval_path(0, 0, 42, 42)
        pen.shade_round(globe, t.main, 1.5)
        with pen.inside(globe):
            for y, half, color in ((-26, 4, t.light), (-8, 6, t.dark), (14, 4, t.light), (27, 5, t.dark)):
                pen.oval(0, y, 60, half, color, 0.6)
        with pen.inside("M-90 0H90V60H-90Z"):
            pen.line(front, ring, 6.5)


DRAWINGS = {
    "teapot": teapot,
    "cup": cup,
    "umbrella": umbrella,
    "guitar": guitar,
    "lantern": lantern,
    "crown": crown,
    "heart": heart,
    "star": star,
    "diamond": diamond,
    "book": book,
    "clock": clock,
    "cupcake": cupcake,
    "apple": apple,
    "gift": gift,
    "donut": donut,
    "icecream": icecream,
    "planet": planet,
}
