from hypothesis import assume, given, settings
from hypothesis import strategies as st

from generation.prompts.canonical import canonical
from generation.prompts.parser import check, parse
from tests.generation.prompts.typed_text import anything_typed, likely_prompts


def test_parameters_stand_in_one_order_under_their_long_names():
    assert canonical(parse("a --stealth --seed 3 --q 0.5 --s 9 --no x --aspect 6:4")) == (
        "a --ar 3:2 --no x --stylize 9 --quality .5 --seed 3 --stealth"
    )


def test_a_text_and_its_tidy_twin_are_equal():
    assert canonical(parse("a::4   b::2 —AR 4:2")) == canonical(parse("a::2 b --aspect 2:1"))


@given(st.one_of(likely_prompts, anything_typed))
@settings(max_examples=300, deadline=None)
def test_canonical_text_means_the_same(text):
    spec = check(text).spec
    assume(spec is not None)
    written = canonical(spec)
    again = parse(written)
    assert again == spec
    assert canonical(again) == written


@given(st.lists(st.integers(-9, 9), min_size=2, max_size=5), st.sampled_from([2, 10, 1000]))
@settings(max_examples=200, deadline=None)
def test_scaling_every_weight_changes_nothing(weights, factor):
    assume(sum(weights) > 0)
    plain = " ".join(f"w{i}::{weight}" for i, weight in enumerate(weights))
    scaled = " ".join(f"w{i}::{weight * factor}" for i, weight in enumerate(weights))
    assert canonical(parse(plain)) == canonical(parse(scaled))


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=5))
def test_weights_are_taken_exactly_when_their_sum_is_positive(weights):
    text = " ".join(f"w{i}::{weight}" for i, weight in enumerate(weights))
    codes = [problem.code for problem in check(text).problems]
    assert codes == ([] if sum(weights) > 0 else ["weights_sum"])
