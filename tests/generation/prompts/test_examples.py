"""What the pictures of the help page are painted from."""

from itertools import pairwise

import pytest

from generation.prompts.examples import (
    FIRST,
    REFERENCES,
    ROWS,
    SUBJECTS,
    UNSEEN,
    after,
    before,
    every_example,
    first,
    row_of,
)
from generation.prompts.parameters import PARAMETERS
from generation.prompts.parser import check
from generation.prompts.styles import PRESETS

EXAMPLES = every_example()


@pytest.mark.parametrize("name", [parameter.name for parameter in PARAMETERS])
def test_every_parameter_has_a_row_of_pictures_or_a_reason(name):
    assert (row_of(name) is None) == (name in UNSEEN)
    if (row := row_of(name)) is not None:
        shown = [example.prompt for example in row.examples if example not in REFERENCES.values()]
        assert len(shown) >= 2
        assert any(f"--{name}" in prompt for prompt in shown) or name in {"hd", "sd"}  # --hires says both in numbers


def test_reasons_are_of_parameters_and_are_sentences():
    assert set(UNSEEN) <= {parameter.name for parameter in PARAMETERS}
    assert all(reason.endswith(".") for reason in UNSEEN.values())


def test_every_style_is_shown_with_the_subject_of_its_shelf():
    assert {preset.group for preset in PRESETS.values()} == set(SUBJECTS)
    for preset in PRESETS.values():
        bare, styled = before(preset).prompt, after(preset).prompt
        assert styled.replace(f" --style {preset.name}", "") == bare
        assert EXAMPLES[after(preset).file].prompt == styled
    assert len({after(preset).file for preset in PRESETS.values()}) == len(PRESETS)


@pytest.mark.parametrize("example", [pytest.param(one, id=file) for file, one in EXAMPLES.items()])
def test_each_prompt_is_read_and_says_its_seed(example):
    reading = check(example.prompt)
    assert (reading.problems, reading.warnings) == ((), ())
    assert {"seed", "sameseed"} & reading.spec.given
    references = {*reading.spec.images, *reading.spec.character_refs, *filter(None, [reading.spec.object_ref])}
    assert references <= set(REFERENCES)


def test_no_file_has_two_prompts():
    rows = [example for row in ROWS for example in row.examples]
    pairs = [make(preset) for preset in PRESETS.values() for make in (before, after)]
    assert {(one.file, one.prompt) for one in (*rows, *pairs, *REFERENCES.values(), *map(first, FIRST))} == {
        (file, one.prompt) for file, one in EXAMPLES.items()
    }
    assert all(one != other for row in ROWS for one, other in pairwise(row.examples))
