"""The search language: a text to a frozen `Search`, and back. Asks no database.

Among one's own pictures and in the gallery it is the same; a filter that makes no sense in one of them says so there.

Words are looked for anywhere in the prompt, "several words" as they stand there. `key:value` is a filter, `-` before
either turns it around. Several values of one property (`kind:vary kind:upscale`) widen a search, all else narrows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from generation.errors import SearchRefusedError
from generation.jobs.search_keys import KEYS, ONE_OF, OTHER_NAMES, BadTermError, keys_of, refuse_elsewhere, short
from generation.models import SearchPlace
from mjweb.common.saying import say

WORDS: Final = ""
"""The key of words that stand by themselves."""
MOST_CHARS: Final = 500
MOST_TERMS: Final = 30
_SHORTEST_KEY: Final = 2
_SHOWN: Final = 30

_TOKEN: Final = re.compile(
    r"(?P<minus>-(?=[^\s-]))?"  # two dashes are words: a prompt's own parameters
    r"(?:(?P<key>[A-Za-z]+):(?!:)|(?P<counted>[Ll][Ii][Kk][Ee][Ss])(?=[<>]))?"  # two colons are the weight of a part
    r'(?:"(?P<quoted>[^"]*)(?P<end>"|$)|(?P<bare>[^\s"]+))?'
)


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. key: `WORDS`, or one of `KEYS`; value: as `canonical` writes it."""

    key: str
    value: str
    is_negated: bool = False

    @property
    def is_loose(self) -> bool:
        """Whether it is one word that is looked for."""
        return self.key == WORDS and not self.is_negated and len(self.value.split()) == 1

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

    @property
    def words(self) -> tuple[str, ...]:
        """Words that stand alone and are looked for; those in quotes and those with a minus are conditions."""
        return tuple(term.value for term in self.terms if term.is_loose)

    @property
    def groups(self) -> tuple[tuple[Term, ...], ...]:
        """The terms by what a picture must fulfill: every group, and any term of a group."""
        widening = [
            tuple(term for term in self.terms if term.key == key and not term.is_negated)
            for key in dict.fromkeys(term.key for term in self.terms if term.key in ONE_OF)
        ]
        narrowing = [(term,) for term in self.terms if term.key not in ONE_OF or term.is_negated]
        return (*narrowing, *(group for group in widening if group))

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


def read_search(text: str, place: SearchPlace = SearchPlace.MINE) -> Search:
    """The search that a text stands for in a place. A term that is written twice counts once.

    Raises:
        SearchRefusedError: all that is wrong with it, each with its columns, under `errors`.
    """
    if len(text) > MOST_CHARS:
        sentence = say("A search has at most {most} characters.", most=MOST_CHARS)
        raise _refused([(sentence, MOST_CHARS, len(text))])
    terms: dict[Term, None] = {}
    problems: list[tuple[str, int, int]] = []
    for found in _tokens(text):
        try:
            if (term := _term(found, place)) is not None:
                terms[term] = None
        except BadTermError as error:
            problems.append((str(error), found.start(), found.end()))
    if len(terms) > MOST_TERMS:
        problems.append((say("A search has at most {most} terms.", most=MOST_TERMS), 0, len(text)))
    if problems:
        raise _refused(problems)
    search = Search(tuple(terms))
    return search if len(search.canonical) <= MOST_CHARS else read_search(search.canonical, place)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    """Everything between spaces, quotes kept together; what is no character of a text is a space."""
    readable = "".join(sign if sign.isprintable() else " " for sign in text)
    return (found for found in _TOKEN.finditer(readable) if found[0])


def _term(found: re.Match[str], place: SearchPlace) -> Term | None:
    """The term of a token; None for a pair of quotes with nothing between.

    Raises:
        BadTermError: the key is unknown, does not take the value, or makes no sense here.
    """
    if found["quoted"] is not None and not found["end"]:
        raise BadTermError(say("This quote is not closed."))
    value = (found["quoted"] if found["quoted"] is not None else found["bare"] or "").strip()
    is_negated = found["minus"] is not None
    if (typed := found["key"] or found["counted"]) is None:
        return Term(WORDS, value, is_negated) if value else None
    key = _key(typed, place)
    if not value:
        raise BadTermError(say("{key}: needs a value, as in {example}.", key=key, example=KEYS[key].example))
    value = KEYS[key].read(value)
    refuse_elsewhere(key, value, place)
    return Term(key, value, is_negated)


def _key(typed: str, place: SearchPlace) -> str:
    key = typed.lower()
    key = OTHER_NAMES.get(key, key)
    if key in KEYS:
        return key
    known = keys_of(place)
    near = get_close_matches(key[:_SHOWN], known, n=1, cutoff=0.5) if len(key) >= _SHORTEST_KEY else []
    if near:
        hint = say("Did you mean {key}:?", key=near[0])
    else:
        hint = say("There are {keys}.", keys=", ".join(f"{name}:" for name in known))
    nothing = say("{key}: is no filter.", key=short(typed))
    raise BadTermError(f"{nothing} {hint} {say('In quotes it is looked for in the prompts.')}")


def _quoted(term: Term) -> str:
    """In quotes where it would be read as something else without them."""
    if term.key:
        is_bare = not re.search(r'[\s"]|^:', term.value)
    else:
        read = _TOKEN.fullmatch(term.value)
        is_bare = read is not None and not read["counted"] and read["bare"] == term.value
    return term.value if is_bare else f'"{term.value}"'


def _refused(problems: list[tuple[str, int, int]]) -> SearchRefusedError:
    errors = [
        {"code": "bad_search", "sentence": sentence, "field": "q", "start": start, "end": end}
        for sentence, start, end in problems
    ]
    return SearchRefusedError(problems[0][0], errors=errors)
