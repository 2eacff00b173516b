"""`python -m generation.events.document`: writes the tables of docs/events.md from the types that travel."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Final

from generation.events.types import EVENTS, SCHEMA, Event

PAGE: Final = Path(__file__).parents[2] / "docs" / "events.md"
_PART: Final = re.compile(r"<!-- events -->\n.*?<!-- end -->", re.DOTALL)
_FIELD: Final = re.compile(r"^(\w+): (.+)$", re.MULTILINE)
_JSON: Final = {"str": "text", "int": "whole number", "tuple[str, ...]": "list of texts", "Change": "text"}


def document(page: str) -> str:
    """The page with its tables as they are now."""
    lines = [line for name, event in EVENTS.items() for line in _event(name, event)]
    return _PART.sub(lambda _: "<!-- events -->\n" + "\n".join(lines) + "\n<!-- end -->", page)


def _event(name: str, event: type[Event]) -> Iterator[str]:
    said = inspect.getdoc(event) or ""
    sentences = {found[1]: found[2] for found in _FIELD.finditer(said)}
    yield from (
        f"### `{name}`",
        "",
        said.partition("\n\n")[0],
        "",
        "| field | value | what it says |",
        "| --- | --- | --- |",
    )
    yield f"| `type` | text | `{name}` |"
    yield f"| `schema` | whole number | {SCHEMA} |"
    for field in fields(event):
        kind, _, may_be_null = str(field.type).partition(" | ")
        value = _JSON[kind] + (" or null" if may_be_null else "")
        yield f"| `{field.name}` | {value} | {sentences[field.name]} |"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(document(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
