"""Choices in braces: counted first, then made, in order."""

import gc
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.prompts.choices_in_braces import MOST_COUNTED, read_braces
from generation.prompts.lexer import mask_quotes
from generation.prompts.parser import MAX_TYPED, Mark, check
from generation.prompts.permutations import check_all, expand
from generation.prompts.problems import Findings, PromptErrors
from tests.generation.prompts.typed_text import anything_typed


def counted(text: str) -> int:
    return read_braces(text, mask_quotes(text), Findings()).whole.count


def refusal(text: str, **options: object) -> PromptErrors:
    with pytest.raises(PromptErrors) as caught:
        expand(text, **options)
    return caught.value


_OPTION = st.recursive(
    st.sampled_from(["a", "b c", "", "\\,", "\\{", '"x, y"']),
    lambda inner: st.lists(inner, min_size=2, max_size=3).map(lambda options: f"x {{{', '.join(options)}}} y"),
    max_leaves=8,
)


@given(st.lists(_OPTION, min_size=1, max_size=3).map(" | ".join))
@settings(max_examples=300, deadline=None)
def test_there_are_as_many_prompts_as_were_counted(text):
    expansion = expand(text, limit=100_000)
    assert expansion.count == len(expansion.prompts) == counted(text)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4))
@settings(deadline=None)
def test_the_count_is_the_product_of_the_options(sizes):
    names = [[f"o{place}_{number}" for number in range(size)] for place, size in enumerate(sizes)]
    prompts = expand(" ".join(f"{{{', '.join(few)}}}" for few in names), limit=256).prompts
    expected = [""]
    for few in names:
        expected = [f"{before} {name}".strip() for before in expected for name in few]
    assert list(prompts) == expected


@given(st.one_of(anything_typed, st.text(alphabet='{},a \\"', max_size=40)))
@settings(max_examples=400, deadline=None)
def test_any_text_is_expanded_or_refused_within_its_columns(text):
    reading = check_all(text, option_sets={"mine": "{dada, gaga} --c 5"}, suffix="in oil --tile")
    for problem in (*reading.problems, *reading.warnings):
        assert 0 <= problem.start <= problem.end <= len(text)
    try:
        prompts = expand(text).prompts
    except PromptErrors:
        return
    assert not any(problem.code == "several_prompts" for prompt in prompts for problem in check(prompt).problems)


@pytest.mark.parametrize("bomb", ["{a,b}" * 60, "{a," * 60 + "b" + "}" * 60, "{x {a,b} {a,b},c}" * 60])
def test_a_bomb_is_counted_in_no_time(bomb):
    refusal(bomb)  # warms the caches of the patterns
    gc.collect()  # or the count would pay for what all tests before it left behind
    started = time.thread_time()
    refusal(bomb)
    assert time.thread_time() - started < 0.05


def test_the_refusal_tells_the_number_and_the_limit():
    (problem,) = refusal("a " + "{a,b}" * 60 + " bird").problems
    assert problem.sentence == "This makes 1,152,921,504,606,846,976 jobs. The most at once is 40."
    assert (problem.code, problem.start, problem.end) == ("too_many_jobs", 2, 302)


def test_numbers_beyond_all_counting_are_told_as_such():
    (problem,) = refusal("{a,b}" * 200).problems
    assert problem.sentence.startswith(f"This makes more than {MOST_COUNTED:,} jobs.")


@pytest.mark.parametrize(("limit", "fits"), [(5, False), (6, True)])
def test_the_limit_is_one_of_jobs_and_not_of_prompts(limit, fits):
    if fits:
        assert expand("{a, b} --repeat 3", limit=limit).count == 6
    else:
        assert refusal("{a, b} --repeat 3", limit=limit).sentence == "This makes 6 jobs. The most at once is 5."


def test_braces_lie_deep_in_each_other_but_not_endlessly():
    assert expand("{" * 100 + "a" + "}" * 100).prompts == ("a",)
    assert [problem.code for problem in refusal("{" * 101 + "a" + "}" * 101).problems] == ["nested_too_deeply"]


def test_a_text_far_too_long_is_not_taken_apart():
    assert [problem.code for problem in refusal("{a, b}" * MAX_TYPED).problems] == ["too_long"]


def test_a_problem_of_several_prompts_is_told_once():
    assert [problem.start for problem in check_all("{a, b} {c, d} --ar 99:1").problems] == [19]


def test_a_fix_that_belongs_to_an_option_set_is_not_offered_where_its_name_stands():
    (problem,) = check_all("a --mine", option_sets={"mine": "--c 500"}).problems
    assert (problem.code, problem.start, problem.end, problem.fix) == ("out_of_range", 2, 8, None)


def test_marks_color_braces_and_what_lies_in_them():
    marks = check_all("a {--ar 3:2, red} --tile").marks
    assert marks == (
        Mark(2, 3, "choice"),
        Mark(3, 11, "param"),
        Mark(16, 17, "choice"),
        Mark(18, 24, "param"),
    )


def test_the_spec_is_that_of_the_first_prompt_and_the_jobs_are_all():
    reading = check_all("{a, b} bird --repeat 2")
    assert (reading.spec.parts[0].text, reading.spec.repeat, reading.jobs) == ("a bird", 1, 4)


def test_the_check_while_typing_reads_a_bounded_share_of_it():
    text = "{" + ", ".join("a" * 200 for _ in range(40)) + "} " + "b " * 500
    check_all(text)
    started = time.thread_time()
    assert check_all(text).jobs == 40
    assert time.thread_time() - started < 0.2


def test_exactly_as_many_as_the_limit_are_made():
    assert expand("{a, b, c}", limit=3).count == 3
    assert check_all("{a, b, c}", limit=3).jobs == 3
    assert [problem.code for problem in check_all("{a, b, c}", limit=2).problems] == ["too_many_jobs"]


def test_the_check_knows_the_models_and_colors_what_is_refused():
    assert [problem.code for problem in check_all("a {b, c} --model dreems", models=["dreams"]).problems] == [
        "unknown_model"
    ]
    assert check_all("a {b --tile").marks == (Mark(2, 3, "error"), Mark(5, 11, "param"))


def test_a_problem_of_the_suffix_is_told_where_the_text_ends():
    problems = check_all("a bird --tile", suffix="red::1e3 --c 500").problems
    assert [(problem.code, problem.start, problem.end) for problem in problems] == [
        ("bad_weight", 13, 13),
        ("out_of_range", 13, 13),
    ]


def test_missing_words_are_missed_where_they_would_stand():
    assert [(problem.code, problem.start) for problem in check_all("{--ar 3:2, --hd}").problems] == [
        ("no_words", 1),
        ("no_words", 11),
    ]


def test_a_repeat_that_cannot_be_read_is_left_for_the_parser():
    assert expand("a --repeat 99").prompts == ("a --repeat 99",)
    assert expand("a --repeat 99").count == 1


def test_a_style_of_the_suffix_stands_beside_what_is_typed_raw():
    assert expand("a --raw", suffix="--style anime").prompts == ("a --raw --style anime",)
    assert expand("a --style anime", suffix="--style raw").prompts == ("a --style anime --style raw",)


def test_what_was_not_examined_while_typing_is_still_refused_afterwards():
    text = "{" + ", ".join("a" * 1000 for _ in range(30)) + ", b --foo}"
    options = "{" + ", ".join(["x"] * 35) + ", --foo}"
    long = f"{'a ' * 600} {options}"
    assert len(text) > MAX_TYPED
    assert check_all(long).problems == ()
    assert [problem.code for problem in check(expand(long).prompts[-1]).problems] == ["unknown_parameter"]
