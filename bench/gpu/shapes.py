"""Stable Diffusion 1.5 and XL with random weights, made on the device; and toys of the same build for a CPU."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import torch
from diffusers import AutoencoderKL, UNet2DConditionModel

from generation.engine.families.autoencoder import Autoencoder
from generation.engine.families.base import Conditioning
from generation.engine.families.latent_family import LatentFamily
from generation.engine.families.stable_diffusion import StableDiffusion
from generation.engine.families.stable_diffusion_xl import StableDiffusionXL
from generation.engine.sampling.schedules import NoiseSchedule

SCHEDULER = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1}
TOKENS = 77
XL = {
    "sample_size": 128,
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    "block_out_channels": (320, 640, 1280),
    "transformer_layers_per_block": (1, 2, 10),
    "attention_head_dim": (5, 10, 20),
    "cross_attention_dim": 2048,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 1280 + 6 * 256,
    "use_linear_projection": True,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a family is built of.

    side_px: of the pictures that are painted.
    rows: of a full forward pass.
    steps: of a picture.
    unet, vae: as their classes take them.
    pooled_width: of a text as a whole, which XL's network is told.
    """

    name: str
    side_px: int
    rows: int
    steps: int
    guidance: float
    unet: dict[str, Any]
    vae: dict[str, Any]
    pooled_width: int = 0


def _vae(channels: tuple[int, ...], scaling_factor: float) -> dict[str, Any]:
    levels = len(channels)
    return {
        "block_out_channels": channels,
        "down_block_types": ("DownEncoderBlock2D",) * levels,
        "up_block_types": ("UpDecoderBlock2D",) * levels,
        "layers_per_block": 2,
        "latent_channels": 4,
        "scaling_factor": scaling_factor,
    }


LARGE = (128, 256, 512, 512)
SD15 = Shape("SD 1.5, 512²", 512, 32, 20, 7.5, {"sample_size": 64, "cross_attention_dim": 768}, _vae(LARGE, 0.18215))
SDXL = Shape("SDXL, 1024²", 1024, 16, 20, 8.0, XL, _vae(LARGE, 0.13025), 1280)
TOY_SD15 = Shape(
    "toy SD 1.5", 128, 16, 4, 7.5,
    {"sample_size": 16, "cross_attention_dim": 64, "block_out_channels": (32, 64, 64, 64)},
    _vae((32, 32, 32, 32), 0.18215),
)  # fmt: skip
TOY_XL = {
    **XL,
    "sample_size": 16,
    "block_out_channels": (32, 64, 64),
    "transformer_layers_per_block": (1, 1, 2),
    "attention_head_dim": (1, 2, 2),
    "cross_attention_dim": 96,
    "projection_class_embeddings_input_dim": 40 + 6 * 256,
}
TOY_SDXL = Shape("toy SDXL", 64, 8, 4, 8.0, TOY_XL, _vae((32, 32, 32), 0.13025), 40)


@dataclass(slots=True)
class Built:
    """A family and what its networks are told, the same for everybody.

    parts: for a pipeline. Its U-Net has the family's layers, but not the faster ways that the engine finds through it.
    """

    shape: Shape
    family: Any
    told: Conditioning
    parts: dict[str, Any] = field(default_factory=dict)


def build(shape: Shape, device: torch.device, dtype: torch.dtype) -> Built:
    """Random networks in the layout that `families.parts` gives loaded ones."""
    torch.manual_seed(0)
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        with device:
            unet = UNet2DConditionModel(in_channels=4, out_channels=4, **shape.unet)
            vae = AutoencoderKL(**shape.vae)
    finally:
        torch.set_default_dtype(before)
    unet, vae = (network.eval().requires_grad_(requires_grad=False) for network in (unet, vae))
    if device.type == "cuda":
        unet, vae = (network.to(memory_format=torch.channels_last) for network in (unet, vae))
    told = _told(shape, device, dtype)
    with torch.inference_mode():
        return Built(shape, _family(shape, unet, vae, told), told, {"unet": copy.copy(unet), "vae": vae})


def _told(shape: Shape, device: torch.device, dtype: torch.dtype) -> Conditioning:
    hidden = torch.randn((1, TOKENS, shape.unet["cross_attention_dim"]), device=device, dtype=dtype)
    pooled = torch.randn((1, shape.pooled_width), device=device, dtype=dtype) if shape.pooled_width else None
    return Conditioning(hidden, pooled)


def _family(shape: Shape, unet: Any, vae: Any, told: Conditioning) -> LatentFamily:
    autoencoder = Autoencoder(vae)
    parts = {
        "networks": {"base": unet},
        "autoencoder": autoencoder,
        "schedule": NoiseSchedule.from_config(SCHEDULER),
        "native_px": shape.side_px,
        "size_multiple_px": autoencoder.scale * 2 ** (len(unet.config.down_block_types) - 1),
    }
    if shape.pooled_width:
        tower: Any = SimpleNamespace(pooled_width=shape.pooled_width)
        return _DeafXl(told, None, tower, forces_zeros=False, **parts)
    return _Deaf(told, None, **parts)


class _Deaf(StableDiffusion):
    """Hears the same whatever is said: text towers are no part of what is measured, on either side."""

    def __init__(self, told: Conditioning, *args: Any, **parts: Any) -> None:
        self._told = told
        super().__init__(*args, **parts)

    @property
    def towers(self) -> dict[str, Any]:
        return {}

    def encode_text(self, *_: Any, **__: Any) -> Conditioning:
        return self._told


class _DeafXl(StableDiffusionXL):
    """The same for XL."""

    def __init__(self, told: Conditioning, *args: Any, **parts: Any) -> None:
        self._told = told
        super().__init__(*args, **parts)

    @property
    def towers(self) -> dict[str, Any]:
        return {}

    def encode_text(self, *_: Any, **__: Any) -> Conditioning:
        return self._told
