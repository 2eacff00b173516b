"""What a picture shows, in four prompts: the phrases of a bank that CLIP finds nearest to it, put together.

Every topic's likeliest phrases are found one by one; then each topic is settled in turn beside what the others say,
and left out where the prompt is nearer to the picture without it.

Source: zero-shot classification by CLIP (Radford et al. 2021, "Learning Transferable Visual Models From Natural
Language Supervision"), by coordinate ascent over the topics.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import torch

from generation.contracts import Raster
from generation.engine.phrases import Bank, Phrase, Slot
from generation.engine.sight import SeesBoth
from generation.engine.wording import REST, Picks, in_sentence, with_commas

PROMPTS: Final = 4
LIKELY: Final = 4
"""Phrases of a topic that are tried beside the others."""
BATCH: Final = 64
MOST_RESTS: Final = 3
"""Light, mood and the like: more of them make a list, and no prompt."""
_SHORT: Final = frozenset({"subject", "color", "style", "composition"})


@dataclass(frozen=True, slots=True)
class Shown:
    """What a picture shows of one topic.

    phrase: the one that fits best; rival: the next.
    gain: how much nearer the prompt is to the picture with the phrase than without any of its topic, in cosine.
    margin: than with the rival; 0 or more.
    """

    slot: Slot
    phrase: Phrase
    rival: Phrase | None
    gain: float
    margin: float


@dataclass(frozen=True, slots=True)
class Description:
    """Four different prompts, fewer where the bank has too few words, and what they are made of."""

    prompts: tuple[str, ...]
    shown: tuple[Shown, ...]


class Describer:
    """Describes pictures with one CLIP. A bank is read once and remembered; one thread at a time."""

    def __init__(self, clip: SeesBoth) -> None:
        """Nothing is read yet."""
        self._clip = clip
        self._read: dict[Bank, tuple[torch.Tensor, ...]] = {}

    def describe(self, picture: Raster, bank: Bank) -> Description:
        """Prompts that show something like the picture, in words of the bank."""
        seen = self._clip.embed_pictures([picture])[0]
        likely = {
            topic.slot: [topic.phrases[place] for place in (told @ seen).topk(min(LIKELY, len(told))).indices.tolist()]
            for topic, told in zip(bank, self._directions(bank), strict=True)
        }
        shown = self._settled(seen, likely)
        return Description(tuple(islice(_prompts(shown), PROMPTS)), tuple(shown))

    def _directions(self, bank: Bank) -> tuple[torch.Tensor, ...]:
        """(phrases, dimensions) of every topic."""
        if bank not in self._read:
            tags = [phrase.tag for topic in bank for phrase in topic.phrases]
            batches = [tags[start : start + BATCH] for start in range(0, len(tags), BATCH)]
            told = iter(torch.cat([self._clip.embed_texts(batch) for batch in batches]))
            self._read[bank] = tuple(torch.stack(list(islice(told, len(topic.phrases)))) for topic in bank)
        return self._read[bank]

    def _settled(self, seen: torch.Tensor, likely: dict[Slot, list[Phrase]]) -> list[Shown]:
        """What stays of each topic. What is no more than light or mood is tried once the rest is settled."""
        picks = {slot: phrases[0] for slot, phrases in likely.items() if slot not in REST}
        shown = []
        for slot, phrases in likely.items():
            others = {name: phrase for name, phrase in picks.items() if name != slot}
            if slot in REST and sum(name in REST for name in others) == MOST_RESTS:
                continue
            one = self._tried(seen, slot, phrases, others)
            picks = {**others, slot: one.phrase} if one.gain > 0 or not others else others
            shown += [one] if slot in picks else []
        return shown

    def _tried(self, seen: torch.Tensor, slot: Slot, phrases: list[Phrase], others: Picks) -> Shown:
        texts = [with_commas({**others, slot: phrase}) for phrase in phrases]
        *cosines, without = (self._clip.embed_texts([*texts, with_commas(others)]) @ seen).tolist()
        best, *rest = sorted(range(len(phrases)), key=lambda place: -cosines[place])
        return Shown(
            slot=slot,
            phrase=phrases[best],
            rival=phrases[rest[0]] if rest else None,
            gain=cosines[best] - without,
            margin=cosines[best] - cosines[rest[0]] if rest else 0.0,
        )


def _prompts(shown: list[Shown]) -> Iterator[str]:
    """Prompts, no two alike: all by commas, all in a sentence, with the least certain phrase changed, and in short."""
    picks: Picks = {one.slot: one.phrase for one in shown}
    short: Picks = {slot: phrase for slot, phrase in picks.items() if slot in _SHORT} or picks
    doubtful = sorted((one for one in shown if one.rival is not None), key=lambda one: one.margin)
    changed = [{**picks, one.slot: one.rival} for one in doubtful if one.rival is not None]
    texts = [with_commas(picks), in_sentence(picks)]
    texts += [with_commas(other) for other in changed[:1]]
    texts += [in_sentence(short), with_commas(short)]
    texts += [write(other) for other in changed for write in (in_sentence, with_commas)]
    return iter(dict.fromkeys(texts))
