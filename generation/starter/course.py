"""A whole training: the stages in their order within a budget, the renderers beside them, and a report at the end."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import torch

from generation.starter.evaluation.command import Evaluation
from generation.starter.evaluation.table import MARKDOWN_FILE, markdown
from generation.starter.model_card import training_in
from generation.starter.release import NEEDED, write_release
from generation.starter.training.base import train_base
from generation.starter.training.budget import STAGES
from generation.starter.training.checkpoints import Summary, read_summary
from generation.starter.training.classifier import train_classifier
from generation.starter.training.clip import train_clip
from generation.starter.training.decoder import train_decoder
from generation.starter.training.files import write_text
from generation.starter.training.folders import open_networks, part_folder
from generation.starter.training.hires import train_hires
from generation.starter.training.latents import encode_latents
from generation.starter.training.progress import say
from generation.starter.training.renderers import Renderers
from generation.starter.training.settings import Run
from generation.starter.training.tokenizer import train_tokenizer
from generation.starter.training.vae import train_vae
from generation.starter.training.world import write_world

TRAINED: Final[dict[str, Callable[[Run, float], Summary]]] = {
    "classifier": train_classifier,
    "clip": train_clip,
    "vae": train_vae,
    "latents": encode_latents,
    "base": train_base,
    "decoder": train_decoder,
    "hires": train_hires,
}
ENOUGH: Final = 0.999
"""Share of its budget after which a stage counts as done."""


@dataclass(frozen=True, slots=True)
class Course:
    """Stages with their seconds, the processes that render beside them, and the most prompts of the evaluation."""

    run: Run
    budgets_s: dict[str, float]
    workers: int
    limit: int | None = None

    def follow(self) -> bool:
        """Train, evaluate and release, as far as these stages say. A stage that is done is not begun again.

        Returns whether everything was done; False when the process was asked to stop on the way.

        Effects: writes everything that the work folder has, `report.md` last.
        """
        stages = [stage for stage in STAGES if stage in self.budgets_s]
        self._adopt(stages)
        if "tokenizer" in stages or part_folder(self.run.networks, "tokenizer") is None:
            train_tokenizer(self.run)
        write_world(self.run.size.mix, self.run.networks)
        needs_pictures = any(stage in TRAINED and not self._is_done(stage) for stage in stages)
        try:
            if not needs_pictures:
                return self._train(stages)
            with Renderers(self.run.size, self.run.pool, self.run.tokenizer, self.workers):
                return self._train(stages)
        finally:
            self._report()

    def _train(self, stages: Sequence[str]) -> bool:
        for stage in stages:
            if stage in TRAINED and self._is_done(stage):
                say(f"{stage}: done before")
            elif stage in TRAINED and not self._train_one(stage):
                say(f"stopped in {stage}; the same command with --resume goes on")
                return False
        if "evaluate" in stages:
            self._evaluate()
        if "export" in stages:
            self._export()
        return True

    def _train_one(self, stage: str) -> bool:
        """Whether the stage came to its end."""
        summary = TRAINED[stage](self.run, self.budgets_s[stage])
        gc.collect()
        if self.run.device.is_cuda:
            torch.cuda.empty_cache()  # the next stage has other pictures in memory
        return summary.done

    def _is_done(self, stage: str) -> bool:
        """Whether an earlier run gave this stage as much time as this one would, and wrote its network."""
        summary = read_summary(stage, self.run.checkpoints) if self.run.resume else None
        if summary is None:
            return False
        enough = summary.elapsed_s >= ENOUGH * self.budgets_s[stage] or stage == "latents"
        made = {"latents": (), "decoder": ("vae",)}.get(stage, (stage,))
        return summary.done and enough and open_networks(self.run.networks).has(*made)

    def _adopt(self, stages: Sequence[str]) -> None:
        """Take the parts that are not trained here from the release that the run goes on from."""
        if self.run.init is None:
            return
        for name in ("tokenizer", "clip", "text_encoder", "vae", "base", "hires"):
            released, trained = part_folder(self.run.init, name), "clip" if name == "text_encoder" else name
            if released and trained not in stages and part_folder(self.run.networks, name) is None:
                shutil.copytree(released, self.run.networks / name)

    def _evaluate(self) -> None:
        networks = open_networks(self.run.networks, self.run.device.name)
        Evaluation(networks, self.run.device, self.run.work, self.run.pool, self.limit).run()

    def _export(self) -> None:
        networks = open_networks(self.run.networks)
        if missing := networks.missing(*NEEDED):
            say(f"no release: {', '.join(missing)} is missing")
            return
        folder = write_release(networks, self.run.work / "release", training_in(self.run.work))
        say(f"released to {folder}")

    def _report(self) -> None:
        """Effects: writes `report.md`, and says it."""
        found = [summary for stage in STAGES if (summary := read_summary(stage, self.run.checkpoints))]
        text = report(found, self.run)
        evaluation = self.run.work / MARKDOWN_FILE
        if evaluation.exists():
            text += "\n" + evaluation.read_text(encoding="utf-8")
        write_text(text, self.run.work / "report.md")
        say(f"\n{text}")


def report(summaries: Sequence[Summary], run: Run) -> str:
    """What came of every stage, as Markdown."""
    rows = {summary.stage: _row(summary) for summary in summaries}
    measured = {
        f"{summary.stage}, measured on held-out renders": summary.measured for summary in summaries if summary.measured
    }
    title = f"Training of the starter model: size {run.size.name} on {run.device.name}"
    return markdown({"Stages": rows, **measured}, title)


def _row(summary: Summary) -> dict[str, str]:
    return {
        "state": "done" if summary.done else "stopped",
        "minutes": f"{summary.elapsed_s / 60:.1f}",
        "steps": f"{summary.steps}",
        "samples": f"{summary.samples}",
        "loss": f"{summary.loss:.4f}",
        "samples/s": f"{summary.speed:.0f}",
    }
