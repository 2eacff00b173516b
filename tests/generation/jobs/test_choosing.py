"""Which model makes somebody's pictures."""

from __future__ import annotations

import pytest

from generation.errors import CheckpointNotReadyError, IdempotencyMismatchError, UnknownModelError
from generation.jobs import services
from generation.jobs.checkpoints import add_checkpoint, remove_checkpoint, set_default_checkpoint
from generation.jobs.choosing import choose_checkpoint, models_for
from generation.models import Job, JobKind
from generation.prompts.problems import PromptErrors
from tests.factories import finished_job, queued_job
from tests.generation.model_folders import write_model_folder

pytestmark = pytest.mark.django_db


@pytest.fixture
def several(checkpoint, tmp_path):
    """The starter, which is the default, and two more."""
    for name in ("night", "dreams"):
        add_checkpoint(str(write_model_folder(tmp_path / name)))


def model_of(user, prompt: str = "a boat", **fields) -> str:
    return services.submit_prompt(user, prompt, **fields).checkpoint.name


def test_the_parameter_wins_over_the_field_and_so_on_down_to_the_default(alice, bob, several):
    assert model_of(alice) == "starter"
    choose_checkpoint(alice, "night")
    assert model_of(alice) == "night"
    assert model_of(alice, model="dreams") == "dreams"
    assert model_of(alice, "a boat --m starter", model="dreams") == "starter"
    assert model_of(alice, model="") == "night"
    assert model_of(bob) == "starter"


def test_the_plan_names_the_model_and_has_its_numbers(alice, several):
    job = queued_job(alice, "a boat --model DREAMS")
    assert job.plan.checkpoint == job.checkpoint.name == "dreams"
    assert job.prompt == "a boat --model DREAMS"


def test_who_never_chose_follows_the_default_and_who_chose_does_not(alice, bob, several):
    choose_checkpoint(alice, "starter")
    set_default_checkpoint("dreams")
    assert (model_of(alice), model_of(bob)) == ("starter", "dreams")


def test_a_choice_that_was_removed_falls_back_to_the_default(alice, several):
    choose_checkpoint(alice, "night")
    remove_checkpoint("night")
    assert model_of(alice) == "starter"


def test_what_follows_from_a_picture_stays_with_its_model(alice, bob, several):
    job = finished_job(alice, model="dreams")
    image = job.images.first()
    choose_checkpoint(bob, "night")
    children = [
        services.reroll_job(alice, job.pk),
        services.vary_image(bob, image.pk),
        services.upscale_image(bob, image.pk),
    ]
    assert [(child.checkpoint.name, child.plan.checkpoint) for child in children] == [("dreams", "dreams")] * 3
    remix = services.submit_prompt(bob, "a boat", remix_of=image.pk)
    assert (remix.kind, remix.checkpoint.name) == (JobKind.REMIX, "night")


def test_an_unknown_name_in_the_prompt_is_a_problem_with_a_fix_where_it_stands(alice, several):
    typed = "a boat --m dreems --ar 19:1"
    with pytest.raises(PromptErrors) as caught:
        services.submit_prompt(alice, typed)
    unknown, shape = caught.value.problems
    assert (unknown.code, typed[unknown.start : unknown.end]) == ("unknown_model", "dreems")
    assert unknown.sentence == "--m dreems is no model of this server; the nearest is dreams."
    assert unknown.mended(typed) == "a boat --m dreams --ar 19:1"
    assert shape.code == "out_of_range"
    assert not Job.objects.exists()


@pytest.mark.parametrize("name", ["dreems", "NIGHTS", "灯塔", "x" * 500])
def test_an_unknown_name_in_the_field_is_refused_with_the_nearest(alice, several, name):
    with pytest.raises(UnknownModelError, match=r"is no model of this server; the nearest is (dreams|night|starter)"):
        services.submit_prompt(alice, "a boat", model=name)


def test_before_the_first_model_nothing_is_called_unknown(alice):
    assert models_for(alice).preferred is None
    with pytest.raises(CheckpointNotReadyError):
        services.submit_prompt(alice, "a boat --model dreams", model="dreams")


def test_the_default_comes_first_then_the_others_by_title(alice, several):
    assert models_for(alice).names == ("starter", "dreams", "night")


def test_asking_costs_one_query(alice, several, django_assert_num_queries):
    choose_checkpoint(alice, "night")
    with django_assert_num_queries(1):
        assert models_for(alice).preferred.name == "night"


def test_the_same_key_with_another_model_is_another_request(alice, several):
    first = services.submit_prompt(alice, "a boat", model="dreams", idempotency_key="k")
    assert services.submit_prompt(alice, "a boat", model="dreams", idempotency_key="k").pk == first.pk
    with pytest.raises(IdempotencyMismatchError):
        services.submit_prompt(alice, "a boat", model="night", idempotency_key="k")
