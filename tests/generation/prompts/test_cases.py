"""Every case file: what is typed, and what must come of it."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from generation.prompts.canonical import canonical
from generation.prompts.defaults import with_defaults
from generation.prompts.parser import Reading, check, parse
from generation.prompts.permutations import check_all, expand
from generation.prompts.problems import PromptProblem

FOLDER = Path(__file__).parents[2] / "cases" / "prompts"
NOTE = re.compile(r"([!?]) (\d+)-(\d+) (\w+)(?: \| (.*))?")


@dataclass
class Case:
    typed: str
    canonical: str | None = None
    jobs: list[str] = field(default_factory=list)
    option_sets: dict[str, str] = field(default_factory=dict)
    suffix: str = ""
    account: str = ""
    notes: list[tuple[str, int, int, str, str | None]] = field(default_factory=list)


def read_cases(path: Path) -> list[Case]:
    _, *blocks = path.read_text(encoding="utf-8").strip().split("\n\n")
    return [read_case(block.split("\n")) for block in blocks]


def read_case(lines: list[str]) -> Case:
    case = Case(read_typed(lines[0]))
    for line in lines[1:]:
        sign, rest = line[0], line[2:]
        if sign == "=":
            case.canonical = rest
        elif sign == "*":
            case.jobs.append(rest)
        elif sign == "&":
            name, case.option_sets[name] = rest.split(" = ", 1)
        elif sign == "~":
            case.suffix = rest
        elif sign == "@":
            case.account = rest
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


def named(pattern: str) -> list[object]:
    return [
        pytest.param(case, id=f"{path.stem}: {case.typed[:60]!a}")
        for path in sorted(FOLDER.glob(pattern))
        for case in read_cases(path)
    ]


ONE = named("[!psd]*.txt")
SEVERAL = named("[psd]*.txt")


def as_note(sign: str, problem: PromptProblem, typed: str) -> tuple[str, int, int, str, str | None]:
    mended = problem.mended(typed) if problem.fix else None
    return (sign, problem.start, problem.end, problem.code, mended)


def said(reading: Reading, typed: str) -> list[tuple[str, int, int, str, str | None]]:
    problems = [as_note("!", problem, typed) for problem in reading.problems]
    return problems + [as_note("?", warning, typed) for warning in reading.warnings]


@pytest.mark.parametrize("case", ONE)
def test_it_reads_the_case_as_written(case: Case):
    reading = check(case.typed)
    assert said(reading, case.typed) == case.notes
    assert (canonical(reading.spec) if reading.spec else None) == case.canonical


@pytest.mark.parametrize("case", SEVERAL)
def test_it_makes_the_jobs_as_written(case: Case):
    reading = check_all(case.typed, option_sets=case.option_sets, suffix=case.suffix)
    assert said(reading, case.typed) == case.notes
    if case.jobs:
        expansion = expand(case.typed, option_sets=case.option_sets, suffix=case.suffix)
        assert [with_defaults(text, case.account) for text in expansion.prompts] == case.jobs
        assert reading.jobs == expansion.count == len(case.jobs)
        assert parse(expansion.prompts[0]) == reading.spec
    else:
        assert reading.spec is None


@pytest.mark.parametrize("case", [case for case in ONE if case.values[0].canonical])
def test_the_canonical_text_means_the_same(case: Case):
    spec = parse(case.typed)
    assert parse(canonical(spec)) == spec


def test_every_file_holds_a_case():
    assert all(read_cases(path) for path in FOLDER.glob("*.txt"))


@pytest.mark.parametrize(("letter", "count"), [("g", 23), ("w", 18), ("p", 15)])
def test_every_numbered_rule_has_its_file(letter, count):
    assert {f"{letter}{number:02}" for number in range(1, count + 1)} <= {path.stem for path in FOLDER.glob("*.txt")}
