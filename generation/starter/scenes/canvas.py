"""A pen over skia: a small path language, gradients, clips and moves, in a square of 100 by 100; y grows downward."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import skia

from generation.starter.scenes.palette import LAMP, Color, Rng, darker, lighter

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
"""Numbers of a picture, mostly 0 to 1."""
Shape: TypeAlias = Any
"""A path: a string of the path language, or a skia path."""
Points: TypeAlias = Sequence[tuple[float, float]]

FULL: Final = 100.0
_TOKEN: Final = re.compile(r"[MLHVQCZ]|-?\d*\.?\d+(?:e-?\d+)?")
_ARITY: Final = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6, "Z": 0}


def rgba(color: Color, alpha: float = 1.0) -> Any:
    """A skia color of red, green, blue and alpha, each clipped to 0 to 1."""
    return skia.Color4f(*(min(1.0, max(0.0, part)) for part in (*color, alpha)))


@lru_cache(maxsize=4096)
def outline(text: str) -> Any:
    """The skia path of a string in the path language: M, L, H, V, Q, C, Z with absolute numbers, as in SVG."""
    path, command, numbers = skia.Path(), "", list[float]()
    at = (0.0, 0.0)
    for token in _TOKEN.findall(text):
        if token in _ARITY:
            command = token
        else:
            numbers.append(float(token))
        if len(numbers) == _ARITY[command]:
            at = _step(path, command, numbers, at)
            numbers = []
    return path


def _step(path: Any, command: str, numbers: list[float], at: tuple[float, float]) -> tuple[float, float]:
    if command == "Z":
        path.close()
        return at
    if command == "H":
        numbers = [numbers[0], at[1]]
    elif command == "V":
        numbers = [at[0], numbers[0]]
    step = {"M": path.moveTo, "Q": path.quadTo, "C": path.cubicTo}.get(command, path.lineTo)
    step(*numbers)
    return (numbers[-2], numbers[-1])


def polygon(points: Points, *, close: bool = True) -> Any:
    """The skia path through the points."""
    path = skia.Path()
    path.addPoly([skia.Point(float(x), float(y)) for x, y in points], close)
    return path


def oval_path(x: float, y: float, rx: float, ry: float) -> Any:
    """The skia path of an ellipse around (x, y)."""
    path = skia.Path()
    path.addOval(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry))
    return path


def path_of(shape: Shape) -> Any:
    """The skia path of a shape."""
    return outline(shape) if isinstance(shape, str) else shape


@dataclass
class Pen:
    """Draws on one skia canvas in the manner of a style.

    `rng` is for what a drawing leaves to chance. `flat` leaves shading out; `paper` lets every plane of the
    landscape cast a soft shadow on what lies below it.
    `lamps` collects the lights a figure carries, as (x, y, radius) where they were drawn.
    """

    canvas: Any
    rng: Rng
    flat: bool = False
    paper: bool = False
    lamps: list[tuple[float, float, float]] = field(default_factory=list)

    def fill(self, shape: Shape, color: Color, alpha: float = 1.0, blur: float = 0.0) -> None:
        """Fill a shape with one color."""
        self.canvas.drawPath(path_of(shape), _paint(color, alpha, blur))

    def shade(self, shape: Shape, color: Color, axis: str = "h", amount: float = 1.0) -> None:
        """Fill a shape from lit to shaded: `axis` h is left to right, v top to bottom, d both."""
        path = path_of(shape)
        if self.flat:
            self.canvas.drawPath(path, _paint(color))
            return
        box = path.getBounds()
        start, end = (box.left(), box.top()), (box.right(), box.bottom())
        if axis == "h":
            end = (box.right(), box.top())
        elif axis == "v":
            end = (box.left(), box.bottom())
        stops = [(lighter(color, 0.24 * amount), 1.0), (color, 1.0), (darker(color, 0.26 * amount), 1.0)]
        self.fade(path, stops, start, end, [0, 0.45, 1])

    def fade(
        self,
        shape: Shape,
        stops: Sequence[tuple[Color, float]],
        start: tuple[float, float],
        end: tuple[float, float],
        at: Sequence[float] | None = None,
        blur: float = 0.0,
    ) -> None:
        """Fill a shape with a straight gradient through colors with their alphas."""
        paint = skia.Paint(AntiAlias=True)
        colors = [rgba(color, alpha).toColor() for color, alpha in stops]
        paint.setShader(skia.GradientShader.MakeLinear([skia.Point(*start), skia.Point(*end)], colors, at))
        if blur:
            paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
        self.canvas.drawPath(path_of(shape), paint)

    def plane(self, shape: Shape, top: Color, bottom: Color, y0: float, y1: float) -> None:
        """A plane of the landscape, from `top` at y0 to `bottom` at y1; of paper it casts its shadow upward."""
        path = path_of(shape)
        if self.paper:
            with self.at(0.6, -2.2):
                self.fill(path, (0.03, 0.02, 0.08), 0.50, blur=2.0)
        if self.flat:
            self.fill(path, top)
        else:
            self.fade(path, [(top, 1), (bottom, 1)], (0, y0), (0, y1))

    def line(self, shape: Shape, color: Color, width: float, alpha: float = 1.0) -> None:
        """Stroke a shape with round ends and corners."""
        paint = _paint(color, alpha)
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(width)
        paint.setStrokeJoin(skia.Paint.kRound_Join)
        paint.setStrokeCap(skia.Paint.kRound_Cap)
        self.canvas.drawPath(path_of(shape), paint)

    def oval(
        self, x: float, y: float, rx: float, ry: float, color: Color, alpha: float = 1.0, blur: float = 0.0
    ) -> None:
        """Fill an ellipse around (x, y)."""
        self.canvas.drawOval(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry), _paint(color, alpha, blur))

    def dot(self, x: float, y: float, radius: float, color: Color, alpha: float = 1.0) -> None:
        """Fill a circle around (x, y)."""
        self.canvas.drawCircle(float(x), float(y), float(radius), _paint(color, alpha))

    def ball(self, x: float, y: float, rx: float, ry: float, color: Color, amount: float = 1.0) -> None:
        """Fill an ellipse as something round, lit from the upper left."""
        self.shade_round(oval_path(x, y, rx, ry), color, amount)

    def shade_round(self, shape: Shape, color: Color, amount: float = 1.0) -> None:
        """Fill a shape as something round, lit from the upper left."""
        path = path_of(shape)
        if self.flat:
            self.canvas.drawPath(path, _paint(color))
            return
        box = path.getBounds()
        center = skia.Point(box.left() + box.width() * 0.34, box.top() + box.height() * 0.28)
        colors = [lighter(color, 0.34 * amount), color, darker(color, 0.34 * amount)]
        paint = skia.Paint(AntiAlias=True)
        shader = skia.GradientShader.MakeRadial(
            center, max(box.width(), box.height()) * 0.78, [rgba(c).toColor() for c in colors], [0, 0.45, 1]
        )
        paint.setShader(shader)
        self.canvas.drawPath(path, paint)

    def glow(self, x: float, y: float, radius: float, color: Color, alpha: float) -> None:
        """Light that fades out at `radius`."""
        paint = skia.Paint(AntiAlias=True)
        colors = [rgba(color, alpha).toColor(), rgba(color, alpha * 0.3).toColor(), rgba(color, 0).toColor()]
        paint.setShader(skia.GradientShader.MakeRadial(skia.Point(x, y), radius, colors, [0, 0.38, 1]))
        self.canvas.drawCircle(float(x), float(y), float(radius), paint)

    def box(
        self, x: float, y: float, width: float, height: float, color: Color, radius: float = 0.0, alpha: float = 1.0
    ) -> None:
        """Fill a rectangle from its upper left corner, with round corners if asked."""
        self.canvas.drawRoundRect(skia.Rect.MakeXYWH(x, y, width, height), radius, radius, _paint(color, alpha))

    def lamp(self, x: float, y: float, radius: float, color: Color = LAMP) -> None:
        """A light the figure carries: drawn bright, and remembered for its glow in the dark."""
        self.dot(x, y, radius, color)
        self.lamps.append((x, y, radius))

    @contextmanager
    def inside(self, shape: Shape) -> Iterator[None]:
        """Draw only inside a shape."""
        self.canvas.save()
        self.canvas.clipPath(path_of(shape), doAntiAlias=True)
        yield
        self.canvas.restore()

    @contextmanager
    def at(self, x: float, y: float, scale: float = 1.0, turn: float = 0.0, *, flip: bool = False) -> Iterator[None]:
        """Draw around (x, y), enlarged by `scale`, turned by degrees, mirrored if `flip`."""
        self.canvas.save()
        self.canvas.translate(float(x), float(y))
        self.canvas.rotate(float(turn))
        self.canvas.scale(float(-scale if flip else scale), float(scale))
        yield
        self.canvas.restore()


def _paint(color: Color, alpha: float = 1.0, blur: float = 0.0) -> Any:
    paint = skia.Paint(AntiAlias=True, Color4f=rgba(color, alpha))
    if blur:
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    return paint


def surface(side: int) -> Any:
    """An empty skia surface of `side` px, scaled so that its canvas is 100 by 100."""
    made = skia.Surface(side, side)
    made.getCanvas().scale(side / FULL, side / FULL)
    return made


def pixels(made: Any) -> Floats:
    """A surface as (side, side, 4), 0 to 1, colors not multiplied by alpha."""
    return np.asarray(made.toarray(colorType=skia.kRGBA_8888_ColorType)).astype(np.float32) / 255
