"""Writes a spec as the one text that stands for its meaning."""

from __future__ import annotations

from collections.abc import Iterator

from generation.contracts import PromptPart
from generation.prompts.lexer import escaped
from generation.prompts.parameters import PARAMETERS
from generation.prompts.spec import PromptSpec


def canonical(spec: PromptSpec) -> str:
    """The text of the spec's meaning: `parse(canonical(spec)) == spec`.

    Prompts of equal meaning have equal canonical text, so that it may be hashed. Parameters stand in the
    table's order under their long names; those that were not typed are left out.
    """
    return " ".join([*spec.images, *_words(spec.parts), *_parameters(spec)])


def _words(parts: tuple[PromptPart, ...]) -> Iterator[str]:
    if len(parts) == 1:
        yield escaped(parts[0].text)
        return
    for part in parts:
        yield f"{escaped(part.text)}{_gap(part.text)}::{part.weight:.0f}"


def _gap(text: str) -> str:
    """A space where the words end in a colon: three colons would be text."""
    return " " if text.endswith(":") else ""


def _parameters(spec: PromptSpec) -> Iterator[str]:
    for parameter in PARAMETERS:
        if parameter.name in spec.given:
            value = parameter.kind.write(getattr(spec, parameter.field))
            yield f"--{parameter.name} {escaped(value)}".rstrip()
