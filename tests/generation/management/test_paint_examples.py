"""`manage.py paint_examples`, as somebody at a terminal sees it."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from generation.errors import ExampleFailedError
from generation.jobs.examples import FOLDER
from generation.workers import examples
from generation.workers.examples import Summary


def test_it_says_what_was_painted(monkeypatch):
    asked = []

    def paint(folder: Path, *, anew: bool, tell: object) -> Summary:
        asked.append((folder, anew))
        return Summary(painted=2, kept=3, removed=1, size_bytes=9_400)

    monkeypatch.setattr(examples, "paint_examples", paint)
    said = StringIO()
    call_command("paint_examples", "--anew", stdout=said)
    assert asked == [(FOLDER, True)]
    assert said.getvalue() == f"2 painted, 3 kept, 1 removed; 9 kB in {FOLDER}.\n"


def test_it_says_what_was_not(monkeypatch):
    def fail(folder: Path, **_: object) -> Summary:
        raise ExampleFailedError(f"Nothing was painted into {folder}.")

    monkeypatch.setattr(examples, "paint_examples", fail)
    with pytest.raises(CommandError, match=r"Nothing was painted into /nowhere\."):
        call_command("paint_examples", "--out", "/nowhere")
