"""What the imagine bar completes and recalls."""

import pytest

from generation.jobs.option_sets import keep_option_set
from generation.jobs.services import reroll_job, submit_prompts
from generation.jobs.vocabulary import earlier_prompts, vocabulary_of
from generation.models import Adapter
from generation.prompts.parameters import PARAMETERS
from generation.prompts.styles import PRESETS

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(alice, checkpoint):
    """Parameters by their names, as the page gets them."""
    return lambda: {row["name"]: row for row in vocabulary_of(alice)["parameters"]}


def test_it_names_every_parameter_that_does_something(rows):
    assert set(rows()) == {row.name for row in PARAMETERS if row.effect == "used"}
    assert rows()["stylize"]["aliases"] == ("s",)
    assert rows()["ar"]["takes"]
    assert not rows()["tile"]["takes"]


def test_values_that_can_be_listed_are_listed(rows, checkpoint):
    Adapter.objects.create(name="inky", kind="lora", source="/a", family="x", size_bytes=1, sha256="0" * 64)
    found = rows()
    assert [name for name, _ in found["style"]["values"]] == list(PRESETS)
    assert ("dpmpp_2m", "DPM++ 2M") in found["sampler"]["values"]
    assert found["model"]["values"] == [(checkpoint.name, checkpoint.title)]
    assert found["lora"]["values"] == [("inky", "")]
    assert (".5", "") in found["quality"]["values"]
    assert found["chaos"]["values"] == []


def test_option_sets_are_ones_own(alice, bob, checkpoint):
    keep_option_set(alice, "mine", "--ar 3:2")
    assert vocabulary_of(alice)["sets"] == [{"name": "mine", "value": "--ar 3:2"}]
    assert vocabulary_of(bob)["sets"] == []


def test_earlier_prompts_are_ones_own_as_typed_and_each_once(alice, bob, checkpoint):
    [first] = submit_prompts(alice, "a boat")
    submit_prompts(alice, "a {red, blue} car")
    submit_prompts(bob, "a boat of bob")
    reroll_job(alice, first.pk)
    submit_prompts(alice, "a boat")
    assert earlier_prompts(alice) == ["a boat", "a {red, blue} car"]
