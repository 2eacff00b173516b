"""Reads typed parameters into values by the table, noting whatever is wrong with each."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, cast

from generation.prompts.lexer import DASHES_AND_NAME, QUOTED, Lexed, Segment, is_visible, one_line
from generation.prompts.naming import refuse_name, short
from generation.prompts.parameters import BY_NAME
from generation.prompts.problems import Findings, Fix
from generation.prompts.references import Reference
from generation.prompts.relations import Values, note_earlier
from generation.prompts.table.row import NEEDED, Parameter
from generation.prompts.table.style import RAW
from generation.prompts.values import BadValueError, Kind, ListKind, ModelName, TakenAsError
from generation.prompts.weights import weight_marks
from mjweb.common.saying import say

MAX_PARAMETERS = 100

_COMMAS = ",;，、；"  # noqa: RUF001 - full-width ones are typed too
_TRAILING = f"""{_COMMAS}.:!?…。：！？"'”’)]}}\\"""  # noqa: RUF001
_GLUED = re.compile(r"(?<!-)-{2,}+(?=[^\W\d_])")
_ITEM = re.compile(r"[^,，、]+")  # noqa: RUF001


def read_parameters(
    lexed: Lexed, findings: Findings, models: Sequence[str] | None = None, option_sets: Collection[str] = ()
) -> Values:
    """The value of every field, by what was typed and the table's defaults.

    models: the names of models that there are; None takes any. option_sets: further names, which are near others.
    """
    values = Values()
    _refuse_too_many(lexed, findings)
    for segment in lexed.segments[:MAX_PARAMETERS]:
        parameter = BY_NAME.get(segment.name)
        if parameter is None:
            refuse_name(lexed, segment, findings, option_sets)
            continue
        note_earlier(parameter, segment, values, findings)
        reader = _Reader(lexed, segment, parameter, _among(parameter.kind, models), findings)
        for value in reader.read(values.fields[parameter.field]):
            _set(parameter, segment, value, values)
    return values


def _refuse_too_many(lexed: Lexed, findings: Findings) -> None:
    """Nobody means so many; what follows is not even read, so that vandals cannot make the reading long."""
    if len(lexed.segments) > MAX_PARAMETERS:
        sentence = say(
            "A prompt has at most {most} parameters. This one has {count}.",
            most=MAX_PARAMETERS,
            count=len(lexed.segments),
        )
        start, end = lexed.segments[MAX_PARAMETERS].start, lexed.segments[-1].end
        findings.refuse("too_many_parameters", sentence, start, end, Fix(say("Remove the others"), ""))


def _set(parameter: Parameter, segment: Segment, value: Any, values: Values) -> None:
    if parameter.field == "style" and value == RAW:
        values.set(BY_NAME[RAW], segment, True)
    else:
        values.set(parameter, segment, value)


def _among(kind: Kind, models: Sequence[str] | None) -> Kind:
    """The kind, which takes no other models than these."""
    return replace(kind, known=tuple(models)) if isinstance(kind, ModelName) and models is not None else kind


class _Reader:
    """Reads the value of one typed parameter."""

    def __init__(self, lexed: Lexed, segment: Segment, parameter: Parameter, kind: Kind, findings: Findings) -> None:
        self.lexed = lexed
        self.segment = segment
        self.parameter = parameter
        self.kind = kind
        self.findings = findings

    def read(self, before: Any) -> list[Any]:
        """The value as a list of one; empty when there is none to take.

        before: what was typed earlier for the same field, or its default.
        """
        words = list(self.lexed.words(self.segment.name_end, self.segment.end))
        if words and words[0][0] == self.segment.name_end:
            self._refuse_touching(words[0])
            return []
        if self.kind.takes == "nothing":
            self._refuse_extra(words)
            return [self.kind.read("")]
        if not words:
            return self._bare()
        if self.kind.takes == "word":
            return self._word(words)
        items = self._phrases() if self.kind.takes == "phrases" else self._items(words)
        return self._gathered(before, items)

    def _bare(self) -> list[Any]:
        if self.parameter.bare is not NEEDED:
            return [self.parameter.bare]
        example = f"{self.segment.spelling} {self.parameter.example}"
        sentence = say("{name} needs a value, such as {example}.", name=self.segment.spelling, example=example)
        fix = Fix(say("Use {value}", value=example), example)
        self.findings.refuse("missing_value", sentence, self.segment.start, self.segment.name_end, fix)
        return []

    def _refuse_touching(self, word: tuple[int, int]) -> None:
        """`--ar=3:2`, `--stealth.`: the name must end with a space."""
        start, end = word
        rest = self.lexed.text[start:end]
        glued = _GLUED.match(rest)
        value = rest if glued else rest.lstrip("=:：")  # noqa: RUF001
        mended = value and value.strip(_TRAILING)
        fix = Fix(say("Put a space there"), f" {value}") if mended else Fix(say("Remove it"), "")
        sentence = say("{name} must be followed by a space.", name=self.segment.spelling)
        self.findings.refuse("stray_punctuation", sentence, start, end, fix)

    def _refuse_extra(self, words: Sequence[tuple[int, int]]) -> None:
        if words:
            start, end = words[0][0], words[-1][1]
            shown = short(one_line(self.lexed.text[start:end]))
            sentence = say(
                "Words go before the parameters. “{shown}” stands after {name}.",
                shown=shown,
                name=self.segment.spelling,
            )
            fix = Fix(say("Remove “{shown}”", shown=shown), "")
            self.findings.refuse("words_after_parameter", sentence, start, end, fix)

    def _word(self, words: Sequence[tuple[int, int]]) -> list[Any]:
        """The value of a parameter that takes one word, judged without what sticks to its end."""
        (start, end), *extra = words
        glued = _GLUED.search(self.lexed.mask, start, end)
        if glued and glued.start() > start:
            self._refuse_glued(glued.start(), end)
            end = glued.start()
        else:
            self._refuse_extra(extra)
        return self._value(start, self._without_stray(start, end))

    def _without_stray(self, start: int, end: int) -> int:
        """Where the value ends when what must not follow it is left out."""
        if self.lexed.mask[start] == QUOTED:
            return end
        strays = _COMMAS if self.kind.takes == "items" or isinstance(self.kind, Reference) else _TRAILING
        typed = self.lexed.text[start:end]
        kept = start + len(typed.rstrip(strays))
        if not start < kept < end:
            return end
        sentence = say("Nothing may follow the value of {name} but a space.", name=self.segment.spelling)
        fix = Fix(say("Remove “{shown}”", shown=short(self.lexed.text[kept:end])), "")
        self.findings.refuse("stray_punctuation", sentence, kept, end, fix)
        return kept

    def _value(self, start: int, end: int) -> list[Any]:
        spelling = self.segment.spelling
        try:
            return [self.kind.read(self.lexed.text[start:end])]
        except TakenAsError as meant:
            self.findings.warn("taken_as", meant.told(spelling), start, end)
            return [meant.value]
        except BadValueError as bad:
            fix = None if bad.use is None else Fix(say("Use {value}", value=short(bad.use)), bad.use)
            self.findings.refuse(bad.code, bad.told(spelling), start, end, fix)
            return []

    def _refuse_glued(self, start: int, end: int) -> None:
        typed = self.lexed.text[start:end]
        sentence = say("There must be a space before {shown}.", shown=short(typed))
        self.findings.refuse("missing_space", sentence, start, end, Fix(say("Put a space there"), f" {typed}"))

    def _items(self, words: Sequence[tuple[int, int]]) -> list[Any]:
        read = [self._value(start, self._without_stray(start, end)) for start, end in words]
        return [value for values in read for value in values] if all(read) else []

    def _phrases(self) -> list[Any]:
        lexed, segment = self.lexed, self.segment
        for left, right in weight_marks(lexed, segment.name_end, segment.end):
            fix = Fix(say("Remove {what}", what=short(lexed.text[left:right])), " ")
            sentence = say("{name} takes words without ::.", name=segment.spelling)
            self.findings.refuse("weight_in_list", sentence, left, right, fix)
        phrases = []
        for item in _ITEM.finditer(lexed.mask, segment.name_end, segment.end):
            typed = lexed.text[item.start() : item.end()]
            if not is_visible(typed):
                continue
            begin = item.end() - len(typed.lstrip())
            if DASHES_AND_NAME.match(lexed.mask, begin):
                self._refuse_glued(begin, item.end())
            phrases.append(lexed.written(item.start(), item.end()))
        return phrases or self._bare()

    def _gathered(self, before: Any, items: Sequence[Any]) -> list[Any]:
        if not items:
            return []
        kind = cast("ListKind", self.kind)
        try:
            return [kind.gather([*before, *items] if kind.adds_up else items)]
        except BadValueError as bad:
            self.findings.refuse(bad.code, bad.told(self.segment.spelling), self.segment.start, self.segment.end)
            return []
