"""A scene to its picture. The same scene is the same picture at every size, but for what a pixel can show."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from generation.starter.scenes.canvas import Floats, Pen, pixels, surface
from generation.starter.scenes.designs import draw_design
from generation.starter.scenes.figures import (
    Recorded,
    draw_reflection,
    draw_shadow,
    halo,
    in_light,
    paint_figures,
    record,
    with_snow,
)
from generation.starter.scenes.layout import Figure, lay_out
from generation.starter.scenes.light import WHITE, Light, draw_sky, light_of
from generation.starter.scenes.palette import LAMP, Rng, mix
from generation.starter.scenes.places import PLACES, Place, Stage
from generation.starter.scenes.styles import STYLES, Picture, Style
from generation.starter.scenes.weather import draw_in_the_air, draw_in_the_sky
from generation.starter.scenes.world import Scene

_PARTS = ("layout", "light", "sky", "place", "figures", "air", "style", "design")


class Rendered(NamedTuple):
    """A picture and the area of its figures."""

    rgb: npt.NDArray[np.uint8]
    """(side, side, 3)."""
    mask: npt.NDArray[np.uint8]
    """(side, side): 255 where a figure is, 0 where none is."""


def render(scene: Scene, side: int = 128) -> npt.NDArray[np.uint8]:
    """The picture of a scene, (side, side, 3)."""
    return render_with_mask(scene, side).rgb


def render_with_mask(scene: Scene, side: int = 128) -> Rendered:
    """The picture of a scene and the area of its subjects, `side` px wide and high."""
    style = STYLES[scene.style]
    if scene.kind == "scene":
        rgb, mask = _draw_place(scene, side, style)
    else:
        rgb, mask = draw_design(scene, side, _rng(scene, "design"), flat=style.flat)
    mask = np.clip(mask * 5 - 4, 0, 1)  # light that figures throw is none of their body
    picture = Picture(rgb.astype(np.float32), mask, _rng(scene, "style"), scenery=scene.kind == "scene")
    painted = style.paint(picture)
    return Rendered((np.clip(painted, 0, 1) * 255 + 0.5).astype(np.uint8), (mask * 255 + 0.5).astype(np.uint8))


def figures_of(scene: Scene) -> list[Figure]:
    """Where the figures of a scene in a place stand, back to front, without drawing it."""
    rng = _rng(scene, "layout")
    ground = float(rng.uniform(*_place(scene).ground))
    return lay_out(scene, ground, rng)


def _place(scene: Scene) -> Place:
    return PLACES[scene.place or "meadow"]


def _rng(scene: Scene, part: str) -> Rng:
    """Random numbers for one part of a picture: a change to one part leaves the others as they are."""
    return np.random.default_rng([scene.seed, _PARTS.index(part)])


def _draw_place(scene: Scene, side: int, style: Style) -> tuple[Floats, Floats]:
    """A landscape with its figures, before the style."""
    place, light = _place(scene), light_of(scene, _rng(scene, "light"))
    rng = _rng(scene, "layout")
    ground = float(rng.uniform(*place.ground))
    layout = lay_out(scene, ground, rng)
    made = surface(side)
    pen = Pen(made.getCanvas(), _rng(scene, "sky"), flat=style.flat, paper=style.paper)
    draw_sky(pen, light, scene)
    draw_in_the_sky(pen, scene, light)
    pen.rng = _rng(scene, "place")
    place.draw(Stage(pen, scene, light, layout, ground))
    figures = record(layout, mix(light.tint, WHITE, 0.6), _rng(scene, "figures"), flat=style.flat)
    for figure in figures:
        _ground(made.getCanvas(), figure, place, light)
    layer = paint_figures(figures, side)
    back = pixels(made)[..., :3]
    rgb = _composed(back, layer, scene, light) if figures else back
    return _in_the_air(rgb, scene, light, figures, side), layer[..., 3]


def _ground(canvas: object, recorded: Recorded, place: Place, light: Light) -> None:
    """What a figure does to the ground: a shadow or a reflection."""
    if not recorded.figure.grounded:
        return
    if place.mirrors:
        draw_reflection(canvas, recorded, light.on((0.10, 0.34, 0.48)))
    elif place.shadows:
        lean = max(-1.6, min(1.6, (recorded.figure.x - light.sun[0]) / 34))
        draw_shadow(canvas, recorded, lean, 0.22 + 0.16 * light.sun_strength * (not light.moon))


def _composed(back: Floats, layer: Floats, scene: Scene, light: Light) -> Floats:
    """The figures in the light of the scene over what is behind them."""
    if scene.weather == "snow" or (scene.place == "arctic" and scene.weather != "clear"):
        layer = with_snow(layer, mix(light.tint, WHITE, 0.3))
    layer = in_light(layer, mix(light.tint, WHITE, 0.78), (light.sun[0], light.sun_color, light.sun_strength))
    back = halo(back, layer)
    alpha = layer[..., 3:]
    return back * (1 - alpha) + layer[..., :3] * alpha


def _in_the_air(rgb: Floats, scene: Scene, light: Light, figures: list[Recorded], side: int) -> Floats:
    """The picture with the glow of lamps and the weather in front of it."""
    if light.lamps and any(figure.lamps for figure in figures):
        glow = surface(side)
        pen = Pen(glow.getCanvas(), _rng(scene, "air"))
        for figure in figures:
            for x, y, radius in figure.lamps:
                pen.glow(x, y, radius * 2.6 + 2.5, LAMP, 0.5)
        shine = pixels(glow)
        rgb = rgb + shine[..., :3] * shine[..., 3:] * light.lamps * 0.75
    if scene.weather in ("fog", "rain", "storm", "snow", "petals"):
        front = surface(side)
        draw_in_the_air(Pen(front.getCanvas(), _rng(scene, "air")), scene, light)
        veil = pixels(front)
        rgb = rgb * (1 - veil[..., 3:]) + veil[..., :3] * veil[..., 3:]
    return np.clip(rgb, 0, 1).astype(np.float32)
