"""Prompts for somebody's first minute: ones that the model which paints them understands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from generation.contracts import Vocabulary
from generation.jobs.choosing import Models

COUNT: Final = 6
WRITTEN: Final = (
    "a red lighthouse by the sea at sunset, watercolor",
    "an owl in the forest at night, stained glass",
    "a yellow submarine underwater, paper cut",
    "a castle in the clouds at golden hour, oil painting --ar 3:2",
    "a teal dragon above the mountains, ukiyo-e --ar 2:3",
    "a robot in the city at night, neon",
    "a fox in the meadow, snowing, woodcut",
    "a hot air balloon above the lake at sunrise, low poly --ar 16:9",
)
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


def _composed(vocabulary: Vocabulary) -> Iterator[str]:
    """Prompts that walk through what the model says of itself: a word of each of its first topics."""
    topics = [words for _, words in vocabulary.topics if words][:3]
    for at in range(COUNT if topics else 0):
        yield ", ".join(words[(3 * at + topic) % len(words)] for topic, words in enumerate(topics))
