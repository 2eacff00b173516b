"""Sentences for people, in their language, from rooms that may not know Django.

`say` is called at the moment when a sentence is told, never at import time: the language is the asker's. Until a server
gives its translator (`speak_with`), sentences stay in English; so do the documents that are written from our tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

Translate = Callable[[str], str]
TranslateMany = Callable[[str, str, int], str]


def _as_it_is(text: str) -> str:
    return text


def _english() -> str:
    return "en"


def _one_or_many(one: str, many: str, count: int) -> str:
    return one if count == 1 else many


@dataclass(slots=True)
class _Voice:
    translate: Translate = _as_it_is
    translate_many: TranslateMany = _one_or_many
    language: Callable[[], str] = _english


_voice = _Voice()


def speak_with(
    translate: Translate = _as_it_is,
    translate_many: TranslateMany = _one_or_many,
    language: Callable[[], str] = _english,
) -> None:
    """From now on sentences go through these; without them, English again.

    translate: an English text to the same text in the language of whoever is answered.
    translate_many: singular, plural and count to the right one of that language.
    language: the name of that language.
    """
    _voice.translate = translate
    _voice.translate_many = translate_many
    _voice.language = language


def spoken_language() -> str:
    """The language of whoever is answered: what keeps sentences keeps them by this."""
    return _voice.language()


def say(text: str, /, **values: Any) -> str:
    """The sentence in the language of whoever is answered, with its `{named}` values in their places.

    The text is the key of its translation: it is written out at the call, and values come in by name.
    """
    told = _voice.translate(text) if text else text
    return told.format(**values) if values else told


def say_many(one: str, many: str, /, count: int, **values: Any) -> str:
    """The sentence for this count, which is also a value: `say_many("{count} job", "{count} jobs", 3)`."""
    return _voice.translate_many(one, many, count).format(count=count, **values)


def say_again(told: str, /, *templates: str) -> str:
    """A sentence that was written down in English, in the language of whoever reads it.

    templates: those with `{named}` values that it may be one of; else it is translated as it stands, if it can be.
    """
    for template in templates:
        if found := _reader(template).fullmatch(told):
            return say(template, **found.groupdict())
    return say(told)


@cache
def _reader(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(template)), re.DOTALL)


def sayable(text: str, /) -> str:
    """Marks a text of a table, which is made at import time, for the catalog: it is translated by `say` when shown."""
    return text
