"""What the settings panel shows for a text."""

import pytest

from generation.jobs.choosing import Models, models_for
from generation.jobs.option_sets import Wishes
from generation.jobs.panel import NAMINGS, Control, panel_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def panel(alice, checkpoint):
    models = models_for(alice)
    return lambda text, **wishes: panel_of(text, Wishes(**wishes), models)


def test_it_shows_what_the_words_say_and_what_would_count_without_them(panel):
    controls = panel("a boat --ar 3:2 --s 250 --stealth --tile --relax")
    assert controls["ar"] == Control("3:2", "1:1")
    assert controls["stylize"] == Control("250", "100")
    assert controls["visibility"] == Control("private", "public")
    assert controls["tile"] == Control("on", "")
    assert controls["lane"] == Control("relax", "fast")
    assert controls["chaos"] == Control("0", "0")


def test_defaults_and_suffix_are_what_counts_without_words(panel):
    controls = panel("a boat", defaults="--ar 3:2 --relax", suffix="--chaos 30")
    assert controls["ar"] == Control("3:2", "3:2")
    assert controls["lane"] == Control("relax", "relax")
    assert controls["chaos"] == Control("30", "30")
    assert panel("a boat --ar 1:1", defaults="--ar 3:2")["ar"] == Control("1:1", "3:2")


def test_steps_and_guidance_follow_what_they_are_reckoned_from(panel, card):
    assert panel("a boat")["steps"] == Control(str(card.steps), str(card.steps))
    assert panel("a boat --steps 7")["steps"] == Control("7", str(card.steps))
    half = panel("a boat --quality .5")["steps"]
    assert half.value == half.default == str(round(card.steps / 2))
    plain, styled = panel("a boat")["guidance"], panel("a boat --s 900")["guidance"]
    assert styled.value == styled.default != plain.value
    assert panel("a boat --guidance 3")["guidance"] == Control("3", plain.default)


def test_a_draft_is_a_lane_of_its_own(panel):
    assert panel("a boat --draft")["lane"].value == "draft"


def test_parameters_count_before_there_are_words(panel):
    assert panel(" --ar 16:9")["ar"].value == "16:9"
    assert panel("")["ar"] == Control("1:1", "1:1")


def test_of_several_prompts_the_first_is_shown(panel):
    assert panel("a boat --ar {3:2, 2:3}")["ar"].value == "3:2"


def test_what_cannot_be_read_shows_nothing(panel):
    assert panel("a boat --ar 99:1") == {}


def test_before_the_first_model_there_is_nothing_to_show():
    assert panel_of("a boat", Wishes(), Models((), None)) == {}


def test_a_parameter_is_found_by_all_its_names():
    assert NAMINGS["stylize"].own == "stylize s"
    assert {"quality", "q", "draft"} <= set(NAMINGS["steps"].against.split())
    assert {"hd", "sd"} <= set(NAMINGS["hires"].against.split())
