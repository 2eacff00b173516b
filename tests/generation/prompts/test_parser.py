import gc
import time
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generation.contracts import PromptPart
from generation.prompts.parameters import PARAMETERS
from generation.prompts.parser import MAX_CHARACTERS, MAX_TYPED, Mark, check, parse, read, scan
from generation.prompts.problems import PromptErrors
from generation.prompts.spec import Aspect
from tests.generation.prompts.typed_text import anything_typed


def test_it_reads_words_weights_and_parameters():
    spec = parse("neon lighthouse::2 rain:: --ar 3:2 --no people, cars --s 250 --q .5 --seed 0 --stealth")
    assert spec.parts == (PromptPart("neon lighthouse", 2), PromptPart("rain", 1))
    assert spec.negative == ("people", "cars")
    assert spec.aspect == Aspect(3, 2)
    assert (spec.stylize, spec.quality, spec.seed, spec.visibility) == (250, 0.5, 0, "private")
    assert spec.given == {"ar", "no", "stylize", "quality", "seed", "stealth"}
    assert spec.text == "neon lighthouse::2 rain::"


def test_what_is_not_typed_has_the_default_of_the_table():
    spec = parse("poppies")
    assert {row.field: getattr(spec, row.field) for row in PARAMETERS} == {row.field: row.default for row in PARAMETERS}
    assert spec.given == frozenset()
    assert (spec.stylize, spec.quality, spec.seed, spec.visibility) == (100, 1.0, None, None)


def test_a_default_that_is_typed_counts_as_given():
    assert parse("poppies --s 100").given == {"stylize"}
    assert parse("poppies --s 100") != parse("poppies")


def test_every_problem_is_told_at_once_in_reading_order():
    with pytest.raises(PromptErrors) as caught:
        parse("red::1e3 roses --ar 19:1, --choas 10 --q 5")
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["bad_weight", "out_of_range", "stray_punctuation", "unknown_parameter", "not_a_choice"]


def test_a_problem_is_said_with_its_name_its_range_and_a_fix():
    (problem,) = check("poppies --s 1200").problems
    assert problem.sentence == "--s goes from 0 to 1000."
    assert (problem.fix.label, problem.fix.text) == ("Use 1000", "1000")
    (problem,) = check("poppies --aspct 3:2").problems
    assert problem.sentence == "--aspct is not a parameter. Did you mean --aspect?"
    assert problem.fix.label == "Use --aspect"


def test_the_limit_counts_words_and_not_the_spaces_between():
    assert parse("a" * MAX_CHARACTERS + " " * 100 + "--ar 2:3").aspect == Aspect(2, 3)
    (problem,) = check("a" * (MAX_CHARACTERS + 1) + " --ar 2:3").problems
    assert (problem.code, problem.start) == ("too_long", MAX_CHARACTERS)
    assert problem.sentence == "This prompt has 2,001 characters. The most is 2,000."


def test_the_limit_counts_what_is_kept_out_too():
    assert [p.code for p in check("a --no " + "b" * MAX_CHARACTERS).problems] == ["too_long"]


def test_a_text_far_too_long_is_not_read_at_all():
    reading = check("a --foo " * MAX_TYPED)
    assert [problem.code for problem in reading.problems] == ["too_long"]


def test_marks_color_parameters_weights_and_errors_without_overlap():
    text = "neon::2 rain --ar 3:2 --s 5000"
    assert scan(text) == (
        Mark(4, 7, "weight"),
        Mark(13, 21, "param"),
        Mark(22, 25, "param"),
        Mark(26, 30, "error"),
    )


@given(anything_typed)
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_or_refused_within_its_columns(text):
    reading = check(text)
    assert (reading.spec is None) == bool(reading.problems)
    for problem in (*reading.problems, *reading.warnings):
        assert 0 <= problem.start <= problem.end <= len(text)
        assert problem.fix is None or problem.mended(text) != text


@given(anything_typed)
@settings(max_examples=200, deadline=None)
def test_marks_are_in_order_and_never_overlap_or_end_in_space(text):
    at = 0
    for mark in scan(text):
        assert at <= mark.start < mark.end <= len(text)
        assert text[mark.start : mark.end] == text[mark.start : mark.end].strip()
        at = mark.end


@given(anything_typed)
@example(" --v 7\\}")
@settings(max_examples=300, deadline=None)
def test_mending_what_can_be_mended_comes_to_an_end(text):
    """Pressing the first offered fix again and again leaves only problems that offer none."""
    for _ in range(200):
        fixable = [problem for problem in check(text).problems if problem.fix]
        if not fixable:
            return
        text = fixable[0].mended(text)
    pytest.fail(f"still mending: {text!r}")


@pytest.mark.parametrize(
    "hostile",
    [
        '"',
        "“",
        "“ ",
        '"a ',
        "a::",
        ":: ",
        " --",
        "--a",
        "--foo ",
        " —x",
        "--no a,",
        "a--s ",
        "--ar 2:3 ",
        "::1 ",
        "::9",
        "-",
        "(",
    ],
)
def test_hostile_text_is_read_in_no_time(hostile):
    text = (hostile * MAX_TYPED)[:MAX_TYPED]
    read(text)  # warms the caches of the patterns
    gc.collect()  # or the parser would pay for what all tests before it left behind
    started = time.thread_time()
    read(text)
    assert time.thread_time() - started < 0.5


@pytest.mark.parametrize(
    "hostile", ["::9", "-", "--foo ", "“ ", "{", ",", "a ", "--style zq ", "--ar ,,,", "\u0344\u0321"]
)
def test_reading_is_linear_in_the_length(hostile):
    """Ten times the text takes about ten times as long; forty allows for a busy machine."""

    def took(length):
        text = (hostile * length)[:length]
        times = []
        for _ in range(3):
            started = time.thread_time()
            read(text)
            times.append(time.thread_time() - started)
        return min(times)

    assert took(100_000) < 40 * max(took(10_000), 0.001)


@given(st.text(max_size=10_000))
@settings(max_examples=50, deadline=None)
def test_long_texts_raise_nothing_but_the_own_error(text):
    with suppress(PromptErrors):
        parse(text)


def test_more_parameters_than_anybody_means_are_not_read():
    text = "a" + " --tile" * 101 + " --foo" * 50
    (problem,) = check(text).problems
    assert (problem.code, problem.start, problem.end) == ("too_many_parameters", 702, len(text))
    assert problem.mended(text) == "a" + " --tile" * 100 + " "
    assert check("a" + " --tile" * 100).problems == ()


@given(st.integers(0, 2**32 - 1))
def test_every_seed_of_32_bits_is_taken(seed):
    assert parse(f"poppies --seed {seed}").seed == seed


def test_what_was_just_read_is_not_read_again():
    """A bar colors, explains and plans the same text within a moment."""
    text = "a fox --style wtercolor --model starter"
    assert check(text) is check(text)
    assert check(text, models=("starter",)) is check(text, models=["starter"])
    assert check(text, models=("other",)) != check(text, models=("starter",))
