r"""Reads `{a, b}`, and counts what it stands for before anything is put together.

Rules: commas part the options, white space around one does not count, an empty one is one, a pair of braces with
nothing in it is refused. `\{`, `\}` and, between braces, `\,` are the characters themselves; quotes are opaque.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from generation.prompts.problems import Findings, Fix
from mjweb.common.saying import say

MAX_DEPTH: Final = 100
MOST_COUNTED: Final = 10**24
"""Counts stop here, so that counting stays linear however many braces there are."""

_MOST_TOLD: Final = 20
_TOKEN: Final = re.compile(r"\\[{},，、]|[{},，、]")  # noqa: RUF001 - commas of Chinese keyboards


@dataclass(slots=True)
class Sequence:
    """What stands in a row: columns of words, and choices. count: how many texts it stands for."""

    items: list[tuple[int, int] | Choice] = field(default_factory=list)
    count: int = 1

    def spans(self, index: int) -> Iterator[tuple[int, int]]:
        """The columns of its text of this number, 0 to `count - 1`; the leftmost choice changes slowest."""
        picks: list[int] = []
        for item in reversed(self.items):
            if isinstance(item, Choice):
                index, pick = divmod(index, item.count)
                picks.append(pick)
        for item in self.items:
            if isinstance(item, Choice):
                yield from item.spans(picks.pop())
            else:
                yield item


@dataclass(slots=True)
class Choice:
    """What stands between two braces. start, end: its columns, braces included."""

    start: int
    end: int = 0
    options: list[Sequence] = field(default_factory=list)
    count: int = 0

    def spans(self, index: int) -> Iterator[tuple[int, int]]:
        """The columns of its text of this number."""
        for option in self.options:
            if index < option.count:
                yield from option.spans(index)
                return
            index -= option.count


@dataclass(slots=True)
class Braced:
    """A text with its choices: the whole, and the columns of the outermost ones."""

    whole: Sequence
    choices: list[Choice]


def read_braces(text: str, mask: str, findings: Findings) -> Braced:
    """The choices of a text; what is wrong with its braces goes into the findings. Linear in its length."""
    return _Reader(text, mask, findings).read()


class _Reader:
    """Goes from token to token and keeps the open choices on a stack of its own, however deep they are."""

    def __init__(self, text: str, mask: str, findings: Findings) -> None:
        self.text = text
        self.mask = mask
        self.findings = findings
        self.rows = [Sequence()]
        self.open: list[Choice] = []
        self.outermost: list[Choice] = []
        self.at = 0

    def read(self) -> Braced:
        for token in _TOKEN.finditer(self.mask):
            self._token(token[0], token.start(), token.end())
        self._words(len(self.text))
        for choice in self.open[:_MOST_TOLD]:
            sentence = say("This brace is never closed. Type {typed} for the character.", typed="\\{")
            self._refuse_lone("{", "unclosed_brace", sentence, choice.start)
        return Braced(self.rows[0], self.outermost)

    def _token(self, sign: str, start: int, end: int) -> None:
        if sign.startswith("\\"):
            if self.open and sign[1] not in "{}":
                self._words(start)
                self.at = start + 1
        elif sign == "{":
            self._words(start)
            self.open.append(Choice(start))
            self.rows.append(Sequence())
            self.at = end
            if len(self.open) == MAX_DEPTH + 1:
                sentence = say("Braces lie in each other at most {most} deep.", most=MAX_DEPTH)
                self.findings.refuse("nested_too_deeply", sentence, start, end)
        elif sign == "}" and not self.open:
            sentence = say("There is no brace that this one closes. Type {typed} for the character.", typed="\\}")
            self._refuse_lone("}", "stray_brace", sentence, start)
        elif self.open:
            self._words(start)
            self._end_option()
            self.at = end
            if sign == "}":
                self._close(end)
            else:
                self.rows.append(Sequence())

    def _words(self, end: int) -> None:
        if self.at < end:
            self.rows[-1].items.append((self.at, end))
        self.at = end

    def _end_option(self) -> None:
        option = self.rows.pop()
        _trim(option, self.text)
        choice = self.open[-1]
        choice.options.append(option)
        choice.count = min(choice.count + option.count, MOST_COUNTED)

    def _close(self, end: int) -> None:
        choice = self.open.pop()
        choice.end = end
        row = self.rows[-1]
        if len(choice.options) == 1 and not choice.options[0].items:
            fix = Fix(say("Remove it"), "")
            self.findings.refuse("empty_choice", say("There is nothing to choose from."), choice.start, end, fix)
        row.items.append(choice)
        row.count = min(row.count * choice.count, MOST_COUNTED)
        if not self.open:
            self.outermost.append(choice)

    def _refuse_lone(self, brace: str, code: str, sentence: str, at: int) -> None:
        if len(self.findings.problems) > _MOST_TOLD:
            return
        fix = Fix(say("Use {value}", value=f"\\{brace}"), f"\\{brace}")
        self.findings.refuse(code, sentence, at, at + 1, fix)


def _trim(option: Sequence, text: str) -> None:
    """Takes the white space off both ends, and what is then empty."""
    if option.items and not isinstance(first := option.items[0], Choice):
        start = first[1] - len(text[slice(*first)].lstrip())
        option.items[:1] = [(start, first[1])] if start < first[1] else []
    if option.items and not isinstance(last := option.items[-1], Choice):
        end = last[0] + len(text[slice(*last)].rstrip())
        option.items[-1:] = [(last[0], end)] if last[0] < end else []
