"""Rendered pictures in memory-mapped arrays: written by many processes while trainers read what is ready.

Row i of a split depends on the split's seed and on i alone, so neither the number of processes nor their order changes
the data. A row counts from the moment its byte in `ready` is set, which is written last.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from generation.starter import scenes
from generation.starter.training.files import write_text
from generation.starter.training.progress import say
from generation.starter.training.sizes import CAPTIONS, VAE_FACTOR, Size
from generation.starter.training.words import Words
from generation.starter.training.world import mix_of, mix_values

META: Final = "meta.json"
FIRST_STRETCH: Final = 4000
"""Training rows rendered before the validation splits, so that the first stage can start."""


class Arrays:
    """One split on disk, opened for reading or for writing.

    pictures: (rows, side, side, 3) uint8. labels: (rows, attributes) uint8, the classes of `scenes.ATTRIBUTES`.
    tokens: (rows, captions, length) int16. masks: (rows, cells, cells) uint8, how much of a latent cell is subject.
    ready: (rows,) uint8.
    """

    def __init__(self, folder: Path, *, write: bool = False) -> None:
        self.folder = folder
        self.meta: dict[str, Any] = json.loads((folder / META).read_text(encoding="utf-8"))
        mode: Literal["r", "r+"] = "r+" if write else "r"
        self.split = scenes.splits_of(mix_of(self.meta["mix"]))[str(self.meta["split"])]
        self.pictures, self.labels, self.tokens, self.masks, self.ready = (
            np.memmap(folder / name, kind, mode, shape=shape) for name, kind, shape in _layout(self.meta)
        )

    def __len__(self) -> int:
        return int(self.meta["rows"])

    def ready_rows(self) -> npt.NDArray[np.int64]:
        """The rows that are rendered, rising."""
        return np.flatnonzero(np.array(self.ready))  # of a copy: renderers go on writing, which numpy refuses

    def write(self, row: int, words: Words) -> None:
        """Render one row; nothing happens when it is there already.

        Effects: writes into the files of the split.
        """
        if self.ready[row]:
            return
        scene = scenes.scene_at(self.split, row)
        drawn = scenes.render_with_mask(scene, int(self.meta["side_px"]))
        self.pictures[row] = drawn.rgb
        self.labels[row] = scenes.labels(scene)
        self.tokens[row] = np.stack([words.encode(wording.text) for wording in captions(self.split, row)])
        self.masks[row] = in_cells(drawn.mask)
        self.ready[row] = 1


def in_cells(mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The mean of a mask over every latent cell."""
    cells = len(mask) // VAE_FACTOR
    means: npt.NDArray[np.uint8] = mask.reshape(cells, VAE_FACTOR, cells, VAE_FACTOR).mean((1, 3)).astype(np.uint8)
    return means


def captions(split: scenes.Split, row: int) -> list[scenes.Wording]:
    """The captions of a row, the fullest one first."""
    scene = scenes.scene_at(split, row)
    seeds = ([split.seed, row, index] for index in range(CAPTIONS))
    return [scenes.word(scene, np.random.default_rng(seed), full=index == 0) for index, seed in enumerate(seeds)]


def create(size: Size, pool: Path, tokenizer: Path) -> dict[str, Arrays]:
    """The splits of a training, opened for writing; what another renderer or vocabulary made is thrown away.

    Effects: creates files of their full length in `pool`; they fill no disk before they are written.
    """
    return {name: _create(size, name, pool / name, tokenizer) for name in size.rows}


def _create(size: Size, split: str, folder: Path, tokenizer: Path) -> Arrays:
    meta = {
        "split": split, "rows": size.rows[split], "side_px": size.split_side_px(split), "captions": CAPTIONS,
        "length": size.tokens, "seed": scenes.SPLITS[split].seed, "mix": mix_values(size.mix),
        "renderer": renderer_digest(),
        "vocabulary": hashlib.sha256((tokenizer / "tokenizer.json").read_bytes()).hexdigest()[:12],
    }  # fmt: skip
    if not (folder / META).exists() or json.loads((folder / META).read_text(encoding="utf-8")) != meta:
        if folder.exists():
            say(f"{split}: drawn anew, for the renderer, the vocabulary or the size is another than before")
            shutil.rmtree(folder)  # with the latents of its pictures
        folder.mkdir(parents=True)
        for name, kind, shape in _layout(meta):
            np.memmap(folder / name, kind, "w+", shape=shape)
        write_text(json.dumps(meta, indent=1), folder / META)
    return Arrays(folder, write=True)


def _layout(meta: dict[str, Any]) -> list[tuple[str, Any, tuple[int, ...]]]:
    rows, side = int(meta["rows"]), int(meta["side_px"])
    return [
        ("pictures.u8", np.uint8, (rows, side, side, 3)),
        ("labels.u8", np.uint8, (rows, len(scenes.ATTRIBUTES))),
        ("tokens.i16", np.int16, (rows, int(meta["captions"]), int(meta["length"]))),
        ("masks.u8", np.uint8, (rows, side // VAE_FACTOR, side // VAE_FACTOR)),
        ("ready.u8", np.uint8, (rows,)),
    ]


@cache
def renderer_digest() -> str:
    """Stands for the source of the renderer: pictures of another renderer belong to no training of this one."""
    digest = hashlib.sha256()
    folder = Path(scenes.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def rendering_order(size: Size) -> Iterator[tuple[str, int]]:
    """What is rendered when: a first stretch of training rows, the validation splits, then both sizes side by side."""
    rows = size.rows
    first = min(rows["train"], FIRST_STRETCH)
    yield from (("train", row) for row in range(first))
    for split in ("val", "held", "bigval"):
        yield from ((split, row) for row in range(rows[split]))
    step = max(1, (rows["train"] - first) // rows["big"])
    big = iter(range(rows["big"]))
    for count, row in enumerate(range(first, rows["train"])):
        yield "train", row
        if count % step == step - 1 and (following := next(big, None)) is not None:
            yield "big", following
    yield from (("big", row) for row in big)
