"""Batches filled up to the numbers of rows that a device likes."""

import pytest
import torch

from generation.contracts import Rendered
from generation.engine.families.base import Conditioning
from generation.engine.padding import LADDER, padded, rows_to_run
from tests.generation.engine.fakes import FakeFamily, engine_on, finish, painted, plan, submit, tick


@pytest.mark.parametrize(("rows", "limit", "runs"), [(1, 16, 1), (5, 16, 6), (9, 16, 12), (13, 14, 13), (70, 80, 70)])
def test_a_batch_is_filled_up_to_the_next_step_of_the_ladder(rows, limit, runs):
    assert rows_to_run(rows, limit, is_exact=False) == runs


@pytest.mark.parametrize("rows", [1, 7, 16])
def test_in_exact_mode_every_batch_has_one_size(rows):
    assert rows_to_run(rows, 16, is_exact=True) == 16
    assert rows_to_run(20, 16, is_exact=True) == 20  # a picture with more parts than fit runs all the same


def test_the_ladder_wastes_as_little_as_it_says():
    waste = [rows_to_run(rows, 64, is_exact=False) / rows - 1 for rows in range(1, 65)]
    assert max(waste) <= 0.34
    assert sum(waste) / len(waste) <= 0.1
    assert list(LADDER) == sorted(LADDER)


def test_a_padded_family_sees_more_rows_and_answers_for_those_it_was_given():
    family = FakeFamily()
    rows, told = torch.randn(3, 3, 8, 8), Conditioning(torch.rand(3, 2, 2))
    expected = family.predict("base", rows, torch.ones(3), told)
    assert torch.equal(padded(family, 8).predict("base", rows, torch.ones(3), told), expected)
    assert torch.equal(padded(family, 2).predict("base", rows, torch.ones(3), told), expected)
    assert family.batches == [3, 8, 3]
    assert padded(family, 8).native_px == family.native_px


class OnAGpu(FakeFamily):
    """A family whose rows round otherwise in batches of other sizes, as on a GPU; it says that it is on one."""

    class Device:
        type = "cuda"

    def predict(self, network, rows, timesteps, conditioning, **how):
        return super().predict(network, rows, timesteps, conditioning, **how) * (1 + 1e-3 * len(rows))

    def row_limit(self, latent_shape):  # noqa: ARG002 -- the family's signature
        return 8


@pytest.fixture
def gpu(monkeypatch):
    """Only the stepper is told of the GPU that is not there."""

    def engine(*, is_exact: bool):
        family = OnAGpu()
        made = engine_on(family, is_exact=is_exact)
        seen = made._stepper._rows_seen

        def seen_on_a_gpu(given, members):
            monkeypatch.setattr(given, "device", OnAGpu.Device())
            rows = seen(given, members)
            monkeypatch.setattr(given, "device", torch.device("cpu"))
            return rows

        made._stepper._rows_seen = seen_on_a_gpu
        made._stepper._as_the_device_likes = lambda given, members: padded(given, seen_on_a_gpu(given, members))
        return made, family

    return engine


@pytest.mark.parametrize("is_exact", [True, False])
def test_in_exact_mode_and_only_there_a_picture_is_the_same_in_company(gpu, is_exact):
    alone, _ = gpu(is_exact=is_exact)
    ear = submit(alone, "mine", plan())
    finish(alone)
    together, family = gpu(is_exact=is_exact)
    company = submit(together, "company", plan("x"))
    tick(together, 2)
    mine = submit(together, "mine", plan())
    finish(together)
    assert company.is_done
    assert (mine.last.pictures == ear.last.pictures) == is_exact
    assert (set(family.batches) == {8}) == is_exact


def test_in_exact_mode_a_batch_that_does_not_fit_is_filled_up_less(gpu):
    engine, family = gpu(is_exact=True)
    family.rows_that_fit = 5
    ear = submit(engine, "a", plan(seeds=(1,)))
    finish(engine)
    assert isinstance(ear.last, Rendered)
    assert family.batches == [8, 4, 4, 4, 4, 4]


def test_on_a_cpu_nothing_is_filled_up():
    family = FakeFamily()
    engine = engine_on(family, is_exact=True)
    ear = submit(engine, "a", plan())
    finish(engine)
    assert set(family.batches) == {4}
    assert ear.last.pictures == painted(FakeFamily(), plan())
