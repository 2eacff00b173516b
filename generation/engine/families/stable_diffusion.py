"""Stable Diffusion 1.x, 2.x and everything of their shape: one CLIP text tower, a U-Net, a KL autoencoder.

Source: Rombach et al. 2022, "High-Resolution Image Synthesis with Latent Diffusion Models". What 2.x has of its own,
the tower's layer before the last and the velocity as the output, its folders say by their number of layers and in
their scheduler's file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final, Self

import torch
from diffusers import UNet2DConditionModel
from diffusers.loaders.lora_pipeline import StableDiffusionLoraLoaderMixin
from transformers import CLIPTextModel, CLIPTokenizer

from generation.contracts import AdapterKind, Network, Raster
from generation.engine.embeddings import load_clip
from generation.engine.families.base import Conditioning
from generation.engine.families.latent_family import LatentFamily
from generation.engine.families.parts import Parts, unet_sizes
from generation.engine.families.text_tower import TextTower
from generation.engine.sight import Sight, whole_words

CLIP_FOLDER: Final = "clip"
"""Both towers, in the layout of transformers."""


class StableDiffusion(LatentFamily):
    """A Stable Diffusion checkpoint in memory."""

    takes_adapters: frozenset[AdapterKind] = frozenset({"lora", "embedding", "control", "image_prompt"})
    denoiser: ClassVar[str] = "unet"
    lora_loader: ClassVar[Any] = StableDiffusionLoraLoaderMixin

    def __init__(self, tower: TextTower, sight: Sight | None = None, **parts: Any) -> None:
        """tower: its text; sight: its look at pictures, if it has one; parts: as `LatentFamily` takes them."""
        self._tower = tower
        self._sight = sight
        super().__init__(**parts)

    @classmethod
    def load(cls, parts: Parts) -> Self:
        """Read a checkpoint.

        Raises:
            CheckpointInvalidError: A part is missing, broken, or takes more than latents.
        """
        networks, autoencoder = parts.denoisers("unet", UNet2DConditionModel), parts.autoencoder()
        sizes = unet_sizes(networks["base"], autoencoder, parts.folder)
        tokenizer = parts.tokenizer("tokenizer", CLIPTokenizer)
        tower = TextTower(tokenizer, parts.network("text_encoder", CLIPTextModel, torch.float32), parts.dtype)
        sight = _sight(parts.folder / CLIP_FOLDER, tower, parts.device)
        return cls(tower, sight, networks=networks, autoencoder=autoencoder, schedule=parts.schedule(), **sizes)

    @property
    def towers(self) -> Mapping[str, TextTower]:
        """Its only one."""
        return {"text_encoder": self._tower}

    def encode_text(
        self,
        text: str,
        network: Network,  # noqa: ARG002 -- all networks are told the same
        *,
        is_negative: bool = False,  # noqa: ARG002
        guidance: float = 1.0,  # noqa: ARG002
    ) -> Conditioning:
        """The last hidden state of the text tower; as many of its lengths as the text takes.

        Raises:
            TextTooLongError: It takes more than `text_tower.MOST_CHUNKS`.
        """
        return self._tower.encode(text)

    def describe(
        self,
        pictures: Sequence[Raster],
        weights: Sequence[float],
        network: Network,  # noqa: ARG002 -- all networks are told the same
    ) -> Conditioning | None:
        """What its CLIP sees, said as its text tower would; None without a CLIP."""
        if self._sight is None:
            return None
        return Conditioning(self._sight.tell(pictures, weights).to(self.device, self.dtype))

    def _forward(
        self, network: Network, rows: torch.Tensor, timesteps: torch.Tensor, told: Conditioning
    ) -> torch.Tensor:
        unet = self._networks[network]
        with self._seen(told.hidden) as texts:
            shown, led = self._led(rows, timesteps, encoder_hidden_states=texts)
            output: torch.Tensor = unet(shown, timesteps, encoder_hidden_states=texts, return_dict=False, **led)[0]
        return output.float()


def _sight(folder: Path, tower: TextTower, device: torch.device) -> Sight | None:
    """The look at pictures of a checkpoint that ships the CLIP whose text tower it uses."""
    if not (folder / "config.json").is_file():
        return None
    return Sight(load_clip(folder, device=device), tower.encode_short, whole_words(tower.vocabulary))
