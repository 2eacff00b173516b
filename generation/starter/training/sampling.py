"""Pictures by the trained networks, for sheets and for the evaluation.

The product paints with its own engine; this is the reference pipeline of diffusers, which knows nothing of it.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from diffusers import DPMSolverMultistepScheduler, StableDiffusionPipeline

from generation.starter.training.device import Device
from generation.starter.training.diffusion import LOW_NOISE, SCHEDULE, TRAIN_STEPS, clean_of, noise_levels, noise_of
from generation.starter.training.encoded import upsampled
from generation.starter.training.folders import Networks
from generation.starter.training.networks import picture_bytes

BATCH: Final = {"cpu": 16, "cuda": 128}
ENLARGING_STEPS: Final = 8
SHEET_PROMPTS: Final = (
    "a red house in the mountains at sunset, flat vector illustration",
    "a white sailboat at sea at night, with aurora, watercolor",
    "neon rocket in space",
    "large orange cat in a forest, oil painting",
    "a blue hot air balloon over the desert at sunrise, low poly",
    "stained glass window of a yellow flower in a meadow",
    "pink castle on a snowfield, snowing, pixel art",
    "logo of a green dragon on a white background",
    "a purple robot to the left of a yellow tree in the city",
    "a brown owl on top of a teal teapot in a room",
    "three red mushrooms in the jungle, paper cut",
    "seamless pattern of pink donuts on a navy background",
)
"""For contact sheets; the first eight are the short one."""
Pictures = npt.NDArray[np.uint8]


def make_scheduler() -> Any:
    """DPM++ 2M (Lu et al. 2022) on the trained schedule; trailing spacing starts at the pure noise it ends in."""
    spaced = {"timestep_spacing": "trailing", "steps_offset": 1}
    return DPMSolverMultistepScheduler(**SCHEDULE, **spaced, algorithm_type="dpmsolver++", solver_order=2)  # type: ignore[no-untyped-call]


def make_pipeline(tokenizer: Any, text_encoder: Any, unet: Any, vae: Any) -> Any:
    """The plain text-to-image pipeline of diffusers over these parts."""
    pipeline: Any = StableDiffusionPipeline(  # type: ignore[no-untyped-call]
        vae=vae,
        text_encoder=text_encoder,
        tokenizer=tokenizer,
        unet=unet,
        scheduler=make_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def painter_of(networks: Networks, device: Device) -> Painter:
    """A painter with the base network of a folder."""
    return Painter(device, *(networks[name] for name in ("tokenizer", "text_encoder", "base", "vae")))


@dataclass(frozen=True, slots=True)
class Painter:
    """Paints prompts from fixed seeds."""

    device: Device
    tokenizer: Any
    text_encoder: Any
    unet: Any
    vae: Any

    @torch.no_grad()
    def paint(self, prompts: Sequence[str], *, guidance: float, steps: int, seed: int) -> Pictures:
        """One picture for each prompt, (prompts, side, side, 3); picture i starts from seed + i, whatever the batch."""
        pipeline = make_pipeline(self.tokenizer, self.text_encoder, self.unet, self.vae)
        painted, size = [], BATCH[self.device.name]
        with self.device.autocast(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # advice of the libraries to their own developers
            for start in range(0, len(prompts), size):
                group = list(prompts[start : start + size])
                generators = [torch.Generator().manual_seed(seed + start + i) for i in range(len(group))]
                output = pipeline(
                    group, num_inference_steps=steps, guidance_scale=guidance, generator=generators, output_type="pt"
                )
                painted.append(picture_bytes(output.images * 2 - 1))
        return torch.cat(painted).numpy()


@torch.no_grad()
def enlarge(
    unet: Any,
    networks: Networks,
    device: Device,
    small: torch.Tensor,
    prompts: Sequence[str],
    *,
    strength: float,
    steps: int = ENLARGING_STEPS,
) -> torch.Tensor:
    """Pictures (-1 to 1, (batch, 3, side, side)) at twice the size, painted over by the high-resolution network.

    Deterministic DDIM (Song et al. 2020) without guidance, from the noise level of `strength` on.

    Args:
        unet: The high-resolution network.
        networks: With vae, text_encoder and tokenizer.
        device: Where they are.
        small: The pictures, on any device.
        prompts: One for each.
        strength: 0 to 1, the share of the noise schedule; capped where the network's knowledge ends.
        steps: Steps from there to the clean picture.
    """
    vae = networks["vae"]
    levels = noise_levels(device.name)
    generator = torch.Generator().manual_seed(5)
    with device.autocast():
        latents = vae.encode(upsampled(small.to(device.name))).latent_dist.mean.float()
        context = _text(networks, prompts, device)
        times = torch.linspace(min(strength * TRAIN_STEPS, LOW_NOISE - 1), 0, steps + 1).long().tolist()
        level = levels[times[0]]
        noise = torch.randn(latents.shape, generator=generator).to(device.name)
        latents = level.sqrt() * latents + (1 - level).sqrt() * noise
        for now, after in pairwise(times):
            level, following = levels[now], levels[after] if after else torch.ones((), device=device.name)
            timesteps = torch.full((len(latents),), now, device=device.name)
            predicted = unet(latents, timesteps, context).sample.float()
            clean, noise = clean_of(latents, predicted, level), noise_of(latents, predicted, level)
            latents = following.sqrt() * clean + (1 - following).sqrt() * noise
        decoded: torch.Tensor = vae.decode(latents).sample
    return decoded.float().clamp(-1, 1).cpu()


def _text(networks: Networks, prompts: Sequence[str], device: Device) -> torch.Tensor:
    ids = networks["tokenizer"](list(prompts), padding="max_length", truncation=True, return_tensors="pt").input_ids
    states: torch.Tensor = networks["text_encoder"](ids.to(device.name)).last_hidden_state
    return states.float()
