"""Mountains, forest, jungle, desert, volcano and snow."""

from __future__ import annotations

from generation.starter.scenes.palette import Color, darker, lighter, mix, vary
from generation.starter.scenes.places.base import Stage, cloud, height_at, peaks, pine, ridge, round_tree, tuft


def mountains(stage: Stage) -> None:
    """Ranges of snowy peaks behind a green slope with firs."""
    light, rng = stage.light, stage.rng
    hue = vary((0.42, 0.48, 0.68), rng, 0.06)
    snow: Color = (0.97, 0.98, 1.0)
    peaks(stage, 58, 26, light.on(hue, 0.72), light.on(snow, 0.5), 5)
    peaks(stage, 68, 30, light.on(darker(hue, 0.15), 0.36), light.on(snow, 0.15), 5)
    grass = vary((0.36, 0.58, 0.30), rng, 0.03)
    ridge(stage, 66, 3, light.on(darker(grass, 0.2), 0.25), light.on(darker(grass, 0.3), 0.1))
    line = ridge(stage, stage.ground - 9, 2.5, light.on(lighter(grass, 0.15), 0.05), light.on(darker(grass, 0.3)))
    for x in rng.uniform(0, 100, 9):
        if stage.clear_of_figures(x):
            pine(
                stage.pen,
                x,
                height_at(line, x) + 3,
                stage.between(14, 24),
                light.on(vary((0.13, 0.36, 0.28), rng), 0.06),
            )
    _grass(stage, light.on(darker(grass, 0.12)), 9)


def _grass(stage: Stage, color: Color, count: int) -> None:
    for x, y in stage.rng.uniform(0, 1, (count, 2)):
        tuft(stage.pen, x * 100, 84 + y * 16, 2.5 + 2 * y, color)


def forest(stage: Stage) -> None:
    """Rows of trees that fade into the distance around a clearing."""
    light, rng = stage.light, stage.rng
    green = vary((0.15, 0.43, 0.26), rng, 0.03)
    autumn = stage.chance(0.2)
    fir = not autumn and stage.chance(0.6)
    for row in range(4):
        y, far = 56 + 6.5 * row, 0.76 - 0.22 * row
        color = light.on(green, far)
        stage.pen.plane(f"M-2 {y - 1}H102V105H-2Z", color, light.on(darker(green, 0.2), far * 0.6), y - 1, y + 14)
        for x in [8.6 * i + stage.between(-3, 3) for i in range(13 - row)]:
            if row < 3 or stage.clear_of_figures(x, 6):  # noqa: PLR2004
                leaf = vary((0.85, 0.48, 0.16), rng, 0.05) if autumn else vary(green, rng, 0.02)
                tall = stage.between(28, 44) + 4 * row
                (pine if fir else round_tree)(stage.pen, x, y + 1, tall, light.on(leaf, far))
    ridge(stage, stage.ground - 8, 1.6, light.on(lighter(green, 0.24)), light.on(darker(green, 0.35)))
    _grass(stage, light.on(darker(green, 0.05)), 8)
    for x, y in rng.uniform(0, 1, (4, 2)):
        if stage.clear_of_figures(x * 100):
            spot, at = light.on((0.86, 0.22, 0.18)), 87 + 10 * y
            stage.pen.box(x * 100 - 0.9, at - 2.4, 1.8, 2.8, light.on((0.95, 0.9, 0.8)))
            stage.pen.fill(
                f"M{x * 100 - 3:.1f} {at - 2:.1f}Q{x * 100:.1f} {at - 7:.1f} {x * 100 + 3:.1f} {at - 2:.1f}Z", spot
            )


def jungle(stage: Stage) -> None:
    """Misty layers of palms and broad leaves, framed by hanging foliage."""
    light, pen = stage.light, stage.pen
    green = vary((0.12, 0.50, 0.30), stage.rng, 0.03)
    pen.fade(
        "M0 20H100V100H0Z",
        [(light.on((0.62, 0.86, 0.58), 0.35), 0.2), (light.on((0.55, 0.82, 0.50), 0.3), 1)],
        (0, 20),
        (0, 62),
    )
    for row in range(3):
        y, far = 58 + 8 * row, 0.62 - 0.24 * row
        color = light.on(vary(green, stage.rng, 0.02), far)
        pen.plane(f"M-2 {y}H102V105H-2Z", color, light.on(darker(green, 0.25), far * 0.5), y, y + 14)
        for x in [20 * i + stage.between(-8, 8) for i in range(6)]:
            _palm(stage, x, y + 1, stage.between(34, 52), color, light.on((0.42, 0.30, 0.20), far))
    ridge(stage, stage.ground - 8, 2, light.on(lighter(green, 0.25)), light.on(darker(green, 0.4)))
    for side in (0, 100):
        for turn in (-78, -48, -20, 16):
            _leaf(
                stage, side, 90 + stage.between(-6, 6), turn if side == 0 else -turn, light.on(darker(green, 0.25)), 22
            )
        for turn in (104, 132, 158):
            _leaf(stage, side, -3, turn if side == 0 else -turn, light.on(darker(green, 0.45)), 30)


def _palm(stage: Stage, x: float, y: float, height: float, leaf: Color, trunk: Color) -> None:
    with stage.pen.at(x, y, height / 100):
        stage.pen.line("M0 0Q6 -40 0 -78", trunk, 6)
        for turn in (-98, -58, -18, 24, 62, 102):
            with stage.pen.at(0, -78, turn=turn):
                stage.pen.fill("M-2 0Q-16 -24 4 -48Q10 -24 3 0Z", leaf)


def _leaf(stage: Stage, x: float, y: float, turn: float, color: Color, length: float) -> None:
    with stage.pen.at(x, y, length / 50, turn=turn + 90):
        stage.pen.fill("M0 3Q-14 -14 -4 -34Q0 -44 6 -52Q20 -28 8 -2Z", color)
        stage.pen.line("M2 0Q2 -24 5 -44", lighter(color, 0.18), 1.8)


def desert(stage: Stage) -> None:
    """Dunes with a mesa and cacti."""
    light, rng, pen = stage.light, stage.rng, stage.pen
    sand = vary((0.95, 0.71, 0.38), rng, 0.02)
    if stage.chance(0.6):
        rock = light.on((0.76, 0.42, 0.30), 0.4)
        x = stage.between(2, 66)
        pen.plane(
            f"M{x} 64L{x + 5} 44L{x + 8} 43L{x + 25} 42.5L{x + 28} 45L{x + 33} 64Z",
            rock,
            mix(rock, light.haze, 0.4),
            42,
            64,
        )
        pen.fill(f"M{x + 18} 42.5H{x + 25}L{x + 28} 45L{x + 33} 64H{x + 22}Z", darker(rock, 0.2), 0.7)
    for k in range(4):
        far = 0.45 - 0.15 * k
        color = light.on(lighter(sand, 0.14 - 0.06 * k) if k < 3 else darker(sand, 0.05), max(0, far))  # noqa: PLR2004
        ridge(stage, 58 + 9 * k, 4.5, lighter(color, 0.2), darker(color, 0.16), depth=18)
    for _ in range(int(rng.integers(2, 5))):
        x, y = stage.between(4, 96), stage.between(70, 80)
        if stage.clear_of_figures(x):
            _small_cactus(stage, x, y, stage.between(9, 15))


def _small_cactus(stage: Stage, x: float, y: float, height: float) -> None:
    color = stage.light.on((0.22, 0.50, 0.30), 0.08)
    with stage.pen.at(x, y, height / 100):
        stage.pen.line("M0 0V-88", color, 22)
        stage.pen.line("M0 -34H-28V-62M0 -48H28V-76", color, 15)


def volcano(stage: Stage) -> None:
    """A smoking volcano with streams of lava over black rock."""
    light, pen, rng = stage.light, stage.pen, stage.rng
    rock = vary((0.36, 0.27, 0.30), rng, 0.03)
    x = stage.between(24, 76)
    hot: Color = (1.0, 0.42, 0.10)
    smoke = light.on((0.62, 0.58, 0.62), 0.3)
    for dx, y, size in ((0, 20, 13), (7, 13, 17), (16, 6, 22)):
        cloud(pen, x + dx, y, size, smoke, 0.9)
    pen.glow(x, 26, 26, hot, 0.85)
    peaks(stage, 66, 14, light.on(rock, 0.62), None, 5)
    pen.plane(
        f"M{x - 42} 72L{x - 9} 27Q{x} 31 {x + 9} 27L{x + 42} 72Z",
        light.on(rock, 0.25),
        light.on(darker(rock, 0.3), 0.1),
        27,
        72,
    )
    pen.fill(f"M{x + 2} 29.5L{x + 9} 27L{x + 42} 72H{x + 14}Z", light.on(darker(rock, 0.45), 0.15), 0.8)
    pen.fill(f"M{x - 9} 27Q{x} 31 {x + 9} 27Q{x} 24 {x - 9} 27Z", hot)
    for path in (f"M{x - 3} 28Q{x - 9} 42 {x - 4} 52Q{x} 60 {x - 10} 74", f"M{x + 4} 28Q{x + 8} 40 {x + 16} 54"):
        pen.line(path, hot, 2.8)
        pen.line(path, (1.0, 0.80, 0.35), 1.1)
    ridge(stage, 71, 2.5, light.on(darker(rock, 0.25), 0.12), light.on(darker(rock, 0.5)), rough=True)
    ridge(stage, stage.ground - 9, 1.6, light.on(lighter(rock, 0.10)), light.on(darker(rock, 0.45)))
    for _ in range(3):
        left = stage.between(0, 88)
        at = stage.between(88, 98)
        pen.line(
            f"M{left:.1f} {at:.1f}L{left + 5:.1f} {at - 2:.1f}L{left + 9:.1f} {at + 1:.1f}L{left + 15:.1f} {at:.1f}",
            hot,
            1.5,
            0.9,
        )


def arctic(stage: Stage) -> None:
    """Snow fields, blue ice peaks and white firs."""
    light, rng = stage.light, stage.rng
    peaks(stage, 60, 24, light.on((0.60, 0.76, 0.93), 0.5), light.on((1, 1, 1), 0.3), 5)
    for k in range(3):
        color = light.on(mix((0.95, 0.97, 1.0), (0.80, 0.88, 0.98), 0.5 * (k % 2)), 0.25 - 0.1 * k)
        line = ridge(stage, 62 + 8 * k, 3, lighter(color, 0.35), mix(color, light.on((0.66, 0.78, 0.95)), 0.5))
        for x in rng.uniform(0, 100, 4 - k):
            if stage.clear_of_figures(x):
                pine(
                    stage.pen,
                    x,
                    height_at(line, x) + 2,
                    stage.between(13, 22),
                    light.on((0.25, 0.45, 0.48), 0.25 - 0.1 * k),
                    light.on((1, 1, 1)),
                )
    for x, y in rng.uniform(0, 1, (5, 2)):
        stage.pen.oval(x * 100, 86 + 13 * y, 9, 1.6, light.on((0.72, 0.82, 0.97)), 0.6)
