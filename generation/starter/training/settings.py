"""What one run was asked for, and where it keeps what."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from generation.starter.training.device import Device
from generation.starter.training.files import write_text
from generation.starter.training.sizes import Size

RAM_DISK: Final = Path("/dev/shm")  # noqa: S108 - a place for arrays, which are checked before they are used
POOL_NOTE: Final = "pool.txt"
RAM_POOL_BYTES: Final = 50 * 10**9
"""Free space on the RAM disk from which a full pool (43 GB) goes there."""


@dataclass(frozen=True, slots=True)
class Run:
    """One training run.

    work: keeps all state. init: a release to go on from. save_every_s, sheet_every_s: seconds between checkpoints and
    between sample sheets; 0 for no sheets. compiled: whether blocks are compiled; None decides by device and budget.
    """

    work: Path
    size: Size
    device: Device
    resume: bool = False
    init: Path | None = None
    pool_folder: Path | None = None
    save_every_s: float = 60.0
    sheet_every_s: float = 180.0
    compiled: bool | None = None

    @property
    def checkpoints(self) -> Path:
        """State of the stages, and their summaries."""
        return self.work / "checkpoints"

    @property
    def networks(self) -> Path:
        """Networks as the stages leave them."""
        return self.work / "networks"

    @property
    def tokenizer(self) -> Path:
        """The vocabulary."""
        return self.networks / "tokenizer"

    @property
    def sheets(self) -> Path:
        """Sample sheets."""
        return self.work / "sheets"

    @property
    def pool(self) -> Path:
        """Rendered pictures and their latents."""
        return self.pool_folder or self.work / "renders"


def choose_pool(work: Path, size: Size, wanted: Path | None = None) -> Path:
    """Where the pool of a run goes: where it is wanted, else a RAM disk where a full one fits, else the work folder.

    The choice is remembered in the work folder, for a resumed run and the evaluation must find the pool again.

    Effects: writes `pool.txt`.
    """
    if wanted is None and (noted := noted_pool(work)):
        return noted
    pool = wanted or (_ram_pool(work) if size.name == "full" and _has_room() else work / "renders")
    write_text(f"{pool.resolve()}\n", work / POOL_NOTE)
    return pool.resolve()


def noted_pool(work: Path) -> Path | None:
    """Where the pool of a work folder is, if it has one."""
    note = work / POOL_NOTE
    return Path(note.read_text(encoding="utf-8").strip()) if note.exists() else None


def _has_room() -> bool:
    return RAM_DISK.is_dir() and shutil.disk_usage(RAM_DISK).free > RAM_POOL_BYTES


def _ram_pool(work: Path) -> Path:
    """A folder of its own for every work folder."""
    key = hashlib.sha256(str(work.resolve()).encode()).hexdigest()[:8]
    return RAM_DISK / f"mjweb-starter-{key}"
