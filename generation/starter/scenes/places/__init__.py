"""Every place as a drawing around a scene's figures. Front door: `PLACES`, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from generation.starter.scenes.places.aloft import clouds, space
from generation.starter.scenes.places.base import Stage, cloud
from generation.starter.scenes.places.tame import city, meadow, room, village
from generation.starter.scenes.places.water import beach, lake, sea, underwater
from generation.starter.scenes.places.wild import arctic, desert, forest, jungle, mountains, volcano

__all__ = ["PLACES", "Place", "Stage", "cloud"]


class Place(NamedTuple):
    """How a place is drawn, and where its ground may be (y, low to high)."""

    draw: Callable[[Stage], None]
    ground: tuple[float, float] = (81.0, 86.0)
    mirrors: bool = False
    """Still or moving water that mirrors what is in it."""
    shadows: bool = True
    """Figures cast a shadow on its ground."""


PLACES: Final[dict[str, Place]] = {
    "mountains": Place(mountains),
    "sea": Place(sea, (79, 84), mirrors=True),
    "desert": Place(desert),
    "forest": Place(forest),
    "city": Place(city),
    "meadow": Place(meadow),
    "arctic": Place(arctic),
    "space": Place(space, (85, 88)),
    "lake": Place(lake, (79, 83), mirrors=True),
    "beach": Place(beach, (84, 88)),
    "underwater": Place(underwater),
    "clouds": Place(clouds, (80, 84), shadows=False),
    "jungle": Place(jungle),
    "volcano": Place(volcano),
    "village": Place(village),
    "room": Place(room, (85, 88)),
}
