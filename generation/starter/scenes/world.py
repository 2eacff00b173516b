"""The vocabulary of the world, and `Scene`, one picture in its words.

Only what a picture can be is here; how people word it is in `words`, how likely it is in `sampling`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

SUBJECTS: Final = (
    # buildings
    "house", "castle", "lighthouse", "windmill", "pagoda", "treehouse", "tent", "skyscraper",
    # vehicles
    "car", "bus", "boat", "train", "bicycle", "balloon", "rocket", "airplane", "submarine", "ufo",
    # animals
    "cat", "dog", "fox", "rabbit", "bear", "elephant", "horse", "unicorn", "frog", "turtle", "dinosaur",
    "bird", "owl", "penguin", "butterfly", "bee", "fish", "whale", "octopus",
    # characters
    "robot", "astronaut", "wizard", "knight", "girl", "ghost", "snowman", "dragon", "alien",
    # plants
    "tree", "palm", "cactus", "flower", "sunflower", "tulip", "mushroom", "pumpkin",
    # things
    "teapot", "cup", "umbrella", "guitar", "lantern", "crown", "heart", "star", "diamond", "book", "clock", "cupcake",
    "apple", "gift", "donut", "icecream", "planet",
)  # fmt: skip
CORE: Final = (
    "house", "castle", "lighthouse", "windmill", "tent",
    "car", "boat", "train", "balloon", "rocket", "airplane", "ufo",
    "cat", "fox", "rabbit", "bear", "elephant", "turtle", "owl", "penguin", "butterfly", "fish", "whale", "octopus",
    "robot", "astronaut", "ghost", "snowman", "dragon",
    "tree", "palm", "cactus", "flower", "mushroom", "pumpkin",
    "cup", "umbrella", "guitar", "crown", "heart", "star", "cupcake", "apple", "icecream", "planet",
)  # fmt: skip
"""The subjects that are told apart most easily: what a model learns that is trained on a CPU."""
COLORS: Final = (
    "red", "orange", "yellow", "lime", "green", "teal", "blue", "navy", "purple", "pink", "brown", "black", "silver",
    "white", "rainbow",
)  # fmt: skip
GROUNDS: Final = COLORS[:-1]
"""The colors of a plain ground: all but the rainbow."""
PLACES: Final = (
    "mountains", "sea", "desert", "forest", "city", "meadow", "arctic", "space", "lake", "beach", "underwater",
    "clouds", "jungle", "volcano", "village", "room",
)  # fmt: skip
TIMES: Final = ("sunrise", "noon", "golden", "sunset", "dusk", "night")
WEATHERS: Final = ("clear", "cloudy", "fog", "rain", "snow", "storm", "rainbow", "aurora", "petals")
STYLES: Final = (
    "vector", "watercolor", "oil", "pixel", "ink", "neon", "pastel", "glass", "lowpoly", "woodcut", "mosaic", "chalk",
    "papercut", "ukiyoe", "popart", "clay",
)  # fmt: skip
RELATIONS: Final = ("left of", "right of", "above", "below", "in front of", "behind", "on top of")
POSITIONS: Final = ("left", "center", "right")
SIZES: Final = ("wide", "small", "normal", "large", "closeup")
COUNTS: Final = (0, 1, 2, 3, 4)
KINDS: Final = ("scene", "plain", "logo", "sticker", "pattern")
"""A scene in a place; a subject on a plain ground; a logo; a sticker; a repeating pattern."""

AIR: Final = frozenset({"balloon", "rocket", "airplane", "ufo", "bird", "butterfly", "bee", "planet"})
"""Fly wherever they are."""
HOVER: Final = frozenset({"heart", "star", "diamond", "ghost"})
"""Float a little above the ground."""
WATER: Final = frozenset({"boat", "submarine", "fish", "whale", "octopus"})
"""Swim where there is water, and float in the air where there is none."""
SEATS: Final = frozenset(
    {"house", "castle", "windmill", "pagoda", "car", "bus", "train", "elephant", "turtle", "whale", "mushroom",
     "pumpkin", "gift", "cupcake", "cup", "donut", "submarine"}
)  # fmt: skip
"""Something can sit on top of these."""
RIDERS: Final = frozenset(
    {"cat", "dog", "fox", "rabbit", "bear", "frog", "owl", "penguin", "robot", "astronaut", "wizard", "knight", "girl",
     "snowman", "alien", "dragon", "heart", "star", "crown", "apple", "bird", "turtle"}
)  # fmt: skip
"""These sit on top of something."""

WATERY: Final = frozenset({"sea", "lake"})
"""Places whose figures swim, or stand on an island."""
TIMELESS: Final = frozenset({"space"})
"""Places where it is always night."""
_OPEN: Final = frozenset({"clear", "cloudy", "fog", "rain", "snow", "storm", "rainbow", "aurora", "petals"})
WEATHER_OF: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(("mountains", "lake", "village", "meadow", "city", "forest"), _OPEN),
    "sea": _OPEN - {"petals"},
    "beach": _OPEN - {"snow", "aurora", "petals"},
    "desert": _OPEN - {"snow", "aurora", "petals"},
    "jungle": _OPEN - {"snow", "aurora"},
    "arctic": _OPEN - {"rain", "petals"},
    "volcano": _OPEN - {"rainbow", "petals"},
    "clouds": frozenset({"clear", "rainbow", "aurora"}),
    "space": frozenset({"clear"}),
    "underwater": frozenset({"clear"}),
    "room": frozenset({"clear"}),
}
"""The weather a place can have."""
TIME_OF: Final[dict[str, frozenset[str]]] = {
    "rainbow": frozenset({"sunrise", "noon", "golden"}),
    "aurora": frozenset({"dusk", "night"}),
}
"""The times of day of the weather that does not come at all times."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: what is in it, and the seed of everything the words leave open.

    A scene without a subject is a landscape (count 0). `subject2` and `color2` go with `relation`: the subject is
    `relation` subject2. Place, time and weather belong to kind "scene" alone; `ground`, a color, to the other kinds.
    """

    seed: int
    subject: str | None = None
    color: str | None = None
    count: int = 1
    relation: str | None = None
    subject2: str | None = None
    color2: str | None = None
    place: str | None = None
    time: str | None = None
    weather: str | None = None
    style: str = "vector"
    position: str = "center"
    size: str = "normal"
    kind: str = "scene"
    ground: str | None = None

    @property
    def subjects(self) -> tuple[str, ...]:
        """The names of its subjects, none to two."""
        return tuple(name for name in (self.subject, self.subject2) if name)


class Attribute(NamedTuple):
    """One thing a classifier can read from a picture: its field in `Scene` and its values."""

    name: str
    values: tuple[str | int | None, ...]


ATTRIBUTES: Final = (
    Attribute("subject", (*SUBJECTS, None)),
    Attribute("color", (*COLORS, None)),
    Attribute("place", (*PLACES, None)),
    Attribute("time", (*TIMES, None)),
    Attribute("weather", (*WEATHERS, None)),
    Attribute("style", STYLES),
    Attribute("position", POSITIONS),
    Attribute("size", SIZES),
    Attribute("count", COUNTS),
    Attribute("relation", (*RELATIONS, None)),
    Attribute("subject2", (*SUBJECTS, None)),
    Attribute("color2", (*COLORS, None)),
    Attribute("kind", KINDS),
    Attribute("ground", (*GROUNDS, None)),
)
"""Everything a scene says, in the order of `labels`; None, where a field has it, is the last class."""


def labels(scene: Scene) -> tuple[int, ...]:
    """The index of every attribute's value, in the order of `ATTRIBUTES`."""
    return tuple(attribute.values.index(getattr(scene, attribute.name)) for attribute in ATTRIBUTES)
