"""The line under the imagine bar: what the words say, as far as the chips of the plan do not show it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from generation.jobs.explaining import Explained, explain
from generation.jobs.tokens import Counted
from generation.prompts.parameters import PARAMETERS
from generation.prompts.spec import PromptSpec
from mjweb.accounts.models import User
from mjweb.common.errors import MjwebError

IN_PLAN: Final = frozenset({"ar", "stylize", "quality", "public", "unlisted", "stealth", "model"})
"""Parameters that the plan shows already."""
DRAWN: Final = "style_code"
"""The note of a number that is drawn anew each time: it counts on submit alone."""
SHOWN_WORDS: Final = 4
_PICTURES: Final = re.compile(r"(?:image|upload):\S+")


@dataclass(frozen=True, slots=True)
class Said:
    """A parameter that says something else than its default.

    names: without dashes, aliases included, parted by spaces. value: as typed; empty for a flag.
    insert: what to type for it. sentence: what it does.
    """

    name: str
    names: str
    value: str
    insert: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Saying:
    """What a prompt says; all empty where it cannot be told.

    parts: words and weight of each, where there are several. parameters: those that are not at their default.
    tokens: of each part, parted by +; empty where they cannot be counted. capacity: of one piece.
    unread: the ends of parts that the model does not read. guessed: words that a model of few words does not know.
    notes: sentences beside those that the bar says itself.
    engine_s: what all jobs together take of an engine; None while nothing is known.
    """

    parts: tuple[tuple[str, float], ...] = ()
    parameters: tuple[Said, ...] = ()
    tokens: str = ""
    capacity: int = 0
    unread: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    engine_s: float | None = None


def saying(owner: User, text: str, *, model: str = "", known: Collection[str] = ()) -> Saying:
    """What these words say to the model of this name.

    known: sentences that the page shows already. Of a prompt that names what is not there, such as a picture, only
    that is said.
    """
    try:
        explained = explain(owner, text, model=model or None)
    except MjwebError as error:
        return Saying(notes=(error.sentence,))
    spec = explained.first.child.spec
    counted = explained.tokens or []
    return Saying(
        parts=tuple((part.text, part.weight) for part in spec.parts) if len(spec.parts) > 1 else (),
        parameters=tuple(_parameters(spec)),
        tokens=" + ".join(str(one.tokens) for one in counted),
        capacity=counted[0].capacity if counted else 0,
        unread=_unread(counted),
        guessed=_guessed(explained),
        notes=tuple(dict.fromkeys(_notes(explained, known))),
        engine_s=explained.engine_s,
    )


def _parameters(spec: PromptSpec) -> Iterator[Said]:
    for row in PARAMETERS:
        value = getattr(spec, row.field)
        if row.name in IN_PLAN or row.name not in spec.given or value == row.default:
            continue
        written = row.kind.write(value)
        if row.name == "sref" and not (written := _PICTURES.sub("", written).strip()):
            continue  # these stand beside the words
        names = " ".join((row.name, *row.aliases))
        yield Said(row.name, names, written, f"--{row.name} {written}".rstrip(), row.shown_sentence)


def _unread(counted: Sequence[Counted]) -> tuple[str, ...]:
    return tuple(one.unread.strip() for one in counted if one.unread)


def _guessed(explained: Explained) -> tuple[str, ...]:
    """Only beside words that are known: a prompt of none has a note of its own."""
    if not explained.known_words:
        return ()
    return tuple(explained.unknown_words or ())[:SHOWN_WORDS]


def _notes(explained: Explained, known: Collection[str]) -> Iterator[str]:
    for note in explained.notes:
        if note.code != DRAWN and note.sentence not in known:
            yield note.sentence
