"""Kinds of values that are numbers, or made of numbers: in a range, of a few, the shape of a picture."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from generation.prompts.spec import Aspect
from generation.prompts.values import BadValueError, TakenAsError
from mjweb.common.saying import say, sayable

_LONGEST_FOLDED = 60
_PLACES = 2
_MAX_DIGITS = 15  # beyond it a number is out of every range, and arithmetic with it would only cost time
_DECIMAL = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_TAKES: Final = sayable("{name} takes {range}.")
_TAKES_WHOLE: Final = sayable("{name} takes a whole number from {range}.")
_TAKES_RATIO: Final = sayable("{name} takes two whole numbers, such as 3:2.")
_TAKES_TWO: Final = sayable("{name} takes two numbers from 1 to {most}.")
_GOES_FROM: Final = sayable("{name} goes from {range}.")
_TOO_FINE: Final = sayable("{name} takes at most {count} digits behind the point.")
_RATIO = re.compile(r"([0-9]+):([0-9]+)")
_NEARLY_RATIO = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)[:x×/*]([0-9]+(?:\.[0-9]+)?|\.[0-9]+)", re.IGNORECASE)  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class WholeNumber:
    """An integer from `least` to `most`, both included."""

    least: int
    most: int
    takes: Literal["word"] = "word"

    @property
    def range(self) -> str:
        """The two ends in words."""
        return say("{least} to {most}", least=self.least, most=self.most)

    def read(self, typed: str) -> int:
        """The number; raises BadValueError when it is none, not whole, or out of range."""
        number = _decimal(typed)
        if number is None:
            raise BadValueError("not_a_number", _TAKES_WHOLE, range=self.range)
        nearest = int(min(max(number, Decimal(self.least)), Decimal(self.most)).to_integral_value())
        if not self.least <= number <= self.most:
            raise BadValueError("out_of_range", _GOES_FROM, str(nearest), range=self.range)
        if number != nearest:
            raise BadValueError("not_whole", _TAKES_WHOLE, str(nearest), range=self.range)
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
        return say("{least} to {most}", least=self.write(self.least), most=self.write(self.most))

    def read(self, typed: str) -> float:
        """The number; raises BadValueError when it is none, out of range or too finely written."""
        number = _decimal(typed)
        if number is None:
            raise BadValueError("not_a_number", sayable("{name} takes a number from {range}."), range=self.range)
        inside = min(max(float(number), self.least), self.most)
        if not Decimal(str(self.least)) <= number <= Decimal(str(self.most)):
            raise BadValueError("out_of_range", _GOES_FROM, self.write(inside), range=self.range)
        nearest = round(inside, _PLACES) + 0.0  # never minus zero
        if number != Decimal(str(nearest)):
            raise BadValueError("too_fine", _TOO_FINE, self.write(nearest), count=_PLACES)
        return nearest

    def write(self, value: float) -> str:
        """The number as people type it: `.5`, `-1`, `7.25`."""
        return _short_number(value)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few numbers.

    taken_as: numbers that are no choices and are read as one, with a sentence that says why.
    """

    choices: tuple[float, ...]
    taken_as: tuple[tuple[float, float, str], ...] = ()
    takes: Literal["word"] = "word"

    @property
    def range(self) -> str:
        """The choices in words."""
        *first, last = map(self.write, self.choices)
        return say("{first} or {last}", first=", ".join(first), last=last)

    def read(self, typed: str) -> float:
        """The choice; raises BadValueError with the nearest one."""
        number = _decimal(typed)
        if number is None:
            raise BadValueError("not_a_number", _TAKES, range=self.range)
        for other, meant, why in self.taken_as:
            if number == Decimal(other):
                raise TakenAsError(meant, why)
        nearest = min(self.choices, key=lambda choice: abs(Decimal(choice) - number))
        if number != Decimal(nearest):
            raise BadValueError("not_a_choice", _TAKES, self.write(nearest), range=self.range)
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
        return say("{least} to {most}", least=self.narrowest, most=self.widest)

    def read(self, typed: str) -> Aspect:
        """The shape in lowest terms; raises BadValueError when it is none or out of range."""
        typed = _plain(typed)
        match = _RATIO.fullmatch(typed)
        if not match:
            raise BadValueError("not_a_ratio", _TAKES_RATIO, self._nearly(typed))
        width, height = (int(digits[-_MAX_DIGITS:]) for digits in match.groups())
        if not (0 < width <= self.most and 0 < height <= self.most) or max(map(len, match.groups())) > _MAX_DIGITS:
            raise BadValueError("out_of_range", _TAKES_TWO, most=self.most)
        aspect = Aspect(width, height)
        if aspect.ratio < self.narrowest.ratio:
            raise BadValueError("out_of_range", _GOES_FROM, str(self.narrowest), range=self.range)
        if aspect.ratio > self.widest.ratio:
            raise BadValueError("out_of_range", _GOES_FROM, str(self.widest), range=self.range)
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


def _short_number(value: float) -> str:
    return f"{value:g}".replace("0.", ".", 1) if abs(value) < 1 and value else f"{value:g}"


def _decimal(typed: str) -> Decimal | None:
    """The number typed in plain digits (full-width ones included), or None; an endless one is a huge one."""
    typed = _plain(typed).replace("−", "-")  # noqa: RUF001 - a typed minus sign
    return Decimal(typed) if _DECIMAL.fullmatch(typed) else None


def _plain(typed: str) -> str:
    """Full-width digits and signs as plain ones. What is too long for a number stays: folding it would take long."""
    return typed if typed.isascii() or len(typed) > _LONGEST_FOLDED else unicodedata.normalize("NFKC", typed)
