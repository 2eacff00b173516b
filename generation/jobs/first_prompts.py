"""Prompts for somebody's first minute: ones that the model which paints them understands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from generation.contracts import Vocabulary
from generation.jobs.choosing import Models
from generation.jobs.examples import Shown, first_picture
from generation.prompts.examples import FIRST

COUNT: Final = 6
WRITTEN: Final = FIRST
"""For any model; of one that knows few words only those that it knows whole."""
_WORD: Final = re.compile(r"[^\W\d_]+")
_LITTLE: Final = frozenset({"a", "an", "at", "by", "in", "of", "on", "the"})


def first_prompts(models: Models) -> tuple[str, ...]:
    """Six prompts for the model that this person's pictures are made with; none while there is no model."""
    if models.preferred is None:
        return ()
    vocabulary = models.preferred.card.vocabulary
    if vocabulary is None:
        return WRITTEN[:COUNT]
    topical = " ".join(word for _, words in vocabulary.topics for word in words)
    known = _LITTLE.union(vocabulary.words, _WORD.findall(topical.lower()))
    understood = [prompt for prompt in WRITTEN if known.issuperset(_WORD.findall(prompt.partition(" --")[0].lower()))]
    return tuple(dict.fromkeys([*understood, *_composed(vocabulary)]))[:COUNT]


def with_pictures(models: Models) -> list[tuple[str, Shown | None]]:
    """The same prompts, each with what comes of it where the very model that paints them has painted that before."""
    return [(prompt, first_picture(prompt, models.preferred)) for prompt in first_prompts(models)]


def _composed(vocabulary: Vocabulary) -> Iterator[str]:
    """Prompts that walk through what the model says of itself: a word of each of its first topics."""
    topics = [words for _, words in vocabulary.topics if words][:3]
    for at in range(COUNT if topics else 0):
        yield ", ".join(words[(3 * at + topic) % len(words)] for topic, words in enumerate(topics))
