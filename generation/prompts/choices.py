"""Kinds of values that are names: of samplers, schedules, styles, versions, adapters, profiles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, Literal, TypeVar

from generation.contracts import AdapterUse
from generation.prompts.quantities import Number
from generation.prompts.values import BadValueError, is_model_name, nearest
from mjweb.common.saying import say, sayable

MAX_ADAPTERS: Final = 5
MAX_PROFILES: Final = 5
_LONGEST_NAME = 40
_PROFILE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_WEIGHT = Number(-2, 2)
_TAKES_ADAPTER: Final = sayable("{name} takes the name of an adapter and its weight, such as ink:.8.")
_TAKES_PROFILES: Final = sayable("{name} takes the ids of profiles, made of letters and digits.")
_BAD_WEIGHT: Final[Mapping[str, str]] = {
    "not_a_number": sayable("{name} takes a number from {range} as a weight."),
    "out_of_range": sayable("{name} goes from {range} as a weight."),
    "too_fine": sayable("{name} takes at most {count} digits behind the point as a weight."),
}
"""What there is to say of an adapter's weight, by what a number says of itself."""
_Name = TypeVar("_Name", bound=str)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few names, whatever its case, hyphens and spaces.

    names: the names; what: what they are names of, with its article.
    known: every spelling without case and signs, to its name.
    example: stands for all of them where there are too many to be listed.
    """

    names: tuple[str, ...]
    what: str
    known: Mapping[str, str] = field(hash=False, compare=False)
    example: str = ""
    takes: Literal["word"] = "word"

    @property
    def range(self) -> str:
        """The names in words."""
        if self.example:
            return say("the name of {what}, such as {example}", what=say(self.what), example=self.example)
        *first, last = self.names
        return say("{first} or {last}", first=", ".join(first), last=last)

    def read(self, typed: str) -> str:
        """The name; raises BadValueError with the nearest one."""
        key = _key(typed[:_LONGEST_NAME])
        if key in self.known and len(typed) <= _LONGEST_NAME:
            return self.known[key]
        near = nearest(key, tuple(self.known))
        use = None if near is None else self.known[near]
        raise BadValueError("unknown_name", sayable("{name} takes the name of {what}."), use, what=say(self.what))

    def write(self, value: str) -> str:
        """The name."""
        return value


def choice(titles: Mapping[_Name, str], what: str, *, example: str = "") -> Choice:
    """A choice among names that have titles, by which people know them as well."""
    known = {_key(spelling): name for name, title in titles.items() for spelling in (title, name)}
    return Choice(tuple(titles), what, known, example)


def _key(name: str) -> str:
    """`DPM++ 2M`, `dpmpp_2m` and `dpmpp-2m` are the same name."""
    return "".join(letter for letter in name.casefold().replace("+", "p") if letter.isalnum())


@dataclass(frozen=True, slots=True)
class VersionName:
    """One of a few version numbers, which are names: 5.1 is no number between 5 and 6."""

    choices: tuple[str, ...]
    takes: Literal["word"] = "word"

    @property
    def range(self) -> str:
        """The versions in words."""
        *first, last = self.choices
        return say("{first} or {last}", first=", ".join(first), last=last)

    def read(self, typed: str) -> str:
        """The version; raises BadValueError with the nearest one."""
        version = typed.removesuffix(".0")
        if version in self.choices:
            return version
        near = get_close_matches(version[:_LONGEST_NAME], self.choices, n=1, cutoff=0.5)
        use = near[0] if near else self.choices[-1]
        raise BadValueError("unknown_version", sayable("{name} takes {range}."), use, range=self.range)

    def write(self, value: str) -> str:
        """The version."""
        return value


@dataclass(frozen=True, slots=True)
class Adapters:
    """Adapters with their weights, `name:.8`, parted by spaces. Typing the parameter again adds to them."""

    takes: Literal["items"] = "items"
    adds_up: bool = True

    @property
    def range(self) -> str:
        """What it takes, in words."""
        return say("names, each with a weight from {range}", range=_WEIGHT.range)

    def read(self, typed: str) -> AdapterUse:
        """One adapter; raises BadValueError."""
        name, colon, weight = typed.partition(":")
        if not is_model_name(name):
            raise BadValueError("not_a_name", _TAKES_ADAPTER)
        try:
            return AdapterUse(name, _WEIGHT.read(weight) if colon else 1.0)
        except BadValueError as bad:
            use = None if bad.use is None else f"{name}:{bad.use}"
            raise BadValueError(bad.code, _BAD_WEIGHT[bad.code], use, **bad.values) from bad

    def gather(self, items: Sequence[AdapterUse]) -> tuple[AdapterUse, ...]:
        """Each adapter once, with the weight that was typed last; raises BadValueError when there are too many."""
        uses = tuple({use.name: use for use in items}.values())
        if len(uses) > MAX_ADAPTERS:
            raise BadValueError("too_many_adapters", sayable("{name} adds at most {most} adapters."), most=MAX_ADAPTERS)
        return uses

    def write(self, value: tuple[AdapterUse, ...]) -> str:
        """The adapters, parted by spaces, with the weights that are not 1."""
        return " ".join(use.name if use.weight == 1 else f"{use.name}:{_WEIGHT.write(use.weight)}" for use in value)


@dataclass(frozen=True, slots=True)
class Profiles:
    """Ids of taste profiles, parted by spaces; none at all is one's own."""

    takes: Literal["items"] = "items"
    adds_up: bool = False

    @property
    def range(self) -> str:
        """What it takes, in words."""
        return say("ids, or nothing")

    def read(self, typed: str) -> str:
        """One id; raises BadValueError."""
        if not _PROFILE.fullmatch(typed):
            raise BadValueError("not_a_profile", _TAKES_PROFILES)
        return typed

    def gather(self, items: Sequence[str]) -> tuple[str, ...]:
        """The ids, each once; raises BadValueError when there are too many."""
        ids = tuple(dict.fromkeys(items))
        if len(ids) > MAX_PROFILES:
            raise BadValueError("too_many_profiles", sayable("{name} takes at most {most} ids."), most=MAX_PROFILES)
        return ids

    def write(self, value: tuple[str, ...]) -> str:
        """The ids, parted by spaces."""
        return " ".join(value)
