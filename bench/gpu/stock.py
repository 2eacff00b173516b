"""diffusers' own pipelines around the same random networks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from diffusers import EulerDiscreteScheduler, StableDiffusionPipeline, StableDiffusionXLPipeline

from bench.gpu.shapes import SCHEDULER, Built

SEED = 1000


class Stock:
    """A pipeline as its guide sets it up: bf16, fused attention, channels last; compiled if asked for."""

    def __init__(self, built: Built, *, compiles: bool = False) -> None:
        self._built = built
        parts = {**built.parts, "scheduler": EulerDiscreteScheduler.from_config(SCHEDULER)}
        if built.shape.pooled_width:
            nobody = {"text_encoder": None, "text_encoder_2": None, "tokenizer": None, "tokenizer_2": None}
            self._pipeline: Any = StableDiffusionXLPipeline(
                **parts, **nobody, force_zeros_for_empty_prompt=False, add_watermarker=False
            )
        else:
            self._pipeline = StableDiffusionPipeline(
                **parts,
                text_encoder=None,
                tokenizer=None,
                safety_checker=None,
                feature_extractor=None,
                requires_safety_checker=False,
            )
        self._pipeline.set_progress_bar_config(disable=True)
        if compiles:
            self._pipeline.unet = torch.compile(self._pipeline.unet, dynamic=False, mode="reduce-overhead")

    @torch.inference_mode()
    def paint(self, count: int) -> Sequence[Any]:
        """One call for so many pictures, to Pillow images."""
        shape, told = self._built.shape, self._built.told.repeated(count)
        texts = {"prompt_embeds": told.hidden, "negative_prompt_embeds": told.hidden}
        if told.pooled is not None:
            texts |= {"pooled_prompt_embeds": told.pooled, "negative_pooled_prompt_embeds": told.pooled}
        done = self._pipeline(
            **texts,
            num_inference_steps=shape.steps,
            guidance_scale=shape.guidance,
            height=shape.side_px,
            width=shape.side_px,
            generator=[torch.Generator("cpu").manual_seed(SEED + number) for number in range(count)],
        )
        return list(done.images)
