"""Houses and towers."""

from __future__ import annotations

from generation.starter.scenes.canvas import Pen
from generation.starter.scenes.palette import CREAM, INK, LAMP, LEAF, WOOD, Tones, darker, lighter, mix, vary
from generation.starter.scenes.subjects.parts import window


def house(pen: Pen, t: Tones) -> None:
    """A cottage with a chimney, a door and two lit windows."""
    pen.shade("M17 -98H30V-60H17Z", t.deep)
    pen.box(15, -100, 17, 6, t.dark)
    pen.shade("M-38 -56H38V0H-38Z", t.main)
    pen.shade("M-52 -52L0 -95L52 -52L46 -46H-46Z", t.dark, "v")
    pen.line("M-50 -51L0 -92L50 -51", t.pale, 3)
    pen.shade("M-10 0V-26Q0 -38 10 -26V0Z", WOOD, "h", 0.7)
    pen.dot(6, -14, 1.8, LAMP)
    for x in (-32, 16):
        window(pen, x, -42, 16, 17)


def castle(pen: Pen, t: Tones) -> None:
    """Three towers with pointed roofs and flags around a gate."""
    roof = mix(t.deep, (0.35, 0.18, 0.45), 0.35)
    pen.shade("M-32 -50H32V0H-32Z", t.main)
    for i in range(5):
        pen.box(-31 + i * 13.2, -57, 8.5, 9, t.main)
    for x, height, width in ((-49, 66, 22), (27, 66, 22), (-13, 74, 26)):
        pen.shade(f"M{x} -{height}H{x + width}V0H{x}Z", t.main)
        tip = height + 26
        pen.line(f"M{x + width / 2} -{tip}V-{tip + 10}", INK, 1.6)
        pen.fill(
            f"M{x + width / 2} -{tip + 11}L{x + width / 2 + 12} -{tip + 7}L{x + width / 2} -{tip + 3}Z",
            (0.93, 0.30, 0.28),
        )
        pen.shade(f"M{x - 4} -{height}L{x + width / 2} -{tip}L{x + width + 4} -{height}Z", roof)
        pen.box(x + width / 2 - 3.5, -height + 10, 7, 13, LAMP, 3.5)
        pen.lamps.append((x + width / 2, -height + 16, 5))
    pen.fill("M-11 0V-18Q0 -34 11 -18V0Z", darker(WOOD, 0.4))
    pen.line("M-4 -22V0M4 -22V0", darker(WOOD, 0.1), 1.6)


def lighthouse(pen: Pen, t: Tones) -> None:
    """A striped tower whose lamp throws a beam."""
    side = 1 if pen.rng.integers(2) else -1
    beam = f"M0 -88L{side * 95} -106V-70Z"
    pen.fade(beam, [(LAMP, 0.8), (LAMP, 0.0)], (0, 0), (side * 95, 0))
    body = "M-22 0L-13 -78H13L22 0Z"
    pen.fill(body, t.trim if t.trim != CREAM else (0.97, 0.96, 0.93))
    with pen.inside(body):
        for y in (-18, -46, -74):
            pen.box(-30, y, 60, 15, t.main)
        if not pen.flat:
            pen.fade(
                "M-30 -80H30V0H-30Z", [((1, 1, 1), 0.25), ((1, 1, 1), 0), ((0.05, 0, 0.2), 0.42)], (-22, 0), (22, 0)
            )
    pen.box(-18, -81, 36, 4.5, INK)
    pen.box(-9, -93, 18, 13, LAMP)
    pen.lamps.append((0, -87, 9))
    pen.shade("M-14 -92Q0 -112 14 -92Z", t.dark)
    pen.fill("M-6 0V-10Q0 -17 6 -10V0Z", darker(WOOD, 0.3))


def windmill(pen: Pen, t: Tones) -> None:
    """A tapering mill with four latticed sails."""
    pen.shade("M-25 0L-15 -60H15L25 0Z", t.main)
    pen.shade("M-18 -58Q0 -86 18 -58Z", t.dark, "v")
    window(pen, -5, -46, 10, 12)
    pen.shade("M-8 0V-16Q0 -26 8 -16V0Z", WOOD)
    with pen.at(0, -62, turn=float(pen.rng.uniform(8, 82))):
        for quarter in range(4):
            with pen.at(0, 0, turn=90 * quarter):
                pen.line("M0 0V-46", WOOD, 2.6)
                pen.fill("M1 -12H12V-46H1Z", CREAM)
                pen.line("M1 -12H12V-46H1M1 -23H12M1 -34H12", mix(WOOD, CREAM, 0.3), 1.4)
    pen.dot(0, -62, 4.2, darker(WOOD, 0.3))


def pagoda(pen: Pen, t: Tones) -> None:
    """A tower of three curved roofs."""
    wall = (0.95, 0.90, 0.80)
    pen.line("M0 -86V-103", darker(t.main, 0.5), 2.6)
    pen.dot(0, -97, 3, (0.93, 0.72, 0.25))
    for y, half in ((-68, 17), (-38, 23), (0, 29)):
        pen.shade(f"M-{half} {y - 24}H{half}V{y}H-{half}Z", wall, "h", 0.6)
        for x in (-half + 2, half - 5):
            pen.box(x, y - 24, 3, 24, darker(t.main, 0.3))
        pen.box(-4, y - 14, 8, 14, LAMP if y else darker(WOOD, 0.4), 1)
        pen.lamps.append((0, y - 9, 5))
    for y, half in ((-68, 27), (-40, 36), (-11, 46)):
        pen.shade(
            f"M-{half} {y - 9}Q-{half - 6} {y - 8} -{half * 0.45} {y - 24}H{half * 0.45}"
            f"Q{half - 6} {y - 8} {half} {y - 9}Q{half - 10} {y} 0 {y}Q-{half - 10} {y} -{half} {y - 9}Z",
            t.main,
            "v",
        )
        pen.line(
            f"M-{half - 4} {y - 4.5}Q-{half - 12} {y - 1} 0 {y - 1}Q{half - 12} {y - 1} {half - 4} {y - 4.5}", t.deep, 2
        )


def treehouse(pen: Pen, t: Tones) -> None:
    """A hut on a platform in an old tree, with a ladder."""
    leaf = vary(LEAF, pen.rng, 0.04)
    pen.shade("M-13 0Q-7 -25 -10 -62H10Q7 -25 16 0Z", WOOD)
    for x, y, radius in ((-35, -74, 19), (35, -74, 19), (-19, -89, 18), (20, -89, 18), (0, -92, 16)):
        pen.ball(x, y, radius, radius, leaf)
    pen.box(-36, -42, 72, 5.5, darker(WOOD, 0.25))
    pen.shade("M-27 -72H27V-42H-27Z", t.main)
    pen.shade("M-36 -69L0 -94L36 -69Z", t.dark, "v")
    pen.box(-5, -61, 12, 20, darker(WOOD, 0.4), 3)
    for x in (-22, 12):
        window(pen, x, -62, 11, 11)
    rung = lighter(WOOD, 0.35)
    pen.line("M18 -38V0M28 -38V0M18 -31H28M18 -23H28M18 -15H28M18 -7H28", rung, 2.4)


def tent(pen: Pen, t: Tones) -> None:
    """A camping tent, its flap open on a warm light."""
    pen.shade("M-10 -70L50 -56L66 0H20Z", t.dark)
    pen.shade("M-52 0L-10 -70L26 0Z", t.main)
    pen.fill("M-30 0L-10 -52L10 0Z", darker(t.deep, 0.4))
    pen.fade("M-24 0L-10 -40L4 0Z", [(LAMP, 1), ((1, 0.65, 0.3), 1)], (0, -40), (0, 0))
    pen.lamps.append((-10, -14, 11))
    pen.fill("M-10 -52L-34 -8L-30 0Z", t.light)
    pen.line("M-10 -70L-4 -78M-10 -70L-15 -78M-52 0L-62 2M66 0L74 2", darker(WOOD, 0.2), 2.4)


def skyscraper(pen: Pen, t: Tones) -> None:
    """A stepped tower with rows of windows and a spire."""
    pen.line("M0 -92V-108", INK, 2)
    pen.shade("M-8 -94H8V-80H-8Z", t.light)
    pen.shade("M-16 -82H16V-58H-16Z", t.main)
    pen.shade("M-25 -60H25V0H-25Z", t.main)
    pen.fill("M-27 -61H27V-57H-27ZM-18 -83H18V-79H-18Z", t.dark)
    for y in (-74, -66, -51, -41, -31, -21):
        for x in (-11, 4) if y in (-74, -66) else (-19, -9, 2, 12):
            pen.box(x, y, 7, 5.5, LAMP if pen.rng.integers(3) else t.pale, 0.6)
    pen.lamps.append((0, -35, 14))
    pen.fill("M-7 0V-12H7V0Z", INK)


DRAWINGS = {
    "house": house,
    "castle": castle,
    "lighthouse": lighthouse,
    "windmill": windmill,
    "pagoda": pagoda,
    "treehouse": treehouse,
    "tent": tent,
    "skyscraper": skyscraper,
}
