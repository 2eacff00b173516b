"""What is kept from the bar: defaults and option sets."""

import pytest

from generation.errors import OptionSetRefusedError
from generation.jobs.option_sets import keep_option_set, keep_parameters
from generation.jobs.preferences import keep_as_defaults, keep_preferences
from generation.prompts.problems import PromptErrors

pytestmark = pytest.mark.django_db


def test_what_may_last_becomes_the_defaults(alice):
    kept = keep_as_defaults(alice, "a boat --ar 3:2 --s 250 --seed 7 --no text --chaos 0 --stealth")
    assert kept.defaults == "--ar 3:2 --stylize 250 --stealth"


def test_no_words_are_needed(alice):
    assert keep_as_defaults(alice, " --tile").defaults == "--tile"


def test_earlier_defaults_stay_unless_the_words_say_otherwise(alice):
    keep_preferences(alice, defaults="--ar 3:2 --chaos 30 --no people")
    assert keep_as_defaults(alice, "a boat --ar 1:1 --weird 5 --no text").defaults == "--no people --chaos 30 --weird 5"


def test_option_sets_count_and_the_suffix_stays_a_suffix(alice):
    keep_option_set(alice, "mine", "--ar 2:1")
    keep_preferences(alice, suffix="--chaos 40")
    assert keep_as_defaults(alice, "a boat --mine").defaults == "--ar 2:1"


def test_what_cannot_be_read_is_not_kept(alice):
    with pytest.raises(PromptErrors):
        keep_as_defaults(alice, "a boat --ar 99:1")


def test_a_set_keeps_the_parameters_as_they_are_typed(alice):
    kept = keep_parameters(alice, "--Mine", "a boat --s 250 --no text")
    assert (kept.name, kept.value) == ("mine", "--s 250 --no text")


def test_a_set_of_what_cannot_be_read_is_not_kept(alice):
    with pytest.raises(PromptErrors):
        keep_parameters(alice, "mine", "a boat --style waterc")


def test_a_prompt_without_parameters_makes_no_set(alice):
    with pytest.raises(OptionSetRefusedError, match="no parameters"):
        keep_parameters(alice, "mine", "a boat")
