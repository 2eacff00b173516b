"""A text that was put together from others and still knows where each letter was typed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate
from typing import Final


class Layer(IntEnum):
    """Where letters come from; of two that say different things the lower number counts."""

    TYPED = 0
    OPTION_SET = 1
    SUFFIX = 2
    ACCOUNT = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters of one origin.

    start, end: the columns of the typed text that they stand for. Letters that were typed stand for themselves, one by
        one; those of another layer all stand for the same columns.
    """

    text: str
    start: int
    end: int
    layer: Layer = Layer.TYPED

    def part(self, start: int, end: int) -> Piece:
        """The letters `start..end` of this piece."""
        end = min(end, len(self.text))
        if self.layer is Layer.TYPED:
            return Piece(self.text[start:end], self.start + start, self.start + end)
        return Piece(self.text[start:end], self.start, self.end, self.layer)


class Traced:
    """Pieces in a row.

    text: what they say together.
    """

    __slots__ = ("_begins", "pieces", "text")

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self.pieces: Final = tuple(piece for piece in pieces if piece.text)
        self.text: Final = "".join(piece.text for piece in self.pieces)
        self._begins: Final = list(accumulate((len(piece.text) for piece in self.pieces), initial=0))

    def cut(self, start: int, end: int) -> tuple[Piece, ...]:
        """The pieces of `start..end`."""
        if start >= end:
            return ()
        first, last = self._at(start), self._at(end - 1)
        return tuple(
            self.pieces[at].part(max(start - self._begins[at], 0), end - self._begins[at])
            for at in range(first, last + 1)
        )

    def layer(self, column: int) -> Layer:
        """Where the letter at this column comes from."""
        return self.pieces[self._at(column)].layer

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """The columns of the typed text that `start..end` stand for."""
        if start >= end:
            at = self._place(start)
            return at, at
        spans = [(piece.start, piece.end) for piece in self.cut(start, end)]
        return min(start for start, _ in spans), max(end for _, end in spans)

    def is_typed(self, start: int, end: int) -> bool:
        """Whether `start..end` was typed in one go, so that it may be replaced where it stands."""
        pieces = self.cut(start, end)
        return len(pieces) <= 1 and all(piece.layer is Layer.TYPED for piece in pieces)

    def _at(self, column: int) -> int:
        return bisect_right(self._begins, column, hi=len(self.pieces)) - 1

    def _place(self, column: int) -> int:
        """Where something would be typed to stand at this column."""
        if not self.pieces:
            return 0
        at = self._at(column)
        piece, inside = self.pieces[at], column - self._begins[at]
        if piece.layer is Layer.TYPED:
            return piece.start + min(inside, len(piece.text))
        return piece.start if inside == 0 else piece.end
