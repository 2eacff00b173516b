"""Reads typed parameters into values by the table, noting whatever is wrong with each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from generation.prompts.lexer import DASHES_AND_NAME, Lexed, Segment, is_visible, one_line
from generation.prompts.parameters import BY_NAME, PARAMETERS, Parameter
from generation.prompts.problems import Findings, Fix
from generation.prompts.values import BadValueError, Kind, ModelName
from generation.prompts.weights import weight_marks

_TRAILING = re.compile(r"""[,.;:!?…，。；：！？、"'”’)\]}]+\Z""")  # noqa: RUF001 - full-width ones are typed too
_GLUED = re.compile(r"-{2,}[^\W\d_]")
_NAME_AND_DIGITS = re.compile(r"([^\W\d_]+)(\d.*)")
_ITEM = re.compile(r"[^,，、]+")  # noqa: RUF001
_LONGEST_NAME = 20  # nobody means a parameter with a longer one, and the comparison is not linear
_LONGEST_SHOWN = 30


class Values:
    """What was typed, by the table: a value for each field, and which parameters were given."""

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {row.field: row.default for row in PARAMETERS}
        self.given: dict[str, Parameter] = {}  # by field

    def set(self, parameter: Parameter, value: Any) -> None:
        """Takes the value as typed; a later one replaces an earlier one, phrases are added up."""
        if parameter.kind.takes == "words":
            value = tuple(dict.fromkeys([*self.fields[parameter.field], *value]))
        self.fields[parameter.field] = value
        self.given[parameter.field] = parameter


def read_parameters(lexed: Lexed, findings: Findings, models: Sequence[str] | None = None) -> Values:
    """The value of every field, by what was typed and the table's defaults.

    models: the names of models that there are; None takes any.
    """
    values = Values()
    for segment in lexed.segments:
        parameter = BY_NAME.get(segment.name)
        if parameter is None:
            _refuse_unknown(lexed, segment, findings)
        else:
            _note_repeated(segment, parameter, values, findings)
            kind = _among(parameter.kind, models)
            for value in _read(lexed, segment, parameter, kind, findings):
                values.set(parameter, value)
    return values


def _among(kind: Kind, models: Sequence[str] | None) -> Kind:
    """The kind, which takes no other models than these."""
    return replace(kind, known=tuple(models)) if isinstance(kind, ModelName) and models is not None else kind


def _note_repeated(segment: Segment, parameter: Parameter, values: Values, findings: Findings) -> None:
    earlier = values.given.get(parameter.field)
    if earlier is None or parameter.kind.takes == "words":
        return
    if earlier is parameter:
        findings.warn(
            "repeated", f"{segment.spelling} is typed twice. The last one counts.", segment.start, segment.end
        )
    else:
        sentence = f"--{earlier.name} and {segment.spelling} exclude each other."
        fix = Fix(f"Remove {segment.spelling}", "")
        findings.refuse("exclusive", sentence, segment.start, segment.name_end, fix)


def _refuse_unknown(lexed: Lexed, segment: Segment, findings: Findings) -> None:
    """An unknown name is never taken for words: say so, with the nearest name or a way out."""
    sentence = f"--{_short(segment.name)} is not a parameter."
    near = _nearest(segment.name)
    if near:
        findings.refuse(
            "unknown_parameter",
            f"{sentence} Did you mean --{near}?",
            segment.start,
            segment.name_end,
            Fix(f"Use --{near}", f"--{near}"),
        )
    else:
        fix = _way_out(lexed, segment)
        findings.refuse("unknown_parameter", sentence, segment.start, segment.end, fix)


def _nearest(name: str) -> str | None:
    """The known name most like this one; a number that touches the name (`s250`) is split off."""
    if len(name) > _LONGEST_NAME:
        return None
    split = _NAME_AND_DIGITS.fullmatch(name)
    if split and split[1] in BY_NAME:
        return f"{split[1]} {split[2]}"
    near = get_close_matches(name, BY_NAME, n=1, cutoff=0.7)
    return near[0] if near else None


def _way_out(lexed: Lexed, segment: Segment) -> Fix:
    """Words after a long dash were hardly meant as a parameter; anything else can only go."""
    if not segment.dashes.startswith("-") and segment.start == lexed.words_end:
        return Fix(
            "Keep it as words", f"{segment.dashes} {lexed.text[segment.start + len(segment.dashes) : segment.end]}"
        )
    return Fix(f"Remove --{_short(segment.name)}", "")


def _read(lexed: Lexed, segment: Segment, parameter: Parameter, kind: Kind, findings: Findings) -> list[Any]:
    """The value as a list of one; empty when there is none to take."""
    if parameter.kind.takes == "words":
        return _read_phrases(lexed, segment, parameter, findings)
    words = list(lexed.words(segment.name_end, segment.end))
    if words and words[0][0] == segment.name_end:
        _refuse_touching(lexed, segment, words[0], findings)
        return []
    if parameter.kind.takes == "nothing":
        _refuse_extra(lexed, segment, words, findings)
        return [parameter.kind.read("")]
    if not words:
        _refuse_missing(segment, parameter, findings)
        return []
    return _read_word(lexed, segment, kind, words, findings)


def _refuse_missing(segment: Segment, parameter: Parameter, findings: Findings) -> None:
    example = f"{segment.spelling} {parameter.example}"
    sentence = f"{segment.spelling} needs a value, such as {example}."
    findings.refuse("missing_value", sentence, segment.start, segment.name_end, Fix(f"Use {example}", example))


def _refuse_touching(lexed: Lexed, segment: Segment, word: tuple[int, int], findings: Findings) -> None:
    """`--ar=3:2`, `--stealth.`: the name must end with a space."""
    start, end = word
    rest = lexed.text[start:end]
    glued = _GLUED.match(rest)
    value = rest if glued else rest.lstrip("=:：")  # noqa: RUF001
    fix = Fix("Put a space there", f" {value}") if value and not _TRAILING.match(value) else Fix("Remove it", "")
    findings.refuse("stray_punctuation", f"{segment.spelling} must be followed by a space.", start, end, fix)


def _refuse_extra(lexed: Lexed, segment: Segment, words: list[tuple[int, int]], findings: Findings) -> None:
    if words:
        start, end = words[0][0], words[-1][1]
        shown = _short(one_line(lexed.text[start:end]))
        sentence = f"Words go before the parameters. “{shown}” stands after {segment.spelling}."
        findings.refuse("words_after_parameter", sentence, start, end, Fix(f"Remove “{shown}”", ""))


def _read_word(
    lexed: Lexed, segment: Segment, kind: Kind, words: list[tuple[int, int]], findings: Findings
) -> list[Any]:
    """The value of a parameter that takes one word, judged without what sticks to its end."""
    (start, end), *extra = words
    glued = _GLUED.search(lexed.mask, start, end)
    if glued and glued.start() > start:
        _refuse_glued(lexed, glued.start(), end, findings)
        end = glued.start()
    else:
        _refuse_extra(lexed, segment, extra, findings)
    stray = _TRAILING.search(lexed.text[start:end])
    if stray and stray.start():
        sentence = f"Nothing may follow the value of {segment.spelling} but a space."
        findings.refuse("stray_punctuation", sentence, start + stray.start(), end, Fix(f"Remove “{stray[0]}”", ""))
        end = start + stray.start()
    try:
        return [kind.read(lexed.text[start:end])]
    except BadValueError as bad:
        fix = None if bad.use is None else Fix(f"Use {bad.use}", bad.use)
        findings.refuse(bad.code, f"{segment.spelling} {bad.what}.", start, end, fix)
        return []


def _refuse_glued(lexed: Lexed, start: int, end: int, findings: Findings) -> None:
    typed = lexed.text[start:end]
    sentence = f"There must be a space before {_short(typed)}."
    findings.refuse("missing_space", sentence, start, end, Fix("Put a space there", f" {typed}"))


def _read_phrases(lexed: Lexed, segment: Segment, parameter: Parameter, findings: Findings) -> list[Any]:
    start = segment.name_end
    if start < segment.end and not lexed.mask[start].isspace():
        _refuse_touching(lexed, segment, next(lexed.words(start, segment.end)), findings)
        return []
    for left, right in weight_marks(lexed, start, segment.end):
        fix = Fix(f"Remove {lexed.text[left:right]}", " ")
        findings.refuse("weight_in_list", f"{segment.spelling} takes words without ::.", left, right, fix)
    phrases = []
    for item in _ITEM.finditer(lexed.mask, start, segment.end):
        typed = lexed.text[item.start() : item.end()]
        if not is_visible(typed):
            continue
        begin = item.end() - len(typed.lstrip())
        if DASHES_AND_NAME.match(lexed.mask, begin):
            _refuse_glued(lexed, begin, item.end(), findings)
        phrases.append(parameter.kind.read(typed))
    if not phrases:
        _refuse_missing(segment, parameter, findings)
    return [phrases] if phrases else []


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
