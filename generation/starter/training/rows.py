"""Rendered rows where the network trains, growing while renderers add to them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch

from generation.starter.training.device import Device
from generation.starter.training.pool import Arrays
from generation.starter.training.progress import say

CHUNK: Final = 4096
"""Rows that are copied at a time."""
TOLD_EVERY_S: Final = 30.0
LOOK_EVERY_S: Final = 0.5
STALLED_S: Final = 600.0
"""Longer than one busy core takes for all that is rendered before the first large picture."""
Indices = npt.NDArray[np.int64]


class Rows:
    """The finished rows of a split, in the order in which they were found.

    On a GPU their bytes live in its memory, up to `limit_gb`; on a CPU they stay in the memory map.

    pictures: whether pictures are needed on the device.
    """

    def __init__(self, folder: Path, device: Device, *, pictures: bool = True, limit_gb: float = 60.0) -> None:
        self.arrays = Arrays(folder)
        self.device = device
        meta = self.arrays.meta
        self.side_px = int(meta["side_px"])
        self.captions = int(meta["captions"])
        self.capacity = min(len(self.arrays), int(limit_gb * 1e9 / (self.side_px**2 * 3)))
        self.rows: Indices = np.zeros(0, np.int64)
        self._known = np.zeros(len(self.arrays), bool)
        self._looked = -float("inf")
        self._resident: dict[str, torch.Tensor] = self._reserve(pictures=pictures) if device.is_cuda else {}

    def __len__(self) -> int:
        return len(self.rows)

    def refresh(self, every_s: float = 20.0) -> None:
        """Take in the rows that were finished since; looks at the disk at most every `every_s` seconds."""
        if time.monotonic() - self._looked < every_s:
            return
        self._looked = time.monotonic()
        ready = self.arrays.ready_rows()
        fresh = self.chosen(ready[~self._known[ready]][: self.capacity - len(self)])
        self._known[fresh] = True
        for start in range(0, len(fresh), CHUNK):
            self.take(fresh[start : start + CHUNK])

    def chosen(self, fresh: Indices) -> Indices:
        """Those of the fresh rows that one refresh takes in."""
        return fresh

    def take(self, rows: Indices) -> None:
        """Add rows."""
        places = slice(len(self), len(self) + len(rows))
        for name, kept in self._resident.items():
            kept[places] = torch.from_numpy(getattr(self.arrays, name)[rows]).to(self.device.name, kept.dtype)
        self.rows = np.concatenate([self.rows, rows])

    def wait(self, least: int) -> None:
        """Block until `least` rows (or all of a smaller split) are there.

        Raises:
            SystemExit: None came for minutes, so nobody renders.

        Effects: says how far it is, now and then.
        """
        least = min(least, len(self.arrays))
        self.refresh(0)
        came = told = time.monotonic()
        while (count := len(self)) < least:
            now = time.monotonic()
            if now - told > TOLD_EVERY_S:
                say(f"waiting for pictures: {count} of {least} of {self.arrays.folder.name}")
                told = now
            if now - came > STALLED_S:
                raise SystemExit(f"No picture of {self.arrays.folder.name} came for {STALLED_S:.0f} s.")
            time.sleep(LOOK_EVERY_S)
            self.refresh(0)
            came = came if len(self) == count else time.monotonic()

    def draw(self, count: int) -> torch.Tensor:
        """Random places, (count,), for the methods below; drawn where the rows lie, so that nothing waits for them."""
        return torch.randint(len(self), (count,), device=self.device.name)

    def first(self, count: int) -> torch.Tensor:
        """The first places, at most as many as there are rows."""
        return torch.arange(min(count, len(self)))

    def pictures(self, places: torch.Tensor) -> torch.Tensor:
        """(places, side, side, 3) uint8, on the device."""
        return self._get("pictures", places)

    def labels(self, places: torch.Tensor) -> torch.Tensor:
        """(places, attributes), on the device."""
        return self._get("labels", places).long()

    def masks(self, places: torch.Tensor) -> torch.Tensor:
        """How much of every latent cell is subject, 0 to 1; (places, 1, cells, cells), on the device."""
        return self._get("masks", places)[:, None].float() / 255

    def tokens(self, places: torch.Tensor, caption: int | None = None) -> torch.Tensor:
        """One caption of each place, a random one unless it is named; (places, length), on the device."""
        found = self._get("tokens", places)
        shape, device = (len(places),), found.device
        which = torch.randint(self.captions, shape, device=device) if caption is None else torch.full(shape, caption)
        return found[torch.arange(len(places), device=device), which.to(device)].long()

    def _get(self, name: str, places: torch.Tensor) -> torch.Tensor:
        if name in self._resident:
            return self._resident[name][places.to(self.device.name)]
        values: Any = getattr(self.arrays, name)[self.rows[places.numpy()]]
        return torch.from_numpy(values).to(self.device.name)

    def _reserve(self, *, pictures: bool) -> dict[str, torch.Tensor]:
        """Room in GPU memory for every row that can come."""
        kinds = {"labels": torch.uint8, "tokens": torch.int16, "masks": torch.uint8, "pictures": torch.uint8}
        names = [name for name in kinds if pictures or name != "pictures"]
        shapes = {name: (self.capacity, *getattr(self.arrays, name).shape[1:]) for name in names}
        return {name: torch.empty(shapes[name], dtype=kinds[name], device=self.device.name) for name in names}
