"""Every kind of prompt comes to a plan that the engine takes: the starter's, checked by the engine itself."""

from __future__ import annotations

import pytest

from generation.contracts import Raster, RenderRequest
from generation.engine.checks import check
from generation.engine.loading import load_family
from generation.jobs.limits import refusals
from generation.jobs.meaning import mean
from generation.prompts.parser import parse
from generation.starter import WEIGHTS_DIR

GRAY = Raster(30, 20, bytes(30 * 20 * 3))
A, B = "https://example.com/a.png", "image:00000000-0000-7000-8000-000000000001"
PROMPTS = (
    "a boat",
    "a boat --no fog --s 1000 --exp 100 --c 100 --w 3000 --tile --stop 10 --ar 3:1 --best 16",
    "a boat --ar 14:1 --draft",
    "a boat --hd --stop 50",
    "a boat --hires 4 --style watercolor --s 40",
    "a boat:: a fox::2 snow::-1 --sref 7 8::2 random --sw 60",
    "a boat --sampler ddim --schedule trailing --steps 150 --guidance 30",
    "a boat --sampler lcm --steps 50",
    "a boat --sampler dpmpp_2m_sde --schedule exponential",
    "a boat --sameseed 4 --q .25",
    f"{A} {B} a boat --iw 3 --sref {B} --sw 1000",
    f"{A} a boat --iw 0 --strength .4",
    f"{A} a boat --strength .9 --cref {B} --cw 0 --oref {A} --ow 1",
    f"{A} {B}",
    f"{A} {B} --ar 2:1 --hires 2",
    f"{A} a boat --zoom 2 --hires 1.5 --sref {B}",
    f"{A} a boat --zoom 1 --ar 3:1 --c 20 --seed 4294967295",
)


@pytest.fixture(scope="module")
def family():
    return load_family(WEIGHTS_DIR)


@pytest.mark.parametrize("prompt", PROMPTS)
def test_the_engine_takes_it(family, card, prompt):
    spec = parse(prompt)
    assert refusals(spec, card) == []
    plan = mean(spec, card, ratio=1.5).plan
    sources = (GRAY,) * len(plan.source_uses)
    check(RenderRequest(request_id="r", plan=plan, sources=sources), family)
