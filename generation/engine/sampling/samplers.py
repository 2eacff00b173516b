"""The samplers by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from generation.contracts import SamplerName
from generation.engine.sampling import dpmpp_2m, euler
from generation.engine.sampling.schedules import NoiseSchedule
from generation.engine.sampling.tables import StepTable

SAMPLERS: Final[Mapping[SamplerName, Callable[[NoiseSchedule, int, float], StepTable]]] = {
    "euler": euler.table,
    "dpmpp_2m": dpmpp_2m.table,
}
"""Name to `table(schedule, steps, strength)`. A new sampler is a new file and a line here."""
