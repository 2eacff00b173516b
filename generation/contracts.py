"""Frozen values that cross the doors between rooms.

Prompt language, job rules, engine and workers speak to each other in these types and in nothing
else. The module knows neither Django nor torch, so that every room may import it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, Self

SamplerName = Literal[
    "euler", "euler_ancestral", "ddim", "dpmpp_2m", "dpmpp_2m_sde", "unipc", "lcm", "flow_euler"
]  # fmt: skip
SAMPLER_TITLES: Final[Mapping[SamplerName, str]] = {
    "euler": "Euler",
    "euler_ancestral": "Euler a",
    "ddim": "DDIM",
    "dpmpp_2m": "DPM++ 2M",
    "dpmpp_2m_sde": "DPM++ 2M SDE",
    "unipc": "UniPC",
    "lcm": "LCM",
    "flow_euler": "Flow Euler",
}
"""The samplers' names as people and other tools write them."""
ScheduleName = Literal["model", "karras", "exponential", "linspace", "leading", "trailing"]
SCHEDULE_TITLES: Final[Mapping[ScheduleName, str]] = {
    "model": "the model's own",
    "karras": "Karras",
    "exponential": "Exponential",
    "linspace": "Linspace",
    "leading": "Leading",
    "trailing": "Trailing",
}
"""How a run divides the noise levels: as the checkpoint's file says, along a curve, or by a spacing of timesteps."""
Network = Literal["base", "hires"]
SD1_PARTS: Final = frozenset(
    {"scheduler", "text_encoder", "tokenizer", "unet", "vae", "safety_checker", "feature_extractor", "image_encoder"}
)
"""What the index of a Stable Diffusion 1.x folder names. One that names more is of another family: SDXL's parts have
the same names and one text encoder more."""

HUB_FILES: Final = ("README.md", "*.json", "*.txt", "*/*.json", "*/*.txt", "*/*.safetensors")
"""What is fetched from a hub: never a pickle, which could run code."""
HUB_IGNORED: Final = ("*.fp16.*", "*.non_ema.*")
"""Second copies of the same weights: twice the download for nothing."""


@dataclass(frozen=True, slots=True)
class PromptPart:
    """One weighted concept of a prompt (`neon lighthouse::2` has weight 2)."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One pass of denoising at one size.

    The first stage of a plan starts from pure noise (`strength` 1) or from the source picture
    (`strength` below 1); every later stage starts from the upsampled picture of the stage before.

    width_px, height_px: size of the pictures this stage makes; multiples of the checkpoint's size multiple.
    steps: length of the whole schedule; a stage of strength s runs about its last `s * steps` steps.
    strength: 0 < strength <= 1, the share of the noise that is put on the starting picture.
    network: `hires` asks for the checkpoint's high-resolution network, where it has one.
    """

    width_px: int
    height_px: int
    steps: int
    strength: float = 1.0
    network: Network = "base"


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderPlan:
    """Every number that makes the pictures of one job, resolved: the same plan gives the same pictures.

    checkpoint: the `Checkpoint.name` that renders it.
    parts: at least one; weights are relative, their sum is positive.
    guidance: classifier-free guidance scale; 1 means that no unconditional row is computed.
    guidance_interval: from where to where it applies, as shares of the way from pure noise (0) to the clean picture (1)
        in the timesteps of training; elsewhere the scale is 1. A stage of a strength below 1 begins on that way.
    guidance_rescale: phi, 0 to 1: how much of the guided output's gain in contrast is taken back.
    seeds: one per picture, 0 to 2**32 - 1.
    stages: at least one, in the order they run.
    schedule: how the steps divide the noise levels; the engine refuses one that the sampler does not have.
    eta: 0 to 1, the share of the noise that is drawn anew in each step. `euler_ancestral` and `dpmpp_2m_sde`: 1 is the
        algorithm as published, 0 makes it `euler` and `dpmpp_2m`. `ddim`: 0 is DDIM, 1 is DDPM. The others have none,
        and the engine refuses them with any but 1.
    """

    checkpoint: str
    parts: tuple[PromptPart, ...]
    negative_prompt: str = ""
    guidance: float
    sampler: SamplerName
    seeds: tuple[int, ...]
    stages: tuple[Stage, ...]
    guidance_interval: tuple[float, float] = (0.0, 1.0)
    guidance_rescale: float = 0.0
    schedule: ScheduleName = "model"
    eta: float = 1.0

    def to_json(self) -> dict[str, Any]:
        """The plan as plain JSON values, for the job's row."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The plan that `to_json` wrote, now or before a field was added; raises KeyError or TypeError on others."""
        values = dict(data)
        if "guidance_interval" in values:
            values["guidance_interval"] = tuple(values["guidance_interval"])
        values["parts"] = tuple(PromptPart(**part) for part in values["parts"])
        values["seeds"] = tuple(values["seeds"])
        values["stages"] = tuple(Stage(**stage) for stage in values["stages"])
        return cls(**values)

    @property
    def needs_source(self) -> bool:
        """Whether the first stage starts from a picture instead of from noise."""
        return self.stages[0].strength < 1

    @property
    def width_px(self) -> int:
        """Width of the finished pictures."""
        return self.stages[-1].width_px

    @property
    def height_px(self) -> int:
        """Height of the finished pictures."""
        return self.stages[-1].height_px


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a model that knows only some.

    topics: what it knows by topic, for people to read, most telling first.
    words: every single word that means something to it, lower case.
    """

    topics: tuple[tuple[str, tuple[str, ...]], ...]
    words: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointCard:
    """What the job rules must know of a checkpoint to resolve a plan, without loading it.

    native_px: side of the square that the base network was trained on.
    size_multiple_px: widths and heights are multiples of this.
    max_side_px: no side of any stage may be longer.
    max_tokens: prompt tokens the text encoder takes at once, begin and end included; longer prompts come in chunks.
    vocabulary: the words of a model that says that it knows no others; None means any.
    """

    name: str
    title: str
    native_px: int
    size_multiple_px: int
    max_side_px: int
    max_tokens: int
    steps: int
    guidance: float
    sampler: SamplerName
    upscale_strength: float = 0.45
    has_hires_network: bool = False
    vocabulary: Vocabulary | None = None

    def to_json(self) -> dict[str, Any]:
        """The card as plain JSON values, for the checkpoint's row."""
        values = asdict(self)
        if self.vocabulary is not None:
            values["vocabulary"]["words"] = sorted(self.vocabulary.words)
        return values

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The card that `to_json` wrote; raises KeyError or TypeError on anything else."""
        values = dict(data)
        if known := values.get("vocabulary"):
            topics = tuple((topic, tuple(words)) for topic, words in known["topics"])
            values["vocabulary"] = Vocabulary(topics, frozenset(known["words"]))
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Raster:
    """Pixels outside the engine: row-major RGB, 8 bits, sRGB, `3 * width_px * height_px` bytes."""

    width_px: int
    height_px: int
    rgb: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderRequest:
    """What a worker hands to the engine: one job, one trajectory per seed of its plan.

    request_id: unique among resident requests (job id and attempt).
    source: the starting picture, when `plan.needs_source`; any size, it is resampled to the first stage.
    """

    request_id: str
    plan: RenderPlan
    source: Raster | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progressed:
    """A tick moved this request. `step` of `steps` counts over all stages (the slowest picture counts).

    preview: one small raster per picture in plan order (about 1/4 of the final size or less), or None when
    no new one was due.
    """

    request_id: str
    step: int
    steps: int
    preview: tuple[Raster, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The request is done: one finished raster per seed, in plan order. Last event of its request."""

    request_id: str
    pictures: tuple[Raster, ...]
    engine_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderCanceled:
    """The request was cancelled and its memory is free. Last event of its request."""

    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderFailed:
    """This request alone failed. Last event of its request.

    code: stable, for programs (`out_of_memory`, `bad_plan`, `engine_error`); sentence: for people.
    """

    request_id: str
    code: str
    sentence: str


EngineEvent = Progressed | Rendered | RenderCanceled | RenderFailed
EngineListener = Callable[[EngineEvent], None]
