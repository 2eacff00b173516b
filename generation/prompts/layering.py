"""Who says what counts: typed > option set > suffix > account > server.

What is said in a higher place makes what a lower one says about the same thing go, even where it only says the
default. `--no` alone adds up through all of them: nobody's wish to keep something out contradicts another's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from generation.prompts.lexer import Lexed, Segment, lex
from generation.prompts.parameters import BY_NAME, CONFLICTS
from generation.prompts.table.row import Parameter
from generation.prompts.table.style import RAW
from generation.prompts.traced import Layer, Piece, Traced
from generation.prompts.values import BadValueError

_GOES_ON: Final = ",.;:，。、；："  # noqa: RUF001
_REPEAT: Final = BY_NAME["repeat"]


def with_suffix(prompt: Traced, suffix: str, end: int) -> Traced:
    """The prompt with the words of the suffix after its own, and the parameters of the suffix after its own.

    end: where the typed text ends, which is where the suffix is told to stand.
    """
    if not suffix.strip():
        return prompt
    added, own = lex(suffix), lex(prompt.text)
    words, parameters = suffix[: added.words_end].strip(), suffix[added.words_end :].strip()
    kept = len(prompt.text[: own.words_end].rstrip())
    return Traced(
        [
            *prompt.cut(0, kept),
            Piece(_spaced(words), end, end, Layer.SUFFIX),
            *prompt.cut(kept, len(prompt.text)),
            Piece(_spaced(parameters), end, end, Layer.SUFFIX),
        ]
    )


def _spaced(words: str) -> str:
    """With a space in front, unless these go on like `, by night`."""
    return words if not words or words[0] in _GOES_ON else f" {words}"


def settled(prompt: Traced) -> Traced:
    """The prompt without the parameters that a higher layer overrules."""
    lexed = lex(prompt.text)
    said = [(segment, row, prompt.layer(segment.start)) for segment in lexed.segments if (row := _row(lexed, segment))]
    if all(layer == Layer.TYPED for _, _, layer in said):
        return prompt
    highest: dict[str, Layer] = {}  # by field, and by name
    for _, row, layer in said:
        for key in (row.field, row.name):
            highest[key] = min(highest.get(key, layer), layer)
    overruled = [segment for segment, row, layer in said if _is_overruled(row, layer, highest)]
    return _without(prompt, lexed, overruled)


def without_repeat(prompt: Traced) -> tuple[Traced, int]:
    """The prompt without `--repeat`, and how often it is run. One that cannot be read stays, for the parser to tell."""
    lexed = lex(prompt.text)
    typed = [segment for segment in lexed.segments if BY_NAME.get(segment.name) is _REPEAT]
    try:
        times = [int(_REPEAT.kind.read(prompt.text[segment.name_end : segment.end].strip())) for segment in typed]
    except BadValueError:
        return prompt, 1
    return _without(prompt, lexed, typed), times[-1] if times else 1


def _is_overruled(row: Parameter, layer: Layer, highest: Mapping[str, Layer]) -> bool:
    if row.kind.takes == "phrases":
        return False
    return any(highest.get(key, layer) < layer for key in (row.field, *CONFLICTS[row.name]))


def _row(lexed: Lexed, segment: Segment) -> Parameter | None:
    """The parameter's row; of `--style raw` that of `--raw`."""
    value = lexed.text[segment.name_end : segment.end].strip().casefold()
    return BY_NAME.get(RAW if segment.name == "style" and value == RAW else segment.name)


def _without(prompt: Traced, lexed: Lexed, left_out: list[Segment]) -> Traced:
    if not left_out:
        return prompt
    gone = {segment.start for segment in left_out}
    return Traced(piece for span in _spans(lexed) if span[0] not in gone for piece in prompt.cut(*span))


def _spans(lexed: Lexed) -> Iterator[tuple[int, int]]:
    """The text in stretches: the words, then each parameter up to the next one."""
    starts = [segment.start for segment in lexed.segments]
    yield 0, starts[0] if starts else len(lexed.text)
    yield from zip(starts, [*starts[1:], len(lexed.text)], strict=False)
