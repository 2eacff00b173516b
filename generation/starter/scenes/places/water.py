"""Sea, lake, beach and under water."""

from __future__ import annotations

from generation.starter.scenes.palette import WOOD, Color, darker, lighter, mix, vary
from generation.starter.scenes.places.base import Stage, pine, ridge, ripples, shine


def _island(stage: Stage, color: Color) -> None:
    left, right = stage.span
    reach, x, y = (right - left) / 2 + 13, (left + right) / 2, stage.ground + 2
    pen = stage.pen
    pen.oval(x, y + 5, reach + 3, 8.5, stage.light.on((1, 1, 1), 0.2), 0.65)
    pen.oval(x, y + 4, reach, 8, darker(color, 0.28))
    pen.oval(x, y + 2, reach, 7.4, lighter(color, 0.1))


def _water(stage: Stage, top: float, color: Color) -> None:
    light = stage.light
    stops = [
        (mix(light.on(color), light.haze, 0.55), 1.0),
        (light.on(color, 0.05), 1.0),
        (light.on(darker(color, 0.35)), 1.0),
    ]
    stage.pen.fade(f"M0 {top}H100V100H0Z", stops, (0, top), (0, 100), [0, 0.35, 1])
    shine(stage, top, light.sun_color)


def sea(stage: Stage) -> None:
    """Open water with rolling waves."""
    light, top = stage.light, stage.between(54, 60)
    color = vary((0.06, 0.44, 0.66), stage.rng, 0.03)
    if stage.chance(0.4):
        ridge(stage, top - 1, 3, light.on((0.35, 0.42, 0.5), 0.62), light.on((0.35, 0.42, 0.5), 0.7), rough=True)
    _water(stage, top, color)
    for k in range(3):
        y = top + 10 + 10 * k
        _swell(stage, y, light.on(mix(color, (0.30, 0.72, 0.80), 0.35 - 0.1 * k), 0.2 - 0.07 * k))
    ripples(stage, top, lighter(light.on(color), 0.5), 9)
    if stage.standing:
        _island(stage, light.on((0.88, 0.78, 0.54)))


def _swell(stage: Stage, y: float, color: Color) -> None:
    start, steps = stage.between(-16, 0), []
    step = stage.between(13, 17)
    for i in range(9):
        x = start + step * i
        steps.append(f"Q{x + step / 2:.1f} {y - 3.2:.1f} {x + step:.1f} {y:.1f}")
    crest = f"M{start:.1f} {y:.1f}" + "".join(steps)
    stage.pen.fill(f"{crest}V105H-20Z", color, 1.0 if stage.pen.paper else 0.55)
    stage.pen.line(crest, lighter(color, 0.5), 1.1, 0.7)


def lake(stage: Stage) -> None:
    """A still lake that mirrors hills and firs."""
    light, top, pen = stage.light, 60.0, stage.pen
    hill = vary((0.36, 0.44, 0.62), stage.rng, 0.05)
    wood = light.on((0.14, 0.36, 0.30), 0.25)
    for k in range(2):
        far = 0.68 - 0.26 * k
        ridge(stage, 47 + 6 * k, 8, light.on(hill, far), mix(light.on(hill, far), light.haze, 0.5), rough=True)
    color = vary((0.18, 0.48, 0.62), stage.rng, 0.03)
    _water(stage, top, color)
    pen.fade("M0 60H100V80H0Z", [(light.on(hill, 0.35), 0.75), (light.on(color), 0.0)], (0, 60), (0, 80))
    for x in stage.rng.uniform(-2, 102, 15):
        tall = stage.between(9, 17)
        pine(pen, x, top + 1, tall, wood)
        pen.fill(
            f"M{x - tall * 0.26:.1f} {top + 1}L{x:.1f} {top + tall * 0.8:.1f}L{x + tall * 0.26:.1f} {top + 1}Z",
            wood,
            0.35,
        )
    pen.box(-2, top - 0.4, 104, 1.6, light.on((0.45, 0.55, 0.35), 0.3))
    ripples(stage, top + 8, lighter(light.on(color), 0.45), 10)
    if stage.standing:
        _island(stage, light.on((0.42, 0.60, 0.32)))


def beach(stage: Stage) -> None:
    """Sand, surf, a sea behind, a palm and a parasol to the side."""
    light, pen = stage.light, stage.pen
    color = vary((0.05, 0.58, 0.72), stage.rng, 0.03)
    sand = vary((0.96, 0.85, 0.62), stage.rng, 0.02)
    top = stage.between(50, 54)
    _water(stage, top, color)
    ridge(stage, 73, 1.8, light.on((1, 1, 1)), light.on((1, 1, 1)))
    ridge(stage, 75, 1.8, light.on(darker(sand, 0.15)), light.on(sand), depth=4)
    ridge(stage, 78, 1.4, light.on(lighter(sand, 0.2)), light.on(darker(sand, 0.14)))
    left, right = stage.span
    spots = [x for x in (8.0, 92.0) if x < left - 2 or x > right + 2]
    for x in spots:
        _beach_palm(stage, x, 84)
    for x, y in stage.rng.uniform(0, 1, (6, 2)):
        pen.oval(x * 100, 84 + 14 * y, 1.6, 1.0, light.on((0.98, 0.62, 0.50) if x > y else (1, 1, 1)))


def _beach_palm(stage: Stage, x: float, y: float) -> None:
    light, pen, lean = stage.light, stage.pen, 1 if x < 50 else -1  # noqa: PLR2004
    with pen.at(x, y, 0.5, flip=lean < 0):
        pen.line("M-6 0Q-2 -44 10 -84", light.on(WOOD), 7)
        for turn in (-104, -66, -24, 22, 64, 104):
            with pen.at(10, -84, turn=turn):
                pen.fill("M-3 0Q-16 -26 4 -52Q12 -26 4 0Z", light.on((0.16, 0.55, 0.32), 0.0 if turn % 4 else 0.12))


def underwater(stage: Stage) -> None:
    """The sea floor: shafts of light, corals, weeds and bubbles."""
    light, pen, rng = stage.light, stage.pen, stage.rng
    deep = vary((0.03, 0.24, 0.46), rng, 0.03)
    shallow: Color = (0.30, 0.80, 0.86)
    stops = [(light.on(shallow), 1.0), (light.on((0.08, 0.50, 0.68)), 1.0), (light.on(deep), 1.0)]
    pen.fade("M0 0H100V100H0Z", stops, (0, 0), (0, 88), [0, 0.45, 1])
    for _ in range(4):
        x, half = stage.between(-5, 90), stage.between(3, 7)
        ray = light.on((0.85, 1, 0.98))
        pen.fade(f"M{x} -2H{x + half}L{x + half * 2.4 + 14} 90H{x + 6}Z", [(ray, 0.42), (ray, 0.0)], (0, 0), (0, 84))
    ridge(stage, 72, 5, light.on((0.07, 0.38, 0.55), 0.0), light.on(deep), rough=True)
    sand = light.on((0.84, 0.78, 0.60))
    ridge(stage, stage.ground - 6, 2, mix(sand, light.on(shallow), 0.25), mix(sand, light.on(deep), 0.5))
    for x in (4.0, 14.0, 25.0, 75.0, 87.0, 97.0):
        if stage.clear_of_figures(x, 1):
            _growth(stage, x + stage.between(-3, 3), stage.between(84, 94))
    for x, y, size in rng.uniform(0, 1, (9, 3)):
        pen.dot(x * 100, y * 80, 0.7 + size, (0.9, 1, 1), 0.55)


def _growth(stage: Stage, x: float, y: float) -> None:
    light, pen = stage.light, stage.pen
    if stage.chance(0.5):
        weed = light.on(vary((0.16, 0.60, 0.40), stage.rng, 0.04))
        for dx, tall in ((-3, 20), (0, 28), (3.5, 17)):
            pen.line(
                f"M{x + dx} {y}Q{x + dx - 4} {y - tall * 0.35} {x + dx} {y - tall * 0.6}"
                f"Q{x + dx + 3} {y - tall * 0.8} {x + dx} {y - tall}",
                weed,
                2.4,
            )
        return
    color = light.on([(0.98, 0.42, 0.48), (0.99, 0.62, 0.30), (0.80, 0.45, 0.85)][int(stage.rng.integers(3))])
    with pen.at(x, y, 0.2):
        pen.line(
            "M0 0V-52M0 -20Q-26 -24 -26 -50M0 -30Q24 -34 24 -66M-26 -40Q-38 -42 -38 -58M0 -52Q-8 -66 -10 -80", color, 13
        )
