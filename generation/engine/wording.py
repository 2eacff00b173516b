"""Phrases to a prompt, as people write them: parted by commas, or in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from generation.engine.phrases import Phrase, Slot, articled

Picks = Mapping[Slot, Phrase]
"""What a prompt says, by topic."""
AROUND: Final[tuple[Slot, ...]] = ("place", "time", "weather")
REST: Final[tuple[Slot, ...]] = ("light", "mood", "palette", "material", "detail")
_WORKS: Final = frozenset(
    {
        "aquarelle", "caricature", "cartoon", "close-up", "collage", "diagram", "diorama", "drawing", "engraving",
        "etching", "fresco", "headshot", "hologram", "icon", "illustration", "linocut", "lithograph", "logo",
        "miniature", "mosaic", "mural", "painting", "panorama", "pattern", "photo", "photograph", "portrait",
        "poster", "print", "render", "sculpture", "shot", "silhouette", "sketch", "statue", "sticker",
        "tapestry", "view", "watercolor", "wireframe", "woodcut",
    }
)  # fmt: skip
"""What a picture can be called, in "a … of a cat"."""


def with_commas(picks: Picks) -> str:
    """The subject first, the style last: `red house, mountains, sunset, watercolor`."""
    tags = [_thing(picks), *(picks[slot].tag for slot in (*AROUND, "composition", *REST, "style") if slot in picks)]
    return ", ".join(tag for tag in tags if tag)


def in_sentence(picks: Picks) -> str:
    """The same in one clause: `a watercolor of a red house in the mountains at sunset`."""
    told = " ".join([_subject(picks), *(picks[slot].within for slot in AROUND if slot in picks)])
    tags = list(_tags(picks))
    work = next((tag for tag in tags if tag.rpartition(" ")[2] in _WORKS), None)
    if work is not None:
        tags.remove(work)
        told = f"{articled(work)} of {told}"
    return ", ".join([told, *tags])


def _tags(picks: Picks) -> Iterator[str]:
    order: tuple[Slot, ...] = ("composition", "style", *REST)
    return (picks[slot].tag for slot in order if slot in picks)


def _thing(picks: Picks) -> str:
    """The subject with its color, either alone, or nothing."""
    return " ".join(picks[slot].tag for slot in ("color", "subject") if slot in picks)


def _subject(picks: Picks) -> str:
    """The same with its article, or what stands for it."""
    if "subject" not in picks:
        return "a scene"
    subject = picks["subject"]
    if "color" not in picks:
        return subject.within
    return articled(_thing(picks)) if subject.within != subject.tag else _thing(picks)
