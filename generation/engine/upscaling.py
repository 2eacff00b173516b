"""Larger pictures without diffusion: a network that was trained to enlarge where its weights are given, else Lanczos.

Networks of the ESRGAN kind (Wang et al. 2018, "ESRGAN: Enhanced Super-Resolution Generative Adversarial Networks", and
its many successors) enlarge by a whole factor; they run as often as it takes, and Lanczos takes what is too much.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

import torch
from safetensors import SafetensorError

from generation.contracts import Raster
from generation.engine import tiles
from generation.engine.images import fit
from generation.engine.pixels import to_pixels, to_rasters
from generation.engine.tiles import Tiling
from generation.errors import CheckpointInvalidError

logger = logging.getLogger(__name__)

TILING: Final = Tiling(side=256, overlap=0.125)
"""Larger pictures are enlarged in tiles, for their memory."""
MOST_PASSES: Final = 4
WEIGHTS: Final = ".safetensors"


class Upscaler(Protocol):
    """Enlarges pictures. All calls come from the engine thread."""

    def enlarge(self, picture: Raster, width_px: int, height_px: int) -> Raster:
        """The picture at this size; what another aspect ratio leaves over is cut off evenly."""
        ...


class Lanczos:
    """Enlarges by interpolation: nothing is invented, edges become soft."""

    def enlarge(self, picture: Raster, width_px: int, height_px: int) -> Raster:
        """As `Upscaler` says."""
        return fit(picture, width_px, height_px)


class NetworkUpscaler:
    """Enlarges by a network, in overlapping tiles."""

    def __init__(self, network: Callable[[torch.Tensor], torch.Tensor], scale: int, device: torch.device) -> None:
        """Make an upscaler.

        network: pixels (1, 3, h, w), 0 to 1, to (1, 3, h * scale, w * scale).
        scale: 2 or more.
        """
        self._network = network
        self._scale = scale
        self._device = device

    @torch.inference_mode()
    def enlarge(self, picture: Raster, width_px: int, height_px: int) -> Raster:
        """As `Upscaler` says. A picture that is not made larger never meets the network."""
        for _ in range(MOST_PASSES):
            if picture.width_px >= width_px and picture.height_px >= height_px:
                break
            pixels = to_pixels(picture, self._device) / 2 + 0.5
            larger = tiles.run_in_tiles(self._network, pixels, TILING, made=self._scale)
            (picture,) = to_rasters(larger * 2 - 1)
        return fit(picture, width_px, height_px)


def load_upscaler(file: Path | None, device: torch.device) -> Upscaler:
    """The upscaler of a file of weights, whose architecture is read from them; Lanczos where there is none.

    Raises:
        CheckpointInvalidError: The file is no safetensors, its network is none that is known or takes no RGB, or the
            library that knows them is not installed.
    """
    if file is None:
        return Lanczos()
    if file.suffix != WEIGHTS:
        raise CheckpointInvalidError(f"{file.name} is no safetensors: other files of weights can run code when read.")
    try:
        from spandrel import ImageModelDescriptor, ModelLoader, UnsupportedModelError  # noqa: PLC0415 -- an extra
    except (ImportError, RuntimeError) as error:  # the latter from a torchvision that was built for another torch
        raise CheckpointInvalidError(
            f"{file.name} needs a library that knows its network: install mjweb with the extra `upscalers`."
        ) from error
    try:
        model = ModelLoader(device).load_from_file(file)
    except (OSError, ValueError, RuntimeError, SafetensorError, UnsupportedModelError) as error:
        logger.exception("upscaler_load_failed")
        raise CheckpointInvalidError(f"{file.name} is no upscaler that could be loaded: {error}") from error
    if not isinstance(model, ImageModelDescriptor) or (model.input_channels, model.output_channels) != (3, 3):
        raise CheckpointInvalidError(f"{file.name} is no network that makes pictures of red, green and blue larger.")
    if model.scale == 1:
        raise CheckpointInvalidError(f"The network in {file.name} leaves pictures as large as they are.")
    return NetworkUpscaler(model.eval(), model.scale, device)
