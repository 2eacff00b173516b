"""What the engine asks of a model family."""

from __future__ import annotations

from typing import Protocol

import torch

from generation.contracts import Network
from generation.engine.previews import LatentToRgb
from generation.engine.sampling.schedules import NoiseSchedule

LatentShape = tuple[int, int, int]
"""(channels, h, w) of one picture's latents."""


class TextTooLongError(ValueError):
    """A text is longer than the family encodes; the message is a sentence for people."""


class Family(Protocol):
    """A loaded checkpoint. All calls come from the engine thread.

    device: where latents live and networks run.
    native_px: side of the square that the base network was trained on.
    size_multiple_px: widths and heights are multiples of this.
    schedule: the noise levels of its networks.
    latent_to_rgb: the linear look at latents that previews use.
    """

    device: torch.device
    native_px: int
    size_multiple_px: int
    schedule: NoiseSchedule
    latent_to_rgb: LatentToRgb

    def latent_shape(self, width_px: int, height_px: int) -> LatentShape:
        """The latents of a picture of this size."""
        ...

    def row_limit(self, latent_shape: LatentShape) -> int:
        """Rows of one forward pass beyond which nothing is gained at this shape."""
        ...

    def network(self, wanted: Network) -> Network:
        """The network that serves a stage: `hires` only where the checkpoint has one."""
        ...

    def encode_text(self, text: str) -> torch.Tensor:
        """The conditioning of one text: (tokens, width), in the networks' dtype.

        The number of tokens is a whole multiple of that of the empty text; nothing of the text is cut off.

        Raises:
            TextTooLongError: It has more tokens than the family encodes.
        """
        ...

    def predict(
        self, network: Network, rows: torch.Tensor, timesteps: torch.Tensor, text: torch.Tensor
    ) -> torch.Tensor:
        """The network's output for rows of any pictures, in the meaning of `schedule.prediction`.

        Bits of a row do not depend on the other rows (on CUDA: up to the kernels' rounding).

        Args:
            network: as `network` answered.
            rows: (rows, channels, h, w), float32, scaled to unit variance.
            timesteps: (rows,), float32.
            text: (rows, tokens, width), of one number of tokens for all rows.

        Returns:
            (rows, channels, h, w), float32.
        """
        ...

    def encode_picture(self, pixels: torch.Tensor) -> torch.Tensor:
        """Pixels (n, 3, height, width) in -1 to 1 to scaled latents (n, channels, h, w), float32; no randomness."""
        ...

    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        """Scaled latents (n, channels, h, w) to pixels (n, 3, height, width), float32, about -1 to 1."""
        ...
