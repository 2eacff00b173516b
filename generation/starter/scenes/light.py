"""Light: the sky of a time of day and its weather, the tint it gives to things, and the sun or moon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from generation.starter.scenes.canvas import Floats, Pen, polygon
from generation.starter.scenes.palette import Color, Rng, darker, hsv, mix, times, vary
from generation.starter.scenes.world import Scene

WHITE: Final[Color] = (1.0, 1.0, 1.0)
_SKIES: Final[dict[str, tuple[tuple[Color, Color, Color], ...]]] = {
    "sunrise": (
        ((0.48, 0.62, 0.92), (0.98, 0.76, 0.76), (1.0, 0.92, 0.70)),
        ((0.62, 0.74, 0.95), (0.99, 0.80, 0.72), (1.0, 0.94, 0.80)),
    ),
    "noon": (
        ((0.14, 0.47, 0.90), (0.45, 0.74, 0.97), (0.85, 0.95, 0.99)),
        ((0.22, 0.58, 0.90), (0.52, 0.82, 0.95), (0.93, 0.97, 0.94)),
    ),
    "golden": (
        ((0.88, 0.56, 0.26), (0.98, 0.75, 0.38), (1.0, 0.92, 0.64)),
        ((0.72, 0.60, 0.42), (0.98, 0.78, 0.40), (1.0, 0.90, 0.58)),
    ),
    "sunset": (
        ((0.27, 0.16, 0.46), (0.88, 0.34, 0.42), (1.0, 0.70, 0.33)),
        ((0.38, 0.14, 0.40), (0.93, 0.38, 0.30), (1.0, 0.78, 0.42)),
    ),
    "dusk": (
        ((0.11, 0.16, 0.42), (0.34, 0.33, 0.66), (0.80, 0.58, 0.74)),
        ((0.09, 0.20, 0.40), (0.26, 0.42, 0.62), (0.72, 0.66, 0.72)),
    ),
    "night": (
        ((0.02, 0.03, 0.13), (0.07, 0.11, 0.32), (0.20, 0.28, 0.54)),
        ((0.02, 0.05, 0.14), (0.05, 0.15, 0.32), (0.15, 0.34, 0.50)),
    ),
}
_TINTS: Final[dict[str, Color]] = {
    "sunrise": (1.0, 0.88, 0.85),
    "noon": WHITE,
    "golden": (1.0, 0.85, 0.60),
    "sunset": (0.88, 0.63, 0.62),
    "dusk": (0.56, 0.56, 0.80),
    "night": (0.34, 0.42, 0.70),
}
_SUNS: Final[dict[str, Color]] = {
    "sunrise": (1.0, 0.93, 0.74),
    "noon": (1.0, 0.97, 0.74),
    "golden": (1.0, 0.97, 0.80),
    "sunset": (1.0, 0.84, 0.46),
    "dusk": (0.97, 0.95, 0.92),
    "night": (0.97, 0.97, 0.89),
}
_SUN_Y: Final = {
    "sunrise": (38, 50),
    "noon": (10, 20),
    "golden": (26, 38),
    "sunset": (40, 53),
    "dusk": (14, 28),
    "night": (12, 26),
}
_GRAYS: Final[dict[str, Color]] = {
    "sunrise": (0.86, 0.77, 0.76),
    "noon": (0.72, 0.77, 0.83),
    "golden": (0.86, 0.74, 0.56),
    "sunset": (0.62, 0.45, 0.50),
    "dusk": (0.38, 0.38, 0.52),
    "night": (0.14, 0.17, 0.29),
}
_OVERCAST: Final = {"cloudy": 0.25, "fog": 0.60, "rain": 0.62, "snow": 0.52, "storm": 0.80}
_SUN_THROUGH: Final = {"cloudy": 0.9, "fog": 0.5, "rain": 0.0, "snow": 0.2, "storm": 0.0, "rainbow": 0.9}
_STARRY: Final = {"night": 64, "dusk": 20}


@dataclass(frozen=True)
class Light:
    """The light of one picture."""

    sky: tuple[Color, Color, Color]
    """From the top to the horizon."""
    tint: Color
    """What white looks like in it."""
    haze: Color
    """What far things fade to."""
    sun: tuple[float, float, float]
    """Center and radius of the sun or moon."""
    sun_color: Color
    sun_strength: float
    """0 hides it, 1 is a clear sky."""
    moon: bool
    lamps: float
    """How much lamps show, 0 by day to 1 at night."""
    fog: float

    def on(self, color: Color, far: float = 0.0) -> Color:
        """The color as seen in this light from a distance of 0 (here) to 1 (the horizon)."""
        share = min(1.0, far * 0.85 + self.fog * (0.3 + far * 0.3))
        return mix(times(color, self.tint), self.haze, share)


def light_of(scene: Scene, rng: Rng) -> Light:
    """The light of a scene in a place."""
    time, weather = scene.time or "noon", scene.weather or "clear"
    if scene.place == "space":
        return _space_light(rng)
    choices = _SKIES[time]
    sky = [vary(color, rng, 0.015, 0.05, 0.03) for color in choices[int(rng.integers(len(choices)))]]
    tint = _TINTS[time]
    if weather in _OVERCAST:
        gray = darker(_GRAYS[time], {"rain": 0.25, "storm": 0.52}.get(weather, 0.0))
        sky = [mix(color, gray, _OVERCAST[weather]) for color in sky]
        tint = times(tint, {"fog": (0.97, 0.98, 1.0), "storm": (0.62, 0.66, 0.78)}.get(weather, (0.90, 0.92, 0.95)))
    sun = (float(rng.uniform(15, 85)), float(rng.uniform(*_SUN_Y[time])), float(rng.uniform(6, 10)))
    lamps = {"night": 1.0, "dusk": 0.8, "sunset": 0.35}.get(time, 0.5 if weather == "storm" else 0.0)
    return Light(
        sky=(sky[0], sky[1], sky[2]),
        tint=tint,
        haze=mix(sky[2], sky[1], 0.25),
        sun=sun,
        sun_color=_SUNS[time],
        sun_strength=_SUN_THROUGH.get(weather, 1.0),
        moon=time in _STARRY,
        lamps=lamps,
        fog=0.6 if weather == "fog" else 0.0,
    )


def _space_light(rng: Rng) -> Light:
    hue = float(rng.uniform(0.55, 0.95))
    sky = (hsv(hue, 0.80, 0.10), hsv(hue + 0.05, 0.75, 0.22), hsv(hue + 0.12, 0.70, 0.44))
    sun = (float(rng.uniform(15, 85)), float(rng.uniform(10, 30)), 5.0)
    return Light(sky, (0.80, 0.77, 0.93), mix(sky[2], sky[1], 0.3), sun, WHITE, 0.0, moon=True, lamps=0.7, fog=0.0)


def draw_sky(pen: Pen, light: Light, scene: Scene) -> None:
    """Paint the sky with its stars and its sun or moon over the whole picture."""
    stops = [(color, 1.0) for color in light.sky]
    if pen.paper and scene.place not in ("space", "underwater"):
        _paper_sky(pen, light)
    else:
        pen.fade("M0 0H100V100H0Z", stops, (0, 0), (0, 70), [0, 0.55, 1])
    if scene.weather in (None, "clear", "cloudy", "aurora"):
        draw_stars(pen, _STARRY.get(scene.time or "", 0), 60)
    if light.sun_strength:
        _draw_sun(pen, light, moon=light.moon, crescent=bool(pen.rng.integers(2)))


def _paper_sky(pen: Pen, light: Light) -> None:
    """The sky as sheets of paper with wavy edges."""
    pen.fill("M0 0H100V100H0Z", light.sky[0])
    for y, share in ((15, 0.5), (29, 1.0), (42, 1.5), (52, 2.0)):
        a, b = (light.sky[0], light.sky[1]) if share <= 1 else (light.sky[1], light.sky[2])
        x = np.linspace(-4, 104, 28)
        edge = y + 3.4 * wave(pen.rng, x / 100, (3, 5))
        points = [(-4.0, 105.0), *zip(x.tolist(), edge.tolist(), strict=True), (104.0, 105.0)]
        tone = mix(a, b, share if share <= 1 else share - 1)
        pen.plane(polygon(points), tone, tone, y, 100)


def draw_stars(pen: Pen, count: int, down_to: float) -> None:
    """Scatter stars over the upper part of the picture, a few of them large."""
    for x, y, size in pen.rng.uniform(0, 1, (count, 3)):
        pen.dot(x * 100, y * down_to, 0.3 + 0.55 * size**3, (1.0, 1.0, 0.93), 0.55 + 0.45 * size)
    for x, y in pen.rng.uniform(4, 96, (count // 16, 2)):
        sparkle(pen, x, y * down_to / 100, 1.9)


def sparkle(pen: Pen, x: float, y: float, radius: float, color: Color = (1.0, 1.0, 0.95)) -> None:
    """A four-pointed star."""
    tip, waist = radius, radius * 0.24
    ring = [
        (0, -tip),
        (waist, -waist),
        (tip, 0),
        (waist, waist),
        (0, tip),
        (-waist, waist),
        (-tip, 0),
        (-waist, -waist),
    ]
    pen.fill("M" + "L".join(f"{x + dx:.2f} {y + dy:.2f}" for dx, dy in ring) + "Z", color)


def _draw_sun(pen: Pen, light: Light, *, moon: bool, crescent: bool) -> None:
    x, y, radius = light.sun
    strength = light.sun_strength
    if not pen.flat:
        pen.glow(x, y, radius * (3 if moon else 4.6), light.sun_color, 0.6 * strength)
    pen.dot(x, y, radius, light.sun_color, strength)
    if moon and crescent:
        pen.dot(x + radius * 0.46, y - radius * 0.2, radius * 0.85, mix(light.sky[0], light.sky[1], y / 40))
    elif moon:
        for dx, dy, size in ((-0.3, -0.2, 0.24), (0.28, 0.3, 0.18), (0.22, -0.4, 0.13)):
            pen.dot(x + dx * radius, y + dy * radius, size * radius, mix(light.sun_color, (0.70, 0.72, 0.80), 0.5))


def wave(rng: Rng, x: Floats, rough: tuple[int, ...] = (2, 3)) -> Floats:
    """A random smooth curve over x (0 to 1), about -1 to 1."""
    total = np.zeros_like(x)
    for i, turns in enumerate(rough):
        total += np.sin(np.pi * (x * turns * rng.uniform(0.7, 1.3) + 2 * rng.uniform())) / (i + 1)
    return total / 1.4
