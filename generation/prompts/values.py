"""The kinds of values a parameter takes: each reads what was typed and writes it back. Numbers are in `quantities`.

A kind sees the value alone. Columns, trailing punctuation and superfluous words are the reader's business
(`reading`), so that they are judged alike for every parameter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, Final, Literal, Protocol

from mjweb.common.saying import say, sayable

MAX_MODEL_NAME = 120
_MODEL_NAME = re.compile(r"[^\W_]+(?:[._-][^\W_]+)*")
_LONGEST_SHOWN = 40
_UNKNOWN: Final = sayable("{name} {typed} is no model of this server.")
_UNKNOWN_NEAR: Final = sayable("{name} {typed} is no model of this server; the nearest is {near}.")


class BadValueError(Exception):
    """A typed value is not one of its kind.

    code: stable, for programs; sentence: with `{name}` where the parameter's name stands, and its further `values`.
    use: a value to take instead, if one is near.
    """

    def __init__(self, code: str, sentence: str, use: str | None = None, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence
        self.use = use
        self.values = values

    def told(self, name: str) -> str:
        """The sentence, in the language of whoever typed the value of this parameter."""
        return say(self.sentence, name=name, **self.values)


class TakenAsError(Exception):
    """A typed value is none of its kind, and yet everybody knows which one is meant.

    value: the one that is taken; sentence: why, with `{name}` where the parameter's name stands.
    """

    def __init__(self, value: Any, sentence: str) -> None:
        super().__init__(sentence)
        self.value = value
        self.sentence = sentence

    def told(self, name: str) -> str:
        """The sentence, in the language of whoever typed the value of this parameter."""
        return say(self.sentence, name=name)


class Kind(Protocol):
    """What a parameter takes.

    takes: `nothing` for a flag, one `word`, or up to the next parameter `phrases` parted by commas or `items`
        parted by spaces. A kind of these two is a `ListKind`.
    """

    @property
    def takes(self) -> Literal["nothing", "word", "phrases", "items"]:
        """How much of what follows the name is the value."""

    @property
    def range(self) -> str:
        """The allowed values, for the help page; empty for a flag."""

    def read(self, typed: str) -> Any:
        """The value of one typed word, or one phrase or item; raises BadValueError or TakenAsError."""

    def write(self, value: Any) -> str:
        """The value as canonical text; `read` gives it back."""


class ListKind(Kind, Protocol):
    """A kind whose value is a tuple of what was read.

    adds_up: whether typing the parameter again adds to what was typed before; otherwise the last one counts.
    """

    @property
    def adds_up(self) -> bool:
        """Whether several of the parameter mean all of them."""

    def gather(self, items: Sequence[Any]) -> tuple[Any, ...]:
        """The value of these items, in typed order; raises BadValueError."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Stands for itself: typing the name sets `value`."""

    value: str | bool = True
    takes: Literal["nothing"] = "nothing"
    range: str = ""

    def read(self, typed: str) -> str | bool:  # noqa: ARG002 - nothing follows a flag
        """The value that the name alone sets."""
        return self.value

    def write(self, value: str | bool) -> str:  # noqa: ARG002
        """Nothing: the name says it all."""
        return ""


@dataclass(frozen=True, slots=True)
class ModelName:
    """The name of a model, whatever its case.

    known: the names that there are, of which it must be one; None takes any name.
    """

    known: tuple[str, ...] | None = None
    takes: Literal["word"] = "word"

    @property
    def range(self) -> str:
        """The names in words; without them, what they are names of."""
        return ", ".join(self.known) if self.known else say("the name of a model of this server")

    def read(self, typed: str) -> str:
        """The name, in its own spelling where the names are known; raises BadValueError with the nearest one."""
        if not is_model_name(typed):
            raise BadValueError("not_a_name", sayable("{name} takes the name of a model."), self._nearest(typed))
        if self.known is None:
            return typed
        spelled = {name.casefold(): name for name in self.known}
        if typed.casefold() in spelled:
            return spelled[typed.casefold()]
        near = self._nearest(typed)
        raise BadValueError("unknown_model", _UNKNOWN_NEAR if near else _UNKNOWN, near, typed=_shown(typed), near=near)

    def write(self, value: str) -> str:
        """The name."""
        return value

    def _nearest(self, typed: str) -> str | None:
        return nearest_model(typed, self.known or ())


def is_model_name(text: str) -> bool:
    """Whether a model may be called so: letters and digits with single dots, hyphens or underscores between them."""
    return len(text) <= MAX_MODEL_NAME and _MODEL_NAME.fullmatch(text) is not None


def nearest_model(typed: str, names: Sequence[str]) -> str | None:
    """The name most like what was typed; None when there are none."""
    spelled = {name.casefold(): name for name in names}
    near = nearest(typed[:MAX_MODEL_NAME].casefold(), tuple(spelled))
    return None if near is None else spelled[near]


@lru_cache(maxsize=512)
def nearest(typed: str, names: tuple[str, ...]) -> str | None:
    """The name most like what was typed, the last in the alphabet of several; None when there are none.

    It is what `difflib.get_close_matches` finds without a cutoff, in a fraction of the time: names of about the same
    length come first, and those that cannot be more like it are not compared. A bar asks the same at every key.
    """
    matcher = SequenceMatcher()
    matcher.set_seq2(typed)
    best: tuple[float, str] | None = None
    for name in sorted(names, key=lambda name: abs(len(name) - len(typed))):
        matcher.set_seq1(name)
        if best and (matcher.real_quick_ratio() < best[0] or matcher.quick_ratio() < best[0]):
            continue
        found = (matcher.ratio(), name)
        best = max(best, found) if best else found
    return best[1] if best else None


def unknown_model(typed: str, near: str | None) -> str:
    """What there is to say of a model that does not exist."""
    if near:
        return say("{typed} is no model of this server; the nearest is {near}.", typed=_shown(typed), near=near)
    return say("{typed} is no model of this server.", typed=_shown(typed))


def _shown(typed: str) -> str:
    return typed if len(typed) <= _LONGEST_SHOWN else f"{typed[:_LONGEST_SHOWN]}…"


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words up to the next parameter, parted by commas. Typing the parameter again adds to them."""

    takes: Literal["phrases"] = "phrases"
    adds_up: bool = True

    @property
    def range(self) -> str:
        """What it takes, in words."""
        return say("words, parted by commas")

    def read(self, typed: str) -> str:
        """One phrase, with single spaces."""
        return " ".join(typed.split())

    def gather(self, items: Sequence[str]) -> tuple[str, ...]:
        """The phrases, each once."""
        return tuple(dict.fromkeys(items))

    def write(self, value: tuple[str, ...]) -> str:
        """The phrases with a comma and a space between."""
        return ", ".join(value)
