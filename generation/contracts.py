"""Frozen values that cross the doors between rooms.

Prompt language, job rules, engine and workers speak to each other in these types and in nothing
else. The module knows neither Django nor torch, so that every room may import it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, Self

SamplerName = Literal[
    "euler", "euler_ancestral", "ddim", "dpmpp_2m", "dpmpp_2m_sde", "unipc", "lcm", "flow_euler", "own"
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
    "own": "the model's own",
}
"""The samplers' names as people and other tools write them; the last one is that of a pipeline which is run whole."""
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
AdapterKind = Literal["lora", "embedding", "control", "image_prompt"]
HUB_CONFIGURATION: Final = ("README.md", "*.json", "*.txt", "*/*.json", "*/*.txt", "*/*.model")
"""What configures a checkpoint of a hub, vocabularies included."""
HUB_FILES: Final = (*HUB_CONFIGURATION, "*/*.safetensors")
"""What is fetched from a hub: never a pickle, which could run code."""
HUB_IGNORED: Final = ("*.fp16*", "*.non_ema*", "safety_checker/*.safetensors")
"""Second copies of the same weights, and networks that nothing here loads: a longer download for nothing."""


@dataclass(frozen=True, slots=True)
class PromptPart:
    """One weighted concept of a prompt (`neon lighthouse::2` has weight 2)."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One pass of denoising at one size.

    The first stage of a plan starts from pure noise (`strength` 1) or from the source pictures
    (`strength` below 1); every later stage starts from the upsampled picture of the stage before.

    width_px, height_px: size of the pictures this stage makes; multiples of the checkpoint's size multiple.
    steps: length of the whole schedule; a stage of strength s runs about its last `s * steps` steps.
    strength: 0 < strength <= 1, the share of the noise that is put on the starting picture. 0, in a plan of one stage,
        paints nothing: the picture is only made larger, pixel by pixel.
    network: `hires` asks for the checkpoint's high-resolution network, where it has one.
    stop: 0 < stop <= 1, the share of its steps after which the stage ends with what it then sees in the noise.
    """

    width_px: int
    height_px: int
    steps: int
    strength: float = 1.0
    network: Network = "base"
    stop: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceUse:
    """What one source picture does for the pictures of a plan; it may do several of these at once.

    start: its share in what the first stage starts from, relative to the other sources; 0 takes no part.
    prompt: how much what it shows counts beside the prompt's parts, whose weights sum to 1; 0 does not. It takes an
        IP-Adapter in the plan or a checkpoint that can look at pictures; with others the source does the rest.
    style: 0 to 1, how far colors and contrasts are led to its own; 0 leaves them.
    """

    start: float = 0.0
    prompt: float = 0.0
    style: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where the source lies on the canvas of the first stage, which it does not fill; what is around it is painted.

    left_px, top_px: its upper left corner, from that of the canvas.
    width_px, height_px: its size there; inside the canvas, at least one pixel.
    """

    left_px: int
    top_px: int
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaint:
    """Only a part of the source is painted; the rest keeps its own pixels.

    feather_px: 0 or more, at the size of the first stage: how far what is painted runs out over what is kept.
    placement: where the source lies, when all around it is painted; None takes the part from the request's mask.
    masked: whether the mask says which part of a source with a placement is painted as well.
    """

    feather_px: int
    placement: Placement | None = None
    masked: bool = False


@dataclass(frozen=True, slots=True)
class AdapterUse:
    """One adapter of a plan: a LoRA, a learned word that stands where a text says `<name>`, or an IP-Adapter.

    A plan has one IP-Adapter at most; it shows the network the sources that are a prompt.

    weight: -2 to 2, how much it counts; 1 is as it was trained, and one of 0 is as if it were not there.
    """

    name: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ControlUse:
    """The ControlNet of a plan, whose picture the request brings.

    weight: -2 to 2; one of 0 is as if it were not there.
    start, end: the shares of a stage's steps between which it counts, 0 to 1.
    """

    name: str
    weight: float = 1.0
    start: float = 0.0
    end: float = 1.0


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
    sources: what each of the request's pictures is for, in their order; none means that one picture is the start, if
        the first stage starts from one.
    repaint: which part of the first source is painted; None paints all.
    seamless: the picture's edges meet, left to right and top to bottom, so that it can be laid out as tiles.
    chaos: 0 to 100, how far the pictures of the grid are spread; 0 leaves them to their seeds.
    weird: 0 to 3000, how far the texts are led away from what they mean.
    keep: how many of the pictures are kept, those that show the prompt best; None keeps all.
    adapters: small additions to the checkpoint, each once, in the order in which they are added.
    control: what leads the layout by a picture; None leaves it to the texts.
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
    sources: tuple[SourceUse, ...] = ()
    repaint: Repaint | None = None
    seamless: bool = False
    chaos: int = 0
    weird: int = 0
    keep: int | None = None
    adapters: tuple[AdapterUse, ...] = ()
    control: ControlUse | None = None

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
        values["sources"] = tuple(SourceUse(**use) for use in values.get("sources", ()))
        if (control := values.get("control")) is not None:
            values["control"] = ControlUse(**control)
        values["adapters"] = tuple(AdapterUse(**use) for use in values.get("adapters", ()))
        if (repaint := values.get("repaint")) is not None:
            placement = repaint["placement"] and Placement(**repaint["placement"])
            values["repaint"] = Repaint(**{**repaint, "placement": placement})
        return cls(**values)

    @property
    def source_uses(self) -> tuple[SourceUse, ...]:
        """What each picture that the request must bring is for; empty for a plan that needs none."""
        if not self.sources and (self.stages[0].strength < 1 or self.repaint is not None):
            return (SourceUse(start=1.0),)
        return self.sources

    @property
    def needs_source(self) -> bool:
        """Whether the request must bring a picture."""
        return bool(self.source_uses)

    @property
    def only_enlarges(self) -> bool:
        """Whether nothing is painted."""
        return bool(self.stages) and self.stages[0].strength == 0

    @property
    def needs_mask(self) -> bool:
        """Whether the request must bring a mask."""
        return self.repaint is not None and (self.repaint.placement is None or self.repaint.masked)

    @property
    def kept(self) -> int:
        """How many pictures stay."""
        return min(self.keep or len(self.seeds), len(self.seeds))

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
    max_tokens: prompt tokens the text encoder takes at once, begin and end included; longer prompts come in chunks, or
        are refused where T5 reads them.
    guidance: 1 is none, of a network that was distilled to need none; plans keep it as it is.
    family: as `generation.layouts` names them.
    schedule: what plans ask of the sampler.
    told_width: numbers of a token as a U-Net is told it, by which IP-Adapters fit; 0 of other networks.
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
    family: str = "stable_diffusion"
    schedule: ScheduleName = "model"
    told_width: int = 0

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
class AdapterFile:
    """Where an adapter lies on this machine.

    path: a file of safetensors; of a ControlNet its folder in diffusers layout.
    sha256: of the file, or of the weights in the folder; another file under the same name is another adapter.
    encoder: of an IP-Adapter, the folder of the image encoder that it looks with; its weights are in the hash.
    """

    name: str
    kind: AdapterKind
    path: str
    sha256: str
    encoder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderRequest:
    """What a worker hands to the engine: one job, one trajectory per seed of its plan.

    request_id: unique among resident requests (job id and attempt).
    owner: whose it is; all requests of an owner count as one person's. Empty for a person of its own.
    sources: one picture for each of `plan.source_uses`; of any size, they are resampled to the first stage.
    mask: of the first source's size, when `plan.needs_mask`; white is painted anew, black is kept, grays are between.
    adapters: one file for each of `plan.adapters`, in their order.
    control, control_picture: of `plan.control`; a picture of any size, resampled to each stage. What it must show
        (edges, depth, a pose) the ControlNet says.
    """

    request_id: str
    plan: RenderPlan
    owner: str = ""
    sources: tuple[Raster, ...] = ()
    mask: Raster | None = None
    adapters: tuple[AdapterFile, ...] = ()
    control: AdapterFile | None = None
    control_picture: Raster | None = None


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
