"""Parameters of the machine: which model, and the numbers that it is run with."""

from __future__ import annotations

from typing import Final

from generation.contracts import SAMPLER_TITLES, SCHEDULE_TITLES
from generation.prompts.choices import Adapters, VersionName, choice
from generation.prompts.quantities import Number, WholeNumber
from generation.prompts.table.row import Parameter
from generation.prompts.values import ModelName
from mjweb.common.saying import sayable

MAX_SEED: Final = 2**32 - 1
VERSIONS: Final = ("1", "2", "3", "4", "5", "5.1", "5.2", "6", "6.1", "7", "8", "8.1", "8.2")
NIJI: Final = ("4", "5", "6", "7")
_NO_VERSIONS: Final = "Midjourney's models are not here, so --{name} changes nothing. --model names one that is."
_SAMPLERS: Final = {name: title for name, title in SAMPLER_TITLES.items() if name != "own"}

NUMBERS: Final = (
    Parameter(
        name="seed",
        group="numbers",
        field="seed",
        kind=WholeNumber(0, MAX_SEED),
        default=None,
        default_text="a new one each time",
        sentence="The noise that the pictures start from. The same prompt and seed give the same pictures.",
        example="7",
        conflicts=("sameseed",),
        versions="all",
    ),
    Parameter(
        name="sameseed",
        group="numbers",
        field="same_seed",
        kind=WholeNumber(0, MAX_SEED),
        default=None,
        default_text="each picture has its own noise",
        sentence="One noise for all pictures of the grid.",
        example="7",
        versions="1 to 3",
    ),
    Parameter(
        name="steps",
        group="numbers",
        field="steps",
        kind=WholeNumber(1, 150),
        default=None,
        default_text="the model's own",
        sentence="How many steps each picture takes, instead of what --quality makes of the model's own.",
        example="30",
        conflicts=("quality", "draft"),
    ),
    Parameter(
        name="guidance",
        aliases=("cfg",),
        group="numbers",
        field="guidance",
        kind=Number(1, 30),
        default=None,
        default_text="the model's own",
        sentence="How strictly the words are followed, instead of what --stylize makes of the model's own.",
        example="7.5",
    ),
    Parameter(
        name="sampler",
        group="numbers",
        field="sampler",
        kind=choice(_SAMPLERS, sayable("a sampler")),
        default=None,
        default_text="the model's own",
        sentence="How a step is made of what the network says.",
        example="dpmpp_2m",
    ),
    Parameter(
        name="schedule",
        aliases=("scheduler",),
        group="numbers",
        field="schedule",
        kind=choice(SCHEDULE_TITLES, sayable("a schedule")),
        default=None,
        default_text="the model's own",
        sentence="How the steps divide the way from noise to picture.",
        example="karras",
    ),
    Parameter(
        name="model",
        aliases=("m",),
        group="numbers",
        field="model",
        kind=ModelName(),
        default=None,
        default_text="the one chosen on Create",
        sentence="Which model of this server makes the pictures.",
        example="starter",
    ),
    Parameter(
        name="lora",
        group="numbers",
        field="loras",
        kind=Adapters(),
        default=(),
        default_text="none",
        sentence="Adds what was learned apart from the model, and how strongly. Several add up.",
        example="ink:.8",
    ),
    Parameter(
        name="version",
        aliases=("v",),
        group="numbers",
        field="version",
        kind=VersionName(VERSIONS),
        default=None,
        default_text="none",
        sentence="Which of Midjourney's models.",
        example="7",
        conflicts=("niji",),
        versions="all",
        effect="noted",
        reason=_NO_VERSIONS,
    ),
    Parameter(
        name="niji",
        group="numbers",
        field="niji",
        kind=VersionName(NIJI),
        default=None,
        default_text="none",
        sentence="Which of Midjourney's models for drawn pictures.",
        example="6",
        bare="7",
        versions="a family of its own",
        effect="noted",
        reason=f"{_NO_VERSIONS} --style anime is near.",
    ),
)
