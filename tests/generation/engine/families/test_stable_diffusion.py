"""The same bits in any company, with the real network and in every dtype that this CPU runs well."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from generation.contracts import PromptPart, Rendered, Stage
from generation.engine.exactness import random_batch
from generation.engine.families.base import Conditioning
from generation.engine.hardware import best_dtype
from generation.engine.loading import load_family
from generation.starter import WEIGHTS_DIR
from tests.generation.engine.fakes import engine_on, finish, plan, submit, tick

CPU = torch.device("cpu")
DTYPES = sorted({best_dtype(CPU), torch.float32}, key=str)


@pytest.fixture(scope="module", params=DTYPES, ids=str)
def family(request):
    return load_family(WEIGHTS_DIR, device=CPU, dtype=request.param)


SQUARE, WIDE = {"width_px": 128, "height_px": 128}, {"width_px": 160, "height_px": 96}
TWO_STAGES = (Stage(**SQUARE, steps=2), Stage(width_px=256, height_px=256, steps=4, strength=0.5, network="hires"))
CROWD = {
    "a grid": plan("a red house at sunset", stages=(Stage(**SQUARE, steps=4),)),
    "three parts": plan(
        parts=(PromptPart("a boat", 2.0), PromptPart("the sea"), PromptPart("fog", -0.5)),
        negative_prompt="city",
        sampler="euler",
        seeds=(7,),
        stages=(Stage(**SQUARE, steps=5),),
    ),
    "a single row": plan("a cat", guidance=1.0, seeds=(3,), stages=(Stage(**SQUARE, steps=6),)),
    "another shape": plan("a tree", guidance=6.5, seeds=(2**32 - 1, 0), stages=(Stage(**WIDE, steps=3),)),
    "two stages": plan("a castle", seeds=(1,), stages=TWO_STAGES),
    "guided in the middle": plan(
        "a lamp", guidance_interval=(0.2, 0.7), guidance_rescale=0.7, seeds=(4, 5), stages=(Stage(**SQUARE, steps=6),)
    ),
    "a long prompt": plan(
        "a red house at sunset, " * 9, negative_prompt="fog", guidance_rescale=1.0, seeds=(6,), stages=TWO_STAGES
    ),
}
LEAVES = plan("a blue planet in space", guidance=9.0, sampler="euler", stages=(Stage(**SQUARE, steps=9),))
COMES = plan("a late balloon", guidance=3.0, seeds=(1, 2, 3), stages=(Stage(**SQUARE, steps=3),))


@pytest.fixture(scope="module")
def in_a_crowd(family):
    """What each of the crowd gets, while another leaves and a third comes late."""
    engine = engine_on(family)
    submit(engine, "leaves", LEAVES)
    ears = {}
    for request_id, asked in CROWD.items():
        tick(engine)
        ears[request_id] = submit(engine, request_id, asked)
    tick(engine, 2)
    engine.cancel("leaves")
    submit(engine, "comes", COMES)
    finish(engine)
    return {request_id: ear.last.pictures for request_id, ear in ears.items()}


@pytest.mark.parametrize("name", CROWD)
def test_a_picture_has_the_same_bits_alone_and_in_a_crowd_that_comes_and_goes(family, in_a_crowd, name):
    engine = engine_on(family)
    ear = submit(engine, name, CROWD[name])
    finish(engine)
    assert isinstance(ear.last, Rendered)
    assert ear.last.pictures == in_a_crowd[name]


@pytest.fixture(scope="module")
def pool(family):
    """Twenty rows, and what the network says of each alone."""
    rows = random_batch(20, family.latent_shape(64, 64), [(40, 192)], torch.empty(0))
    return rows, torch.cat([predicted(family, rows, [i]) for i in range(20)])


def predicted(family, pool_rows, places: list[int]) -> torch.Tensor:
    rows, timesteps, text = (part[torch.tensor(places)] for part in pool_rows)
    with torch.inference_mode():
        return family.predict("base", rows, timesteps, Conditioning(text.to(family.dtype)))


def test_numbers_of_rows_are_tried_out_for_every_length_of_text(family):
    shape = family.latent_shape(128, 128)
    with torch.inference_mode():
        short, long = (family._rows.counts("base", shape, ((tokens, 192),)) for tokens in (40, 80))
    assert short is not long
    assert (short._sample[2].shape[1], long._sample[2].shape[1]) == (40, 80)


def test_rows_of_a_long_prompt_have_the_same_bits_in_any_number(family):
    rows = random_batch(5, family.latent_shape(64, 64), [(80, 192)], torch.empty(0))
    alone = torch.cat([predicted(family, rows, [i]) for i in range(5)])
    assert torch.equal(predicted(family, rows, [3, 0, 4, 1, 2]), alone[[3, 0, 4, 1, 2]])


@settings(max_examples=8, deadline=None)
@given(places=st.lists(st.integers(0, 19), min_size=1, max_size=20))
def test_a_row_has_the_same_bits_in_any_batch_and_at_any_place(family, pool, places):
    rows, each_alone = pool
    assert torch.equal(predicted(family, rows, places), each_alone[torch.tensor(places)])


@pytest.mark.parametrize("size", [(128, 128), (160, 96), (144, 112), (256, 256)])
def test_pictures_of_every_shape_share_forward_passes(family, size):
    """Else a grid would take several times as long: one row at a time fills no core."""
    shape = family.latent_shape(*size)
    with torch.inference_mode():
        assert family._rows.counts("base", shape, ((40, 192),)).largest == family.row_limit(shape) > 1


def test_a_picture_decodes_to_the_same_bits_alone_and_in_a_grid(starter):
    latents = torch.randn(3, *starter.latent_shape(128, 128), generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        grid = starter.decode(latents)
        assert all(torch.equal(starter.decode(one), grid[i : i + 1]) for i, one in enumerate(latents.split(1)))


def test_a_picture_comes_back_from_its_latents(starter):
    pixels = torch.linspace(-0.8, 0.8, 128).expand(1, 3, 128, 128)
    with torch.inference_mode():
        again = starter.decode(starter.encode_picture(pixels))
    assert float((again - pixels).abs().mean()) < 0.1
