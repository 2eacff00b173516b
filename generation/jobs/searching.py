"""The search language of one's own pictures: a text to a frozen `Search`, and back. Asks no database.

Words are looked for anywhere in the prompt, "several words" as they stand there. `key:value` is a filter, `-` before
either turns it around. Several values of one property (`kind:vary kind:upscale`) widen a search, all else narrows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from fractions import Fraction
from typing import Final

from generation.errors import SearchRefusedError
from generation.models import JobKind

WORDS: Final = ""
"""The key of words that stand by themselves."""
MOST_CHARS: Final = 500
MOST_TERMS: Final = 30
STATES: Final = ("liked", "public", "private", "hidden", "trashed", "upscaled", "collected")
SHAPES: Final = ("square", "portrait", "landscape")
MOST_SEED: Final = 2**63 - 1
_YEARS: Final = (2000, 2999)
_SHORTEST_KEY: Final = 2
_SHOWN: Final = 30

_TOKEN: Final = re.compile(
    r"(?P<minus>-(?=[^\s-]))?"  # two dashes are words: a prompt's own parameters
    r"(?:(?P<key>[A-Za-z]+):(?!:))?"  # two colons are the weight of a prompt's part
    r'(?:"(?P<quoted>[^"]*)(?P<end>"|$)|(?P<bare>[^\s"]+))?'
)
_RATIO: Final = re.compile(r"(\d{1,5})[:x/](\d{1,5})")
_DAY: Final = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_AGE: Final = re.compile(r"(\d{1,3})([dwy])")
_DAYS: Final = {"d": 1, "w": 7, "y": 365}
_STYLE: Final = re.compile(r"[\w.-]{1,40}")


class BadTermError(ValueError):
    """A value that a key does not take, as a sentence."""


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. key: `WORDS`, or one of `KEYS`; value: as `canonical` writes it."""

    key: str
    value: str
    is_negated: bool = False

    def __str__(self) -> str:
        return f"{'-' * self.is_negated}{self.key and f'{self.key}:'}{_quoted(self)}"


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for; without terms it is everything that is neither hidden nor in the trash."""

    terms: tuple[Term, ...] = ()

    @property
    def canonical(self) -> str:
        """The one way to write it: it reads as the same search again."""
        return " ".join(map(str, self.terms))

    def names(self, key: str, value: str) -> bool:
        """Whether it has this term, negated or not."""
        return any((term.key, term.value) == (key, value) for term in self.terms)

    def toggled(self, term: Term) -> Search:
        """With this term, or without it where it has it."""
        if term in self.terms:
            return self.without(term)
        return Search((*self.without(Term(term.key, term.value, not term.is_negated)).terms, term))

    def with_collection_renamed(self, before: str, after: str) -> Search:
        """With the new name wherever the old one stood, whatever its case."""
        renamed = (
            Term("in", after, term.is_negated) if (term.key, term.value.lower()) == ("in", before.lower()) else term
            for term in self.terms
        )
        return Search(tuple(renamed))

    def without(self, term: Term) -> Search:
        """Without this term."""
        return Search(tuple(other for other in self.terms if other != term))


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days in UTC: from `first` on, up to the beginning of `end`."""

    first: date
    end: date


def read_search(text: str) -> Search:
    """The search that a text stands for. A term that is written twice counts once.

    Raises:
        SearchRefusedError: all that is wrong with it, each with its columns, under `errors`.
    """
    if len(text) > MOST_CHARS:
        raise _refused([(f"A search has at most {MOST_CHARS} characters.", MOST_CHARS, len(text))])
    terms: dict[Term, None] = {}
    problems: list[tuple[str, int, int]] = []
    for found in _tokens(text):
        try:
            if (term := _term(found)) is not None:
                terms[term] = None
        except BadTermError as error:
            problems.append((str(error), found.start(), found.end()))
    if len(terms) > MOST_TERMS:
        problems.append((f"A search has at most {MOST_TERMS} terms.", 0, len(text)))
    if problems:
        raise _refused(problems)
    search = Search(tuple(terms))
    return search if len(search.canonical) <= MOST_CHARS else read_search(search.canonical)


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


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """Everything between spaces, quotes kept together; what is no character of a text is a space."""
    readable = "".join(sign if sign.isprintable() else " " for sign in text)
    return (found for found in _TOKEN.finditer(readable) if found[0])


def _term(found: re.Match[str]) -> Term | None:
    """The term of a token; None for a pair of quotes with nothing between.

    Raises:
        BadTermError: the key is unknown, or does not take the value.
    """
    if found["quoted"] is not None and not found["end"]:
        raise BadTermError("This quote is not closed.")
    value = (found["quoted"] if found["quoted"] is not None else found["bare"] or "").strip()
    is_negated = found["minus"] is not None
    if found["key"] is None:
        return Term(WORDS, value, is_negated) if value else None
    key = _key(found["key"])
    if not value:
        raise BadTermError(f"{key}: needs a value, as in {KEYS[key].example}.")
    return Term(key, KEYS[key].read(value), is_negated)


def _key(typed: str) -> str:
    key = typed.lower()
    key = OTHER_NAMES.get(key, key)
    if key in KEYS:
        return key
    near = get_close_matches(key[:_SHOWN], KEYS, n=1, cutoff=0.5) if len(key) >= _SHORTEST_KEY else []
    hint = f"Did you mean {near[0]}:?" if near else f"There are {', '.join(f'{known}:' for known in KEYS)}."
    raise BadTermError(f"{_short(typed)}: is no filter. {hint} In quotes it is looked for in the prompts.")


def _quoted(term: Term) -> str:
    """In quotes where it would be read as something else without them."""
    if term.key:
        is_bare = not re.search(r'[\s"]|^:', term.value)
    else:
        read = _TOKEN.fullmatch(term.value)
        is_bare = read is not None and read["bare"] == term.value
    return term.value if is_bare else f'"{term.value}"'


def _read_ratio(value: str) -> str:
    if value.lower() in SHAPES:
        return value.lower()
    found = _RATIO.fullmatch(value)
    if found is None or not int(found[1]) or not int(found[2]):
        raise BadTermError(f"ar: takes a ratio such as 16:9, or {_listed(SHAPES)}.")
    return f"{int(found[1])}:{int(found[2])}"


def _read_date(value: str) -> str:
    days_of(value.lower())
    return value.lower()


def _calendar_days(value: str) -> Days:
    found = _DAY.fullmatch(value)
    if found is None or not _YEARS[0] <= int(found[1]) <= _YEARS[1]:
        raise BadTermError("A date is written 2026-01-31, 2026-01, 2026, today, yesterday or 7d.")
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError as error:
        raise BadTermError(f"There is no day {value}.") from error
    if day:
        return Days(first, first + timedelta(days=1))
    after = (first + timedelta(days=31)).replace(day=1) if month else first.replace(year=first.year + 1)
    return Days(first, after)


def _read_seed(value: str) -> str:
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(MOST_SEED)) and int(value) <= MOST_SEED):
        raise BadTermError("A seed is a whole number, as it stands beside the picture.")
    return str(int(value))


def _read_style(value: str) -> str:
    if not _STYLE.fullmatch(value):
        raise BadTermError("style: takes the name of one style, as in style:watercolor.")
    return value.lower()


def _one_of(key: str, known: tuple[str, ...]) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.lower() in known:
            return value.lower()
        near = get_close_matches(value.lower()[:_SHOWN], known, n=1, cutoff=0.5)
        hint = f"Did you mean {key}:{near[0]}?" if near else f"It takes {_listed(known)}."
        raise BadTermError(f"{key}:{_short(value)} is nothing. {hint}")

    return read


def _listed(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _refused(problems: list[tuple[str, int, int]]) -> SearchRefusedError:
    errors = [
        {"code": "bad_search", "sentence": sentence, "field": "q", "start": start, "end": end}
        for sentence, start, end in problems
    ]
    return SearchRefusedError(problems[0][0], errors=errors)


@dataclass(frozen=True, slots=True)
class Key:
    """A filter. read: a typed value to a canonical one, or BadTermError. example: for sentences and the help."""

    sentence: str
    example: str
    read: Callable[[str], str]


KEYS: Final[Mapping[str, Key]] = {
    "ar": Key("Asked for in this shape, or of it to about 4 %", "ar:16:9", _read_ratio),
    "model": Key("Made by this model", "model:starter", str),
    "kind": Key("Made by this button", "kind:upscale", _one_of("kind", tuple(JobKind.values))),
    "is": Key(f"That are {_listed(STATES)}", "is:liked", _one_of("is", STATES)),
    "in": Key("In this collection, or in one that lies in it", 'in:"winter book"', str),
    "after": Key("Made on this day or later", "after:2026-01-31", _read_date),
    "before": Key("Made before this day", "before:2026-02", _read_date),
    "on": Key("Made on this day, in this month or year", "on:2026-01", _read_date),
    "seed": Key("Of this seed", "seed:1234", _read_seed),
    "style": Key("Whose prompt names this style", "style:watercolor", _read_style),
    "tag": Key("Whose prompt has this as a whole word: tag:cat finds no caterpillar", "tag:cat", str),
}
OTHER_NAMES: Final = {
    "aspect": "ar", "ratio": "ar", "checkpoint": "model", "collection": "in", "folder": "in", "since": "after",
    "until": "before", "date": "on",
}  # fmt: skip
