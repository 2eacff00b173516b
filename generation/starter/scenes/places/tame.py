"""City, village, meadow and room."""

from __future__ import annotations

from generation.starter.scenes.palette import CREAM, LAMP, WOOD, Color, darker, lighter, mix, vary
from generation.starter.scenes.places.base import Stage, height_at, ridge, round_tree, tuft


def city(stage: Stage) -> None:
    """A skyline in three depths above a street."""
    light, pen = stage.light, stage.pen
    base = vary((0.44, 0.48, 0.64), stage.rng, 0.06)
    for depth in range(3):
        x = -4.0
        far = 0.72 - 0.27 * depth
        while x < 100:  # noqa: PLR2004
            width, top = stage.between(8, 15), stage.between(26, 52) + 8 * depth
            color = light.on(vary(base, stage.rng, 0.04), far)
            color = mix(color, (0.05, 0.06, 0.15), 0.3 * depth * light.lamps * 0.6)
            _tower(stage, x, top, width, color, lit=depth > 0)
            x += width + stage.between(0, 1.2)
    road = stage.snowed(light.on((0.36, 0.37, 0.43)), 0.6)
    pen.plane(f"M-2 {stage.ground - 8}H102V105H-2Z", lighter(road, 0.12), darker(road, 0.2), stage.ground - 8, 100)
    pen.box(-2, stage.ground - 8.5, 104, 2.4, lighter(road, 0.45))
    for x in range(4, 100, 22):
        pen.box(x, 94.5, 11, 1.8, lighter(road, 0.65), alpha=0.85)


def _tower(stage: Stage, x: float, top: float, width: float, color: Color, *, lit: bool) -> None:
    pen, light = stage.pen, stage.light
    pen.plane(f"M{x} {top}H{x + width}V105H{x}Z", lighter(color, 0.06), mix(color, light.haze, 0.3), top, 90)
    pen.box(x + width * 0.72, top, width * 0.28, 105 - top, darker(color, 0.14))
    if stage.chance(0.3):
        pen.line(f"M{x + width / 2:.1f} {top:.1f}V{top - 7:.1f}", color, 1)
    if not lit:
        return
    glass = mix(lighter(color, 0.4), (1, 0.87, 0.48), min(1.0, light.lamps * 1.2))
    for row in range(int((78 - top) / 5.4)):
        for column in range(int((width - 2) / 3.6)):
            if stage.chance(0.66):
                pen.box(x + 1.5 + column * 3.6, top + 3 + row * 5.4, 2.2, 3, glass, alpha=0.9)


def village(stage: Stage) -> None:
    """Rows of gabled houses and a church on a slope, with a winding lane."""
    light, pen, rng = stage.light, stage.pen, stage.rng
    green = vary((0.46, 0.66, 0.34), rng, 0.03)
    ridge(stage, 54, 5, light.on((0.40, 0.55, 0.50), 0.6), light.on(green, 0.5))
    for row in range(2):
        y, far = 62 + 9 * row, 0.38 - 0.22 * row
        line = ridge(stage, y, 2, light.on(lighter(green, 0.1), far), light.on(green, far * 0.6))
        for i in range(6 - row):
            x = 4 + (20 + 4 * row) * i + stage.between(-4, 4)
            size = 0.115 + 0.045 * row
            if row == 0 and i == 2:  # noqa: PLR2004
                _church(stage, x, height_at(line, x) + 2, 0.2, far)
            else:
                _cottage(stage, x, height_at(line, x) + 3, size * stage.between(0.9, 1.2), far)
        round_tree(pen, stage.between(5, 95), y + 3, 11 + 4 * row, light.on((0.26, 0.50, 0.26), far))
    ridge(stage, stage.ground - 8, 1.5, light.on(lighter(green, 0.12)), light.on(darker(green, 0.25)))
    lane = light.on((0.86, 0.78, 0.62))
    pen.fill(f"M46 {stage.ground - 7}Q58 {stage.ground} 30 100H66Q72 {stage.ground} 52 {stage.ground - 7}Z", lane, 0.9)


def _cottage(stage: Stage, x: float, y: float, size: float, far: float) -> None:
    light, pen = stage.light, stage.pen
    wall = light.on(vary((0.97, 0.91, 0.80), stage.rng, 0.05, 0.1), far)
    roof = light.on(vary((0.78, 0.34, 0.24), stage.rng, 0.05), far)
    pane = mix(light.on((0.45, 0.55, 0.65), far), LAMP, min(1.0, light.lamps * 1.3))
    with pen.at(x, y, size):
        pen.box(-40, -50, 80, 52, wall)
        pen.fill("M-52 -48L-24 -92H24L52 -48Z", roof)
        pen.box(-30, -38, 20, 20, pane)
        pen.box(10, -38, 20, 20, pane)
        pen.box(18, -104, 14, 30, darker(roof, 0.3))


def _church(stage: Stage, x: float, y: float, size: float, far: float) -> None:
    light, pen = stage.light, stage.pen
    wall = light.on((0.96, 0.93, 0.86), far)
    with pen.at(x, y, size):
        pen.box(-10, -44, 60, 46, wall)
        pen.fill("M-14 -42L10 -66H50L56 -42Z", light.on((0.50, 0.36, 0.34), far))
        pen.box(-26, -84, 24, 86, wall)
        pen.fill("M-30 -82L-14 -128L2 -82Z", light.on((0.40, 0.46, 0.55), far))


def meadow(stage: Stage) -> None:
    """Rolling green hills full of flowers."""
    light, rng = stage.light, stage.rng
    green = vary((0.46, 0.72, 0.30), rng, 0.04)
    for k in range(3):
        color = light.on(mix(green, (0.2, 0.52, 0.32), 0.35 * (k % 2)), 0.5 - 0.22 * k)
        line = ridge(stage, 56 + 10 * k, 5, lighter(color, 0.2), darker(color, 0.16))
        for x in rng.uniform(0, 100, 4 if k < 2 else 0):  # noqa: PLR2004
            round_tree(
                stage.pen,
                x,
                height_at(line, x) + 1.5,
                stage.between(9, 15),
                light.on((0.20, 0.48, 0.24), 0.42 - 0.2 * k),
            )
    for x, y in rng.uniform(0, 1, (10, 2)):
        tuft(stage.pen, x * 100, 82 + 18 * y, 2.5 + 2 * y, light.on(darker(green, 0.3)))
    kinds: list[Color] = [(1, 0.88, 0.30), (1, 0.45, 0.5), (1, 1, 1), (0.72, 0.5, 0.96), (1, 0.62, 0.25)]
    chosen = [light.on(kinds[i]) for i in rng.permutation(5)[:2]]
    for x, depth, which in rng.uniform(0, 1, (34, 3)):
        y = 78 + 22 * depth**0.8
        size = 0.55 + 1.15 * (y - 77) / 23
        stage.pen.dot(x * 100, y, size, chosen[int(which * 2)])
        stage.pen.dot(x * 100, y, size * 0.42, light.on((0.98, 0.78, 0.25)))


def room(stage: Stage) -> None:
    """A cozy room: wallpaper, a window that shows the time of day, a picture, a rug on a wooden floor."""
    light, pen, rng = stage.light, stage.pen, stage.rng
    glow = 0.35 + 0.25 * light.lamps
    inside = (mix(light.tint, (1, 0.86, 0.64), glow), mix(light.tint, (1, 1, 1), 0.5))[light.lamps == 0]
    wall = _lit(
        vary(
            [(0.55, 0.72, 0.70), (0.93, 0.74, 0.62), (0.64, 0.66, 0.84), (0.86, 0.80, 0.64)][int(rng.integers(4))], rng
        ),
        inside,
    )
    floor = _lit(vary((0.68, 0.46, 0.30), rng), inside)
    left, right = stage.span
    at = 14.0 if (left + right) / 2 > 50 else 58.0  # noqa: PLR2004
    pen.fade(
        f"M0 0H{at}V60H0ZM{at + 28} 0H100V60H{at + 28}ZM{at} 0H{at + 28}V12H{at}Z"
        f"M{at} 46H{at + 28}V60H{at}ZM0 59H100V72H0Z",
        [(wall, 1), (darker(wall, 0.12), 1)],
        (0, 0),
        (0, 70),
    )
    for x in range(6, 100, 13):
        if not at - 4 < x < at + 32:
            pen.line(f"M{x} 0V68", lighter(wall, 0.2), 1.6, 0.5)
    _frame(stage, at, _lit(CREAM, inside))
    picture = 66.0 if at < 50 else 12.0  # noqa: PLR2004
    pen.box(picture, 18, 20, 16, _lit(WOOD, inside), 1)
    pen.box(picture + 2, 20, 16, 12, _lit((0.70, 0.86, 0.92), inside))
    pen.fill(
        f"M{picture + 2} 32L{picture + 8} 24L{picture + 12} 29L{picture + 14} 27L{picture + 18} 32Z",
        _lit((0.35, 0.58, 0.40), inside),
    )
    pen.plane("M-2 70H102V105H-2Z", floor, darker(floor, 0.3), 70, 100)
    pen.box(-2, 68, 104, 2.6, _lit(CREAM, inside))
    for y in (77, 85, 94):
        pen.line(f"M0 {y}H100", darker(floor, 0.22), 0.8)
    rug = _lit(vary([(0.80, 0.28, 0.30), (0.25, 0.45, 0.62), (0.90, 0.66, 0.28)][int(rng.integers(3))], rng), inside)
    pen.oval(50, 88, 42, 9, rug)
    pen.oval(50, 88, 35, 6.8, lighter(rug, 0.3))
    pen.oval(50, 88, 31, 5.6, rug)
    if light.lamps:
        pen.glow(90 if at < 50 else 10, 30, 60, (1, 0.80, 0.45), 0.4 * light.lamps)  # noqa: PLR2004


def _lit(color: Color, inside: Color) -> Color:
    return (color[0] * inside[0], color[1] * inside[1], color[2] * inside[2])


def _frame(stage: Stage, x: float, color: Color) -> None:
    pen = stage.pen
    pen.line(f"M{x} 12H{x + 28}V46H{x}ZM{x + 14} 12V46M{x} 29H{x + 28}", color, 2.6)
    pen.box(x - 3, 46, 34, 3, color, 1)
    curtain = darker(color, 0.06)
    pen.fill(f"M{x - 6} 8H{x + 8}Q{x + 2} 30 {x - 6} 44Z", mix(curtain, (0.90, 0.45, 0.42), 0.55))
    pen.fill(f"M{x + 34} 8H{x + 20}Q{x + 26} 30 {x + 34} 44Z", mix(curtain, (0.90, 0.45, 0.42), 0.55))
    pen.line(f"M{x - 7} 8H{x + 35}", stage.light.on(WOOD), 2)
