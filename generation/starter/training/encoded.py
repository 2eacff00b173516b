"""Rendered rows with their latents, encoded as they arrive."""

from __future__ import annotations

from math import isqrt
from typing import Any, Final

import numpy as np
import torch
from torch.nn import functional

from generation.starter.training.checkpoints import fingerprint
from generation.starter.training.networks import clip_pixels, encoder_of, vae_pixels
from generation.starter.training.rows import Indices, Rows
from generation.starter.training.settings import Run
from generation.starter.training.sizes import VAE_FACTOR

BATCH: Final = {"cpu": 32, "cuda": 1024}
"""Pictures of 128 px that are encoded at a time."""
ENCODED_AT_ONCE: Final = 256
"""Pictures that a refresh on a CPU encodes, about four seconds of one core."""
MIDDLE_SHRINK: Final = 4
"""Latent cells per cell of a U-Net's middle, in each direction."""


class EncodedRows(Rows):
    """Rows of a split that also have latents, as float16.

    - `latents`: the mean of the VAE's posterior.
    - `rough`: with `rough`, the same for what the base stage hands over: halved, through the VAE, upsampled.
    - `features`: with `clip`, its vision features on the grid of a U-Net's middle, (cells, width).

    On a GPU they live in its memory. On a CPU they are files beside the pictures, named after the networks, so that a
    resumed run encodes nothing twice.
    """

    def __init__(self, run: Run, split: str, vae: Any, *, clip: Any = None, rough: bool = False) -> None:
        super().__init__(run.pool / split, run.device, pictures=False)
        self._vae, self._clip, self._rough = vae, clip, rough
        self._cells = self.side_px // VAE_FACTOR
        self._stored = self._reserve_latents() if self.device.is_cuda else self._open_files()

    def chosen(self, fresh: Indices) -> Indices:
        """All on a GPU; on a CPU what is encoded already and a little more, for encoding takes training time."""
        if self.device.is_cuda:
            return fresh
        done = self._stored["ready"][fresh].astype(bool)
        return np.concatenate([fresh[done], fresh[~done][:ENCODED_AT_ONCE]])

    def take(self, rows: Indices) -> None:
        """Encode what is not encoded yet, and add the rows."""
        start = len(self)
        done = np.zeros(len(rows), bool) if self.device.is_cuda else self._stored["ready"][rows].astype(bool)
        missing = rows[~done]
        batch = max(1, BATCH[self.device.name] * 128**2 // self.side_px**2)
        for at in range(0, len(missing), batch):
            some = missing[at : at + batch]
            places = slice(start + at, start + at + len(some)) if self.device.is_cuda else some
            for name, values in self._encode(torch.from_numpy(self.arrays.pictures[some])).items():
                self._stored[name][places] = values if self.device.is_cuda else values.numpy()
            if not self.device.is_cuda:
                self._stored["ready"][some] = 1
        super().take(rows)

    def encoded(self, name: str, places: torch.Tensor) -> torch.Tensor:
        """`latents`, `rough` or `features` of these places, float32, on the device."""
        if self.device.is_cuda:
            values: torch.Tensor = self._stored[name][places.to(self.device.name)]
            return values.float()
        return torch.from_numpy(self._stored[name][self.rows[places.numpy()]].astype(np.float32))

    @torch.no_grad()
    def _encode(self, pictures: torch.Tensor) -> dict[str, torch.Tensor]:
        pictures = pictures.to(self.device.name)
        pixels = vae_pixels(pictures)
        with self.device.autocast():
            found = {"latents": self._vae.encode(pixels).latent_dist.mean}
            if self._rough:
                found["rough"] = rough_latents(self._vae, pixels)
            if self._clip is not None:
                found["features"] = self._features(pictures)
        return {name: values.half() for name, values in found.items()}

    def _features(self, pictures: torch.Tensor) -> torch.Tensor:
        hidden = self._clip.vision_model(clip_pixels(pictures)).last_hidden_state[:, 1:]
        side = isqrt(hidden.shape[1])
        grid = hidden.float().transpose(1, 2).reshape(len(pictures), -1, side, side)
        return functional.adaptive_avg_pool2d(grid, self._cells // MIDDLE_SHRINK).flatten(2).transpose(1, 2)

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        square = (int(self._vae.config.latent_channels), self._cells, self._cells)
        shapes: dict[str, tuple[int, ...]] = {"latents": square}
        if self._rough:
            shapes["rough"] = square
        if self._clip is not None:
            cells = (self._cells // MIDDLE_SHRINK) ** 2
            shapes["features"] = (cells, int(self._clip.config.vision_config.hidden_size))
        return shapes

    def _reserve_latents(self) -> dict[str, Any]:
        return {
            name: torch.empty((self.capacity, *shape), dtype=torch.float16, device=self.device.name)
            for name, shape in self._shapes().items()
        }

    def _open_files(self) -> dict[str, Any]:
        key = fingerprint(encoder_of(self._vae)) + (
            f"-{fingerprint(self._clip.vision_model)}" if self._clip is not None else ""
        )
        folder = self.arrays.folder / f"latents-{key}{'-rough' if self._rough else ''}"
        folder.mkdir(exist_ok=True)
        stored = {}
        for name, shape in {**self._shapes(), "ready": ()}.items():
            file, kind = folder / f"{name}.bin", np.uint8 if name == "ready" else np.float16
            stored[name] = np.memmap(file, kind, "r+" if file.exists() else "w+", shape=(len(self.arrays), *shape))
        return stored


def rough_latents(vae: Any, pixels: torch.Tensor) -> torch.Tensor:
    """Latents of what the base stage hands over for pictures (-1 to 1): half the size, through the VAE, upsampled."""
    halved = functional.avg_pool2d(pixels, 2)
    decoded = vae.decode(vae.encode(halved).latent_dist.mean).sample.float().clamp(-1, 1)
    latents: torch.Tensor = vae.encode(upsampled(decoded)).latent_dist.mean
    return latents


def upsampled(pixels: torch.Tensor) -> torch.Tensor:
    """Twice the size, bicubic, -1 to 1."""
    large = functional.interpolate(pixels.float(), scale_factor=2, mode="bicubic").clamp(-1, 1)
    return large.contiguous(memory_format=torch.channels_last)
