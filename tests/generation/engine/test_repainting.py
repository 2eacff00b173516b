"""Pictures painted in part, with the starter: what is kept is kept to the bit, and what is painted is the prompt's."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from generation.contracts import Placement, Raster, RenderRequest, Repaint, SourceUse, Stage
from generation.engine import masks
from generation.engine.admission import admit
from generation.engine.batching import step_together
from generation.engine.canvas import placed
from generation.engine.images import fit
from tests.generation.engine.fakes import Ear, engine_on, finish, painted, plan, tick
from tests.generation.engine.seeing import psnr_db, values
from tests.generation.engine.test_masks import marked

SMALL = Stage(width_px=128, height_px=128, steps=12)
BOX = (32, 40, 96, 104)
MASK = marked(128, 128, BOX)
CANVAS = Stage(width_px=192, height_px=128, steps=12, strength=0.85)
RIGHT = Repaint(feather_px=8, placement=Placement(left_px=0, top_px=0, width_px=128, height_px=128))


@pytest.fixture(scope="module")
def source(starter) -> Raster:
    return painted(starter, plan("a red house in the mountains", seeds=(1,), stages=(SMALL,)))[0]


def repainted(family, asked, source, mask=None, previews=None):
    engine = engine_on(family)
    ear = Ear()
    engine.submit(RenderRequest(request_id="a", plan=asked, sources=(source,), mask=mask), ear)
    finish(engine)
    if previews is not None:
        previews += [event.preview for event in ear.events[:-1] if event.preview]
    return ear.last.pictures


def inpainting(**changes):
    return replace(plan("a green tree", seeds=(5, 6), stages=(SMALL,)), repaint=Repaint(feather_px=4), **changes)


@pytest.mark.parametrize("sampler", ["dpmpp_2m", "euler_ancestral", "ddim", "unipc"])
def test_outside_the_feathered_mask_the_sources_own_pixels_stay_to_the_bit(starter, source, sampler):
    pictures = repainted(starter, inpainting(sampler=sampler), source, MASK)
    mask = masks.drawn(MASK, 128, 128, feather_px=4)
    for picture in pictures:
        assert (values(picture)[mask == 0] == values(source)[mask == 0]).all()
        assert np.abs(values(picture)[mask == 1] - values(source)[mask == 1]).mean() > 10
    assert pictures[0] != pictures[1]


def test_what_is_painted_is_what_the_prompt_says(starter, source):
    """The source's house is red, and the tree in its place is green."""
    inside = (slice(BOX[1] + 8, BOX[3] - 8), slice(BOX[0] + 8, BOX[2] - 8))
    before = values(source)[inside].mean((0, 1))
    after = np.mean(
        [values(picture)[inside].mean((0, 1)) for picture in repainted(starter, inpainting(), source, MASK)], 0
    )
    assert before[0] > before[1] + 20
    assert after[1] - after[0] > before[1] - before[0] + 30


def test_no_seam_runs_along_the_edge_of_what_is_painted(starter, source):
    """A network that is never shown what is kept paints another picture into the mask; ours fits its surroundings."""
    picture = repainted(starter, inpainting(), source, MASK)[0]
    alone = painted(starter, plan("a green tree", seeds=(5,), stages=(SMALL,)))[0]
    cut_in = masks.composite(alone, source, masks.drawn(MASK, 128, 128, feather_px=0))
    assert edge(picture) < 0.6 * edge(cut_in)


def edge(picture: Raster) -> float:
    """Change of color over the border of the box."""
    colors, (left, top, right, bottom) = values(picture), BOX
    across = np.abs(colors[top:bottom, [left, right]] - colors[top:bottom, [left - 1, right - 1]])
    return float(across.mean())


@torch.inference_mode()
@pytest.mark.parametrize("sampler", ["euler", "euler_ancestral", "ddim", "dpmpp_2m_sde"])
def test_at_every_step_what_is_kept_is_the_source_under_the_runs_own_noise(starter, source, sampler):
    asked = inpainting(sampler=sampler)
    request = RenderRequest(request_id="a", plan=asked, sources=(source,), mask=MASK)
    (member, _) = admit(request, Ear(), starter, iter(range(9))).trajectories
    kept = member.kept.painted[0] == 0
    clean = member.kept.clean[:, kept]
    noise = member.noise[:, kept]
    assert kept.any()
    while not member.stage_is_done:
        step = member.next_step
        assert torch.allclose(member.latents[:, kept], clean * step.signal + noise * step.noise, atol=1e-4)
        step_together((member,), starter)
        assert torch.equal(member.denoised[:, kept], clean)
    assert torch.equal(member.latents[:, kept], clean)


def test_previews_show_what_is_kept_from_the_first(starter, source):
    previews = []
    repainted(starter, inpainting(), source, MASK, previews)
    first = previews[0][0]
    corner = (slice(0, first.height_px // 5), slice(None))
    assert np.abs(values(first)[corner] - values(fit(source, first.width_px, first.height_px))[corner]).mean() < 25


# --- a canvas around the picture


def test_a_larger_canvas_keeps_the_picture_but_for_the_feather(starter, source):
    asked = replace(plan("a red house in the mountains", seeds=(5, 6), stages=(CANVAS,)), repaint=RIGHT)
    for picture in repainted(starter, asked, source):
        assert (values(picture)[:, : 128 - 16] == values(source)[:, : 128 - 16]).all()
        assert values(picture)[:, 140:].std() > 10


def test_the_new_canvas_is_painted_and_not_the_fill(starter, source):
    asked = replace(plan("a red house in the mountains", seeds=(5,), stages=(CANVAS,)), repaint=RIGHT)
    picture = repainted(starter, asked, source)[0]
    filled = placed(source, RIGHT.placement, 192, 128)
    assert np.abs(values(picture)[:, 140:] - values(filled)[:, 140:]).mean() > 8


def test_a_part_of_a_picture_changes_together_with_the_canvas_around_it(starter, source):
    asked = replace(plan("a green tree", seeds=(5,), stages=(CANVAS,)), repaint=replace(RIGHT, masked=True))
    picture = values(repainted(starter, asked, source, MASK)[0])
    mask = masks.around(RIGHT.placement, 192, 128, feather_px=8, inside=MASK)
    kept = mask[:, :128] == 0
    assert (picture[:, :128][kept] == values(source)[kept]).all()
    inside = (slice(BOX[1], BOX[3]), slice(BOX[0], BOX[2]))
    assert np.abs(picture[inside] - values(source)[inside]).mean() > 5
    assert picture[:, 140:].std() > 10


def test_a_second_stage_keeps_the_enlarged_source(starter, source):
    large = Stage(width_px=256, height_px=256, steps=8, strength=0.4)
    picture = repainted(starter, inpainting(seeds=(5,), stages=(SMALL, large)), source, MASK)[0]
    mask = masks.drawn(MASK, 256, 256, feather_px=8)
    assert (values(picture)[mask == 0] == values(fit(source, 256, 256))[mask == 0]).all()
    assert psnr_db(picture, fit(repainted(starter, inpainting(seeds=(5,)), source, MASK)[0], 256, 256), side_px=32) > 18


def test_a_picture_that_leaves_the_engine_early_disturbs_no_other(starter, source):
    engine = engine_on(starter)
    ears = [Ear(), Ear()]
    for name, ear, sources in (("a", ears[0], (source,)), ("b", ears[1], ())):
        asked = inpainting() if sources else plan("a boat", seeds=(5,), stages=(SMALL,))
        engine.submit(RenderRequest(request_id=name, plan=asked, sources=sources, mask=MASK if sources else None), ear)
    tick(engine, 3)
    engine.cancel("a")
    finish(engine)
    assert ears[1].last.pictures == painted(starter, plan("a boat", seeds=(5,), stages=(SMALL,)))


# --- several uses of one picture


def test_a_repaint_may_take_its_style_from_another_picture(starter, source):
    blue = Raster(64, 64, bytes((20, 40, 220)) * 64 * 64)
    uses = (SourceUse(start=1.0), SourceUse(style=1.0))
    request = RenderRequest(request_id="a", plan=inpainting(sources=uses), sources=(source, blue), mask=MASK)
    engine, ear = engine_on(starter), Ear()
    engine.submit(request, ear)
    finish(engine)
    assert ear.last.pictures != repainted(starter, inpainting(), source, MASK)
