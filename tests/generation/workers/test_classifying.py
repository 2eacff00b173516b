"""The check of finished pictures: the starter's own CLIP finds what it knows, and what it finds comes to the rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from generation.contracts import Raster
from generation.engine.images import decode
from generation.jobs import records
from generation.jobs.records import StoredPicture
from generation.models import Image, PictureLabel
from generation.workers.classifying import ClipClassifier, classified, the_classifier
from generation.workers.storing import store_pictures
from tests.factories import claimed, queued_job
from tests.generation.workers.judges import the_judge
from tests.generation.workers.test_judging import PLAN, blocks

EXAMPLES = Path(__file__).parents[3] / "static" / "examples"
pytestmark = pytest.mark.django_db


def example(name: str) -> Raster:
    """A picture of the help page, painted by the starter model."""
    return decode((EXAMPLES / f"{name}.webp").read_bytes())


def label(words: str, **values) -> PictureLabel:
    return PictureLabel.objects.create(name=words, words=words, **values)


@pytest.fixture(autouse=True)
def no_labels(db):
    PictureLabel.objects.all().delete()


def find(pictures: list[Raster], *labels: PictureLabel) -> list[list[str]]:
    seen = the_judge().look(PLAN, pictures)
    found = ClipClassifier(the_judge().clip).find(pictures, seen, labels)
    return [[one.name for one in its] for its in found]


def test_it_finds_what_its_clip_knows():
    forest, sea = example("before-forest"), example("before-sea")
    assert find([forest, sea], label("a forest"), label("the sea")) == [["a forest"], ["the sea"]]


def test_a_threshold_of_one_finds_nothing_and_of_zero_everything():
    assert find([example("before-forest")], label("a forest", threshold=1), label("x", threshold=0)) == [["x"]]


def stored_pictures(count: int = 2) -> tuple[list[Raster], list[StoredPicture]]:
    pictures = [blocks(seed) for seed in range(count)]
    seen = the_judge().look(PLAN, pictures)
    return pictures, [
        StoredPicture(seed=n, width_px=64, height_px=64, sha256=f"{n:064x}", size_bytes=1, seen=one)
        for n, one in enumerate(seen)
    ]


class FirstAlone:
    """Finds every label in the first picture, and none in the others."""

    def __init__(self, clip: object) -> None:
        self.clip = clip

    def find(self, pictures, seen, labels):  # noqa: ARG002 - as a classifier is asked
        return [list(labels) if number == 0 else [] for number in range(len(pictures))]


def test_levels_and_withholding_come_of_the_labels(settings):
    settings.MJWEB_CLASSIFIER = "tests.generation.workers.test_classifying.FirstAlone"
    label("a", finding="level-1")
    label("b", finding="level-2")
    label("c", finding="withhold")
    label("d", finding="level-2", is_active=False)
    one, other = classified(the_classifier(the_judge().clip), *stored_pictures())
    assert (one.level, one.is_withheld, one.found) == (2, True, ("a", "b", "c"))
    assert (other.level, other.is_withheld, other.found) == (0, False, ())


def test_without_labels_nobody_is_asked():
    pictures, stored = stored_pictures()
    assert classified(None, pictures, stored) == stored  # type: ignore[arg-type]


def test_a_withheld_picture_is_never_listed_and_a_moderator_is_asked(
    alice, checkpoint, settings, django_capture_on_commit_callbacks
):
    from gallery.models import Publication, Report

    label("Cats", finding="withhold")
    claim = claimed(queued_job(alice))
    pictures = [blocks(seed) for seed in range(4)]
    stored = store_pictures(claim, pictures, the_judge())
    stored = classified(FirstAlone(None), pictures, stored)
    assert records.start_finishing(claim)
    with django_capture_on_commit_callbacks(execute=True):
        assert records.finish_job(claim, stored, engine_ms=1)
    withheld = Image.objects.get(withheld_at__isnull=False)
    assert withheld.index == 1
    assert not Publication.objects.get(image=withheld).is_listed
    assert Publication.objects.filter(is_listed=True).count() == 3
    assert (Report.objects.get().image, Report.objects.get().reporter) == (withheld, None)
    assert "Cats" in withheld.job.notes[-1]["sentence"]
