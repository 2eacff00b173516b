"""The evaluation as a file for programs and a file for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from generation.starter.training.files import write_text

Table = dict[str, Any]
JSON_FILE: Final = "evaluation.json"
MARKDOWN_FILE: Final = "evaluation.md"


def write_table(table: Table, folder: Path) -> None:
    """Effects: writes evaluation.json and evaluation.md."""
    write_text(json.dumps(table, indent=1) + "\n", folder / JSON_FILE)
    write_text(markdown(table), folder / MARKDOWN_FILE)


def markdown(table: Table, title: str = "Evaluation of the starter model") -> str:
    """Sections of the table: rows of figures become Markdown tables, single figures become lines."""
    parts = [f"# {title}"]
    for name, content in table.items():
        parts.append(f"## {name}\n\n{_section(content)}" if isinstance(content, dict) else f"{name}: {content}")
    return "\n\n".join(parts) + "\n"


def _section(content: Table) -> str:
    rows = {name: value for name, value in content.items() if isinstance(value, dict)}
    lines = [f"- {name}: {value}" for name, value in content.items() if name not in rows]
    return "\n\n".join(part for part in ("\n".join(lines), _grid(rows)) if part)


def _grid(rows: dict[str, Table]) -> str:
    """Rows of figures under the columns that any of them has."""
    if not rows:
        return ""
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    lines = [["", *columns], ["---"] * (len(columns) + 1)]
    lines += [[name, *(str(row.get(column, "")) for column in columns)] for name, row in rows.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
