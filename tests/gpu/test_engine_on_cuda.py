"""What only a CUDA GPU can show: weights that move, pictures decoded on a stream, graphs, exact mode."""

from __future__ import annotations

import pytest
import torch

from generation.contracts import Rendered, Stage
from generation.engine.accelerating import SEEN_BEFORE, Accelerated, recorded
from generation.engine.decoding import CudaLane
from generation.engine.loading import load_family
from generation.engine.loop import Engine
from generation.engine.networks import networks_of
from generation.engine.residency import PinnedMover, budget_bytes
from generation.starter import WEIGHTS_DIR
from tests.generation.engine.fakes import finish, plan, submit, tick

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU, and torch sees none here")

SQUARE = (Stage(width_px=128, height_px=128, steps=6),)


@pytest.fixture(scope="module")
def family():
    return load_family(WEIGHTS_DIR, device="cuda")


def engine_of(family, **settings) -> Engine:
    return Engine(lambda _: family, max_rows=16, preview_interval_s=3600, **settings)


def painted(family, *asked, **settings):
    engine = engine_of(family, **settings)
    ears = [submit(engine, str(number), each) for number, each in enumerate(asked)]
    finish(engine)
    assert all(isinstance(ear.last, Rendered) for ear in ears), [ear.last for ear in ears]
    engine._close()
    return [ear.last.pictures for ear in ears]


def test_weights_leave_the_device_and_come_back_with_their_bits(family):
    mover = PinnedMover()
    before = [weight.clone() for network in networks_of(family) for weight in network.parameters()]
    with torch.inference_mode():
        held = torch.cuda.memory_allocated()
        mover.park(family)
        assert torch.cuda.memory_allocated() <= held - 0.9 * mover.bytes_of(family)
        assert all(weight.is_pinned() for network in networks_of(family) for weight in network.parameters())
        mover.bring_back(family)
    after = [weight for network in networks_of(family) for weight in network.parameters()]
    assert all(torch.equal(one, other) for one, other in zip(before, after, strict=True))
    assert budget_bytes(0) > budget_bytes(0.001)


def test_two_checkpoints_take_turns_in_a_budget_for_one():
    loaded = {name: load_family(WEIGHTS_DIR, device="cuda") for name in "ab"}
    alone = painted(loaded["a"], plan(stages=SQUARE))[0]
    engine = Engine(loaded.__getitem__, max_rows=16, device_bytes=PinnedMover().bytes_of(loaded["a"]))
    for number, name in enumerate("abab"):
        ear = submit(engine, str(number), plan(checkpoint=name, stages=SQUARE))
        finish(engine)
        assert ear.last.pictures == alone
    assert engine._families._residency.on_device == ("b",)
    engine._close()


def test_a_picture_is_decoded_on_a_stream_while_others_go_on(family):
    engine = engine_of(family)
    first = submit(engine, "a", plan(stages=SQUARE))
    other = submit(engine, "b", plan("x", stages=(Stage(width_px=128, height_px=128, steps=40),)))
    tick(engine, 7)
    assert isinstance(engine._decoder._lane, CudaLane)
    finish(engine)
    assert isinstance(first.last, Rendered)
    assert isinstance(other.last, Rendered)
    engine._close()


def test_in_exact_mode_a_picture_has_the_same_bits_alone_and_in_company(family):
    asked = [plan("x" * number, guidance=1.0 + number % 3, seeds=(number,), stages=SQUARE) for number in range(7)]
    alone = [painted(family, each, is_exact=True)[0] for each in asked]
    assert painted(family, *asked, is_exact=True) == alone


@torch.inference_mode()
def test_a_recorded_graph_gives_what_the_network_gives(family):
    [network] = family.denoisers[:1]
    told = family.encode_text("a red boat", "base").repeated(4)
    rows = torch.randn(4, *family.latent_shape(128, 128), device="cuda")
    times = torch.tensor([900.0, 500.0, 100.0, 1.0], device="cuda")
    expected = [family.predict("base", given, times, told) for given in (rows, rows * 0.5)]
    unchanged = network.forward
    from concurrent.futures import ThreadPoolExecutor

    network.forward = Accelerated(network, lambda forward, *_: forward, recorded, ThreadPoolExecutor(1))
    try:
        for _ in range(SEEN_BEFORE + 20):
            family.predict("base", rows, times, told)
        assert network.forward._ways
        for given, wanted in zip((rows, rows * 0.5), expected, strict=True):
            assert torch.allclose(family.predict("base", given, times, told), wanted, atol=1e-2)
    finally:
        network.forward = unchanged
