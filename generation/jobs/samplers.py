"""Which samplers a checkpoint has, and which schedules a sampler: what a prompt may name.

The engine decides in the end, by its own tables; a test holds these against them, so that a prompt is refused with a
sentence instead of a job with a failure. The web cannot ask the engine, which loads torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from generation.contracts import SAMPLER_TITLES, SCHEDULE_TITLES, CheckpointCard, SamplerName, ScheduleName
from mjweb.common.saying import say

_SPACINGS: Final[tuple[ScheduleName, ...]] = ("model", "linspace", "leading", "trailing")
_ALL: Final[tuple[ScheduleName, ...]] = (*_SPACINGS, "karras", "exponential")
SCHEDULES: Final[Mapping[SamplerName, tuple[ScheduleName, ...]]] = {
    "euler": _ALL,
    "euler_ancestral": _ALL,
    "ddim": _SPACINGS,
    "dpmpp_2m": _ALL,
    "dpmpp_2m_sde": _ALL,
    "unipc": _ALL,
    "lcm": ("model",),
    "flow_euler": ("model", "linspace", "trailing"),
    "own": ("model",),
}
"""What each sampler takes."""
FLOW_FAMILIES: Final = frozenset({"stable_diffusion_3", "flux"})
"""Networks of flow matching, which only their own sampler samples."""


def samplers_of(card: CheckpointCard) -> tuple[SamplerName, ...]:
    """The samplers of a checkpoint, its own first."""
    if card.sampler == "own":
        return ("own",)
    if card.family in FLOW_FAMILIES:
        return ("flow_euler",)
    others = (name for name in SCHEDULES if name not in {"own", "flow_euler", card.sampler})
    return (card.sampler, *others)


def sampler_refusal(card: CheckpointCard, wanted: SamplerName) -> str | None:
    """Why a prompt may not name this sampler with this checkpoint; None where it may."""
    names = samplers_of(card)
    if wanted in names:
        return None
    if names == ("own",):
        return say("{model} is painted by its own pipeline, which takes no sampler from outside.", model=card.title)
    titles = ", ".join(say(SAMPLER_TITLES[name]) for name in names)
    return say(
        "{model} cannot be sampled with {sampler}; it takes {titles}.",
        model=card.title,
        sampler=say(SAMPLER_TITLES[wanted]),
        titles=titles,
    )


def schedule_refusal(sampler: SamplerName, wanted: ScheduleName) -> str | None:
    """Why a prompt may not name this schedule with this sampler; None where it may."""
    takes = SCHEDULES[sampler]
    if wanted in takes:
        return None
    titles = ", ".join(say(SCHEDULE_TITLES[name]) for name in takes)
    return say(
        "{sampler} has no schedule {schedule}; it takes {titles}.",
        sampler=say(SAMPLER_TITLES[sampler]),
        schedule=say(SCHEDULE_TITLES[wanted]),
        titles=titles,
    )
