"""Several rankings to one: who is high in any of them is high, and higher still who is high in two.

Source: Cormack, Clarke and Büttcher 2009, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning
Methods", with their k.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

K: Final = 60
DIGITS: Final = 9


class Ranking(StrEnum):
    """What a ranking goes by."""

    WORDS = "words"
    MEANING = "meaning"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Why:
    """Why a picture was found.

    by: the rankings that have it; none where it only fulfills the conditions. words: what its prompt has of the search.
    """

    by: tuple[Ranking, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """For people, short enough for a tile."""
        told = {
            Ranking.WORDS: _("words: %(words)s") % {"words": ", ".join(self.words)},
            Ranking.MEANING: _("looks like your words"),
            Ranking.PICTURE: _("similar to this picture"),
        }
        return " · ".join(told[ranking] for ranking in self.by) or _("fits your filters")


@dataclass(frozen=True, slots=True, order=True)
class Fused:
    """A publication and its place. score: more is better, with so few digits that it travels as text."""

    score: float
    publication: UUID
    by: tuple[Ranking, ...]


def fuse(rankings: Mapping[Ranking, Sequence[UUID]]) -> list[Fused]:
    """All that any ranking has, best first; of equals the newer one, for ids rise with time."""
    scores: dict[UUID, float] = defaultdict(float)
    by: dict[UUID, list[Ranking]] = defaultdict(list)
    for ranking, publications in rankings.items():
        for rank, publication in enumerate(publications, start=1):
            scores[publication] += 1 / (K + rank)
            by[publication].append(ranking)
    found = (Fused(round(score, DIGITS), publication, tuple(by[publication])) for publication, score in scores.items())
    return sorted(found, reverse=True)
