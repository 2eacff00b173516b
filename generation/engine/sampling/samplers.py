"""The samplers by name, and what each can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from generation.contracts import SAMPLER_TITLES, SCHEDULE_TITLES, SamplerName, ScheduleName
from generation.engine.sampling import (
    ddim,
    dpmpp_2m,
    dpmpp_2m_sde,
    euler,
    euler_ancestral,
    flow_euler,
    lcm,
    unipc,
)
from generation.engine.sampling.schedules import NoiseSchedule
from generation.engine.sampling.tables import StepTable

Table = Callable[[NoiseSchedule, int, float, float], StepTable]

SPACINGS: Final[tuple[ScheduleName, ...]] = ("model", "linspace", "leading", "trailing")
ALL: Final[tuple[ScheduleName, ...]] = (*SPACINGS, "karras", "exponential")


@dataclass(frozen=True, slots=True)
class Sampler:
    """An algorithm and its limits.

    table: of a schedule, steps, strength and eta; one without eta leaves it unread.
    schedules: what a plan may ask of it.
    has_eta: whether eta means something to it.
    is_for_flow: whether it samples flow-matching networks, and no others.
    is_distilled: whether it takes no more steps than the network was distilled on.
    """

    name: SamplerName
    table: Table
    schedules: tuple[ScheduleName, ...] = ALL
    has_eta: bool = False
    is_for_flow: bool = False
    is_distilled: bool = False

    def __call__(self, schedule: NoiseSchedule, steps: int, strength: float, eta: float = 1.0) -> StepTable:
        """The steps of a pass at a strength above 0 and up to 1; eta: 0 to 1."""
        return self.table(schedule, steps, strength, eta)

    def refusal(self, schedule: NoiseSchedule, wanted: ScheduleName, *, steps: int, eta: float) -> str | None:
        """A sentence that says why it cannot be combined with these; None where it can."""
        title = SAMPLER_TITLES[self.name]
        if self.is_for_flow != (schedule.prediction == "flow"):
            if self.is_for_flow:
                return f"{title} samples flow-matching networks only, and this checkpoint's is none."
            return f"{title} does not sample flow-matching networks, and this checkpoint's is one."
        if wanted not in self.schedules:
            takes = ", ".join(SCHEDULE_TITLES[name] for name in self.schedules)
            return f"{title} has no schedule {SCHEDULE_TITLES.get(wanted, wanted)}; it takes: {takes}."
        return self._refusal_of_numbers(title, schedule, steps, eta)

    def _refusal_of_numbers(self, title: str, schedule: NoiseSchedule, steps: int, eta: float) -> str | None:
        if not 0 <= eta <= 1:
            return "Eta is a number from 0 to 1."
        if eta != 1 and not self.has_eta:
            return f"{title} has no eta."
        if self.is_distilled and steps > schedule.distilled_steps:
            return f"{title} takes at most {schedule.distilled_steps} steps, as many as the model was distilled on."
        return None


def _plain(table: Callable[[NoiseSchedule, int, float], StepTable]) -> Table:
    """A table without eta in the place of one with it."""
    return lambda schedule, steps, strength, _: table(schedule, steps, strength)


_KNOWN: Final = (
    Sampler("euler", _plain(euler.table)),
    Sampler("euler_ancestral", euler_ancestral.table, has_eta=True),
    Sampler("ddim", ddim.table, SPACINGS, has_eta=True),
    Sampler("dpmpp_2m", _plain(dpmpp_2m.table)),
    Sampler("dpmpp_2m_sde", dpmpp_2m_sde.table, has_eta=True),
    Sampler("unipc", _plain(unipc.table)),
    Sampler("lcm", _plain(lcm.table), ("model",), is_distilled=True),
    Sampler("flow_euler", _plain(flow_euler.table), ("model", "linspace", "trailing"), is_for_flow=True),
)
SAMPLERS: Final[Mapping[SamplerName, Sampler]] = {sampler.name: sampler for sampler in _KNOWN}
"""Name to sampler; `SAMPLERS[name](schedule, steps, strength, eta)` is a table. A new one is a file and a line here.
A whole pipeline's `own` has none."""
