"""Sets of parameters with a name of one's own, and what counts when several say something."""

import pytest
from hypothesis import given, settings

from generation.prompts.canonical import canonical
from generation.prompts.defaults import with_defaults
from generation.prompts.option_sets import MAX_NAME, MAX_VALUE, option_set_problem, with_option_sets
from generation.prompts.parameters import BY_NAME, CONFLICTS
from generation.prompts.parser import check, parse
from generation.prompts.permutations import expand
from generation.prompts.problems import PromptErrors
from generation.prompts.traced import Layer
from tests.generation.prompts.specs import specs


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("mine", "--hd --ar 7:4", None),
        ("mi-ne_2", "dadaism --c 80", None),
        ("m" * MAX_NAME, "x", None),
        ("m" * (MAX_NAME + 1), "x", "bad_name"),
        ("2mine", "x", "bad_name"),
        ("my set", "x", "bad_name"),
        ("", "x", "bad_name"),
        ("ar", "x", "name_taken"),
        ("Aspect", "x", "name_taken"),
        ("video", "x", "name_taken"),
        ("mine", "x" * MAX_VALUE, None),
        ("mine", "x" * (MAX_VALUE + 1), "too_long"),
        ("mine", "--mine", "endless_option_set"),
        ("mine", "--yours", None),
        ("mine", "--theirs", "endless_option_set"),
    ],
)
def test_a_set_is_judged_before_it_is_kept(name, value, code):
    problem = option_set_problem(name, value, {"yours": "--hd", "theirs": "--mine"})
    assert (problem and problem.code) == code


def test_sets_that_multiply_are_refused_before_they_are_put_together():
    bomb = {f"b{number}": f"--b{number + 1} " * 100 for number in range(1, 9)} | {"b9": "x" * 1000}
    with pytest.raises(PromptErrors) as caught:
        with_option_sets("a --b1", bomb)
    assert {problem.code for problem in caught.value.problems} == {"too_long"}


def test_a_long_chain_is_refused_and_no_crash():
    chain = {f"c{number}": f"--c{number + 1}" for number in range(3000)}
    with pytest.raises(PromptErrors) as caught:
        with_option_sets("a --c0", chain)
    assert caught.value.problems[0].code == "endless_option_set"


def test_what_a_set_stands_for_is_traced_to_its_name():
    whole = with_option_sets("poppies --mine --hd", {"mine": "--c 80"})
    assert whole.text == "poppies --c 80 --hd"
    assert whole.layer(9) is Layer.OPTION_SET
    assert whole.origin(8, 14) == (8, 14)
    assert whole.origin(15, 19) == (15, 19)
    assert not whole.is_typed(8, 14)
    assert whole.is_typed(15, 19)


def test_names_are_the_same_in_capitals():
    assert expand("a --Mine", option_sets={"MINE": "--hd"}).prompts == ("a --hd",)


@given(specs(), specs())
@settings(max_examples=200, deadline=None)
def test_a_default_never_overrules_what_was_typed(typed, account):
    """Whatever is typed stays as it was; what was not typed may come from the account."""
    written = " ".join(f"--{name} {_value(account, name)}".strip() for name in sorted(account.given))
    text = with_defaults(canonical(typed), written)
    reading = check(text)
    if reading.spec is None:
        assert {problem.code for problem in reading.problems} <= {"needs_words", "too_long"}
        return
    for name in typed.given - {"no"}:
        assert getattr(reading.spec, BY_NAME[name].field) == getattr(typed, BY_NAME[name].field)
    added = reading.spec.given - typed.given
    assert added <= account.given
    assert not any(other in typed.given for name in added for other in CONFLICTS[name])


def _value(spec, name):
    row = BY_NAME[name]
    return row.kind.write(getattr(spec, row.field)).replace("{", "\\{").replace("}", "\\}") if name != "no" else "x"


def test_an_account_without_defaults_changes_nothing():
    assert with_defaults("poppies  --s 5", " ") == "poppies  --s 5"


@pytest.mark.parametrize("layer", ["option set", "suffix"])
def test_all_that_excludes_itself_gives_way_to_what_is_typed(layer):
    for name, others in CONFLICTS.items():
        for other in others - {"relax"} - ({"repeat"} if name == "relax" else set()):
            low, high = BY_NAME[other].usage, BY_NAME[name].usage
            options = {"option_sets": {"mine": low}} if layer == "option set" else {"suffix": low}
            text = f"a {high} --mine" if layer == "option set" else f"a {high}"
            (first, *_) = expand(text, **options).prompts
            assert other not in parse(first).given
