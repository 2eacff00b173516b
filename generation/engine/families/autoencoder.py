"""The KL autoencoder that all families share: pixels to latents of unit variance and back.

Source: Rombach et al. 2022, "High-Resolution Image Synthesis with Latent Diffusion Models" (scale); Esser et al. 2024,
"Scaling Rectified Flow Transformers for High-Resolution Image Synthesis" (shift, 16 channels).
"""

from __future__ import annotations

from typing import Any

import torch


class Autoencoder:
    """A VAE in memory.

    vae: the network.
    scale: pixels per latent position, along each side.
    channels: of the latents.
    """

    def __init__(self, vae: Any, *, decodes_in: torch.dtype | None = None) -> None:
        """Take over a network.

        decodes_in: Another dtype for the decoder, which is most of the work.

        Effects: changes the decoder's dtype in place.
        """
        self.vae = vae
        if decodes_in is not None:
            for part in (vae.decoder, vae.post_quant_conv):
                if part is not None:
                    part.to(decodes_in)
        self.scale = int(2 ** (len(vae.config.block_out_channels) - 1))
        self.channels = int(vae.config.latent_channels)
        self._factor = float(vae.config.scaling_factor)
        self._shift = float(vae.config.shift_factor or 0.0)

    @property
    def device(self) -> torch.device:
        """Where it runs."""
        device: torch.device = self.vae.device
        return device

    def encode(self, pixels: torch.Tensor) -> torch.Tensor:
        """Pixels (n, 3, height, width) in -1 to 1 to scaled latents (n, channels, h, w), float32.

        The mode of the encoder's distribution: no randomness, so a source always gives the same latents.
        """
        latents: torch.Tensor = self.vae.encode(pixels.to(self.vae.dtype)).latent_dist.mode()
        return (latents.float() - self._shift) * self._factor

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        """Scaled latents to pixels (n, 3, height, width), float32, about -1 to 1.

        On a CPU each picture alone: as fast as a batch, and the same bits in any company.
        """
        scaled = (latents / self._factor + self._shift).to(next(self.vae.decoder.parameters()).dtype)
        groups = torch.split(scaled, 1) if self.device.type == "cpu" else (scaled,)
        return torch.cat([self.vae.decode(group, return_dict=False)[0] for group in groups]).float()
