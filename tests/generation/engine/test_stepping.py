"""The scheduler and the networks together: what a step costs is counted, and decides whose turn it is."""

from __future__ import annotations

from collections import Counter

import pytest
import torch
from torch import nn

from generation.contracts import RenderRequest, Stage
from tests.generation.engine.fakes import Ear, FakeFamily, engine_on, plan, tick


class Weighty(FakeFamily):
    """A fake whose rows go through a convolution, so that its work can be counted: fourfold at twice the side.

    seen: sides of the latents of each forward pass.
    """

    def __init__(self) -> None:
        super().__init__()
        self._networks = {"base": nn.Conv2d(3, 3, 3, padding=1)}
        self.seen: list[int] = []

    def predict(self, network, rows, timesteps, conditioning):
        self.seen.append(rows.shape[-1])
        self._networks["base"](rows)
        return super().predict(network, rows, timesteps, conditioning)


def ask(engine, name: str, side_px: int, *, pictures: int = 1, owner: str = "") -> None:
    stages = (Stage(width_px=side_px, height_px=side_px, steps=900),)
    asked = plan(seeds=tuple(range(pictures)), stages=stages, sampler="euler")
    engine.submit(RenderRequest(request_id=name, plan=asked, owner=owner), Ear())


def ticks_of(family: Weighty, engine, times: int = 200) -> Counter[int]:
    tick(engine, times)
    return Counter(family.seen)


def test_a_size_of_four_times_the_work_gets_a_fourth_of_the_ticks():
    family = Weighty()
    engine = engine_on(family)
    ask(engine, "small", 64)
    ask(engine, "large", 128)
    seen = ticks_of(family, engine)
    assert seen[8] / seen[16] == pytest.approx(4, rel=0.05)


def test_a_size_that_two_people_ask_for_gets_twice_the_share_of_one():
    family = Weighty()
    engine = engine_on(family, max_rows=2)
    ask(engine, "one", 64, pictures=3)
    ask(engine, "another", 64)
    ask(engine, "alone", 96)
    seen = ticks_of(family, engine, 400)
    assert seen[8] / seen[12] == pytest.approx(2 * (96 / 64) ** 2, rel=0.1)


def test_all_that_one_person_asks_for_is_one_share():
    family = Weighty()
    engine = engine_on(family, max_rows=2)
    for name in ("one", "another", "a third"):
        ask(engine, name, 64, owner="busy")
    ask(engine, "alone", 96, owner="modest")
    seen = ticks_of(family, engine, 400)
    assert seen[8] / seen[12] == pytest.approx((96 / 64) ** 2, rel=0.1)


def test_a_newcomer_of_an_odd_size_makes_its_first_step_at_once():
    family = Weighty()
    engine = engine_on(family)
    ask(engine, "small", 64)
    ask(engine, "large", 128)
    tick(engine, 37)
    ask(engine, "odd", 96)
    tick(engine, 2)
    assert 12 in family.seen[-2:]


def test_steps_whose_work_cannot_be_counted_take_turns():
    family = FakeFamily()
    engine = engine_on(family, max_rows=2)
    ask(engine, "small", 64)
    ask(engine, "large", 128)
    with torch.inference_mode():
        tick(engine, 20)
    assert [trajectory.step for trajectory in engine._trajectories.values()] == [10, 10]
