from dataclasses import fields

import pytest

from generation.prompts.help import help_rows
from generation.prompts.parameters import BY_NAME, CONFLICTS, GROUPS, PARAMETERS, REFUSED, Parameter
from generation.prompts.parser import check, parse
from generation.prompts.spec import PromptSpec

ROWS = [pytest.param(row, id=row.name) for row in PARAMETERS]


def test_no_name_means_two_things():
    assert len(BY_NAME) == sum(1 + len(row.aliases) for row in PARAMETERS)


@pytest.mark.parametrize("row", ROWS)
def test_every_row_sets_a_field_of_the_spec(row: Parameter):
    assert row.field in {field.name for field in fields(PromptSpec)}


@pytest.mark.parametrize("row", ROWS)
def test_every_name_and_its_example_parse(row: Parameter):
    specs = {parse(f"poppies --{name} {row.example}") for name in (row.name, *row.aliases)}
    assert len(specs) == 1
    assert specs.pop().given == {row.name}


@pytest.mark.parametrize("row", help_rows(), ids=lambda row: row.name)
def test_every_example_of_the_help_page_can_be_run(row):
    assert check(row.example).problems == ()


def test_the_help_page_shows_every_parameter_with_its_range_and_default():
    rows = {row.name: row for row in help_rows()}
    assert list(rows) == [f"--{row.name}" for row in PARAMETERS]
    assert rows["--stylize"].aliases == ("--s",)
    assert (rows["--stylize"].allowed, rows["--stylize"].default) == ("0 to 1000", "100")
    assert rows["--stylize"].example == "a lighthouse by the sea --stylize 250"
    assert rows["--stealth"].allowed == ""


def test_the_help_page_says_what_changes_nothing_and_what_belongs_together():
    rows = {row.name: row for row in help_rows()}
    assert rows["--niji"].reason.startswith("Midjourney's models are not here")
    assert rows["--stylize"].reason == ""
    assert (rows["--iw"].group, rows["--iw"].example) == (
        "Images",
        "https://example.com/fox.png a lighthouse by the sea --iw 1.5",
    )


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_its_shelf_and_says_why_where_it_is_noted(row: Parameter):
    assert row.group in GROUPS
    assert bool(row.reason) == (row.effect == "noted")
    assert all(name in BY_NAME for name in row.conflicts)
    assert all(name == "images" or name in BY_NAME for name in row.needs)


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row.name)
def test_what_cannot_be_had_says_why(row):
    for name in (row.name, *row.aliases):
        (problem,) = check(f"poppies --{name}").problems
        assert (problem.code, problem.sentence) == ("unavailable", row.shown_reason)
        assert name not in BY_NAME


def test_exclusion_goes_both_ways():
    assert all(name in CONFLICTS[other] for name, others in CONFLICTS.items() for other in others)
