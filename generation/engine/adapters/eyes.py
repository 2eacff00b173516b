"""What an IP-Adapter looks at pictures with: an image encoder, and a way from what it says to tokens.

Source: Ye et al. 2023, "IP-Adapter", section 3.2.1: the encoder's embedding through one product, four tokens. `plus`
files resample the layer before the encoder's last (Alayrac et al. 2022, "Flamingo", section 3.1). Both are diffusers'.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from diffusers.models.embeddings import ImageProjection
from safetensors import SafetensorError
from transformers import CLIPVisionModelWithProjection

from generation.contracts import AdapterFile
from generation.engine.adapters.files import misfit, read_image_prompt
from generation.errors import AdapterInvalidError

PENULTIMATE: Final = -2
"""The encoder's layer that is resampled."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """An image encoder and a projection in memory, frozen, in the dtype of the network that is told.

    folder: of the encoder.
    side_px: of the square that it sees.
    """

    encoder: Any
    projection: Any
    folder: Path
    side_px: int

    def tokens(self, pixels: torch.Tensor) -> torch.Tensor:
        """What layers attend to in place of a picture, (2, tokens, width): where they are guided away, then elsewhere.

        pixels: (1, 3, side, side), normalised as the encoder wants it.

        As in diffusers, away is from an embedding of zeros, or from what the encoder says of pixels of zeros.
        """
        pixels = pixels.to(self.encoder.device, self.encoder.dtype)
        if isinstance(self.projection, ImageProjection):
            embedding = self.encoder(pixels).image_embeds
            pair = (torch.zeros_like(embedding), embedding)
        else:
            pair = (self._layer(torch.zeros_like(pixels)), self._layer(pixels))
        return torch.cat([self.projection(said) for said in pair])

    def _layer(self, pixels: torch.Tensor) -> torch.Tensor:
        layer: torch.Tensor = self.encoder(pixels, output_hidden_states=True).hidden_states[PENULTIMATE]
        return layer


def read_eyes(file: AdapterFile, unet: Any) -> Eyes:
    """Read the half of an IP-Adapter that looks, in a U-Net's dtype, on its device.

    file: its encoder is a folder of transformers' CLIPVisionModelWithProjection.

    Raises:
        AdapterInvalidError: One of both cannot be read, or they do not fit each other or the checkpoint.
    """
    projection = _read_projection(file, unet)
    encoder = _read_encoder(file, unet)
    _check_fit(file, encoder, projection, unet)
    return Eyes(encoder, projection, Path(file.encoder), int(encoder.config.image_size))


def _read_projection(file: AdapterFile, unet: Any) -> Any:
    found = read_image_prompt(file)
    try:
        projection = unet._convert_ip_adapter_image_proj_to_diffusers(  # noqa: SLF001 -- it alone knows all layouts
            dict(found.projection), low_cpu_mem_usage=False
        )
    except (KeyError, IndexError, RuntimeError) as error:
        raise AdapterInvalidError(f"The adapter {file.name} turns pictures into tokens in an unknown way.") from error
    return _ready(projection, unet)


def _read_encoder(file: AdapterFile, unet: Any) -> Any:
    folder = Path(file.encoder)
    if not file.encoder or not folder.is_dir():
        raise AdapterInvalidError(f"The image encoder of the adapter {file.name} is not on this machine: {folder}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # advice of the libraries to their own developers
            kind: Any = CLIPVisionModelWithProjection
            encoder, found = kind.from_pretrained(
                folder, dtype=unet.dtype, use_safetensors=True, local_files_only=True, output_loading_info=True
            )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError, json.JSONDecodeError) as error:
        raise AdapterInvalidError(f"{folder.name} is no image encoder of CLIP that {file.name} can use.") from error
    if found["missing_keys"]:
        raise AdapterInvalidError(f"The weights in {folder.name} lack {min(found['missing_keys'])}.")
    return _ready(encoder, unet)


def _ready(network: Any, unet: Any) -> Any:
    """Frozen, in its place, and off the mapped file, as the checkpoint's own."""
    network = network.eval().requires_grad_(requires_grad=False)
    for weight in network.parameters():
        weight.data = weight.data.to(unet.device, unet.dtype, copy=True)
    return network.to(unet.device)


def _check_fit(file: AdapterFile, encoder: Any, projection: Any, unet: Any) -> None:
    is_plain = isinstance(projection, ImageProjection)
    taken = projection.image_embeds.in_features if is_plain else projection.proj_in.in_features
    given = encoder.config.projection_dim if is_plain else encoder.config.hidden_size
    if taken != given:
        raise AdapterInvalidError(
            f"The adapter {file.name} was made for another image encoder: it takes {taken} numbers of a picture, and "
            f"the one in {Path(file.encoder).name} gives {given}."
        )
    width = (projection.norm if is_plain else projection.norm_out).normalized_shape[0]
    if width != unet.config.cross_attention_dim:
        raise misfit(file, f"network that is told {width} numbers for a token")
