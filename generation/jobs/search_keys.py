"""The filters of a search: which there are, where each makes sense, and how a typed value is read. Asks no database."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from fractions import Fraction
from typing import Final

from generation.models import JobKind, SearchPlace
from mjweb.common.saying import say, sayable

STATES: Final = ("liked", "public", "unlisted", "private", "hidden", "trashed", "upscaled", "collected", "remix")
STATES_IN: Final = {SearchPlace.MINE: STATES, SearchPlace.GALLERY: ("liked", "upscaled", "remix")}
"""Where everything is public, and nothing of it one's own, the others would find all or nothing."""
SHAPES: Final = ("square", "portrait", "landscape")
MOST_SEED: Final = 2**63 - 1
MYSELF: Final = "me"
ONE_OF: Final = frozenset({"ar", "model", "kind", "seed", "on", "by"})
"""What a picture has one of: several of them widen a search, for together they would find nothing."""
_YEARS: Final = (2000, 2999)
_SHOWN: Final = 30

_RATIO: Final = re.compile(r"(\d{1,5})[:x/](\d{1,5})")
_DAY: Final = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_AGE: Final = re.compile(r"(\d{1,3})([dwy])")
_DAYS: Final = {"d": 1, "w": 7, "y": 365}
_STYLE: Final = re.compile(r"[\w.-]{1,40}")
_PERSON: Final = re.compile(r"@?([\w.@+-]{1,150})")
_LIKES: Final = re.compile(r"([<>]?)(=?):?([0-9]{1,9})")


class BadTermError(ValueError):
    """A value that a key does not take, as a sentence."""


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days in UTC: from `first` on, up to the beginning of `end`."""

    first: date
    end: date


def ratio_of(value: str) -> Fraction:
    """Width by height of the value of an `ar:` term."""
    across, down = value.split(":")
    return Fraction(int(across), int(down))


def days_of(value: str, today: date | None = None) -> Days:
    """The days that a date stands for: one, a month, a year, or those up to today since `7d` ago.

    Raises:
        BadTermError: there is no such date.
    """
    today = today or datetime.now(UTC).date()
    if (age := _AGE.fullmatch(value)) is not None:
        return Days(today - timedelta(days=int(age[1]) * _DAYS[age[2]]), today + timedelta(days=1))
    if value in {"today", "yesterday"}:
        first = today - timedelta(days=value == "yesterday")
        return Days(first, first + timedelta(days=1))
    return _calendar_days(value)


def likes_of(value: str) -> tuple[int, int | None]:
    """How many likes the value of a `likes:` term asks for: from the first number on, below the second one."""
    number = int(value.lstrip("<>"))
    if value.startswith("<"):
        return 0, number
    return number + value.startswith(">"), None


def short(text: str) -> str:
    """What was typed, as far as a sentence has room for it."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _calendar_days(value: str) -> Days:
    found = _DAY.fullmatch(value)
    if found is None or not _YEARS[0] <= int(found[1]) <= _YEARS[1]:
        raise BadTermError(say("A date is written 2026-01-31, 2026-01, 2026, today, yesterday or 7d."))
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError as error:
        raise BadTermError(say("There is no day {day}.", day=value)) from error
    if day:
        return Days(first, first + timedelta(days=1))
    after = (first + timedelta(days=31)).replace(day=1) if month else first.replace(year=first.year + 1)
    return Days(first, after)


def _read_ratio(value: str) -> str:
    if value.lower() in SHAPES:
        return value.lower()
    found = _RATIO.fullmatch(value)
    if found is None or not int(found[1]) or not int(found[2]):
        raise BadTermError(say("ar: takes a ratio such as 16:9, or {shapes}.", shapes=_listed(SHAPES)))
    return f"{int(found[1])}:{int(found[2])}"


def _read_date(value: str) -> str:
    days_of(value.lower())
    return value.lower()


def _read_seed(value: str) -> str:
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(MOST_SEED)) and int(value) <= MOST_SEED):
        raise BadTermError(say("A seed is a whole number, as it stands beside the picture."))
    return str(int(value))


def _read_style(value: str) -> str:
    if not _STYLE.fullmatch(value):
        raise BadTermError(say("style: takes the name of one style, as in style:watercolor."))
    return value.lower()


def _read_person(value: str) -> str:
    found = _PERSON.fullmatch(value)
    if found is None:
        raise BadTermError(say("by: takes the name of one person, or by:me."))
    return MYSELF if found[1].lower() == MYSELF else found[1]


def _read_likes(value: str) -> str:
    """One number with at most one sign: `>=10` is `10`, `<=10` is `<11`."""
    found = _LIKES.fullmatch(value)
    if found is None or (found[2] and not found[1]):
        raise BadTermError(say("likes: takes a number: likes:10 for 10 or more, likes:>10, likes:<10."))
    sign, number = found[1], int(found[3])
    if found[2]:
        return f"<{number + 1}" if sign == "<" else str(number)
    return f"{sign}{number}"


def _one_of(key: str, known: tuple[str, ...]) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.lower() in known:
            return value.lower()
        nothing = say("{key}:{value} is nothing.", key=key, value=short(value))
        near = get_close_matches(value.lower()[:_SHOWN], known, n=1, cutoff=0.5)
        if near:
            raise BadTermError(f"{nothing} {say('Did you mean {key}:{value}?', key=key, value=near[0])}")
        raise BadTermError(f"{nothing} {say('It takes {values}.', values=_listed(known))}")

    return read


def _listed(words: tuple[str, ...]) -> str:
    return say("{words} or {last}", words=", ".join(words[:-1]), last=words[-1])


@dataclass(frozen=True, slots=True)
class Key:
    """A filter.

    text: what it finds, for the help. example: for sentences and the help. read: a typed value to a canonical one, or
    BadTermError. public_text: what it finds in the gallery, where that differs.
    elsewhere: why it finds nothing in the places where it makes no sense; `places` are the others.
    """

    text: str
    example: str
    read: Callable[[str], str]
    public_text: str = ""
    places: frozenset[SearchPlace] = frozenset(SearchPlace)
    elsewhere: str = ""

    @property
    def sentence(self) -> str:
        """What it finds among one's own pictures, in the language of whoever asks."""
        return say(self.text, states=_listed(STATES)) if "{states}" in self.text else say(self.text)

    @property
    def public_sentence(self) -> str:
        """What it finds in the gallery."""
        if "{states}" in self.text:
            return say(self.text, states=_listed(STATES_IN[SearchPlace.GALLERY]))
        return say(self.public_text or self.text)


KEYS: Final[Mapping[str, Key]] = {
    "ar": Key(sayable("Asked for in this shape, or of it to about 4 %"), "ar:16:9", _read_ratio),
    "model": Key(sayable("Made by this model"), "model:starter", str),
    "kind": Key(sayable("Made by this button"), "kind:upscale", _one_of("kind", tuple(JobKind.values))),
    "is": Key(sayable("That are {states}"), "is:liked", _one_of("is", STATES)),
    "in": Key(
        sayable("In this collection, or in one that lies in it"), 'in:"winter book"', str,
        places=frozenset({SearchPlace.MINE}),
        elsewhere=sayable("in: looks into your own collections. It works in My images."),
    ),
    "after": Key(
        sayable("Made on this day or later"), "after:2026-01-31", _read_date, sayable("Shown since this day or later")
    ),
    "before": Key(sayable("Made before this day"), "before:2026-02", _read_date, sayable("Shown before this day")),
    "on": Key(
        sayable("Made on this day, in this month or year"), "on:2026-01", _read_date,
        sayable("Shown since this day, this month or year"),
    ),
    "seed": Key(sayable("Of this seed"), "seed:1234", _read_seed),
    "style": Key(sayable("Whose prompt names this style"), "style:watercolor", _read_style),
    "tag": Key(sayable("Whose prompt has this as a whole word: tag:cat finds no caterpillar"), "tag:cat", str),
    "likes": Key(sayable("Liked by so many people or more; likes:>10 and likes:<10 too"), "likes:10", _read_likes),
    "by": Key(
        sayable("Shown by this person; by:me for your own"), "by:ann", _read_person,
        places=frozenset({SearchPlace.GALLERY}),
        elsewhere=sayable("by: works in Explore. Here all pictures are yours."),
    ),
}  # fmt: skip
OTHER_NAMES: Final = {
    "aspect": "ar", "ratio": "ar", "author": "by", "checkpoint": "model", "collection": "in", "date": "on",
    "folder": "in", "from": "by", "since": "after", "until": "before",
}  # fmt: skip


def keys_of(place: SearchPlace) -> dict[str, Key]:
    """The filters that make sense in a place."""
    return {name: key for name, key in KEYS.items() if place in key.places}


def refuse_elsewhere(key: str, value: str, place: SearchPlace) -> None:
    """Refuses a filter that would find nothing here, or everything.

    Raises:
        BadTermError: where it works.
    """
    if place not in KEYS[key].places:
        raise BadTermError(say(KEYS[key].elsewhere))
    if key == "is" and value not in STATES_IN[place]:
        known = _listed(STATES_IN[place])
        raise BadTermError(say("is:{value} works in My images. Here it takes {values}.", value=value, values=known))
