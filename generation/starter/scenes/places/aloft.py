"""Space and above the clouds."""

from __future__ import annotations

from generation.starter.scenes.canvas import oval_path
from generation.starter.scenes.light import draw_stars
from generation.starter.scenes.palette import darker, hsv, lighter, mix
from generation.starter.scenes.places.base import Stage, cloud


def space(stage: Stage) -> None:
    """Nebulae and stars above the curve of an alien world."""
    pen, rng = stage.pen, stage.rng
    for _ in range(4):
        hue, radius = stage.between(0, 1), stage.between(28, 60)
        pen.glow(stage.between(0, 100), stage.between(0, 70), radius, hsv(hue, 0.75, 0.85), 0.5)
    draw_stars(pen, 80, 92)
    if stage.scene.subject != "planet" and stage.chance(0.75):
        x, y, radius = (
            float(rng.choice([stage.between(8, 24), stage.between(76, 92)])),
            stage.between(12, 30),
            stage.between(6, 12),
        )
        globe = hsv(stage.between(0, 1), 0.5, 0.82)
        pen.shade_round(oval_path(x, y, radius, radius), globe, 1.6)
        if stage.chance(0.5):
            pen.line(
                f"M{x - radius * 1.5} {y + 2}Q{x} {y + radius * 0.7} {x + radius * 1.5} {y - 2}",
                lighter(globe, 0.5),
                1.6,
            )
    soil = hsv(stage.between(0, 1), stage.between(0.2, 0.5), 0.62)
    pen.plane("M-30 105C-20 72 120 72 130 105Z", lighter(soil, 0.2), darker(soil, 0.55), 79, 100)
    for _ in range(6):
        x, y, half = stage.between(0, 100), stage.between(87, 97), stage.between(3, 8)
        pen.oval(x, y, half, half * 0.25, darker(soil, 0.5), 0.8)
        pen.oval(x, y + 0.7, half * 0.9, half * 0.19, darker(soil, 0.22), 0.9)


def clouds(stage: Stage) -> None:
    """A sea of clouds, lit from the sky above it; figures stand on a cloud of their own."""
    light, pen = stage.light, stage.pen
    white = light.on((1.0, 1.0, 1.0))
    for row in range(4):
        y, size = 60 + 9 * row, 15 + 5 * row
        far = 0.5 - 0.16 * row
        color = mix(white, light.haze, max(0.0, far))
        color = mix(color, light.on((0.80, 0.86, 0.98)), 0.35 * (row % 2))
        pen.plane(f"M-2 {y}H102V105H-2Z", color, darker(color, 0.10), y, y + 14)
        x = stage.between(-14, 0)
        while x < 110:  # noqa: PLR2004
            cloud(pen, x, y + 3, size * stage.between(0.8, 1.2), color)
            x += size * stage.between(1.0, 1.5)
    if stage.standing:
        left, right = stage.span
        reach = (right - left) / 2 + 15
        cloud(pen, (left + right) / 2, stage.ground + 8, reach, mix(white, light.on((0.84, 0.88, 0.98)), 0.2))
