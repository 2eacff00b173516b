"""People, and creatures that might be people."""

from __future__ import annotations

from generation.starter.scenes.canvas import Pen
from generation.starter.scenes.palette import CREAM, GLASS, GOLD, INK, LAMP, METAL, SKIN, WOOD, Tones, darker, lighter
from generation.starter.scenes.subjects.parts import bead, cheeks, eye


def robot(pen: Pen, t: Tones) -> None:
    """A boxy robot with glowing eyes."""
    for side in (-1, 1):
        pen.box(side * 13 - 6, -20, 12, 16, darker(METAL, 0.3))
        pen.box(side * 14 - 11, -8, 22, 8, t.dark, 3)
        pen.line(f"M{side * 28} -48Q{side * 45} -42 {side * 41} -24", METAL, 7.5)
        pen.dot(side * 41, -21, 7.5, t.dark)
    pen.shade("M-29 -52Q-29 -58 -22 -58H22Q29 -58 29 -52V-22Q29 -16 22 -16H-22Q-29 -16 -29 -22Z", t.main)
    pen.box(-17, -48, 34, 21, (0.15, 0.19, 0.27), 4)
    for x, color in ((-9, (1.0, 0.40, 0.35)), (0, (1.0, 0.85, 0.30)), (9, (0.40, 0.90, 0.50))):
        pen.dot(x, -37, 3.4, color)
    pen.box(-6, -64, 12, 9, METAL)
    pen.line("M0 -96V-106", METAL, 3)
    pen.lamp(0, -107, 4.6, (1, 0.35, 0.30))
    for side in (-1, 1):
        pen.box(side * 30 - 4, -84, 8, 14, METAL, 2)
    pen.shade("M-29 -88Q-29 -98 -20 -98H20Q29 -98 29 -88V-70Q29 -62 20 -62H-20Q-29 -62 -29 -70Z", t.main)
    pen.box(-22, -91, 44, 20, (0.11, 0.15, 0.22), 9)
    for side in (-1, 1):
        pen.lamp(side * 10, -81, 5.6, (0.45, 0.95, 1))


def astronaut(pen: Pen, t: Tones) -> None:
    """An astronaut in a round helmet, one hand up."""
    pen.box(-29, -62, 58, 40, t.deep, 8)
    pen.line("M22 -52Q40 -54 44 -76", t.main, 14)
    pen.line("M-22 -52Q-38 -44 -38 -28", t.main, 14)
    pen.dot(44, -79, 8, t.trim)
    pen.dot(-38, -25, 8, t.trim)
    for side in (-1, 1):
        pen.shade(f"M{side * 2} -26H{side * 22}L{side * 24} -6H{side * 4}Z", t.main)
        pen.box(side * 14 - 12, -9, 24, 9, t.dark, 4)
    pen.shade("M-24 -60H24Q28 -40 24 -22H-24Q-28 -40 -24 -60Z", t.main)
    pen.box(-13, -48, 26, 15, t.trim, 3)
    pen.dot(-6, -41, 3, (0.92, 0.28, 0.26))
    pen.dot(5, -41, 3, (0.25, 0.60, 0.92))
    pen.ball(0, -78, 29, 27, lighter(t.main, 0.4))
    visor = "M-21 -79C-21 -98 21 -98 21 -79C21 -60 -21 -60 -21 -79Z"
    pen.shade(visor, (0.20, 0.32, 0.55), "d", 1.6)
    pen.line("M-13 -85Q-10 -91 -2 -92", (1, 1, 1), 3.4, 0.85)


def wizard(pen: Pen, t: Tones) -> None:
    """A bearded wizard in a tall hat, with a glowing staff."""
    pen.line("M38 0V-78", WOOD, 4)
    pen.lamp(38, -82, 8, (0.55, 0.95, 1))
    pen.shade("M0 -66C18 -64 26 -30 32 0H-32C-26 -30 -18 -64 0 -66Z", t.main)
    pen.line("M14 -48Q28 -46 37 -38", t.dark, 11)
    pen.dot(37, -38, 5.5, SKIN)
    pen.line("M-14 -48Q-28 -38 -26 -24", t.dark, 11)
    pen.ball(0, -68, 16, 15, SKIN, 0.5)
    pen.fill("M-17 -66C-18 -40 -6 -26 0 -20C6 -26 18 -40 17 -66Q0 -52 -17 -66Z", (0.95, 0.95, 0.96))
    for side in (-1, 1):
        bead(pen, side * 6, -69, 3)
    pen.dot(0, -63, 4, (0.95, 0.66, 0.55))
    pen.shade("M-20 -78Q-8 -100 6 -124Q14 -116 10 -106Q18 -92 20 -78Z", t.main)
    pen.shade("M-34 -76Q0 -90 34 -76Q0 -66 -34 -76Z", t.dark)
    for x, y in ((-4, -92), (6, -103), (-14, -22), (12, -14)):
        pen.fill(
            f"M{x} {y - 5}L{x + 1.6} {y - 1.6}L{x + 5} {y}L{x + 1.6} {y + 1.6}L{x} {y + 5}"
            f"L{x - 1.6} {y + 1.6}L{x - 5} {y}L{x - 1.6} {y - 1.6}Z",
            LAMP,
        )


def knight(pen: Pen, t: Tones) -> None:
    """A knight in armor with a plume, a sword and a shield."""
    pen.line("M42 -30V-88", METAL, 6)
    pen.line("M34 -34H50", GOLD, 5)
    for side in (-1, 1):
        pen.shade(f"M{side * 3} -28H{side * 20}V-4H{side * 3}Z", darker(METAL, 0.2))
        pen.box(side * 12 - 11, -8, 22, 8, darker(METAL, 0.45), 3)
    pen.line("M20 -54Q36 -48 41 -32", METAL, 11)
    pen.shade("M-23 -60H23Q28 -40 22 -22H-22Q-28 -40 -23 -60Z", t.main)
    pen.box(-23, -34, 46, 5, GOLD)
    pen.line("M2 -92C6 -116 -24 -118 -30 -92", t.main, 10)
    pen.shade("M-21 -62V-80C-21 -102 21 -102 21 -80V-62Q0 -54 -21 -62Z", METAL, "h", 1.3)
    pen.fill("M-14 -82H18V-75H-14Z", INK)
    pen.line("M2 -72V-60", darker(METAL, 0.4), 2.4)
    pen.shade("M-50 -56Q-34 -62 -18 -56V-38Q-20 -18 -34 -12Q-48 -18 -50 -38Z", t.main)
    pen.line("M-50 -56Q-34 -62 -18 -56V-38Q-20 -18 -34 -12Q-48 -18 -50 -38Z", GOLD, 3)
    pen.line("M-34 -56V-18M-47 -42H-21", GOLD, 4)


def girl(pen: Pen, t: Tones) -> None:
    """A girl with long hair in a wide dress."""
    hair = [(0.32, 0.19, 0.12), (0.62, 0.36, 0.16), (0.93, 0.76, 0.40), (0.14, 0.11, 0.12)][int(pen.rng.integers(4))]
    skin = [SKIN, (0.82, 0.60, 0.45), (0.55, 0.37, 0.27)][int(pen.rng.integers(3))]
    pen.shade("M-27 -76C-28 -108 28 -108 27 -76L33 -40Q0 -30 -33 -40Z", hair)
    for side in (-1, 1):
        pen.box(side * 9 - 4, -14, 8, 14, skin)
        pen.oval(side * 10, -1, 8, 4, t.deep)
        pen.line(f"M{side * 13} -50L{side * 30} -28", skin, 7)
    pen.shade("M-13 -56H13L18 -36L38 -10Q0 -4 -38 -10L-18 -36Z", t.main)
    pen.box(-16, -38, 32, 5, t.trim, 2)
    pen.box(-5, -62, 10, 9, darker(skin, 0.12))
    pen.ball(0, -76, 22, 21, skin, 0.4)
    pen.fill("M-24 -76C-26 -104 26 -104 24 -76C16 -80 8 -88 4 -93C-4 -84 -16 -80 -24 -76Z", hair)
    for side in (-1, 1):
        bead(pen, side * 9, -74, 3.6)
    cheeks(pen, -67, 13, 4)
    pen.line("M-5 -65Q0 -61 5 -65", (0.75, 0.28, 0.30), 2.4)
    pen.fill("M14 -98L26 -104L25 -90ZM14 -98L4 -106L5 -92Z", t.main)


def ghost(pen: Pen, t: Tones) -> None:
    """A friendly floating ghost."""
    pen.shade(
        "M-36 -4C-40 -40 -38 -102 0 -102C38 -102 40 -40 36 -4Q28 -16 20 -4Q10 8 0 -6Q-10 8 -20 -4Q-28 -16 -36 -4Z",
        t.main,
        "d",
    )
    for side in (-1, 1):
        pen.oval(side * 13, -68, 6.5, 9.5, INK if max(t.main) > 0.3 else CREAM)  # noqa: PLR2004
        pen.dot(side * 13 - 2, -72, 2.6, (1, 1, 1) if max(t.main) > 0.3 else INK)  # noqa: PLR2004
        pen.shade(
            f"M{side * 33} -50C{side * 52} -52 {side * 54} -38 {side * 50} -34"
            f"C{side * 44} -32 {side * 38} -32 {side * 34} -30Z",
            t.light,
        )
    pen.oval(0, -48, 6, 8, darker(t.deep, 0.3))
    cheeks(pen, -54, 22, 5)


def snowman(pen: Pen, t: Tones) -> None:
    """A snowman in a colored hat and scarf."""
    snow = (0.96, 0.97, 1.0)
    pen.line("M-22 -50L-50 -66M-44 -63L-50 -54M22 -50L50 -66M44 -63L51 -56", WOOD, 3.4)
    pen.ball(0, -20, 32, 24, snow, 0.6)
    pen.ball(0, -50, 25, 20, snow, 0.6)
    pen.ball(0, -74, 19, 18, snow, 0.6)
    pen.shade("M-20 -62Q0 -54 20 -62V-54Q0 -46 -20 -54Z", t.main)
    pen.shade("M8 -54L20 -56L24 -34H13Z", t.dark)
    for y in (-42, -26, -14):
        pen.dot(0, y, 3, INK)
    for side in (-1, 1):
        pen.dot(side * 7, -78, 3, INK)
    pen.fill("M-1 -74L20 -69L-1 -68Z", (0.98, 0.55, 0.12))
    pen.line("M-8 -66Q-2 -62 4 -64", INK, 2)
    pen.box(-22, -91, 44, 7, t.dark, 3)
    pen.shade("M-14 -90V-114H14V-90Z", t.main)
    pen.box(-14, -97, 28, 5, t.trim)


def dragon(pen: Pen, t: Tones) -> None:
    """A dragon with raised wings, breathing fire."""
    pen.shade("M-12 -34C-46 -16 -60 -34 -48 -56C-44 -40 -30 -36 -8 -48Z", t.main)
    pen.fill("M-58 -52L-45 -70L-39 -50Z", t.dark)
    for shift, color in ((12, t.deep), (0, t.dark)):
        pen.shade(
            f"M{shift - 2} -46L{shift - 14} -106Q{shift - 24} -82 {shift - 42} -90Q{shift - 34} -74 {shift - 47} -66"
            f"Q{shift - 28} -66 {shift - 16} -40Z",
            color,
            "v",
        )
        pen.line(
            f"M{shift - 2} -48L{shift - 14} -105M{shift - 6} -50L{shift - 40} -88M{shift - 9} -50L{shift - 45} -66",
            t.light,
            2.4,
        )
    pen.ball(4, -32, 29, 24, t.main)
    pen.shade("M14 -30C22 -50 18 -64 24 -78L42 -74C38 -58 46 -44 38 -24C30 -6 14 -14 14 -30Z", t.main)
    pen.line("M4 -14C24 -12 34 -28 34 -50", t.pale, 7)
    for x in (-10, 17):
        pen.shade(f"M{x - 7} -22H{x + 7}V-2H{x - 7}Z", t.dark)
        pen.oval(x + 2, -2, 10, 4, t.deep)
    pen.fill("M26 -88L14 -108L36 -92ZM36 -92L31 -110L44 -92Z", CREAM)
    pen.shade("M20 -74C18 -98 38 -100 48 -88L66 -82Q66 -68 48 -68Q28 -62 20 -74Z", t.main, "v")
    eye(pen, 40, -83, 5.4, 0.2)
    pen.dot(61, -79, 1.8, t.deep)
    if pen.rng.integers(2):
        pen.fade(
            "M66 -75Q84 -92 104 -74Q92 -76 94 -62Q80 -72 66 -72Z", [(LAMP, 1), ((1, 0.4, 0.1), 1)], (66, 0), (104, 0)
        )
        pen.lamps.append((82, -74, 10))


def alien(pen: Pen, t: Tones) -> None:
    """A one-eyed little alien with antennae."""
    for side in (-1, 1):
        pen.line(f"M{side * 12} -92Q{side * 14} -106 {side * 24} -110", t.main, 4)
        pen.lamp(side * 25, -110, 5, LAMP)
        pen.line(f"M{side * 30} -46Q{side * 50} -50 {side * 48} -66", t.dark, 9)
        pen.shade(f"M{side * 6} -14H{side * 24}L{side * 28} 0H{side * 4}Z", t.dark)
    pen.shade_round(
        "M-36 -44C-38 -84 -24 -98 0 -98C24 -98 38 -84 36 -44C36 -18 22 -8 0 -8C-22 -8 -36 -18 -36 -44Z", t.main
    )
    pen.oval(0, -26, 20, 14, t.pale)
    pen.dot(0, -66, 20, (1, 1, 1))
    pen.ball(1, -65, 12, 12, GLASS if t.trim == CREAM else (0.45, 0.65, 0.35), 1.4)
    pen.dot(1, -65, 6.6, INK)
    pen.dot(-3, -70, 3.6, (1, 1, 1))
    pen.line("M-12 -40Q0 -30 12 -40", t.deep, 3)


DRAWINGS = {
    "robot": robot,
    "astronaut": astronaut,
    "wizard": wizard,
    "knight": knight,
    "girl": girl,
    "ghost": ghost,
    "snowman": snowman,
    "dragon": dragon,
    "alien": alien,
}
