"""Animals that walk."""

from __future__ import annotations

from generation.starter.scenes.canvas import Pen
from generation.starter.scenes.palette import BLUSH, CREAM, INK, Tones, lighter, mix
from generation.starter.scenes.subjects.parts import bead, cheeks, eye


def cat(pen: Pen, t: Tones) -> None:
    """A sitting cat with a curled tail."""
    pen.line("M22 -8C56 -8 54 -46 38 -56", t.dark, 9)
    pen.shade("M-26 0C-34 -32 -20 -58 0 -60C20 -58 34 -32 28 0Z", t.main)
    pen.oval(0, -22, 13, 20, t.pale)
    for side in (-1, 1):
        pen.fill(f"M{side * 29} -68L{side * 27} -104L{side * 4} -86Z", t.main)
        pen.fill(f"M{side * 23} -78L{side * 23} -95L{side * 11} -86Z", BLUSH)
        pen.oval(side * 13, -3, 10, 6, t.light)
    pen.ball(0, -68, 32, 25, t.main, 0.7)
    for side in (-1, 1):
        eye(pen, side * 13, -70, 8.5, 0.0)
        pen.line(f"M{side * 11} -55L{side * 32} -59M{side * 11} -52L{side * 31} -50", t.pale, 1.4)
    pen.fill("M-4.5 -59H4.5L0 -54Z", (0.93, 0.45, 0.50))
    pen.line("M0 -54Q-5 -47 -9 -51M0 -54Q5 -47 9 -51", t.deep, 1.8)


def dog(pen: Pen, t: Tones) -> None:
    """A sitting puppy with floppy ears and a tongue."""
    pen.line("M24 -10C44 -14 48 -30 44 -42", t.main, 10)
    pen.shade("M-27 0C-34 -30 -22 -58 0 -60C22 -58 34 -30 28 0Z", t.main)
    pen.oval(0, -24, 14, 20, t.pale)
    for side in (-1, 1):
        pen.box(side * 12 - 7, -30, 14, 30, t.light, 7)
    pen.ball(0, -70, 29, 28, t.main, 0.7)
    pen.oval(0, -58, 18, 15, t.pale)
    for side in (-1, 1):
        pen.shade(
            f"M{side * 18} -95C{side * 44} -100 {side * 46} -62 {side * 34} -50"
            f"C{side * 24} -58 {side * 27} -80 {side * 18} -95Z",
            t.dark,
        )
        bead(pen, side * 12, -74, 5.4)
    pen.fill("M-6 -50Q0 -32 6 -50Z", (0.95, 0.45, 0.50))
    pen.oval(0, -63, 7, 5.2, INK)
    pen.line("M0 -60V-53M-11 -53Q-5 -47 0 -53Q5 -47 11 -53", INK, 1.8)
    pen.box(-17, -47, 34, 5, t.trim, 2.5)


def fox(pen: Pen, t: Tones) -> None:
    """A sitting fox with a brush of a tail, tipped white."""
    pen.shade("M14 -4C40 8 68 -12 54 -52C48 -40 30 -36 22 -18Z", t.main)
    pen.fill("M54 -52C61 -34 58 -22 52 -15C48 -26 46 -32 42 -36C49 -40 52 -46 54 -52Z", CREAM)
    pen.shade("M-24 0C-30 -34 -16 -58 0 -60C16 -58 30 -34 24 0Z", t.main)
    pen.fill("M-12 -48C-16 -20 -6 -8 0 -6C6 -8 16 -20 12 -48Z", CREAM)
    for side in (-1, 1):
        pen.fill(f"M{side * 30} -70L{side * 30} -106L{side * 5} -88Z", t.main)
        pen.fill(f"M{side * 25} -82L{side * 25} -96L{side * 14} -88Z", t.deep)
        pen.fill(f"M{side * 17} -14L{side * 18} 0H{side * 6}L{side * 8} -14Z", t.deep)
    pen.shade("M-34 -74C-26 -96 26 -96 34 -74C28 -58 10 -46 0 -42C-10 -46 -28 -58 -34 -74Z", t.main, "v", 0.7)
    for side in (-1, 1):
        pen.fill(
            f"M{side * 33} -72C{side * 24} -74 {side * 12} -68 {side * 2} -50"
            f"L0 -43C{side * 12} -48 {side * 26} -58 {side * 33} -72Z",
            CREAM,
        )
        bead(pen, side * 13, -73, 5)
    pen.oval(0, -46, 5, 4, INK)


def rabbit(pen: Pen, t: Tones) -> None:
    """A sitting rabbit with long ears."""
    pen.dot(26, -10, 11, t.pale)
    pen.shade("M-26 0C-34 -30 -18 -48 0 -48C18 -48 34 -30 26 0Z", t.main)
    pen.oval(0, -19, 14, 17, t.pale)
    for side, tip in ((-1, -17.0), (1, 14.0)):
        with pen.at(side * 10, -66, turn=tip):
            pen.ball(0, -22, 9.5, 26, t.main, 0.7)
            pen.oval(0, -22, 4.6, 18, BLUSH)
    pen.ball(0, -56, 26, 22, t.main, 0.7)
    for side in (-1, 1):
        bead(pen, side * 11, -60, 5.8)
        pen.oval(side * 14, -3, 12, 6, t.light)
    cheeks(pen, -50, 16, 4.5)
    pen.fill("M-4 -53H4L0 -49Z", (0.93, 0.45, 0.50))
    pen.box(-4, -46, 8, 6.5, (1, 1, 1), 1.5)
    pen.line("M0 -49V-45", t.deep, 1.8)


def bear(pen: Pen, t: Tones) -> None:
    """A sitting bear with a pale muzzle and belly."""
    for side in (-1, 1):
        pen.ball(side * 24, -92, 12, 12, t.main)
        pen.dot(side * 24, -92, 6.5, t.pale)
        pen.ball(side * 25, -9, 15, 11, t.dark)
        pen.dot(side * 27, -8, 6, t.pale)
    pen.ball(0, -30, 32, 31, t.main)
    pen.oval(0, -26, 18, 19, t.pale)
    for side in (-1, 1):
        with pen.at(side * 31, -36, turn=side * -28):
            pen.ball(0, 0, 10, 18, t.dark)
    pen.ball(0, -74, 31, 27, t.main, 0.7)
    pen.oval(0, -64, 15, 12, t.pale)
    for side in (-1, 1):
        bead(pen, side * 13, -78, 5)
    pen.oval(0, -69, 6.5, 4.6, INK)
    pen.line("M0 -66V-60Q-4 -56 -7 -59M0 -60Q4 -56 7 -59", INK, 1.8)


def elephant(pen: Pen, t: Tones) -> None:
    """An elephant in profile, its trunk raised."""
    pen.line("M-46 -56Q-60 -44 -56 -28", t.dark, 4)
    for x in (-40, -16, 4, 22):
        pen.shade(f"M{x - 9} -34H{x + 9}V0H{x - 9}Z", t.dark if x in (-16, 22) else t.main)
        pen.box(x - 9, -5, 18, 5, t.pale, 2)
    pen.shade_round("M-52 -44C-54 -82 -10 -86 14 -78C34 -70 36 -40 24 -26C-6 -16 -46 -18 -52 -44Z", t.main)
    pen.line("M48 -58C62 -50 62 -38 66 -60C67 -68 64 -74 60 -76", t.main, 11)
    pen.ball(34, -68, 25, 26, t.main, 0.8)
    pen.fill("M44 -48Q56 -42 62 -50Q54 -52 50 -56Z", CREAM)
    pen.shade_round("M22 -92C-8 -98 -16 -66 -4 -46C6 -38 20 -42 26 -56C30 -70 30 -84 22 -92Z", t.dark)
    pen.fill("M18 -84C0 -88 -6 -66 2 -54C10 -50 18 -54 21 -64Z", mix(t.pale, BLUSH, 0.5), 0.8)
    bead(pen, 42, -72, 4.6)


def _mount(pen: Pen, t: Tones, mane: list[tuple[float, float, float]]) -> None:
    pen.line("M-40 -54C-60 -50 -62 -30 -54 -14", mane[0], 8)
    pen.line("M-42 -56C-56 -52 -56 -36 -50 -22", mane[1], 5)
    for x, lean in ((-26, -4), (20, 6)):
        pen.line(f"M{x} -34L{x + lean} -4", t.dark, 9)
    for x, lean in ((-36, -2), (28, -2)):
        pen.line(f"M{x} -34L{x + lean} -4", t.main, 10)
        pen.box(x + lean - 6, -6, 12, 6, INK, 2)
    pen.shade(
        "M-44 -50C-44 -68 -10 -62 10 -66C18 -78 24 -88 34 -96L40 -104L44 -95C52 -90 62 -80 64 -70"
        "C60 -62 50 -64 42 -72C40 -60 40 -40 28 -30C6 -22 -22 -24 -34 -26C-42 -30 -44 -40 -44 -50Z",
        t.main,
        "v",
    )
    for i, (x, y, radius) in enumerate(((36, -97, 8), (27, -90, 9), (20, -80, 9), (13, -70, 9))):
        pen.dot(x, y, radius, mane[i % len(mane)])
    bead(pen, 47, -82, 3.8)
    pen.dot(60, -71, 1.6, t.deep)


def horse(pen: Pen, t: Tones) -> None:
    """A standing horse in profile."""
    _mount(pen, t, [t.deep, t.deep])


def unicorn(pen: Pen, t: Tones) -> None:
    """A standing unicorn with a golden horn and a mane of many colors."""
    _mount(pen, t, [(0.98, 0.48, 0.66), (0.45, 0.75, 0.98), (0.99, 0.80, 0.35), (0.60, 0.45, 0.95)])
    pen.shade("M42 -94L58 -124L51 -92Z", (0.98, 0.78, 0.25), "h")


def frog(pen: Pen, t: Tones) -> None:
    """A squatting frog with bulging eyes and a wide smile."""
    for side in (-1, 1):
        pen.ball(side * 34, -22, 17, 20, t.dark)
        pen.fill(f"M{side * 20} -6Q{side * 42} -14 {side * 56} 0H{side * 20}Z", t.main)
        pen.fill(f"M{side * 12} -30L{side * 22} 0H{side * 4}Z", t.light)
    pen.ball(0, -34, 36, 32, t.main)
    pen.oval(0, -22, 22, 20, t.pale)
    for side in (-1, 1):
        pen.ball(side * 19, -68, 15, 15, t.main)
        eye(pen, side * 19, -69, 10.5, 0.0)
        pen.box(side * 13 - 7, -4, 14, 5, t.dark, 2.5)
    pen.line("M-24 -44Q0 -26 24 -44", t.deep, 3)
    cheeks(pen, -45, 29, 4.5)


def turtle(pen: Pen, t: Tones) -> None:
    """A turtle in profile under a high shell."""
    skin = mix(lighter(t.main, 0.35), (0.62, 0.74, 0.42), 0.55)
    for x in (-32, 24):
        pen.shade(f"M{x - 11} -18H{x + 11}L{x + 12} -2Q{x} 3 {x - 12} -2Z", skin, "v")
    pen.fill("M-46 -16L-66 -4L-44 -8Z", skin)
    pen.line("M40 -24Q58 -22 60 -40", skin, 15)
    pen.ball(64, -46, 15, 13, skin, 0.7)
    eye(pen, 68, -50, 5, 0.2)
    pen.line("M62 -39Q70 -36 76 -42", t.deep, 2)
    shell = "M-50 -16C-52 -84 46 -86 48 -16Z"
    pen.shade_round(shell, t.main, 1.2)
    with pen.inside(shell):
        pen.line("M-30 -80L-20 -48L-34 -14M28 -80L20 -48L32 -14M-20 -48H20M-60 -44L-20 -48M20 -48L60 -44", t.dark, 3.4)
    pen.box(-54, -19, 106, 8, t.pale, 4)


def dinosaur(pen: Pen, t: Tones) -> None:
    """A long-necked dinosaur with plates along its back."""
    for x in (-22, 16):
        pen.shade(f"M{x - 8} -26H{x + 8}V0H{x - 8}Z", t.dark)
    for x, y, turn in ((-40, -36, -50), (-24, -50, -25), (-4, -54, 0), (16, -54, 20), (31, -70, 60), (33, -86, 70)):
        with pen.at(x, y, turn=turn):
            pen.fill("M-7 3L0 -13L7 3Z", t.trim)
    pen.shade(
        "M-74 -8C-58 -12 -52 -44 -20 -50C0 -54 14 -54 24 -62C32 -72 28 -84 36 -96"
        "C44 -106 60 -104 68 -92C72 -84 62 -80 52 -82C50 -66 52 -40 36 -24C14 -10 -26 -10 -42 -20"
        "C-52 -16 -62 -6 -74 -8Z",
        t.main,
        "v",
    )
    pen.line("M-30 -17Q4 -10 30 -24", t.pale, 5)
    for x in (-32, 26):
        pen.shade(f"M{x - 9} -26H{x + 9}V0H{x - 9}Z", t.main)
        pen.box(x - 9, -4, 18, 4, t.pale, 2)
    eye(pen, 53, -94, 5, 0.2)
    pen.line("M56 -86Q62 -84 67 -88", t.deep, 2)


DRAWINGS = {
    "cat": cat,
    "dog": dog,
    "fox": fox,
    "rabbit": rabbit,
    "bear": bear,
    "elephant": elephant,
    "horse": horse,
    "unicorn": unicorn,
    "frog": frog,
    "turtle": turtle,
    "dinosaur": dinosaur,
}
