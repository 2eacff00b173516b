"""A picture's bits depend on its plan, seed and sources, whoever else is painted: every kind of start, in bf16."""

import random
from dataclasses import replace

import pytest
import torch

from generation.contracts import AdapterUse, Placement, Raster, RenderRequest, Repaint, SourceUse, Stage
from generation.engine.loading import load_family
from generation.starter import WEIGHTS_DIR
from tests.generation.engine.adapters.image_prompt_files import write_image_prompt
from tests.generation.engine.fakes import Ear, engine_on, finish, plan, tick
from tests.generation.engine.test_masks import marked

SMALL = Stage(width_px=128, height_px=128, steps=5)
LATER = replace(SMALL, strength=0.6)
LARGE = Stage(width_px=256, height_px=256, steps=4, strength=0.5)
RIGHT = Repaint(feather_px=8, placement=Placement(left_px=0, top_px=0, width_px=128, height_px=128))
BASE = plan("a red house in the mountains", seeds=(1, 2), stages=(SMALL,))
KINDS = {
    "text": BASE,
    "image to image": replace(BASE, stages=(LATER,)),
    "a part": replace(BASE, repaint=Repaint(feather_px=4), sampler="euler_ancestral"),
    "a canvas": replace(BASE, repaint=RIGHT, stages=(replace(LATER, width_px=192),)),
    "seamless": replace(BASE, seamless=True),
    "hires": replace(BASE, seeds=(1,), stages=(SMALL, LARGE)),
    "seamless hires": replace(BASE, seeds=(1,), stages=(SMALL, LARGE), seamless=True),
    "stopped": replace(BASE, stages=(replace(SMALL, stop=0.6),)),
    "chaos": replace(BASE, chaos=70),
    "weird": replace(BASE, weird=2000),
    "blend": replace(BASE, stages=(LATER,), sources=(SourceUse(start=1, prompt=1), SourceUse(start=2, prompt=2))),
    "image prompt": replace(BASE, sources=(SourceUse(prompt=1.0),)),
    "shown picture": replace(BASE, sources=(SourceUse(prompt=1.0),), adapters=(AdapterUse("look"),)),
    "two shown pictures": replace(
        BASE, seeds=(1,), sources=(SourceUse(prompt=0.5), SourceUse(prompt=1.0)), adapters=(AdapterUse("look"),)
    ),
    "style": replace(BASE, sources=(SourceUse(style=0.8),)),
}


@pytest.fixture(scope="module")
def family():
    return load_family(WEIGHTS_DIR, device="cpu", dtype=torch.bfloat16)


@pytest.fixture(scope="module")
def look(family, tmp_path_factory):
    """An IP-Adapter with random weights."""
    return write_image_prompt(tmp_path_factory.mktemp("look") / "look.safetensors", family.denoisers[0])


@pytest.fixture(scope="module")
def sources() -> tuple[Raster, Raster]:
    colors = torch.rand(2, 3, 4, 4, generator=torch.Generator().manual_seed(0))
    soft = torch.nn.functional.interpolate(colors, size=(128, 128), mode="bilinear").permute(0, 2, 3, 1) * 255
    return tuple(Raster(128, 128, one.to(torch.uint8).contiguous().numpy().tobytes()) for one in soft)


def send(engine, name: str, asked, sources, look=None) -> Ear:
    ear = Ear()
    given = sources[: len(asked.source_uses)]
    mask = marked(128, 128, (30, 40, 90, 100)) if asked.needs_mask else None
    adapters = (look,) if asked.adapters else ()
    engine.submit(RenderRequest(request_id=name, plan=asked, sources=given, mask=mask, adapters=adapters), ear)
    return ear


@pytest.fixture(scope="module")
def alone(family, sources, look):
    pictures = {}
    for name, asked in KINDS.items():
        engine = engine_on(family)
        ear = send(engine, name, asked, sources, look)
        finish(engine)
        pictures[name] = ear.last.pictures
    return pictures


def test_every_kind_paints_another_picture(alone):
    firsts = [pictures[0] for pictures in alone.values()]
    assert len({first.rgb for first in firsts}) == len(firsts)


@pytest.mark.parametrize("chance", [1, 2])
def test_every_kind_has_the_same_bits_in_random_company(family, sources, look, alone, chance):
    """They arrive in any order, a few steps apart; some of them twice, with another prompt and seed."""
    draw = random.Random(chance)
    engine = engine_on(family)
    crowd = [(name, asked, True) for name, asked in KINDS.items()]
    crowd += [
        (f"{name} again", replace(asked, parts=plan("a green boat").parts, seeds=(7, 8, 9)), False)
        for name, asked in draw.sample(sorted(KINDS.items()), 5)
    ]
    draw.shuffle(crowd)
    ears = {}
    for name, asked, _ in crowd:
        ears[name] = send(engine, name, asked, sources, look)
        tick(engine, draw.randint(0, 4))
    finish(engine, limit=2000)
    for name, _, counts in crowd:
        if counts:
            assert ears[name].last.pictures == alone[name], name


def test_a_picture_in_tiles_has_the_same_bits_in_company(family, sources, monkeypatch):
    monkeypatch.setattr("generation.engine.tiles.WHOLE_SIDES", 1)
    asked = replace(BASE, seeds=(1,), stages=(replace(LARGE, strength=0.4),))
    single, crowded = engine_on(family), engine_on(family)
    first = send(single, "a", asked, sources)
    finish(single)
    second = send(crowded, "a", asked, sources)
    others = [send(crowded, f"b{seed}", replace(asked, seeds=(seed,), chaos=30), sources) for seed in (4, 5)]
    finish(crowded)
    assert second.last.pictures == first.last.pictures
    assert others[0].last.pictures != first.last.pictures
