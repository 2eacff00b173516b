"""Every meaning has a text, and that text has the meaning."""

from dataclasses import fields, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from generation.contracts import PromptPart
from generation.prompts.canonical import canonical
from generation.prompts.parameters import PARAMETERS
from generation.prompts.parser import MAX_TYPED, check, parse
from generation.prompts.permutations import expand
from generation.prompts.spec import PromptSpec
from tests.generation.prompts.specs import VALUES, specs


def test_the_strategy_knows_every_parameter():
    assert set(VALUES) == {row.name for row in PARAMETERS}


def test_the_defaults_of_the_spec_are_those_of_the_table():
    spec = PromptSpec(parts=())
    assert {row.field: getattr(spec, row.field) for row in PARAMETERS} == {row.field: row.default for row in PARAMETERS}
    apart = {"parts", "images", "given", "text", "warnings"}
    assert {row.field for row in PARAMETERS} == {field.name for field in fields(PromptSpec)} - apart


@given(specs())
@settings(max_examples=400, deadline=None)
def test_the_canonical_text_of_any_meaning_has_it(spec):
    written = canonical(spec)
    assert check(written).problems == ()
    assert parse(written) == spec
    assert canonical(parse(written)) == written


@given(specs().filter(lambda spec: "repeat" not in spec.given))
@settings(max_examples=200, deadline=None)
def test_canonical_text_stands_for_one_prompt_alone(spec):
    assert expand(canonical(spec)).prompts == (canonical(spec),)


@given(specs(), specs())
@settings(max_examples=200, deadline=None)
def test_texts_are_equal_exactly_where_meanings_are(one, other):
    assert (canonical(one) == canonical(other)) == (one == other)


@given(specs(), st.sampled_from([3, 10, 1000]))
@settings(max_examples=100, deadline=None)
def test_weights_scaled_mean_the_same(spec, factor):
    if len(spec.parts) < 2:
        return
    scaled = replace(spec, parts=tuple(PromptPart(part.text, part.weight * factor) for part in spec.parts))
    assert canonical(parse(canonical(scaled))) == canonical(spec)


def test_the_longest_that_is_taken_has_a_canonical_text_that_is_taken():
    references = [f"https://x.org/{'a' * 786}" for _ in range(5)]
    text = " ".join([*references, "\\{" * 2000, "--q 1 --s 1 --c 1 --w 1 --v 7 --lora"])
    longest = f"{text} {' '.join(f'{letter * 119}:-1.25' for letter in 'abcde')}"
    spec = parse(longest)
    assert len(longest) < MAX_TYPED
    assert parse(canonical(spec)) == spec
