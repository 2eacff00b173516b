"""Small files, whole or absent: a kill in the middle of writing leaves what was there before."""

from __future__ import annotations

from pathlib import Path


def write_text(text: str, file: Path) -> None:
    """Write a file beside its place, then put it there.

    Effects: makes the folder, replaces the file.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)
