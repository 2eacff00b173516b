"""What rolls, floats and flies with people in it."""

from __future__ import annotations

import math

from generation.starter.scenes.canvas import Pen, oval_path
from generation.starter.scenes.palette import CREAM, GLASS, GOLD, INK, LAMP, METAL, WOOD, Tones, darker, lighter, mix
from generation.starter.scenes.subjects.parts import wheel


def car(pen: Pen, t: Tones) -> None:
    """A rounded little car in profile."""
    pen.shade("M-34 -38C-27 -70 -20 -72 2 -72C20 -72 28 -60 38 -38Z", t.main, "v")
    pen.fill("M-25 -41C-20 -64 -16 -64 -2 -64V-41Z", GLASS)
    pen.fill("M4 -41V-64C16 -64 21 -57 29 -41Z", mix(GLASS, INK, 0.12))
    pen.shade("M-58 -14C-60 -40 -48 -42 -32 -43L36 -43C54 -41 60 -34 59 -14Z", t.main, "v", 1.2)
    pen.line("M1 -42V-18M-54 -28H-8", t.dark, 1.6)
    pen.box(-58, -20, 117, 6, t.deep, 3)
    pen.box(5, -36, 9, 2.6, CREAM, 1)
    for x in (-33, 33):
        pen.dot(x, -13, 16.5, t.deep)
        wheel(pen, x, -12, 13.5)
    pen.lamp(53, -31, 4.6)
    pen.box(-59, -36, 5, 9, (0.90, 0.20, 0.18), 2)


def bus(pen: Pen, t: Tones) -> None:
    """A tall bus with a row of windows."""
    pen.shade("M-58 -8V-62Q-58 -72 -48 -72H46Q56 -72 58 -58L60 -8Z", t.main, "v")
    pen.box(-57, -30, 116, 6, t.trim)
    for x in (-50, -29, -8):
        pen.box(x, -62, 17, 22, GLASS, 3)
    pen.fill("M36 -62H48Q52 -62 53 -52L54 -38H36Z", GLASS)
    pen.box(14, -62, 16, 50, mix(GLASS, INK, 0.15), 3)
    pen.line("M22 -62V-12", t.dark, 2)
    for x in (-34, 38):
        pen.dot(x, -11, 15, t.deep)
        wheel(pen, x, -11, 12)
    pen.lamp(56, -20, 4)


def boat(pen: Pen, t: Tones) -> None:
    """A sailing boat with two full sails."""
    pen.line("M0 -98V-15", WOOD, 3.6)
    pen.fill("M0 -100L14 -95L0 -90Z", (0.93, 0.30, 0.28))
    pen.shade("M4 -90Q44 -56 46 -25H4Z", t.main)
    pen.shade("M-4 -84Q-29 -50 -37 -26H-4Z", t.light)
    pen.line("M4 -56H36", t.dark, 2.2)
    pen.shade("M-50 -20H54Q44 5 22 6H-24Q-42 4 -50 -20Z", WOOD, "v")
    pen.box(-51, -22, 105, 5.5, CREAM, 2)


def train(pen: Pen, t: Tones) -> None:
    """A steam engine under its puffs of steam."""
    for x, y, radius in ((28, -82, 9), (15, -93, 12), (-5, -99, 10)):
        pen.ball(x, y, radius, radius, (0.95, 0.95, 0.97), 0.5)
    pen.shade("M-54 -70H-18V-16H-54Z", t.main)
    pen.box(-59, -76, 46, 8, t.dark, 2)
    pen.box(-46, -61, 20, 18, GOLD, 1.5)
    pen.box(-43.5, -58.5, 15, 13, GLASS)
    pen.shade("M-20 -50H40Q48 -50 48 -40V-18H-20Z", t.main, "v", 1.3)
    pen.dot(48, -34, 14.5, t.deep)
    pen.dot(48, -34, 10, t.dark)
    for x in (-3, 17):
        pen.box(x, -50, 4, 32, GOLD)
    pen.fill("M25 -49L22 -74H42L38 -49Z", INK)
    pen.box(20, -79, 24, 7, t.dark, 1)
    pen.ball(5, -52, 7, 7, GOLD)
    pen.box(-58, -20, 118, 7.5, INK)
    pen.fill("M58 -20L76 0H54Z", (0.80, 0.20, 0.18))
    for x, size in ((-41, 13.5), (-9, 13.5), (19, 10.0), (42, 10.0)):
        wheel(pen, x, -size, size, mix(t.main, (1, 1, 1), 0.25))
    pen.line("M-41 -11H-9", METAL, 3.4)
    pen.lamp(56, -50, 5)


def bicycle(pen: Pen, t: Tones) -> None:
    """A bicycle with a bold frame."""
    for x in (-34, 34):
        for spoke in range(4):
            dx, dy = 20 * math.cos(spoke * math.pi / 4), 20 * math.sin(spoke * math.pi / 4)
            pen.line(f"M{x - dx:.2f} {-24 - dy:.2f}L{x + dx:.2f} {-24 + dy:.2f}", METAL, 1)
        pen.line(oval_path(x, -24, 22, 22), INK, 4.4)
    pen.line("M-34 -24L-14 -62L20 -62L-3 -24ZM-14 -62L-3 -24M22 -66L34 -24", t.main, 6)
    pen.line("M22 -66L19 -79Q34 -86 36 -76", INK, 4)
    pen.line("M-14 -62L-17 -72", INK, 3.4)
    pen.fill("M-30 -77H-6Q-6 -70 -15 -71Q-30 -70 -30 -77Z", WOOD)
    pen.dot(-3, -24, 6.5, METAL)
    pen.line("M-3 -24L4 -11H11", INK, 3.2)


def balloon(pen: Pen, t: Tones) -> None:
    """A striped hot air balloon with its basket."""
    skin = "M-11 -24C-34 -42 -46 -54 -44 -70C-42 -92 -22 -102 0 -102C22 -102 42 -92 44 -70C46 -54 34 -42 11 -24Z"
    pen.fill(skin, t.main)
    with pen.inside(skin):
        for x, half in ((-23, 10), (23, 10)):
            pen.oval(x, -64, half, 44, t.trim)
        pen.oval(0, -64, 11, 46, t.light)
        if not pen.flat:
            stops = [((1.0, 1.0, 1.0), 0.3), ((1.0, 1.0, 1.0), 0.0), ((0.05, 0.0, 0.15), 0.42)]
            pen.fade("M-50 -104H50V-20H-50Z", stops, (-44, 0), (46, 0))
    pen.line("M-10 -24L-8 -12M10 -24L8 -12", darker(WOOD, 0.2), 1.6)
    pen.shade("M-10 -13H10L8 2H-8Z", lighter(WOOD, 0.2))
    pen.box(-11, -15, 22, 4, darker(WOOD, 0.2), 1.5)
    pen.lamps.append((0, -22, 7))


def rocket(pen: Pen, t: Tones) -> None:
    """A finned rocket on its flame."""
    pen.fill("M-11 -20Q-17 2 0 12Q17 2 11 -20Z", (1, 0.55, 0.10))
    pen.fill("M-6 -20Q-9 -4 0 2Q9 -4 6 -20Z", LAMP)
    pen.lamps.append((0, -6, 10))
    for side in (-1, 1):
        pen.shade(f"M{side * 16} -50Q{side * 40} -34 {side * 36} -10L{side * 13} -24Z", t.dark)
    body = "M0 -104C25 -84 27 -46 15 -20H-15C-27 -46 -25 -84 0 -104Z"
    pen.shade(body, t.main)
    with pen.inside(body):
        pen.shade("M-30 -106H30V-80H-30Z", t.trim)
    pen.dot(0, -60, 11, METAL)
    pen.ball(0, -60, 8, 8, (0.38, 0.72, 0.92))
    pen.box(-3, -38, 6, 22, t.dark, 3)


def airplane(pen: Pen, t: Tones) -> None:
    """A round propeller plane seen from the side."""
    pen.shade("M-52 -62L-66 -92H-50L-34 -62Z", t.dark)
    pen.shade("M-62 -52C-40 -66 10 -78 44 -70C58 -66 60 -40 44 -36C10 -28 -40 -38 -62 -52Z", t.main, "v")
    pen.fill("M2 -70Q10 -86 24 -84Q32 -82 36 -70Z", GLASS)
    pen.line("M-36 -53H40", t.trim, 4)
    pen.shade("M-16 -48L-40 -14H-22L20 -46Z", t.dark, "h")
    pen.shade("M-56 -54L-74 -46L-68 -42L-44 -49Z", t.deep)
    pen.oval(58, -54, 3.2, 24, METAL, 0.9)
    pen.dot(58, -54, 5, INK)
    for x in (-22, -8, 28):
        pen.dot(x, -60, 3.6, GLASS)
    pen.line("M10 -34L12 -20M26 -34L26 -20", INK, 2.6)
    for x in (12, 27):
        wheel(pen, x, -17, 6)


def submarine(pen: Pen, t: Tones) -> None:
    """A plump submarine with portholes and a periscope."""
    pen.line("M4 -66V-90Q4 -95 14 -95H20", METAL, 5)
    pen.shade("M-14 -56L-9 -76Q6 -82 20 -76L24 -56Z", t.dark)
    pen.shade("M-50 -34L-70 -52V-8L-50 -26Z", t.dark)
    pen.shade("M-54 -30C-50 -66 44 -66 58 -30C46 4 -46 4 -54 -30Z", t.main, "v", 1.3)
    pen.line("M-50 -22Q0 -8 54 -24", t.dark, 3)
    for x in (-24, 4, 32):
        pen.dot(x, -34, 10, GOLD)
        pen.ball(x, -34, 7, 7, GLASS, 0.7)
    pen.lamps.append((32, -34, 7))


def ufo(pen: Pen, t: Tones) -> None:
    """A flying saucer with a glass dome and a beam of light."""
    pen.fade("M-16 -46L-40 2H40L16 -46Z", [(LAMP, 0.75), (LAMP, 0.08)], (0, -46), (0, 2))
    pen.lamps.append((0, -38, 16))
    pen.fill("M-24 -60C-24 -98 24 -98 24 -60Z", GLASS)
    pen.oval(0, -68, 9, 11, (0.45, 0.80, 0.35))
    for side in (-1, 1):
        pen.oval(side * 4.2, -70, 3, 4, INK)
    pen.line("M-17 -68C-16 -84 -6 -86 -2 -87", (1, 1, 1), 3, 0.7)
    pen.shade("M-58 -52C-40 -74 40 -74 58 -52C40 -34 -40 -34 -58 -52Z", t.main, "v", 1.3)
    pen.oval(0, -44, 26, 6.5, t.deep)
    for x in (-40, -20, 0, 20, 40):
        pen.lamp(x, -55 + abs(x) * 0.06, 4.2)


DRAWINGS = {
    "car": car,
    "bus": bus,
    "boat": boat,
    "train": train,
    "bicycle": bicycle,
    "balloon": balloon,
    "rocket": rocket,
    "airplane": airplane,
    "submarine": submarine,
    "ufo": ufo,
}
