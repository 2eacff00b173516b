"""Cuts a typed prompt into images, words and parameters, keeping every column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from generation.prompts.references import begins_as_reference

# An inch sign (`5" lens`) follows its number, so a straight quote opens only where a word begins.
_OPENING_QUOTE = re.compile(r'(?<![^\s(\[{,，、:;])"|“')  # noqa: RUF001 - typed by Chinese keyboards
_CLOSING_QUOTE = {'"': '"', "“": "”"}
QUOTED = '"'

# Phones turn `--` into an en or em dash; a name touches its dashes, so that a dash between words stays text.
_NAME = r"(?P<dashes>-[-—–―]+|[—–―][-—–―]*)(?P<name>[^\W\d_]\w*(?:-\w+)*)"  # noqa: RUF001
_PARAMETER = re.compile(rf"(?:(?<!\S)|(?<=(?<!:)::)){_NAME}")
DASHES_AND_NAME = re.compile(_NAME)
_WORD = re.compile(r"\S+")
_ESCAPED_BRACE = re.compile(r"\\(?=[{}])")
_BRACE = re.compile(r"[{}]")


@dataclass(frozen=True, slots=True)
class Segment:
    """One typed parameter with everything that stands before the next one.

    name: as typed, in lower case, without dashes; dashes: as typed.
    start..name_end: the dashes and the name; name_end..end: what follows, without trailing space.
    """

    name: str
    dashes: str
    start: int
    name_end: int
    end: int

    @property
    def spelling(self) -> str:
        """The parameter as people write it: `--ar`."""
        return f"--{self.name}"


@dataclass(frozen=True, slots=True)
class Lexed:
    """A typed prompt, cut: images up to `words_start`, words up to `words_end`, then parameters.

    mask: the text with every quoted stretch (quotes included) filled with `"`. It has the length of the text,
        so that patterns search the mask and columns point into the text.
    images: columns of each image that stands before the words.
    """

    text: str
    mask: str
    images: tuple[tuple[int, int], ...]
    words_start: int
    words_end: int
    segments: tuple[Segment, ...]

    def words(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Columns of each word within `start..end`; a quoted stretch never breaks."""
        return (match.span() for match in _WORD.finditer(self.mask, start, end))

    def written(self, start: int, end: int) -> str:
        """What `start..end` says: on one line, with braces instead of escaped ones."""
        pieces = []
        for escape in _ESCAPED_BRACE.finditer(self.mask, start, end):
            pieces.append(self.text[start : escape.start()])
            start = escape.end()
        return one_line("".join([*pieces, self.text[start:end]]))


def lex(text: str) -> Lexed:
    """Finds where images and words end and each parameter stands. Never fails; linear in the length of the text."""
    mask = mask_quotes(text)
    matches = list(_PARAMETER.finditer(mask))
    starts = [match.start() for match in matches]
    ends = [*starts[1:], len(text)]
    segments = tuple(_segment(match, mask, end) for match, end in zip(matches, ends, strict=False))
    words_end = starts[0] if starts else len(text)
    images = tuple(_images(mask, words_end))
    return Lexed(text, mask, images, images[-1][1] if images else 0, words_end, segments)


def _images(mask: str, words_end: int) -> Iterator[tuple[int, int]]:
    for word in _WORD.finditer(mask, 0, words_end):
        if not begins_as_reference(word[0]):
            return
        yield word.span()


def _segment(match: re.Match[str], mask: str, limit: int) -> Segment:
    end = match.end() + len(mask[match.end() : limit].rstrip())
    return Segment(match["name"].lower(), match["dashes"], match.start(), match.end(), end)


def mask_quotes(text: str) -> str:
    """Hides quoted stretches, so that nothing inside them reads as a parameter or a weight.

    A quote without its closing twin is an ordinary character.
    """
    pieces: list[str] = []
    unclosed: set[str] = set()  # searched once, so that thousands of lone quotes stay linear
    done = at = 0
    while opening := _OPENING_QUOTE.search(text, at):
        at = opening.end()
        quote = opening[0]
        close = -1 if quote in unclosed else text.find(_CLOSING_QUOTE[quote], at)
        if close < 0:
            unclosed.add(quote)
            continue
        at = close + 1
        pieces += (text[done : opening.start()], QUOTED * (at - opening.start()))
        done = at
    return "".join([*pieces, text[done:]])


def escaped(words: str) -> str:
    """Words as they are typed: a backslash before each brace that is not quoted."""
    pieces: list[str] = []
    at = 0
    for brace in _BRACE.finditer(mask_quotes(words)):
        pieces += (words[at : brace.start()], "\\")
        at = brace.start()
    return "".join([*pieces, words[at:]])


def one_line(text: str) -> str:
    """The text with every stretch of white space made one space, none at the ends."""
    return " ".join(text.split())


def is_visible(text: str) -> bool:
    """Whether there is anything to see: neither empty nor only space and invisible formatting characters."""
    return any(not letter.isspace() and unicodedata.category(letter) != "Cf" for letter in text)
