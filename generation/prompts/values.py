"""The kinds of values a parameter takes: each reads what was typed and writes it back.

A kind sees the value alone. Columns, trailing punctuation and superfluous words are the reader's business
(`reading`), so that they are judged alike for every parameter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, Literal, Protocol

from generation.prompts.spec import Aspect

MAX_MODEL_NAME = 120
_MODEL_NAME = re.compile(r"[^\W_]+(?:[._-][^\W_]+)*")
_LONGEST_SHOWN = 40
_LONGEST_FOLDED = 60
_PLACES = 2
_MAX_DIGITS = 15  # beyond it a number is out of every range, and arithmetic with it would only cost time
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_RATIO = re.compile(r"([0-9]+):([0-9]+)")
_NEARLY_RATIO = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)[:x×/*]([0-9]+(?:\.[0-9]+)?|\.[0-9]+)", re.IGNORECASE)  # noqa: RUF001


class BadValueError(Exception):
    """A typed value is not one of its kind.

    code: stable, for programs; what: the end of a sentence that begins with the parameter's name.
    use: a value to take instead, if one is near.
    """

    def __init__(self, code: str, what: str, use: str | None = None) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.use = use


class TakenAsError(Exception):
    """A typed value is none of its kind, and yet everybody knows which one is meant.

    value: the one that is taken; what: the end of a sentence that begins with the parameter's name.
    """

    def __init__(self, value: Any, what: str) -> None:
        super().__init__(what)
        self.value = value
        self.what = what


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
class WholeNumber:
    """An integer from `least` to `most`, both included."""

    least: int
    most: int
    takes: Literal["word"] = "word"

    @property
    def range(self) -> str:
        """The two ends in words."""
        return f"{self.least} to {self.most}"

    def read(self, typed: str) -> int:
        """The number; raises BadValueError when it is none, not whole, or out of range."""
        number = _decimal(typed)
        if number is None:
            raise BadValueError("not_a_number", f"takes a whole number from {self.range}")
        nearest = int(min(max(number, Decimal(self.least)), Decimal(self.most)).to_integral_value())
        if not self.least <= number <= self.most:
            raise BadValueError("out_of_range", f"goes from {self.range}", str(nearest))
        if number != nearest:
            raise BadValueError("not_whole", f"takes a whole number from {self.range}", str(nearest))
        return nearest

    def write(self, value: int) -> str:
        """The number in plain digits."""
        return str(value)


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `least` to `most`, both included, with at most two digits behind the point."""

    least: float
    most: float
    takes: Literal["word"] = "word"

    @property
    def range(self) -> str:
        """The two ends in words."""
        return f"{self.write(self.least)} to {self.write(self.most)}"

    def read(self, typed: str) -> float:
        """The number; raises BadValueError when it is none, out of range or too finely written."""
        number = _decimal(typed)
        if number is None:
            raise BadValueError("not_a_number", f"takes a number from {self.range}")
        inside = min(max(float(number), self.least), self.most)
        if not Decimal(str(self.least)) <= number <= Decimal(str(self.most)):
            raise BadValueError("out_of_range", f"goes from {self.range}", self.write(inside))
        nearest = round(inside, _PLACES) + 0.0  # never minus zero
        if number != Decimal(str(nearest)):
            raise BadValueError("too_fine", f"takes at most {_PLACES} digits behind the point", self.write(nearest))
        return nearest

    def write(self, value: float) -> str:
        """The number as people type it: `.5`, `-1`, `7.25`."""
        return _short_number(value)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few numbers.

    taken_as: numbers that are no choices and are read as one, with the end of a sentence that says why.
    """

    choices: tuple[float, ...]
    taken_as: tuple[tuple[float, float, str], ...] = ()
    takes: Literal["word"] = "word"

    @property
    def range(self) -> str:
        """The choices in words."""
        *first, last = map(self.write, self.choices)
        return f"{', '.join(first)} or {last}"

    def read(self, typed: str) -> float:
        """The choice; raises BadValueError with the nearest one."""
        number = _decimal(typed)
        if number is None:
            raise BadValueError("not_a_number", f"takes {self.range}")
        for other, meant, why in self.taken_as:
            if number == Decimal(other):
                raise TakenAsError(meant, why)
        nearest = min(self.choices, key=lambda choice: abs(Decimal(choice) - number))
        if number != Decimal(nearest):
            raise BadValueError("not_a_choice", f"takes {self.range}", self.write(nearest))
        return nearest

    def write(self, value: float) -> str:
        """The number as people type it: `.5`, `1`."""
        return _short_number(value)


@dataclass(frozen=True, slots=True)
class Ratio:
    """Width to height as two whole numbers, from `narrowest` to `widest`, both included.

    most: the largest number on either side, so that sizes in pixels may be typed.
    """

    narrowest: Aspect
    widest: Aspect
    most: int = 10_000
    takes: Literal["word"] = "word"

    @property
    def range(self) -> str:
        """The two ends in words."""
        return f"{self.narrowest} to {self.widest}"

    def read(self, typed: str) -> Aspect:
        """The shape in lowest terms; raises BadValueError when it is none or out of range."""
        typed = _plain(typed)
        match = _RATIO.fullmatch(typed)
        if not match:
            raise BadValueError("not_a_ratio", "takes two whole numbers, such as 3:2", self._nearly(typed))
        width, height = (int(digits[-_MAX_DIGITS:]) for digits in match.groups())
        if not (0 < width <= self.most and 0 < height <= self.most) or max(map(len, match.groups())) > _MAX_DIGITS:
            raise BadValueError("out_of_range", f"takes two numbers from 1 to {self.most}")
        aspect = Aspect(width, height)
        if aspect.ratio < self.narrowest.ratio:
            raise BadValueError("out_of_range", f"goes from {self.range}", str(self.narrowest))
        if aspect.ratio > self.widest.ratio:
            raise BadValueError("out_of_range", f"goes from {self.range}", str(self.widest))
        return aspect

    def write(self, value: Aspect) -> str:
        """`3:2`."""
        return str(value)

    def _nearly(self, typed: str) -> str | None:
        """The ratio meant by `1.39:1`, `16x9` or `16/9`, if it is an allowed one."""
        match = _NEARLY_RATIO.fullmatch(typed)
        if not match or len(typed) > _MAX_DIGITS or not Fraction(match[2]):
            return None
        meant = Fraction(match[1]) / Fraction(match[2])
        allowed = self.narrowest.ratio <= meant <= self.widest.ratio
        short = max(meant.numerator, meant.denominator) <= self.most
        return f"{meant.numerator}:{meant.denominator}" if allowed and short else None


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
        return ", ".join(self.known) if self.known else "the name of a model of this server"

    def read(self, typed: str) -> str:
        """The name, in its own spelling where the names are known; raises BadValueError with the nearest one."""
        if not is_model_name(typed):
            raise BadValueError("not_a_name", "takes the name of a model", self._nearest(typed))
        if self.known is None:
            return typed
        spelled = {name.casefold(): name for name in self.known}
        if typed.casefold() in spelled:
            return spelled[typed.casefold()]
        near = self._nearest(typed)
        raise BadValueError("unknown_model", unknown_model(typed, near), near)

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
    near = get_close_matches(typed[:MAX_MODEL_NAME].casefold(), spelled, n=1, cutoff=0)
    return spelled[near[0]] if near else None


def unknown_model(typed: str, near: str | None) -> str:
    """What there is to say of a model that does not exist, as the end of a sentence that begins with its parameter."""
    shown = typed if len(typed) <= _LONGEST_SHOWN else f"{typed[:_LONGEST_SHOWN]}…"
    return f"{shown} is no model of this server" + (f"; the nearest is {near}" if near else "")


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words up to the next parameter, parted by commas. Typing the parameter again adds to them."""

    takes: Literal["phrases"] = "phrases"
    range: str = "words, parted by commas"
    adds_up: bool = True

    def read(self, typed: str) -> str:
        """One phrase, with single spaces."""
        return " ".join(typed.split())

    def gather(self, items: Sequence[str]) -> tuple[str, ...]:
        """The phrases, each once."""
        return tuple(dict.fromkeys(items))

    def write(self, value: tuple[str, ...]) -> str:
        """The phrases with a comma and a space between."""
        return ", ".join(value)


def _short_number(value: float) -> str:
    return f"{value:g}".replace("0.", ".", 1) if abs(value) < 1 and value else f"{value:g}"


def _decimal(typed: str) -> Decimal | None:
    """The number typed in plain digits (full-width ones included), or None; an endless one is a huge one."""
    typed = _plain(typed).replace("−", "-")  # noqa: RUF001 - a typed minus sign
    return Decimal(typed) if _DECIMAL.fullmatch(typed) else None


def _plain(typed: str) -> str:
    """Full-width digits and signs as plain ones. What is too long for a number stays: folding it would take long."""
    return typed if typed.isascii() or len(typed) > _LONGEST_FOLDED else unicodedata.normalize("NFKC", typed)
