"""`python -m generation.prompts.document`: writes the tables of docs/prompts.md from those that the parser reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from generation.prompts.examples import FOLDER, ROWS, Example, Row, after
from generation.prompts.parameters import GROUPS, PARAMETERS, REFUSED
from generation.prompts.styles import PRESETS
from generation.prompts.table.row import Parameter

PAGE: Final = Path(__file__).parents[2] / "docs" / "prompts.md"
_BEGIN: Final = "<!-- {} -->\n"
_END: Final = "<!-- end -->"


def document(page: str) -> str:
    """The page with its tables as they are now."""
    tables = {"parameters": _parameters(), "examples": _examples(), "refused": _refused(), "styles": _styles()}
    for name, lines in tables.items():
        before, begin, rest = page.partition(_BEGIN.format(name))
        _, end, after = rest.partition(_END)
        page = f"{before}{begin}{chr(10).join(lines)}\n{end}{after}"
    return page


def _parameters() -> Iterator[str]:
    for group, title in GROUPS.items():
        yield f"**{title}**\n"
        yield from _table(
            ("parameter", "values", "default", "what it does", "Midjourney's versions"),
            (_row(parameter) for parameter in PARAMETERS if parameter.group == group),
        )


def _row(parameter: Parameter) -> tuple[str, ...]:
    names = ", ".join(f"`--{name}`" for name in (parameter.name, *parameter.aliases))
    excludes = f" Not with {', '.join(f'--{name}' for name in parameter.conflicts)}." if parameter.conflicts else ""
    reason = f" {parameter.shown_reason}" if parameter.reason else ""
    what = f"{parameter.sentence}{excludes}{reason}"
    return names, parameter.kind.range or "–", parameter.default_text, what, parameter.versions  # noqa: RUF001


def _examples() -> Iterator[str]:
    for row in ROWS:
        yield f"{', '.join(f'`--{name}`' for name in row.shows)}: {row.words}\n"
        yield from _pictures(row)


def _pictures(row: Row) -> Iterator[str]:
    examples = list(row.examples)
    return _table(tuple(example.caption for example in examples), [tuple(map(_picture, examples))])


def _picture(example: Example) -> str:
    return f"![{example.prompt}](../static/{FOLDER}/{example.file})"


def _refused() -> Iterator[str]:
    names = ((", ".join(f"`--{name}`" for name in (row.name, *row.aliases)), row.shown_reason) for row in REFUSED)
    return _table(("name", "why"), names)


def _styles() -> Iterator[str]:
    rows = ((f"`{one.name}`", _picture(after(one)), one.sentence, one.group) for one in PRESETS.values())
    return _table(("style", "picture", "what one gets", "shelf"), rows)


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for row in (headings, ("---",) * len(headings), *rows):
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(document(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
