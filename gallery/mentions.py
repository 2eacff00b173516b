"""What stands inside a comment: addresses, and people who are named with an @. Pure text, nothing is looked up.

A name may be written in a script without spaces, where no border tells its end: what follows an @ is several
candidates, the longest first, and those who exist decide.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final, Literal

MOST_MENTIONED: Final = 10
MOST_CANDIDATES: Final = 30
LONGEST_NAME: Final = 150
_PART: Final = re.compile(r"(?P<link>https?://[^\s<>\"]+)|(?<![\w@])@(?P<name>[\w.+-]+)")
_ENDS: Final = ".,;:!?)]}'\u3002\uff0c\uff1b\uff1a\uff01\uff1f\uff09"
"""What ends a sentence around an address and is no part of it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a comment. value: the address of a link, the name of a person, empty for plain text."""

    kind: Literal["text", "link", "person"]
    text: str
    value: str = ""


def named_in(text: str) -> list[tuple[str, ...]]:
    """For each @ of the text what may be meant, in small letters, the longest first; ten of them at most."""
    written = (match["name"] for match in _PART.finditer(text) if match["name"])
    found = [tuple(part.lower() for part in _candidates(name)) for name in written]
    return list(dict.fromkeys(found))[:MOST_MENTIONED]


def pieces(text: str, names: Collection[str]) -> Iterator[Piece]:
    """The text in order. names: those who are named, in small letters; any other @ stays what it is."""
    at = 0
    for match in _PART.finditer(text):
        piece = _link(match["link"]) if match["link"] else _person(match["name"], names)
        if piece is None:
            continue
        if match.start() > at:
            yield Piece("text", text[at : match.start()])
        yield piece
        at = match.start() + len(piece.text)
    if at < len(text):
        yield Piece("text", text[at:])


def _link(address: str) -> Piece | None:
    bare = address.rstrip(_ENDS)
    return Piece("link", bare, bare) if bare.partition("://")[2] else None


def _person(written: str, names: Collection[str]) -> Piece | None:
    meant = next((part for part in _candidates(written) if part.lower() in names), None)
    return None if meant is None else Piece("person", f"@{meant}", meant.lower())


def _candidates(written: str) -> tuple[str, ...]:
    """Beginnings of what was written that may be a name: all of it, and it without the dot of a sentence.

    In a script without spaces they end at any letter.
    """
    ends = {len(written), len(written.rstrip(".+-"))}
    ends |= {at for at in range(1, len(written)) if not (written[at - 1].isascii() and written[at].isascii())}
    kept = sorted((end for end in ends if 0 < end <= LONGEST_NAME), reverse=True)
    return tuple(written[:end] for end in kept[:MOST_CANDIDATES])
