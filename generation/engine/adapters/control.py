"""A ControlNet: a copy of a U-Net's first half that looks at a picture, and adds what it sees to the U-Net's layers.

What a row is shown travels behind its latents: the control picture with each latent position's square of pixels as
channels, and one more channel that says how much it counts. So a row keeps its own in any batch, tile or padding.

Source: Zhang et al. 2023, "Adding Conditional Control to Text-to-Image Diffusion Models". Equal to diffusers'
StableDiffusionControlNetPipeline and StableDiffusionXLControlNetPipeline.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
import torch.nn.functional as F  # noqa: N812 -- torch's own name for it
from diffusers import ControlNetModel
from safetensors import SafetensorError

from generation.contracts import AdapterFile
from generation.engine.adapters.files import misfit
from generation.engine.exactness import use_row_linears
from generation.errors import AdapterInvalidError

COLORS: Final = 3


@dataclass(frozen=True, slots=True)
class Control:
    """A ControlNet in memory.

    scale: pixels of a side of its picture per latent position.
    """

    network: Any
    scale: int

    @property
    def channels(self) -> int:
        """Of a row behind what its network is shown: the picture, and how much it counts."""
        return COLORS * self.scale**2 + 1

    def residuals(self, rows: torch.Tensor, channels: int, timesteps: torch.Tensor, **told: Any) -> dict[str, Any]:
        """What the U-Net's layers are to be given beside, by the names of its arguments; nothing where nothing counts.

        Args:
            rows: (rows, channels, h, w), as they come: latents, perhaps a mask, the picture, its weight.
            channels: Of the latents alone.
            timesteps: (rows,).
            told: What the U-Net is told, by the names of its arguments.
        """
        shown, weight = rows[:, -self.channels : -1], rows[:, -1:, :1, :1]
        if not bool(weight.any()):
            return {}
        pixels = F.pixel_shuffle(shown, self.scale)
        latents = rows[:, :channels]
        down, middle = self.network(latents, timesteps, controlnet_cond=pixels, return_dict=False, **told)
        return {
            "down_block_additional_residuals": [part * weight for part in down],
            "mid_block_additional_residual": middle * weight,
        }


def behind(picture: torch.Tensor, scale: int) -> torch.Tensor:
    """A picture (3, height, width), 0 to 1, as channels of latent positions: (3 * scale * scale, h, w)."""
    return F.pixel_unshuffle(picture, scale)


def read_control(file: AdapterFile, unet: Any, scale: int) -> Control:
    """Read a ControlNet for a checkpoint, in its U-Net's dtype, on its device.

    Args:
        file: Its path is a folder in diffusers layout.
        unet: The U-Net that it is to guide.
        scale: Pixels of a side per latent position.

    Raises:
        AdapterInvalidError: It is no ControlNet, or made for another checkpoint.
    """
    folder = Path(file.path)
    if not folder.is_dir():
        raise AdapterInvalidError(f"The folder of the adapter {file.name} is not on this machine: {folder.name}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # advice of the libraries to their own developers
            kind: Any = ControlNetModel
            network, found = kind.from_pretrained(
                folder, torch_dtype=unet.dtype, use_safetensors=True, local_files_only=True, output_loading_info=True
            )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError, json.JSONDecodeError) as error:
        raise AdapterInvalidError(f"The adapter {file.name} is no ControlNet that can be read.") from error
    if found["missing_keys"]:
        raise AdapterInvalidError(f"The weights of {file.name} lack {min(found['missing_keys'])}.")
    _check_fit(file, network, unet, scale)
    network = network.eval().requires_grad_(requires_grad=False)
    for weight in network.parameters():
        weight.data = weight.data.to(unet.device, copy=True)  # off the mapped file, as the checkpoint's own
    if unet.device.type == "cpu" and unet.dtype == torch.float32:
        use_row_linears(network)
    return Control(network.to(unet.device), scale)


def _check_fit(file: AdapterFile, network: Any, unet: Any, scale: int) -> None:
    for number in ("cross_attention_dim", "block_out_channels", "layers_per_block"):
        its = str(getattr(network.config, number))
        if its.strip("()[]") != str(getattr(unet.config, number)).strip("()[]"):  # lists where they come from a file
            raise misfit(file, f"{number.replace('_', ' ')} as {its}")
    if 2 ** (len(network.config.conditioning_embedding_out_channels) - 1) != scale:
        raise misfit(file, "number of pixels per latent position")
