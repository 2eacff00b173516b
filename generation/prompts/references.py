"""Pictures that a prompt refers to, and the parameters that take them.

A picture is named by its http(s) address, by `image:<uuid>` when it was made here, and by `upload:<uuid>` when
somebody brought it. Whether it exists and may be seen is decided by the job rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from generation.prompts.proportions import MAX_DIGITS, MAX_WEIGHT, smallest_whole
from generation.prompts.spec import WeightedRef
from generation.prompts.values import BadValueError
from mjweb.common.saying import say, sayable

MAX_ADDRESS: Final = 1000
MAX_REFERENCES: Final = 5
MAX_STYLE_CODE: Final = 2**32 - 1
RANDOM: Final = "random"

_NEVER = r"\s\"“”{}<>\\^`|\[\]，、；"  # noqa: RUF001 - what a sentence goes on with, where no space parts the words
_HOST = rf"(?:\[[0-9A-Fa-f:.]+\]|[^{_NEVER}/?#:@]+)"
_REST = rf"(?:[/?#](?:(?!::)[^{_NEVER}])*)?"
_ADDRESS = re.compile(rf"(?:https?)://{_HOST}(?::[0-9]{{1,5}})?{_REST}(?<!:)", re.IGNORECASE)
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_OWN = re.compile(rf"(?:image|upload):{_UUID}", re.IGNORECASE)
_BEGINS = re.compile(r"(?:https?://|(?:image|upload):[0-9a-f]{8}-)", re.IGNORECASE)
_NO_SCHEME = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+/\S+", re.IGNORECASE)
_WEIGHT = re.compile(r"::([0-9]+(?:\.[0-9]*)?|\.[0-9]+)?\Z")
_CODE = re.compile(r"[0-9]{1,10}")
_NO_PICTURE: Final = sayable("{name} takes the address of a picture, or image: or upload: with its id.")
_TOO_LONG: Final = sayable("{name} takes addresses of at most {most} characters.")
_BAD_WEIGHT: Final = sayable("{name} takes weights above 0, up to {most}.")
_TOO_FINE: Final = sayable("{name} has weights that are too far apart or too finely written.")


def begins_as_reference(typed: str) -> bool:
    """Whether this word was meant for a picture, well written or not."""
    return _BEGINS.match(typed) is not None


def read_reference(typed: str) -> str:
    """The reference in its one spelling; raises BadValueError when it is none."""
    if len(typed) > MAX_ADDRESS:
        raise BadValueError("address_too_long", _TOO_LONG, most=MAX_ADDRESS)
    if _OWN.fullmatch(typed):
        return typed.lower()
    if _ADDRESS.fullmatch(typed):
        scheme, rest = typed.split("://", 1)
        return f"{scheme.lower()}://{rest}"
    raise BadValueError("not_a_picture", _NO_PICTURE, f"https://{typed}" if _is_address_without_scheme(typed) else None)


def _is_address_without_scheme(typed: str) -> bool:
    return _NO_SCHEME.fullmatch(typed) is not None and _ADDRESS.fullmatch(f"https://{typed}") is not None


@dataclass(frozen=True, slots=True)
class Reference:
    """Exactly one picture."""

    takes: Literal["word"] = "word"

    @property
    def range(self) -> str:
        """What it takes, in words."""
        return say("a picture")

    def read(self, typed: str) -> str:
        """The reference; raises BadValueError when it is none."""
        return read_reference(typed)

    def write(self, value: str) -> str:
        """The reference."""
        return value


@dataclass(frozen=True, slots=True)
class References:
    """One picture or several, parted by spaces."""

    takes: Literal["items"] = "items"
    adds_up: bool = False

    @property
    def range(self) -> str:
        """What it takes, in words."""
        return say("1 to {most} pictures", most=MAX_REFERENCES)

    def read(self, typed: str) -> str:
        """One reference; raises BadValueError when it is none."""
        return read_reference(typed)

    def gather(self, items: Sequence[str]) -> tuple[str, ...]:
        """The references in typed order; raises BadValueError when there are too many."""
        _refuse_too_many(items)
        return tuple(items)

    def write(self, value: tuple[str, ...]) -> str:
        """The references, parted by spaces."""
        return " ".join(value)


@dataclass(frozen=True, slots=True)
class StyleReferences:
    """Pictures, codes and `random`, each with a weight of its own: `A::2 1234`."""

    takes: Literal["items"] = "items"
    adds_up: bool = False

    @property
    def range(self) -> str:
        """What it takes, in words."""
        return say("1 to {most} pictures, style codes or random", most=MAX_REFERENCES)

    def read(self, typed: str) -> tuple[str, Fraction]:
        """One reference and its weight; raises BadValueError."""
        mark = _WEIGHT.search(typed[-MAX_DIGITS:])
        if mark is None:
            return _style(typed), Fraction(1)
        weight = Fraction(mark[1] or 1)
        if not 0 < weight <= MAX_WEIGHT:
            raise BadValueError("weight_out_of_range", _BAD_WEIGHT, most=MAX_WEIGHT)
        return _style(typed.removesuffix(mark[0])), weight

    def gather(self, items: Sequence[tuple[str, Fraction]]) -> tuple[WeightedRef, ...]:
        """The references with the smallest whole weights of the same proportion; raises BadValueError."""
        _refuse_too_many(items)
        weights = smallest_whole([weight for _, weight in items])
        if weights is None:
            raise BadValueError("weights_too_fine", _TOO_FINE)
        return tuple(WeightedRef(ref, float(weight)) for (ref, _), weight in zip(items, weights, strict=True))

    def write(self, value: tuple[WeightedRef, ...]) -> str:
        """The references, parted by spaces, with the weights that are not 1."""
        return " ".join(use.ref if use.weight == 1 else f"{use.ref}::{use.weight:.0f}" for use in value)


def _style(typed: str) -> str:
    if typed.casefold() == RANDOM:
        return RANDOM
    if not _CODE.fullmatch(typed):
        return read_reference(typed)
    if int(typed) > MAX_STYLE_CODE:
        raise BadValueError("out_of_range", sayable("{name} takes codes from 0 to {most}."), most=MAX_STYLE_CODE)
    return str(int(typed))


def _refuse_too_many(items: Sequence[object]) -> None:
    if len(items) > MAX_REFERENCES:
        raise BadValueError("too_many_references", sayable("{name} takes at most {most}."), most=MAX_REFERENCES)
