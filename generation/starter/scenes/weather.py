"""Weather: what it puts into the sky, and what it puts between the viewer and the scene."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from generation.starter.scenes.canvas import Pen, polygon
from generation.starter.scenes.light import Light
from generation.starter.scenes.palette import Color, darker, hsv, lighter, mix
from generation.starter.scenes.places import cloud
from generation.starter.scenes.world import Scene

_CLOUD_COUNT: Final = {"cloudy": 6, "rain": 7, "storm": 8, "snow": 5, "rainbow": 3, "petals": 2}
_OPEN_SKY: Final = frozenset({"space", "underwater", "room", "clouds"})
BOW: Final[tuple[Color, ...]] = (
    (0.95, 0.30, 0.32), (0.99, 0.60, 0.25), (0.99, 0.88, 0.35),
    (0.42, 0.80, 0.42), (0.30, 0.58, 0.95), (0.62, 0.40, 0.88),
)  # fmt: skip
"""The colors of a rainbow, from its outside."""


def draw_in_the_sky(pen: Pen, scene: Scene, light: Light) -> None:
    """Clouds, a rainbow, northern lights, lightning: all that is behind the land."""
    weather = scene.weather or "clear"
    if weather == "aurora":
        _aurora(pen)
    if weather == "rainbow":
        _rainbow(pen)
    if scene.place not in _OPEN_SKY:
        count = _CLOUD_COUNT.get(weather, 2 if weather == "clear" and pen.rng.uniform() < 0.5 else 0)  # noqa: PLR2004
        color = _cloud_color(weather, light)
        for i in range(count):
            x = (i + pen.rng.uniform(0.1, 0.9)) / count * 110 - 5
            cloud(pen, x, pen.rng.uniform(10, 34), pen.rng.uniform(10, 18), color, 0.95)
    if weather == "storm":
        _lightning(pen)


def _cloud_color(weather: str, light: Light) -> Color:
    if weather in ("rain", "storm"):
        return mix(darker(light.sky[1], 0.22), light.sky[2], 0.12)
    white = mix(light.on((1.0, 1.0, 1.0)), light.sun_color, 0.12)
    return mix(white, light.sky[2], 0.45 if weather == "snow" else 0.15 + 0.35 * light.moon)


def _aurora(pen: Pen) -> None:
    for band in range(2):
        if pen.flat:
            _flat_aurora(pen)
            continue
        base, hue = pen.rng.uniform(16, 30), pen.rng.uniform(0.34, 0.50)
        phase, swing = pen.rng.uniform(0, 6), pen.rng.uniform(4, 8)
        green, violet = hsv(hue, 0.75, 1), hsv(hue + 0.32, 0.6, 0.95)
        for i in range(27):
            x = i * 4 - 2.0
            foot = base + 8 + swing * math.sin(i * 0.31 + phase) + 3 * math.sin(i * 0.83 + band)
            tall = 24 + 7 * math.sin(i * 0.9 + phase)
            strip = f"M{x - 2.2:.1f} {foot - tall:.1f}H{x + 2.2:.1f}V{foot:.1f}H{x - 2.2:.1f}Z"
            pen.fade(
                strip,
                [(violet, 0.0), (violet, 0.25), (green, 0.62), (green, 0.0)],
                (0, foot - tall),
                (0, foot),
                [0, 0.35, 0.86, 1],
            )


def _flat_aurora(pen: Pen) -> None:
    """One ribbon without folds, for styles that look for contours."""
    base, hue, phase = pen.rng.uniform(18, 34), pen.rng.uniform(0.34, 0.50), pen.rng.uniform(0, 6)
    foot = [(x, base + 6 * math.sin(x * 0.075 + phase)) for x in range(-2, 107, 4)]
    top = [(x, y - 20 - 4 * math.sin(x * 0.11)) for x, y in reversed(foot)]
    stops = [(hsv(hue + 0.28, 0.6, 0.95), 0.0), (hsv(hue + 0.2, 0.6, 0.9), 0.35), (hsv(hue, 0.75, 1), 0.75)]
    pen.fade(polygon(foot + top), stops, (0, base - 26), (0, base + 6))


def _rainbow(pen: Pen) -> None:
    x, radius = pen.rng.uniform(30, 70), pen.rng.uniform(44, 54)
    for i, color in enumerate(BOW):
        arc = [
            (x + (radius - 2.6 * i) * math.cos(a), 66 - (radius - 2.6 * i) * math.sin(a))
            for a in (math.pi * k / 36 for k in range(37))
        ]
        pen.line(polygon(arc, close=False), color, 2.7, 0.72)


def _lightning(pen: Pen) -> None:
    x, side = pen.rng.uniform(14, 86), pen.rng.choice([-1.0, 1.0])
    bolt = [(0, 22), (-5, 38), (1, 37), (-6, 56), (8, 34), (2, 35), (6, 22)]
    pen.glow(x, 36, 34, (0.85, 0.88, 1.0), 0.55)
    pen.fill(polygon([(x + side * dx, y) for dx, y in bolt]), (1.0, 0.96, 0.66))


def draw_in_the_air(pen: Pen, scene: Scene, light: Light) -> None:
    """Rain, snow, petals and the veil of fog: all that is in front of the figures."""
    draw = _IN_THE_AIR.get(scene.weather or "clear")
    if draw:
        draw(pen, light)


def _fog(pen: Pen, light: Light) -> None:
    veil = lighter(light.haze, 0.3)
    for _ in range(4):
        x, y = pen.rng.uniform(-30, 60), pen.rng.uniform(46, 92)
        pen.oval(x + 45, y, pen.rng.uniform(38, 60), pen.rng.uniform(4, 7), veil, 0.30, blur=3.0)
    pen.fade("M0 0H100V100H0Z", [(veil, 0.06), (veil, 0.24), (veil, 0.12)], (0, 20), (0, 100))


def _rain(pen: Pen, light: Light) -> None:
    for x, y, length in pen.rng.uniform(0, 1, (46, 3)):
        x, y, length = x * 108, y * 106 - 4, 5 + 4 * length  # noqa: PLW2901
        pen.line(
            f"M{x:.1f} {y:.1f}L{x - length * 0.34:.1f} {y + length:.1f}",
            mix((0.86, 0.92, 1.0), light.haze, 0.15),
            1.0,
            0.55,
        )


def _storm(pen: Pen, light: Light) -> None:
    for x, y, length in pen.rng.uniform(0, 1, (56, 3)):
        x, y, length = x * 120, y * 106 - 4, 6 + 5 * length  # noqa: PLW2901
        pen.line(
            f"M{x:.1f} {y:.1f}L{x - length * 0.75:.1f} {y + length:.1f}",
            mix((0.86, 0.90, 1.0), light.haze, 0.15),
            1.0,
            0.5,
        )


def _snow(pen: Pen, light: Light) -> None:
    for x, y, size in pen.rng.uniform(0, 1, (64, 3)):
        pen.dot(x * 100, y * 100, 0.6 + 0.95 * size**2, mix((1, 1, 1), light.tint, 0.12), 0.9)


def _petals(pen: Pen, light: Light) -> None:
    for x, y, turn in pen.rng.uniform(0, 1, (34, 3)):
        with pen.at(x * 100, y * 100, 1.0 + 0.7 * turn, turn * 720):
            pen.fill(
                "M0 0Q1.9 -1.6 0.5 -3L0 -2.5L-0.5 -3Q-1.9 -1.6 0 0Z",
                mix(mix((0.99, 0.66, 0.78), (1.0, 0.86, 0.90), y), light.tint, 0.12),
            )


_IN_THE_AIR: Final[dict[str, Callable[[Pen, Light], None]]] = {
    "fog": _fog,
    "rain": _rain,
    "storm": _storm,
    "snow": _snow,
    "petals": _petals,
}
