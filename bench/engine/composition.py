"""The same seed, the same picture: alone, and in a crowd that comes and goes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from bench.engine.house import House, Request, house, load_starter, plan
from bench.table import Line
from generation.contracts import Raster, Rendered, RenderPlan

PEOPLE = 64
RESIDENT = 12


def run(_: House, *, quick: bool) -> Iterator[Line]:
    """The share of pictures that are bit-identical, in bf16 and in exact mode on float32."""
    import torch  # noqa: PLC0415 - torch is loaded for engine benches only

    for name, kwargs in {
        "composition, bf16": {"dtype": torch.bfloat16},
        "composition, float32 in exact mode": {"dtype": torch.float32, "is_exact": True},
    }.items():
        with house(family=load_starter(dtype=kwargs.pop("dtype")), **kwargs) as engine:
            yield _compare(engine, name, people=14 if quick else PEOPLE)


def _compare(engine: House, name: str, *, people: int) -> Line:
    plans = _plans(people)
    alone = [engine.paint([each]).pictures[0][0] for each in plans]
    company = _paint_in_company(engine, plans)
    same = sum(one == other for one, other in zip(alone, company, strict=True))
    worst = max(_most_apart(one, other) for one, other in zip(alone, company, strict=True))
    remark = f"{same} of {people} identical, at most {worst} of 255 levels apart"
    return Line(name=name, value=same / people, unit="x", ours=f"{same}/{people}", goal=1.0, spread=remark)


def _plans(people: int) -> list[RenderPlan]:
    """Steps, guidance and samplers at random; one in five without guidance."""
    chance = random.Random(1)
    samplers: list[Any] = ["dpmpp_2m", "euler", "ddim", "euler_ancestral", "unipc"]
    return [
        plan(
            person,
            steps=chance.randint(3, 6),
            guidance=1.0 if chance.random() < 0.2 else chance.uniform(2, 8),
            sampler=chance.choice(samplers),
        )
        for person in range(people)
    ]


def _paint_in_company(engine: House, plans: list[RenderPlan]) -> list[Raster]:
    """All of them in another order, a few at a time, each new one joining when another is done."""
    order = list(range(len(plans)))
    random.Random(2).shuffle(order)
    asked: dict[int, Request] = {}
    for position, number in enumerate(order):
        if position >= RESIDENT:
            asked[order[position - RESIDENT]].wait()
        asked[number] = engine.ask(plans[number])
    ends = [asked[number].wait() for number in range(len(plans))]
    assert all(isinstance(end, Rendered) for end in ends)
    return [end.pictures[0] for end in ends if isinstance(end, Rendered)]


def _most_apart(one: Raster, other: Raster) -> int:
    return max((abs(a - b) for a, b in zip(one.rgb, other.rgb, strict=True)), default=0)
