"""Which pictures stay, and what their rows say of them: the real CLIP and the real rows, pictures from numbers."""

import math

import numpy as np
import pytest
from django.core.files.storage import default_storage

from generation.contracts import PromptPart, Raster, RenderPlan, Stage
from generation.jobs import records
from generation.jobs.records import SeenPicture
from generation.models import Embedding
from generation.workers.judging import best
from generation.workers.storing import store_pictures
from tests.factories import claimed, queued_job
from tests.generation.workers.judges import the_judge

PLAN = RenderPlan(
    checkpoint="starter",
    parts=(PromptPart("a desert at night"),),
    guidance=4,
    sampler="euler",
    seeds=(1,),
    stages=(Stage(width_px=64, height_px=64, steps=1),),
)


def blocks(seed: int) -> Raster:
    """Four by four blocks of colors."""
    colors = np.random.default_rng(seed).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    return Raster(64, 64, colors.repeat(16, axis=0).repeat(16, axis=1).tobytes())


def seen(*scores: float) -> list[SeenPicture]:
    return [SeenPicture(encoder="e", direction=(1.0,), prompt_score=score) for score in scores]


@pytest.mark.parametrize(
    ("scores", "keep", "kept"),
    [
        ((0.1, 0.5, 0.3, 0.4), None, [0, 1, 2, 3]),
        ((0.1, 0.5, 0.3, 0.4), 2, [1, 3]),
        ((0.2, 0.2, 0.2), 2, [0, 1]),
        ((0.9, -0.1), 4, [0, 1]),
    ],
)
def test_the_best_stay_in_the_order_of_their_seeds(scores, keep, kept):
    assert best(seen(*scores), keep) == kept


def test_what_it_sees_is_a_direction_and_a_score():
    one, other = the_judge().look(PLAN, [blocks(1), blocks(2)])
    assert one.encoder == other.encoder
    assert one.encoder.startswith("clip-")
    for picture in (one, other):
        assert math.hypot(*picture.direction) == pytest.approx(1, abs=1e-5)
        assert -1 <= picture.prompt_score <= 1
    assert one.direction != other.direction


def test_of_ten_the_four_best_have_files_and_rows(alice, checkpoint):
    job = queued_job(alice, "a desert at night --best 10 --seed 7")
    claim = claimed(job)
    assert (len(claim.plan.seeds), claim.plan.keep) == (10, 4)
    pictures = [blocks(seed) for seed in claim.plan.seeds]
    looks = the_judge().look(claim.plan, pictures)
    scores = dict(zip(claim.plan.seeds, (look.prompt_score for look in looks), strict=True))
    stored = store_pictures(claim, pictures, the_judge())
    assert records.start_finishing(claim)
    assert records.finish_job(claim, stored, engine_ms=1)

    images = list(job.images.order_by("index"))
    assert [image.index for image in images] == [1, 2, 3, 4]
    assert {image.seed for image in images} == set(sorted(scores, key=scores.__getitem__)[-4:])
    assert [image.seed for image in images] == sorted(image.seed for image in images)
    for image in images:
        embedding = image.embeddings.get()
        assert embedding.prompt_score == pytest.approx(scores[image.seed], abs=1e-6)
        assert math.hypot(*embedding.direction) == pytest.approx(1, abs=1e-2)  # in halves
    _, files = default_storage.listdir(images[0].original_name[:2])
    assert images[0].original_name.split("/")[1] in files


def test_a_picture_that_is_gone_leaves_no_embedding(alice, checkpoint):
    claim = claimed(queued_job(alice))
    stored = store_pictures(claim, [blocks(seed) for seed in range(4)], the_judge())
    records.start_finishing(claim)
    records.finish_job(claim, stored, engine_ms=1)
    assert Embedding.objects.count() == 4
    alice.images.first().delete()
    assert Embedding.objects.count() == 3
