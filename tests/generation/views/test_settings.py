"""The settings panel keeps what stands in the bar."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from generation.jobs.option_sets import keep_option_set, wishes_of
from generation.jobs.preferences import keep_preferences

PANEL = reverse("settings-panel")
DEFAULTS = reverse("settings-defaults")
SETS = reverse("settings-set")
SUFFIX = reverse("settings-suffix")


@pytest.fixture
def signed_in(client, alice, checkpoint):
    client.force_login(alice)
    return client


def test_it_offers_a_control_for_each_parameter_of_the_panel(signed_in):
    text = signed_in.get(PANEL).text
    for name in ("ar", "stylize", "chaos", "weird", "steps", "guidance", "sampler", "schedule", "hires", "tile"):
        assert f'data-control="{name}"' in text
    for name in ("lane", "visibility", "raw"):
        assert f'data-control="{name}"' in text
    assert 'data-names="stylize s"' in text
    assert "hires" in text
    assert " style=" not in text


def test_one_model_is_no_choice(signed_in):
    assert 'data-control="model"' not in signed_in.get(PANEL).text


def test_it_works_before_the_first_model(client, alice):
    client.force_login(alice)
    assert client.get(PANEL).status_code == HTTPStatus.OK


def test_the_parameters_become_the_defaults_and_are_forgotten_again(signed_in, alice):
    answer = signed_in.post(DEFAULTS, {"prompt": "a boat --ar 3:2"})
    assert "<code>--ar 3:2</code>" in answer.text
    assert wishes_of(alice).defaults == "--ar 3:2"
    assert "those of this server" in signed_in.post(reverse("settings-forget")).text
    assert wishes_of(alice).defaults == ""


def test_what_cannot_be_read_is_told_in_the_panel(signed_in, alice):
    answer = signed_in.post(DEFAULTS, {"prompt": "a boat --chaos 101"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert (answer["HX-Retarget"], answer["HX-Reswap"]) == ("#settings", "innerHTML")
    assert "--chaos goes from 0 to 100" in answer.text


def test_a_suffix_is_kept_and_a_wrong_one_comes_back_as_typed(signed_in, alice):
    assert "Saved." in signed_in.post(SUFFIX, {"suffix": ", by night"}).text
    assert wishes_of(alice).suffix == ", by night"
    refused = signed_in.post(SUFFIX, {"suffix": "--wat"})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="--wat"' in refused.text
    assert wishes_of(alice).suffix == ", by night"


def test_a_set_is_kept_offered_and_deleted(signed_in, alice):
    kept = signed_in.post(SETS, {"name": "mine", "prompt": "a boat --ar 3:2"})
    assert 'data-set="--mine"' in kept.text
    dropped = signed_in.post(reverse("settings-drop", args=["mine"]))
    assert 'data-set="--mine"' not in dropped.text
    assert wishes_of(alice).option_sets == {}


@pytest.mark.parametrize(("name", "prompt"), [("ar", "a boat --tile"), ("mine", "a boat"), ("not a name", "a --tile")])
def test_a_set_that_cannot_be_kept_says_why_and_keeps_the_name(signed_in, alice, name, prompt):
    refused = signed_in.post(SETS, {"name": name, "prompt": prompt})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f'value="{name}"' in refused.text
    assert wishes_of(alice).option_sets == {}


def test_nobody_sees_what_somebody_else_keeps(signed_in, bob):
    keep_option_set(bob, "his", "--ar 3:2")
    keep_preferences(bob, suffix="of bob")
    text = signed_in.get(PANEL).text
    assert "--his" not in text
    assert "of bob" not in text
