"""diffusers' own StableDiffusionPipeline around the modules of a loaded family."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from diffusers import DPMSolverMultistepScheduler, StableDiffusionPipeline
from PIL import Image

from bench.engine.house import SIDE_PX
from generation.contracts import Raster, RenderPlan
from generation.starter import WEIGHTS_DIR


class Stock:
    """The pipeline as a server without an engine would call it: a list of prompts in, Pillow images out."""

    def __init__(self, family: Any) -> None:
        """The same U-Net, VAE and text tower as the engine's, object by object."""
        tower = family._tower
        parts = {
            "vae": family._autoencoder.vae,
            "tokenizer": tower._tokenizer,
            "unet": family._networks["base"],
            "scheduler": DPMSolverMultistepScheduler.from_pretrained(WEIGHTS_DIR / "scheduler"),
            "safety_checker": None,
            "feature_extractor": None,
            "requires_safety_checker": False,
        }
        self._encoder = StableDiffusionPipeline(**parts, text_encoder=tower._text_encoder)
        # With a text encoder it would cast what it is told to that one's float32, which a bf16 U-Net does not take.
        self._pipeline = StableDiffusionPipeline(**parts, text_encoder=None)
        self._pipeline.set_progress_bar_config(disable=True)

    @torch.inference_mode()
    def paint(self, plans: Sequence[RenderPlan], *, steps: int = 0, guidance: float = 0.0) -> list[Image.Image]:
        """One call for all plans; steps and guidance are one number for a call, the first plan's unless given."""
        pipeline, unet = self._pipeline, self._pipeline.unet
        told, negative = self._encoder.encode_prompt([plan.parts[0].text for plan in plans], unet.device, 1, True)
        done = pipeline(
            prompt_embeds=told.to(unet.dtype),
            negative_prompt_embeds=negative.to(unet.dtype),
            num_inference_steps=steps or plans[0].stages[0].steps,
            guidance_scale=guidance or plans[0].guidance,
            height=SIDE_PX,
            width=SIDE_PX,
            generator=[torch.Generator("cpu").manual_seed(plan.seeds[0]) for plan in plans],
            output_type="latent",  # its own decoding would take the dtype of the encoder
        )
        vae = pipeline.vae
        dtype = next(vae.decoder.parameters()).dtype
        pixels = vae.decode(done.images.to(dtype) / vae.config.scaling_factor, return_dict=False)[0]
        return list(pipeline.image_processor.postprocess(pixels, output_type="pil"))


def levels_apart(ours: Raster, theirs: Image.Image) -> float:
    """Mean difference of two pictures, in 8-bit levels."""
    mine = np.frombuffer(ours.rgb, dtype=np.uint8).reshape(ours.height_px, ours.width_px, 3)
    return float(np.abs(mine.astype(int) - np.asarray(theirs).astype(int)).mean())
