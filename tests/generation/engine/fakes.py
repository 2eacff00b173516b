"""A family that computes nothing much and can be told to fail, and the plans to drive it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch

from generation.contracts import (
    EngineEvent,
    Progressed,
    PromptPart,
    Raster,
    Rendered,
    RenderPlan,
    RenderRequest,
    Stage,
)
from generation.engine.families.base import Conditioning, TextTooLongError
from generation.engine.loop import Engine
from generation.engine.previews import LatentToRgb
from generation.engine.sampling.schedules import NoiseSchedule

POISON = "poison"
LONG, TOO_LONG = 60, 200
"""Letters of a text from which on it takes two chunks of two tokens, and beyond which it is refused."""


class FakeFamily:
    """Latents are 3 channels at an eighth of the size; the network draws them towards its text's number.

    raises: what `predict` raises when a poisoned row is in the batch.
    rows_that_fit: `predict` runs out of memory beyond that many rows.
    batches, tokens: rows of every forward pass that was tried, and the length of their texts.
    """

    device = torch.device("cpu")
    native_px = 64
    size_multiple_px = 16
    embeds_guidance = False
    has_seamless_form = True

    def __init__(self, *, raises: Exception | None = None, rows_that_fit: int = 1000, has_hires: bool = False) -> None:
        self.schedule = NoiseSchedule.from_config({"beta_schedule": "scaled_linear"})
        self.latent_to_rgb = LatentToRgb(torch.eye(4, 3))
        self.raises = raises
        self.rows_that_fit = rows_that_fit
        self.has_hires = has_hires
        self.batches: list[int] = []
        self.tokens: list[int] = []
        self.networks: list[str] = []

    def latent_shape(self, width_px: int, height_px: int) -> tuple[int, int, int]:
        return 3, height_px // 8, width_px // 8

    def row_limit(self, latent_shape: tuple[int, int, int]) -> int:  # noqa: ARG002 -- the family's signature
        return 1000

    def network(self, wanted: str) -> str:
        return wanted if self.has_hires else "base"

    def sees_mask(self, network: str) -> bool:  # noqa: ARG002 -- the family's signature
        return False

    def encode_text(
        self,
        text: str,
        network: str,  # noqa: ARG002 -- the family's signature
        **_: object,
    ) -> Conditioning:
        number = float("inf") if text == POISON else len(text) / 10
        if len(text) > TOO_LONG:
            raise TextTooLongError("This text is too long.")
        return Conditioning(torch.full((1, 4 if len(text) >= LONG else 2, 2), number))

    def as_parts_of(self, **samples) -> AbstractContextManager[None]:  # noqa: ARG002 -- the family's signature
        return nullcontext()

    def describe(self, pictures, weights, network: str) -> Conditioning | None:  # noqa: ARG002 -- the signature
        return None

    def predict(
        self,
        network: str,
        rows: torch.Tensor,
        timesteps: torch.Tensor,  # noqa: ARG002 -- the family's signature
        conditioning: Conditioning,
    ) -> torch.Tensor:
        self.batches.append(len(rows))
        self.tokens.append(conditioning.tokens)
        self.networks.append(network)
        if len(rows) > self.rows_that_fit:
            raise torch.OutOfMemoryError("no room")
        if self.raises and bool(conditioning.hidden.isinf().any()):
            raise self.raises
        return rows * 0.9 - conditioning.hidden[:, 0, 0].view(-1, 1, 1, 1) * 0.1

    def encode_picture(self, pixels: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.avg_pool2d(pixels, 8)

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.interpolate(latents, scale_factor=8.0)


class Ear:
    """A listener that remembers."""

    def __init__(self) -> None:
        self.events: list[EngineEvent] = []

    def __call__(self, event: EngineEvent) -> None:
        self.events.append(event)

    @property
    def last(self) -> EngineEvent:
        return self.events[-1]

    @property
    def is_done(self) -> bool:
        return bool(self.events) and not isinstance(self.last, Progressed)


def plan(text: str = "a tree", **changes) -> RenderPlan:
    values = {
        "checkpoint": "fake",
        "parts": (PromptPart(text),),
        "guidance": 4.0,
        "sampler": "dpmpp_2m",
        "seeds": (1, 2),
        "stages": (Stage(width_px=64, height_px=64, steps=5),),
    }
    return RenderPlan(**(values | changes))


def engine_on(family, *, max_rows: int = 16, preview_interval_s: float = 0.0, **settings) -> Engine:
    """An engine without its thread: tests turn the loop by hand."""
    return Engine(lambda _: family, max_rows=max_rows, preview_interval_s=preview_interval_s, **settings)


def submit(engine: Engine, request_id: str, asked: RenderPlan, source=None) -> Ear:
    ear = Ear()
    sources = () if source is None else (source,)
    engine.submit(RenderRequest(request_id=request_id, plan=asked, sources=sources), ear)
    return ear


def tick(engine: Engine, times: int = 1) -> None:
    with torch.inference_mode():
        for _ in range(times):
            engine._tick()


def finish(engine: Engine, *, limit: int = 500) -> None:
    """Turn the loop until nobody is left."""
    for _ in range(limit):
        if not engine.is_busy:
            return
        tick(engine)
    raise AssertionError("the engine never became idle")


def painted(family, asked) -> tuple[Raster, ...]:
    """The pictures of a request that has the engine for itself."""
    engine = engine_on(family)
    ear = submit(engine, "alone", asked)
    finish(engine)
    assert isinstance(ear.last, Rendered)
    return ear.last.pictures
