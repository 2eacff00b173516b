"""Pictures that were made before the present CLIP came: the real CLIP looks at them, when nobody waits."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage

from generation.models import Embedding, Image
from generation.workers.looking_again import look_again
from tests.factories import finished_job, queued_job
from tests.generation.workers.judges import the_judge

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _from_the_beginning():
    cache.clear()


@pytest.fixture
def images(alice, checkpoint):
    """Eight pictures that other eyes have seen."""
    for prompt in ("a boat", "a house"):
        finished_job(alice, prompt)
    return list(Image.objects.order_by("pk"))


def seen_by(judge) -> set:
    return set(Embedding.objects.filter(encoder=judge.clip.name).values_list("image", flat=True))


def test_every_picture_is_looked_at_once(images):
    judge = the_judge()
    assert look_again(judge, is_busy=lambda: False) == 8
    assert seen_by(judge) == {image.pk for image in images}
    assert Embedding.objects.count() == 16
    assert look_again(judge, is_busy=lambda: False) == 0
    cache.clear()
    assert look_again(judge, is_busy=lambda: False) == 0


def test_the_scores_are_those_of_the_picture_and_its_prompt(images):
    judge = the_judge()
    look_again(judge, is_busy=lambda: False)
    from generation.engine.images import decode

    image = Image.objects.select_related("job").get(pk=images[0].pk)
    with default_storage.open(image.original_name) as file:
        [seen] = judge.look(image.job.plan, [decode(file.read())])
    row = image.embeddings.get(encoder=judge.clip.name)
    assert row.prompt_score == pytest.approx(seen.prompt_score, abs=1e-5)
    assert list(row.direction) == pytest.approx(list(seen.direction), abs=1e-3)


def test_it_ends_at_once_when_somebody_wants_something_and_goes_on_there_later(images):
    judge, answers = the_judge(), [False, False, False, False, True, True]
    assert look_again(judge, is_busy=lambda: answers.pop(0)) == 3
    assert len(seen_by(judge)) == 3
    assert look_again(judge, is_busy=lambda: False) == 5


def test_nothing_is_looked_at_while_a_job_waits(images, alice):
    queued_job(alice)
    assert look_again(the_judge(), is_busy=lambda: False) == 0


def test_a_file_that_is_gone_is_passed_over(images):
    default_storage.delete(images[2].original_name)
    assert look_again(the_judge(), is_busy=lambda: False) == 7


def test_new_pictures_are_found_behind_the_old_ones(images, alice):
    judge = the_judge()
    look_again(judge, is_busy=lambda: False)
    finished_job(alice, "a tree")
    assert look_again(judge, is_busy=lambda: False) == 4
