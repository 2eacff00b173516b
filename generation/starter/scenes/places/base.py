"""What every place is drawn with: its stage, ridges, trees and other props."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generation.starter.scenes.canvas import Floats, Pen, polygon
from generation.starter.scenes.layout import Figure
from generation.starter.scenes.light import Light, wave
from generation.starter.scenes.palette import WOOD, Color, Rng, darker, lighter, mix
from generation.starter.scenes.world import WATER, Scene


@dataclass(frozen=True)
class Stage:
    """What a place is drawn around: the scene, its light, its figures and the y they stand on."""

    pen: Pen
    scene: Scene
    light: Light
    figures: list[Figure]
    ground: float

    @property
    def rng(self) -> Rng:
        """Random numbers for what the place leaves to chance."""
        return self.pen.rng

    @property
    def span(self) -> tuple[float, float]:
        """The left and right edge of all figures; the middle where there are none."""
        if not self.figures:
            return (44.0, 56.0)
        boxes = [figure.box for figure in self.figures]
        return (min(box[0] for box in boxes), max(box[2] for box in boxes))

    @property
    def standing(self) -> bool:
        """Whether a figure stands on the ground, rather than swims or flies."""
        return any(figure.grounded and figure.subject not in WATER for figure in self.figures)

    def snowed(self, color: Color, share: float) -> Color:
        """The color of the ground, under snow if it snows."""
        return mix(color, self.light.on((0.94, 0.96, 1.0), 0.1), share) if self.scene.weather == "snow" else color

    def chance(self, share: float) -> bool:
        """True for a share (0 to 1) of all scenes."""
        return bool(self.rng.uniform() < share)

    def between(self, low: float, high: float) -> float:
        """A random number from low to high."""
        return float(self.rng.uniform(low, high))

    def clear_of_figures(self, x: float, margin: float = 4.0) -> bool:
        """Whether a thing at x would be beside the figures."""
        left, right = self.span
        return not left - margin < x < right + margin


Line = tuple[Floats, Floats]
"""A ridge: its x and its y."""


def ridge(
    stage: Stage, y: float, height: float, top: Color, bottom: Color, *, rough: bool = False, depth: float = 24
) -> Line:
    """A plane of land across the picture below a random line; returns the line."""
    x = np.linspace(-2, 102, 44 if rough else 30)
    line: Floats
    if rough:
        steps = stage.rng.uniform(-1, 1, 9)
        line = np.interp(x, np.linspace(-2, 102, 9), steps) + 0.3 * stage.rng.uniform(-1, 1, x.size)
    else:
        line = wave(stage.rng, x / 100)
    ys = y + height * line
    top, bottom = stage.snowed(top, 0.72), stage.snowed(bottom, 0.5)
    points = [(-2.0, 105.0), *zip(x.tolist(), ys.tolist(), strict=True), (102.0, 105.0)]
    stage.pen.plane(polygon(points), top, bottom, y - height, y + depth)
    return x, ys


def height_at(line: Line, x: float) -> float:
    """The y of a ridge at x."""
    return float(np.interp(x, *line))


def peaks(stage: Stage, y: float, height: float, color: Color, snow: Color | None, count: int) -> None:
    """A range of pointed mountains, each with a lit and a shaded side, and snow on top if a color is given."""
    pen = stage.pen
    shade = darker(color, 0.18)
    xs = np.linspace(-6, 106, count) + stage.rng.uniform(-5, 5, count)
    stage.pen.plane(f"M-2 {y - 2:.1f}H102V105H-2Z", color, mix(color, stage.light.haze, 0.5), y - height, y + 12)
    for i in stage.rng.permutation(count):
        x, tall = float(xs[i]), height * stage.between(0.62, 1.1)
        half, tip = tall * stage.between(0.7, 0.95), y - tall
        lean = stage.between(-0.15, 0.15) * half
        pen.plane(
            f"M{x - half:.1f} {y:.1f}L{x + lean:.1f} {tip:.1f}L{x + half:.1f} {y:.1f}Z",
            color,
            mix(color, stage.light.haze, 0.35),
            tip,
            y,
        )
        pen.fill(
            f"M{x + lean:.1f} {tip:.1f}L{x + half:.1f} {y:.1f}H{x + lean * 0.2:.1f}"
            f"L{x + lean + 2:.1f} {tip + tall * 0.5:.1f}"
            f"L{x + lean - 2:.1f} {tip + tall * 0.28:.1f}Z",
            shade,
            0.75,
        )
        if snow:
            d, w = tall * 0.34, half * 0.34
            top = x + lean
            pen.fill(
                f"M{top - w * 1.02 + 0.2:.1f} {tip + d:.1f}L{top:.1f} {tip:.1f}L{top + w:.1f} {tip + d:.1f}"
                f"L{top + w * 0.45:.1f} {tip + d * 0.75:.1f}L{top + w * 0.05:.1f} {tip + d * 1.15:.1f}"
                f"L{top - w * 0.45:.1f} {tip + d * 0.7:.1f}Z",
                snow,
            )


def pine(pen: Pen, x: float, y: float, height: float, color: Color, snow: Color | None = None) -> None:
    """A fir of three tiers standing at (x, y)."""
    with pen.at(x, y, height / 100):
        pen.box(-5, -16, 10, 18, darker(color, 0.5))
        for base, tip, half in ((-12, -60, 28), (-36, -80, 22), (-58, -100, 16)):
            pen.fill(f"M-{half} {base}L0 {tip}L{half} {base}Z", color)
            pen.fill(f"M0 {tip}L{half} {base}H{half * 0.2}Z", darker(color, 0.14))
            if snow:
                pen.fill(
                    f"M-{half * 0.5} {tip + (base - tip) * 0.5}L0 {tip}L{half * 0.5} {tip + (base - tip) * 0.5}"
                    f"L{half * 0.12} {tip + (base - tip) * 0.36}Z",
                    snow,
                )


def round_tree(pen: Pen, x: float, y: float, height: float, color: Color, trunk: Color = WOOD) -> None:
    """A leafy tree standing at (x, y)."""
    with pen.at(x, y, height / 100):
        pen.box(-5, -42, 10, 44, trunk)
        for dx, dy, radius in ((-18, -50, 22), (18, -52, 21), (0, -72, 25)):
            pen.dot(dx, dy, radius, color)
        pen.dot(-7, -78, 13, lighter(color, 0.2))


def tuft(pen: Pen, x: float, y: float, height: float, color: Color) -> None:
    """A tuft of three blades of grass."""
    with pen.at(x, y, height / 10):
        pen.fill("M-4 0Q-5 -5 -7 -8Q-2 -5 -1 0ZM-2 0Q-1 -7 0 -11Q2 -6 2 0ZM1 0Q2 -5 6 -8Q5 -4 4 0Z", color)


def cloud(pen: Pen, x: float, y: float, size: float, color: Color, alpha: float = 1.0) -> None:
    """A heaped cloud with a flat base, `size` units from its middle to its end."""
    with pen.at(x, y, size / 50):
        shape = "M-50 0C-62 0 -60 -20 -44 -20C-44 -40 -18 -44 -12 -30C-4 -52 30 -48 28 -22C46 -30 62 0 44 0Z"
        pen.fill(shape, color, alpha)
        with pen.inside(shape):
            pen.fill("M-60 4C-40 -12 0 -4 60 -10V10H-60Z", darker(color, 0.12), alpha * 0.6)


def shine(stage: Stage, top: float, color: Color) -> None:
    """The path of the sun or moon over water whose horizon is at `top`."""
    if not stage.light.sun_strength:
        return
    x = stage.light.sun[0]
    for k in range(9):
        y = top + 1.5 + (98 - top) * (k / 9) ** 1.25
        half = stage.between(3, 9) * (1 + k * 0.13)
        stage.pen.oval(x + stage.between(-2, 2), y, half, 0.7 + 0.11 * k, color, 0.55 - 0.03 * k)


def ripples(stage: Stage, top: float, color: Color, count: int = 14) -> None:
    """Little waves on water below `top`, larger toward the viewer."""
    for _ in range(count):
        y = stage.between(top + 2, 99)
        half = 2.5 + 0.12 * (y - top)
        x = stage.between(0, 100)
        stage.pen.line(
            f"M{x - half:.1f} {y:.1f}Q{x - half / 2:.1f} {y - 1.4:.1f} {x:.1f} {y:.1f}"
            f"Q{x + half / 2:.1f} {y - 1.4:.1f} {x + half:.1f} {y:.1f}",
            color,
            0.9,
            0.55,
        )
