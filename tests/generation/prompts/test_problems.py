import pytest

from generation.errors import GenerationError
from generation.prompts.parser import parse
from generation.prompts.problems import Fix, PromptErrors, PromptProblem


def test_a_fix_replaces_the_columns_and_nothing_else():
    assert PromptProblem("x", "X.", 2, 4, Fix("Use cd", "cd")).mended("ab?!ef") == "abcdef"
    assert PromptProblem("x", "X.", 2, 4).mended("ab?!ef") == "ab?!ef"


def test_the_error_tells_people_the_first_problem_and_programs_all():
    with pytest.raises(GenerationError) as caught:
        parse("poppies --s 1200 --q 5")
    body = caught.value.as_problem()
    assert isinstance(caught.value, PromptErrors)
    assert (body["code"], body["status"]) == ("bad_prompt", 422)
    assert body["detail"] == "--s goes from 0 to 1000."
    assert [problem["code"] for problem in body["problems"]] == ["out_of_range", "not_a_choice"]
    assert body["problems"][0] == {
        "code": "out_of_range",
        "sentence": "--s goes from 0 to 1000.",
        "start": 12,
        "end": 16,
        "fix": {"label": "Use 1000", "text": "1000"},
    }
