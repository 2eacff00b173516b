"""Runs every measure on a folder of networks and writes the table as it grows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from generation.starter.evaluation import table as tables
from generation.starter.evaluation.adherence import ALL_RIGHT, Reading, adherence, read, shares_of
from generation.starter.evaluation.diversity import diversity
from generation.starter.evaluation.enlarging import enlarging
from generation.starter.evaluation.frechet import frechet_distance
from generation.starter.evaluation.held_out import Asked, ask, grid_of
from generation.starter.evaluation.reconstruction import reconstruction
from generation.starter.evaluation.retrieval import retrieval
from generation.starter.evaluation.speed import GRID, seconds_per_grid
from generation.starter.training.device import Device
from generation.starter.training.folders import Networks
from generation.starter.training.progress import say
from generation.starter.training.sampling import Painter, Pictures, painter_of
from generation.starter.training.world import read_world

PROMPTS: Final = {"cpu": 96, "cuda": 384}
GUIDANCES: Final = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0)
FEW_GUIDANCES: Final = (1.0, 5.0, 9.0)
FEW_PROMPTS: Final = 16
"""Below so many prompts a finer sweep says nothing."""
STEPS: Final = 20
FEW_STEPS: Final = 12
MANY_STEPS: Final = 30
DEFAULT_GUIDANCE: Final = 4.0
FIDELITY_ROWS: Final = 200
LARGE_ROWS: Final = 48
GRIDS: Final = 12
SEED: Final = 1000
NOT_MADE: Final = "not measured"
CEILING: Final = "real renders (ceiling)"


@dataclass(slots=True)
class Evaluation:
    """One evaluation. limit: most prompts of any measure; None takes what suits the device."""

    networks: Networks
    device: Device
    out: Path
    pool: Path | None = None
    limit: int | None = None
    guidance: float = DEFAULT_GUIDANCE
    """The best of the sweep, once it is known."""
    table: tables.Table = field(default_factory=dict)

    def run(self) -> tables.Table:
        """Measure what the folder's networks allow.

        Effects: writes the table after every measure, so that a stop loses one at most.
        """
        painted = ("tokenizer", "text_encoder", "base", "vae")
        measures: tuple[tuple[str, tuple[str, ...], Callable[[], Any]], ...] = (
            ("VAE reconstruction, PSNR dB", ("vae",), self.fidelity),
            ("CLIP retrieval, top-1", ("clip", "tokenizer", "vae"), self.search),
            ("Prompt adherence", (*painted, "classifier"), self.adherence),
            ("High-resolution stage", ("hires", "vae", "tokenizer", "text_encoder"), self.large),
            ("Diversity within a grid", painted, self.diversity),
            ("Seconds per grid of four", painted, self.speed),
        )
        for title, needed, measure in measures:
            began = time.monotonic()
            missing = self.networks.missing(*needed)
            self.table[title] = f"{NOT_MADE}: there is no {', '.join(missing)}" if missing else measure()
            say(f"{title}: {time.monotonic() - began:.0f} s")
            tables.write_table(self.table, self.out)
        return self.table

    @property
    def side_px(self) -> int:
        """The side of a base picture."""
        return int(self.networks["vae"].config.sample_size)

    def count(self, wanted: int) -> int:
        """So many prompts, unless the limit is lower."""
        return min(wanted, self.limit or wanted)

    @property
    def guidances(self) -> tuple[float, ...]:
        """What the sweep tries."""
        return GUIDANCES if self.count(FEW_PROMPTS) == FEW_PROMPTS else FEW_GUIDANCES

    def held_out(self) -> Asked:
        """Prompts whose combination was never trained on."""
        return self.ask("held", self.count(PROMPTS[self.device.name]))

    def ask(self, split: str, count: int, scale: int = 1) -> Asked:
        """The first prompts of a split of the model's own world."""
        return ask(split, count, scale * self.side_px, self.pool, read_world(self.networks.folder))

    def fidelity(self) -> dict[str, float]:
        """PSNR of validation pictures."""
        asked = self.ask("val", self.count(FIDELITY_ROWS))
        styles = np.array([scene.style for scene in asked.scenes])
        return reconstruction(self.networks["vae"], asked.pictures, styles, self.device)

    def search(self) -> dict[str, float]:
        """CLIP on held-out real renders."""
        return self.retrieval(self.held_out())

    def retrieval(self, asked: Asked, pictures: Pictures | None = None) -> dict[str, float]:
        """CLIP on these prompts, with real renders unless pictures are given."""
        clip, tokenizer = self.networks["clip"], self.networks["tokenizer"]
        shown = asked.pictures if pictures is None else pictures
        return retrieval(clip, tokenizer, shown, asked.prompts, self.device.name)

    def adherence(self) -> tables.Table:
        """The ceiling on real renders, a sweep over guidance, and fewer and more steps at its best."""
        asked, painter = self.held_out(), painter_of(self.networks, self.device)
        reference = self.read(self.ask("val", len(asked)).pictures)
        rows = {CEILING: self.row(asked, asked.pictures, reference)}
        for guidance in self.guidances:
            pictures = painter.paint(asked.prompts, guidance=guidance, steps=STEPS, seed=SEED)
            rows[f"guidance {guidance:g}, {STEPS} steps"] = self.row(asked, pictures, reference)
        swept = [rows[f"guidance {guidance:g}, {STEPS} steps"][ALL_RIGHT] for guidance in self.guidances]
        self.guidance = self.guidances[int(np.argmax(swept))]
        for steps in (FEW_STEPS, MANY_STEPS):
            pictures = painter.paint(asked.prompts, guidance=self.guidance, steps=steps, seed=SEED)
            rows[f"guidance {self.guidance:g}, {steps} steps"] = self.row(asked, pictures, reference)
        best = rows[f"guidance {self.guidance:g}, {STEPS} steps"]
        rows["share of the ceiling"] = shares_of(best, rows[CEILING])
        return {"prompts": len(asked), "best guidance": self.guidance, **rows}

    def read(self, pictures: Pictures) -> Reading:
        """What the classifier sees in pictures."""
        return read(self.networks["classifier"], pictures, self.device.name)

    def row(self, asked: Asked, pictures: Pictures, reference: Reading) -> dict[str, float]:
        """The figures of one set of pictures; the distance is to as many other real renders."""
        reading = self.read(pictures)
        row = adherence(reading.classes, asked.labels, asked.told)
        if self.networks.has("clip"):
            row["CLIP top-1"] = self.retrieval(asked, pictures)["image to text"]
        row["Fréchet distance"] = round(frechet_distance(reading.features, reference.features), 3)
        return row

    def large(self) -> dict[str, dict[str, float]]:
        """The high-resolution stage against bicubic."""
        asked = self.ask("bigval", self.count(LARGE_ROWS), 2)
        return enlarging(self.networks, asked, self.device)

    def diversity(self) -> dict[str, float]:
        """Generated grids beside grids of real renders of the same words."""
        asked, painter = self.held_out().first(self.count(GRIDS)), painter_of(self.networks, self.device)
        real = [diversity(grid_of(scene, GRID, self.side_px)) for scene in asked.scenes]
        painted = [diversity(self._grid(painter, prompt, i)) for i, prompt in enumerate(asked.prompts)]
        return {"generated": round(float(np.mean(painted)), 4), "real": round(float(np.mean(real)), 4)}

    def _grid(self, painter: Painter, prompt: str, index: int) -> Pictures:
        return painter.paint([prompt] * GRID, guidance=self.guidance, steps=FEW_STEPS, seed=SEED + GRID * index)

    def speed(self) -> dict[str, float]:
        """Seconds by number of steps, on this machine as it is."""
        painter = painter_of(self.networks, self.device)
        return {
            f"{steps} steps": seconds_per_grid(painter, guidance=self.guidance, steps=steps)
            for steps in (FEW_STEPS, STEPS, MANY_STEPS)
        }
