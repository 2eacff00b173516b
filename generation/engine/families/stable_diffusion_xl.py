"""Stable Diffusion XL: two CLIP towers, a U-Net that is told a text as a whole and the picture's size, and a refiner.

The refiner is a network of its own kind: it hears the second tower alone, and an aesthetic score instead of a size to
aim at. In a checkpoint's `refiner/` it serves the high-resolution stage; a refiner's own checkpoint is one as well.

Source: Podell et al. 2023, "SDXL: Improving Latent Diffusion Models for High-Resolution Image Synthesis", sections 2.2
(size conditioning) and 2.5 (refiner). Equal to diffusers' StableDiffusionXLPipeline and its Img2Img pipeline, whose
defaults for what nobody types are kept: the original size is the picture's, nothing is cropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final, Self

import torch
from diffusers import UNet2DConditionModel
from diffusers.loaders.lora_pipeline import StableDiffusionXLLoraLoaderMixin
from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

from generation.contracts import AdapterKind, Network
from generation.engine.families.base import Conditioning
from generation.engine.families.latent_family import LatentFamily
from generation.engine.families.parts import Parts, unet_sizes
from generation.engine.families.text_tower import PENULTIMATE, TextTower

AESTHETIC_SCORE: Final = 6.0
NEGATIVE_AESTHETIC_SCORE: Final = 2.5
"""What a refiner is told of a picture to be wished for, and of one to be guided away from."""
SIZES: Final = 6
"""Numbers that a base network is told: height and width before and after cropping, and where it was cropped."""


class StableDiffusionXL(LatentFamily):
    """A Stable Diffusion XL checkpoint in memory.

    In its conditioning `pooled` is the second tower's; for a refiner the only number is the aesthetic score.
    """

    takes_adapters: frozenset[AdapterKind] = frozenset({"lora", "embedding", "control", "image_prompt"})
    denoiser: ClassVar[str] = "unet"
    lora_loader: ClassVar[Any] = StableDiffusionXLLoraLoaderMixin

    def __init__(self, first: TextTower | None, second: TextTower, *, forces_zeros: bool, **parts: Any) -> None:
        """Take over a checkpoint's parts.

        Args:
            first: The smaller tower; a refiner's own checkpoint has none.
            second: The larger one, which pools.
            forces_zeros: Whether a negative prompt that nobody typed is zeros to a base network, not the empty text.
            parts: As `LatentFamily` takes them.
        """
        self._first = first
        self._second = second
        self._forces_zeros = forces_zeros
        super().__init__(**parts)

    @classmethod
    def load(cls, parts: Parts) -> Self:
        """Read a checkpoint.

        Raises:
            CheckpointInvalidError: A part is missing, broken, or takes more than latents.
        """
        networks, autoencoder = parts.denoisers("unet", UNet2DConditionModel), parts.autoencoder()
        return cls(
            _tower(parts, "", CLIPTextModel) if parts.has("text_encoder") else None,
            _tower(parts, "_2", CLIPTextModelWithProjection),
            forces_zeros=bool(parts.index.get("force_zeros_for_empty_prompt", True)),
            networks=networks,
            autoencoder=autoencoder,
            schedule=parts.schedule(),
            **unet_sizes(networks["base"], autoencoder, parts.folder),
        )

    @property
    def towers(self) -> Mapping[str, TextTower]:
        """Both; a refiner's own checkpoint has the second alone."""
        first = {} if self._first is None else {"text_encoder": self._first}
        return {**first, "text_encoder_2": self._second}

    def encode_text(
        self,
        text: str,
        network: Network,
        *,
        is_negative: bool = False,
        guidance: float = 1.0,  # noqa: ARG002 -- no network is told it
    ) -> Conditioning:
        """The layer before the last of both towers, side by side, and the second tower's text as a whole.

        Raises:
            TextTooLongError: It takes more than `text_tower.MOST_CHUNKS`.
        """
        told = self._second.encode(text)
        is_refiner = self._is_refiner(network)
        if not is_refiner and self._first is not None:
            told = _side_by_side(self._first.encode(text), told)
        if is_refiner:
            score = NEGATIVE_AESTHETIC_SCORE if is_negative else AESTHETIC_SCORE
            return replace(told, numbers=told.hidden.new_full((1, 1), score))
        if is_negative and not text and self._forces_zeros:
            return Conditioning(*(torch.zeros_like(part) for part in told.tensors))
        return told

    def _is_refiner(self, network: Network) -> bool:
        """Whether a network hears a score and not a size: by the width of what it embeds beside the text."""
        unet = self._networks[network]
        beside = unet.config.projection_class_embeddings_input_dim - self._second.pooled_width
        return bool(beside < SIZES * unet.config.addition_time_embed_dim)

    def _forward(
        self, network: Network, rows: torch.Tensor, timesteps: torch.Tensor, told: Conditioning
    ) -> torch.Tensor:
        height, width = (self._autoencoder.scale * side for side in rows.shape[2:])
        size = (height, width, 0, 0) if told.numbers is not None else (height, width, 0, 0, height, width)
        numbers = torch.tensor(size, dtype=rows.dtype, device=rows.device).expand(len(rows), -1)
        if told.numbers is not None:
            numbers = torch.cat([numbers, told.numbers], dim=1)
        beside = {"text_embeds": told.pooled, "time_ids": numbers}
        with self._seen(told.hidden) as texts:
            said = {"encoder_hidden_states": texts, "added_cond_kwargs": beside}
            shown, led = self._led(rows, timesteps, **said)
            output: torch.Tensor = self._networks[network](shown, timesteps, **said, **led, return_dict=False)[0]
        return output.float()


def _tower(parts: Parts, number: str, kind: Any) -> TextTower:
    """number: the end of the parts' names."""
    tokenizer = parts.tokenizer(f"tokenizer{number}", CLIPTokenizer)
    encoder = parts.network(f"text_encoder{number}", kind, torch.float32)
    return TextTower(tokenizer, encoder, parts.dtype, layer=PENULTIMATE, pools=kind is CLIPTextModelWithProjection)


def _side_by_side(first: Conditioning, second: Conditioning) -> Conditioning:
    """What both towers tell of one text, joined along the width."""
    return Conditioning(torch.cat([first.hidden, second.hidden], dim=2), second.pooled)
