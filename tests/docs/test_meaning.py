"""docs/meaning.md and the code that it describes say the same."""

from __future__ import annotations

import re
from pathlib import Path

from generation.jobs import meaning
from generation.prompts.parameters import PARAMETERS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "meaning.md").read_text()
# Chosen or noted where a prompt is read, and no number of a plan.
ELSEWHERE = {"no", "sd", "fast", "turbo", "public", "unlisted", "stealth", "model", "lora", "repeat", "sv", "p"}
ELSEWHERE |= {"version", "niji"}


def test_its_table_is_that_of_the_code():
    rows = [line for line in meaning.__doc__.splitlines() if line.startswith("|")]
    assert rows
    assert "\n".join(rows) in TEXT


def test_every_parameter_that_becomes_a_number_is_in_the_table():
    named = set(re.findall(r"--([a-z]+)", meaning.__doc__))
    assert {row.name for row in PARAMETERS} - ELSEWHERE - named == set()
