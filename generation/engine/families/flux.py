"""FLUX.1: CLIP for a text as a whole, T5 for its words, a transformer over patches of latents, flow matching.

`dev` is distilled from guided pictures: its network is told the guidance scale and needs no unconditional row.
`schnell` is distilled to a few steps and knows no guidance.

Source: Black Forest Labs 2024, FLUX.1 (github.com/black-forest-labs/flux, src/flux/sampling.py); Esser et al. 2024 for
the flow; Meng et al. 2023, "On Distillation of Guided Diffusion Models". Equal to diffusers' FluxPipeline.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final, Self

import torch
from diffusers import FluxTransformer2DModel
from diffusers.loaders.lora_pipeline import FluxLoraLoaderMixin
from transformers import CLIPTextModel, CLIPTokenizer, T5EncoderModel, T5Tokenizer

from generation.contracts import Network
from generation.engine.families.base import Conditioning
from generation.engine.families.latent_family import LatentFamily
from generation.engine.families.parts import Parts
from generation.engine.families.t5_tower import T5Tower
from generation.engine.families.text_tower import TextTower

NATIVE_PX: Final = 1024
PATCH: Final = 2
"""Latent positions along a side that the transformer takes as one token."""
TRAINED_TIMESTEPS: Final = 1000
"""The transformer is told shares of it."""
DEV_TOKENS: Final = 512
SCHNELL_TOKENS: Final = 256
"""T5's length in the training of each."""


class Flux(LatentFamily):
    """A FLUX.1 checkpoint in memory.

    In its conditioning `hidden` is T5's and `pooled` CLIP's; of `dev` the only number is the guidance scale. CLIP reads
    the beginning of a text of more than its length, for T5 reads all of it.
    """

    lora_loader: ClassVar[Any] = FluxLoraLoaderMixin

    def __init__(self, clip: TextTower, t5: T5Tower, **parts: Any) -> None:
        """clip, t5: its texts; parts: as `LatentFamily` takes them."""
        self._clip = clip
        self._t5 = t5
        self.embeds_guidance = bool(parts["networks"]["base"].config.guidance_embeds)
        super().__init__(**parts)

    @classmethod
    def load(cls, parts: Parts) -> Self:
        """Read a checkpoint.

        Raises:
            CheckpointInvalidError: A part is missing or broken.
        """
        networks, autoencoder = parts.denoisers("transformer", FluxTransformer2DModel), parts.autoencoder()
        encoder = parts.network("text_encoder", CLIPTextModel, torch.float32)
        tokenizer = parts.tokenizer("tokenizer", CLIPTokenizer)
        clip = TextTower(tokenizer, encoder, parts.dtype, pools=True, most_chunks=1, cuts_rest=True)
        schedule = parts.schedule()
        return cls(
            clip,
            _t5(parts, DEV_TOKENS if networks["base"].config.guidance_embeds else SCHNELL_TOKENS),
            networks=networks,
            autoencoder=autoencoder,
            schedule=schedule.spaced("trailing"),
            native_px=NATIVE_PX,
            size_multiple_px=PATCH * autoencoder.scale,
        )

    @property
    def towers(self) -> Mapping[str, TextTower]:
        """CLIP's only one."""
        return {"text_encoder": self._clip}

    def encode_text(
        self,
        text: str,
        network: Network,  # noqa: ARG002 -- all networks are told the same
        *,
        is_negative: bool = False,  # noqa: ARG002
        guidance: float = 1.0,
    ) -> Conditioning:
        """T5's tokens, and CLIP's text as a whole.

        Raises:
            TextTooLongError: It has more tokens than T5 reads.
        """
        pooled = self._clip.encode(text).pooled
        assert pooled is not None  # noqa: S101 -- this tower pools
        scale = pooled.new_full((1, 1), guidance) if self.embeds_guidance else None
        return Conditioning(self._t5.encode(text).hidden, pooled, scale)

    def _forward(
        self, network: Network, rows: torch.Tensor, timesteps: torch.Tensor, told: Conditioning
    ) -> torch.Tensor:
        height, width = rows.shape[2:]
        output: torch.Tensor = self._networks[network](
            pack(rows),
            timestep=(timesteps / TRAINED_TIMESTEPS).to(rows.dtype),
            guidance=None if told.numbers is None else told.numbers[:, 0],
            pooled_projections=told.pooled,
            encoder_hidden_states=told.hidden,
            txt_ids=rows.new_zeros((told.tokens, 3)),
            img_ids=positions(height // PATCH, width // PATCH, rows),
            return_dict=False,
        )[0]
        return unpack(output, height, width).float()


def pack(latents: torch.Tensor) -> torch.Tensor:
    """(n, c, h, w) to one token per patch: (n, h/2 * w/2, 4 * c)."""
    rows, channels, height, width = latents.shape
    patched = latents.reshape(rows, channels, height // PATCH, PATCH, width // PATCH, PATCH)
    return patched.permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)


def unpack(tokens: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """The inverse, for latents of this height and width."""
    rows, _, width_of_token = tokens.shape
    patched = tokens.reshape(rows, height // PATCH, width // PATCH, width_of_token // PATCH**2, PATCH, PATCH)
    return patched.permute(0, 3, 1, 4, 2, 5).flatten(4).flatten(2, 3)


def positions(height: int, width: int, like: torch.Tensor) -> torch.Tensor:
    """Where each image token lies: (height * width, 3), the first of them unused."""
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return torch.stack([torch.zeros_like(rows), rows, columns], dim=-1).flatten(0, 1).to(like)


def _t5(parts: Parts, length: int) -> T5Tower:
    encoder = parts.network("text_encoder_2", T5EncoderModel)
    return T5Tower(parts.tokenizer("tokenizer_2", T5Tokenizer), encoder, parts.dtype, length)
