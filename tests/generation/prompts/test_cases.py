"""Every case file: what is typed, and what must come of it."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from generation.prompts.canonical import canonical
from generation.prompts.parser import check, parse
from generation.prompts.problems import PromptProblem

FOLDER = Path(__file__).parents[2] / "cases" / "prompts"
NOTE = re.compile(r"([!?]) (\d+)-(\d+) (\w+)(?: \| (.*))?")


@dataclass
class Case:
    typed: str
    canonical: str | None = None
    notes: list[tuple[str, int, int, str, str | None]] = field(default_factory=list)


def read_cases(path: Path) -> list[Case]:
    _, *blocks = path.read_text(encoding="utf-8").strip().split("\n\n")
    return [read_case(block.split("\n")) for block in blocks]


def read_case(lines: list[str]) -> Case:
    case = Case(read_typed(lines[0]))
    for line in lines[1:]:
        if line.startswith("= "):
            case.canonical = line[2:]
        else:
            sign, start, end, code, mended = NOTE.fullmatch(line).groups()
            case.notes.append((sign, int(start), int(end), code, read_mended(mended)))
    return case


def read_typed(line: str) -> str:
    return json.loads(line[3:]) if line.startswith(">> ") else line[2:]


def read_mended(text: str | None) -> str | None:
    if text is None or not text.startswith(">"):
        return text
    return json.loads(text[2:]) if text.startswith(">>") else text[1:].removesuffix("<")


CASES = [
    pytest.param(case, id=f"{path.stem}: {case.typed[:60]!a}")
    for path in sorted(FOLDER.glob("*.txt"))
    for case in read_cases(path)
]


def as_note(sign: str, problem: PromptProblem, typed: str) -> tuple[str, int, int, str, str | None]:
    mended = problem.mended(typed) if problem.fix else None
    return (sign, problem.start, problem.end, problem.code, mended)


@pytest.mark.parametrize("case", CASES)
def test_it_reads_the_case_as_written(case: Case):
    reading = check(case.typed)
    said = [as_note("!", problem, case.typed) for problem in reading.problems]
    said += [as_note("?", warning, case.typed) for warning in reading.warnings]
    assert said == case.notes
    assert (canonical(reading.spec) if reading.spec else None) == case.canonical


@pytest.mark.parametrize("case", [case for case in CASES if case.values[0].canonical])
def test_the_canonical_text_means_the_same(case: Case):
    spec = parse(case.typed)
    assert parse(canonical(spec)) == spec


def test_every_file_holds_a_case():
    assert len(list(FOLDER.glob("*.txt"))) >= 33
    assert all(read_cases(path) for path in FOLDER.glob("*.txt"))
