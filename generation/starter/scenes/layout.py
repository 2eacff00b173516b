"""Where the figures of a scene stand and how large they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from generation.starter.scenes.palette import Rng
from generation.starter.scenes.subjects import Extent, extent
from generation.starter.scenes.world import AIR, HOVER, WATER, Scene

_HEIGHTS: Final = {"wide": (17, 22), "small": (28, 34), "normal": (45, 54), "large": (62, 70), "closeup": (112, 128)}
_STEP_FORWARD: Final = {"wide": -4.0, "small": -1.0, "normal": 3.0, "large": 7.0, "closeup": 0.0}
"""The larger a figure, the closer it stands: units below the line of the ground."""
_X: Final = {"left": (24, 31), "center": (46, 54), "right": (69, 76)}
_WATER_LINE: Final = {"beach": 68.0}
_TILT: Final = 5.0


@dataclass(frozen=True)
class Figure:
    """One subject in the picture: the middle and the base of its box, and the picture units that its 100 take."""

    subject: str
    color: str
    x: float
    y: float
    scale: float
    flip: bool = False
    turn: float = 0.0
    grounded: bool = True
    """Its base touches the ground (or the water)."""

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom in the picture, 0 to 100."""
        room = extent(self.subject)
        half = room.width * self.scale / 2
        return (self.x - half, self.y - room.top * self.scale, self.x + half, self.y)

    @property
    def origin(self) -> float:
        """The x at which the subject's own zero is drawn."""
        room = extent(self.subject)
        shift = (room.left + room.right) / 2 * self.scale
        return self.x + shift if self.flip else self.x - shift


def lay_out(scene: Scene, ground: float, rng: Rng) -> list[Figure]:
    """The figures of a scene, back to front; `ground` is the y they stand on."""
    if not scene.subject:
        return []
    if scene.relation:
        return _pair(scene, ground, rng)
    if scene.count > 1:
        return _group(scene, ground, rng)
    height = float(rng.uniform(*_HEIGHTS[scene.size]))
    wide = 94.0 if scene.size != "closeup" else 108.0
    x = float(rng.uniform(*_X[scene.position]))
    return [_stand(scene, scene.subject, scene.color, x, height, wide, ground + _STEP_FORWARD[scene.size], rng)]


def _fit(room: Extent, height: float, width: float) -> float:
    """The scale at which a subject is about `height` units high (its longer side counts) and at most `width` wide."""
    return min(height / max(room.top, room.width * 0.82), width / room.width)


def _stand(
    scene: Scene, name: str, color: str | None, x: float, height: float, width: float, ground: float, rng: Rng
) -> Figure:
    """A figure at x: on the ground, hovering, in the water or in the air, whichever it does."""
    room = extent(name)
    scale = _fit(room, height, width)
    tall, half = room.top * scale, room.width * scale / 2
    x = min(max(x, half + 3), 97 - half) if half < 46 else 50.0  # noqa: PLR2004
    up, turn = float(rng.uniform(-1, 1)), 0.0
    grounded = False
    if scene.size == "closeup":
        y = 9 + 2 * up + tall if tall > 86 else 52 + 3 * up + tall / 2  # noqa: PLR2004 - tall ones are cut below
    elif name in AIR:
        y = 38 + 7 * up + tall / 2
        turn = _TILT * float(rng.uniform(-1, 1))
    elif name in WATER and scene.place not in ("sea", "lake", "beach"):
        y = 52 + 6 * up + tall / 2
    elif name in HOVER:
        y = ground - 5 + 2 * up
    else:
        grounded = True
        line = _WATER_LINE.get(scene.place or "", ground) if name in WATER else ground
        y = line + 1.2 * up
    if scene.size != "closeup":
        y = min(max(y, tall + 4), 97)
    return Figure(name, color or "red", x, y, scale, bool(rng.integers(2)), turn, grounded)


_GROUP_HEIGHTS: Final = {2: 44.0, 3: 37.0, 4: 32.0}
_TWO_ROWS: Final = ((37.0, -15.0, 22.0), (63.0, -15.0, 22.0), (21.0, 8.0, 33.0), (79.0, 8.0, 33.0))


def _group(scene: Scene, ground: float, rng: Rng) -> list[Figure]:
    """Two to four of a kind, apart from one another: in a row, or four in two rows."""
    height = _GROUP_HEIGHTS[scene.count] * float(rng.uniform(0.95, 1.08))
    figures = []
    for x, dy, width in _spots(scene.count, rng):
        jitter = float(rng.uniform(-1.5, 1.5))
        near = min(height, width * 1.1)
        one = _stand(scene, scene.subject or "", scene.color, x + jitter, near, width, ground, rng)
        aloft = not one.grounded and scene.subject not in HOVER
        tall = one.y - one.box[1]
        lift = dy * (1.5 if aloft and abs(dy) > _ROW else 1.0)
        figures.append(_moved(one, one.x, min(max(one.y + lift, tall + 3), 97)))
    return sorted(figures, key=lambda figure: figure.y)


_ROW: Final = 7.0


def _spots(count: int, rng: Rng) -> Sequence[tuple[float, float, float]]:
    """Where the members of a group stand: x, how far below the ground's line, and the room each has."""
    if count == len(_TWO_ROWS) and rng.integers(2):
        return _TWO_ROWS
    slot, bend = 94 / count, float(rng.choice([-4.0, 4.0]))
    return [(3 + slot * (i + 0.5), bend * (i % 2) + 3, slot * 0.93) for i in range(count)]


def _moved(figure: Figure, x: float, y: float, *, grounded: bool | None = None) -> Figure:
    stands = figure.grounded if grounded is None else grounded
    return Figure(figure.subject, figure.color, x, y, figure.scale, figure.flip, figure.turn, stands)


def _pair(scene: Scene, ground: float, rng: Rng) -> list[Figure]:
    """Two figures, placed as the relation says."""
    assert scene.subject is not None and scene.subject2 is not None  # noqa: S101, PT018 - a relation has two
    first, second = (scene.subject, scene.color), (scene.subject2, scene.color2)
    if scene.relation in ("left of", "right of"):
        left, right = (first, second) if scene.relation == "left of" else (second, first)
        return [
            _stand(scene, *left, 26 + float(rng.uniform(-2, 1)), 42, 45, ground + 2, rng),
            _stand(scene, *right, 74 + float(rng.uniform(-1, 2)), 42, 45, ground + 2, rng),
        ]
    if scene.relation in ("above", "below"):
        upper, lower = (first, second) if scene.relation == "above" else (second, first)
        return _stacked(scene, upper, lower, ground, rng)
    if scene.relation == "on top of":
        return _seated(scene, first, second, ground, rng)
    front, back = (first, second) if scene.relation == "in front of" else (second, first)
    side = float(rng.choice([-1.0, 1.0]))
    far = _stand(scene, *back, 50 - side * 14, 60, 62, ground - 3, rng)
    near = _stand(scene, *front, 50 + side * 19, 36, 46, ground + 9, rng)
    if not near.grounded:
        near = _moved(near, near.x, max(near.y, 88))
    return [far, near]


def _stacked(
    scene: Scene, upper: tuple[str, str | None], lower: tuple[str, str | None], ground: float, rng: Rng
) -> list[Figure]:
    x = 50 + float(rng.uniform(-8, 8))
    under = _stand(scene, *lower, x + float(rng.uniform(-5, 5)), 38, 60, max(ground + 4, 90), rng)
    if not under.grounded:
        under = _moved(under, under.x, 93)
    over = _stand(scene, *upper, x, 36, 60, ground, rng)
    return [under, _moved(over, over.x, 5 + over.y - over.box[1], grounded=False)]


def _seated(
    scene: Scene, rider: tuple[str, str | None], seat: tuple[str, str | None], ground: float, rng: Rng
) -> list[Figure]:
    below = _stand(scene, *seat, 50 + float(rng.uniform(-10, 10)), 46, 70, max(ground + 4, 90), rng)
    if not below.grounded:
        below = _moved(below, below.x, 92)
    top = below.y - extent(below.subject).seat * below.scale
    above = _stand(scene, *rider, below.origin, min(34, top + 1), 44, ground, rng)
    return [
        below,
        Figure(above.subject, above.color, below.origin, top + 1.2, above.scale, above.flip, 0.0, grounded=False),
    ]
