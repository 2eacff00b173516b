"""The loop that trains every network: for a time, over as many pieces as it takes, with what it needs to go on."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, NamedTuple

import torch
from torch import nn

from generation.starter.training.averaging import MovingAverage
from generation.starter.training.budget import Stopwatch, learning_rate
from generation.starter.training.checkpoints import (
    Summary,
    load_state,
    random_state,
    restore_random_state,
    save_state,
    write_summary,
)
from generation.starter.training.compiling import Compiled
from generation.starter.training.optimizing import Optimization, Optimizer
from generation.starter.training.progress import Bar, say
from generation.starter.training.settings import Run

COMPILE_FROM_S: Final = 300.0
"""Stages shorter than this lose more time to the compiler than they gain."""
LEAST_SCALE: Final = 0.1


class StepLoss(NamedTuple):
    """What a stage makes of one batch."""

    loss: torch.Tensor
    samples: int
    shown: dict[str, torch.Tensor]
    """Parts of the loss, for the progress line; scalars."""


@dataclass(slots=True)
class Progress:
    """Where a stage stands.

    scale: what is left of the learning rate after losses that were not finite. loss: mean since the last report.
    speed: samples per second since then.
    """

    step: int = 0
    samples: int = 0
    scale: float = 1.0
    loss: float = 0.0
    speed: float = 0.0


class Trainer:
    """Trains one network of one stage.

    Args:
        run: The run it belongs to.
        stage: Its name, which names its checkpoint.
        network: What is trained and averaged.
        how: The optimization.
        budget_s: Seconds of the stage in all pieces.
        helper: Trained beside the network and thrown away.
        built_on: Fingerprints of the networks that the data came from; a resumed stage warns when they changed.
        blocks: Parts of the network that may be compiled.
        now: A clock in seconds, for tests.
    """

    def __init__(
        self,
        run: Run,
        stage: str,
        network: nn.Module,
        how: Optimization,
        *,
        budget_s: float,
        helper: nn.Module | None = None,
        built_on: Mapping[str, str] | None = None,
        blocks: Sequence[nn.Module] = (),
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.run, self.stage, self.network, self.how, self.helper = run, stage, network, how, helper
        self.built_on = dict(built_on or {})
        self.optimizer = Optimizer(network, helper, how)
        self.average = MovingAverage(network, how.ema)
        self.progress = Progress()
        self.stopped = False
        self.file = run.checkpoints / f"{stage}.pt"
        self.watch = Stopwatch(budget_s, now)
        torch.manual_seed(sum(map(ord, stage)))
        if run.resume and self.file.exists():
            self.restore()
        self._compiled = Compiled(blocks if self._compiles(budget_s) else ())
        self._now = now
        self._recent: list[torch.Tensor] = []
        self._shown: list[str] = []
        self._bar = Bar(stage)
        self._start_clocks()

    def train(
        self,
        step: Callable[[], StepLoss],
        *,
        refresh: Callable[[], None] = lambda: None,
        sheet: Callable[[nn.Module], None] | None = None,
    ) -> None:
        """Train until the budget is spent or the process is asked to stop, then save.

        Args:
            step: Draws a batch and computes its loss.
            refresh: Takes in data that has come since, between steps.
            sheet: Paints a sample sheet with the averaged network, now and then and at the end.

        Effects: answers SIGTERM and SIGINT by stopping after the step, while it runs.
        """
        self._say_where()
        self._start_clocks()
        self.watch.start()
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            while not self.stopped and self.watch.progress < 1:
                refresh()
                with self.run.device.attention():
                    self.update(self._compiled.call(step))
                self._now_and_then(sheet)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        self._report()
        self._bar.close()
        self.save()
        if sheet is not None and self.run.sheet_every_s:
            self._paint(sheet)

    def update(self, result: StepLoss) -> None:
        """One step of the optimizer and of the average."""
        result.loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step(self.rate())
        self.progress.step += 1
        self.progress.samples += result.samples
        self.average.update(self.progress.step)
        values = [result.loss, *result.shown.values()]
        self._shown = list(result.shown)
        self._recent.append(torch.stack([value.detach().float() for value in values]))
        if self._bar.due:
            self._report()

    def rate(self) -> float:
        """The learning rate of the next step."""
        how, warmup = self.how, self.run.size.warmup_steps
        shape = learning_rate(how.peak, self.watch.progress, self.progress.step, hold=how.hold, warmup_steps=warmup)
        return shape * self.progress.scale

    def save(self) -> None:
        """Effects: replaces the stage's checkpoint and its summary, unless the weights have gone bad."""
        if self._recent and not math.isfinite(self._recent[-1][0].item()):
            return
        save_state(self.state(), self.file)
        # done is what has also written its network, which `finish` says
        write_summary(replace(self.summary(), done=False), self.run.checkpoints)
        self._saved = self._now()

    def summary(self, measured: dict[str, float] | None = None) -> Summary:
        """Where the stage stands, for the report."""
        at, done = self.progress, self.watch.progress >= 1
        figures = (at.step, at.samples, round(self.watch.elapsed_s, 2), round(at.loss, 5), round(at.speed, 1))
        return Summary(self.stage, done, *figures, measured=measured or {})

    def finish(self, measured: dict[str, float]) -> Summary:
        """The summary with what the result measured.

        Effects: writes it.
        """
        summary = self.summary(measured)
        write_summary(summary, self.run.checkpoints)
        told = ", ".join(f"{name} {value:g}" for name, value in measured.items())
        state = "done" if summary.done else "stopped"
        say(f"{self.stage}: {state} after {summary.steps} steps, {summary.samples} samples{'; ' if told else ''}{told}")
        return summary

    def state(self) -> dict[str, Any]:
        """Everything that training goes on from."""
        return {
            "size": self.run.size.name,
            "built_on": self.built_on,
            "network": self.network.state_dict(),
            "average": self.average.network.state_dict(),
            "helper": self.helper.state_dict() if self.helper is not None else None,
            "optimizer": self.optimizer.state(),
            "random": random_state(),
            "elapsed_s": self.watch.elapsed_s,
            "progress": asdict(self.progress),
        }

    def restore(self) -> None:
        """Go on from the checkpoint.

        Raises:
            SystemExit: It belongs to a run of another size.
        """
        state = load_state(self.file, self.run.device.name)
        if state["size"] != self.run.size.name:
            raise SystemExit(f"{self.file} was made with --size {state['size']}: take another --work folder.")
        for name, value in self.built_on.items():
            if state["built_on"].get(name) != value:
                say(f"{self.stage}: the {name} is another than before; training follows it")
        self.network.load_state_dict(state["network"])
        self.average.network.load_state_dict(state["average"])
        if self.helper is not None and state["helper"] is not None:
            self.helper.load_state_dict(state["helper"])
        self.optimizer.restore(state["optimizer"])
        restore_random_state(state["random"])
        self.progress = Progress(**state["progress"])
        self.watch.set(state["elapsed_s"])

    def _compiles(self, budget_s: float) -> bool:
        wanted = self.run.compiled
        return wanted if wanted is not None else self.run.device.is_cuda and budget_s >= COMPILE_FROM_S

    def _start_clocks(self) -> None:
        """Of checkpoints, sheets and speed; what comes before training is none of its time."""
        self._saved = self._sheeted = self._now()
        self._stretch = (self._now(), self.progress.samples)

    def _say_where(self) -> None:
        millions = sum(p.numel() for p in self.network.parameters()) / 1e6
        budget = f"{self.watch.elapsed_s / 60:.1f} of {self.watch.budget_s / 60:.1f} min"
        where = self.run.device.name
        say(f"{self.stage}: {millions:.2f}M parameters on {where}, from step {self.progress.step}, {budget}")

    def _stop(self, *_: object) -> None:
        self.stopped = True

    def _now_and_then(self, sheet: Callable[[nn.Module], None] | None) -> None:
        """Checkpoints and sample sheets, by the clock."""
        if self._now() - self._saved >= self.run.save_every_s:
            self.save()
        every_s = self.run.sheet_every_s
        if sheet is not None and every_s and self._now() - self._sheeted >= every_s:
            self._paint(sheet)

    def _paint(self, sheet: Callable[[nn.Module], None]) -> None:
        random = random_state()  # a sheet must not change what is drawn next
        sheet(self.average.network)
        restore_random_state(random)
        self._sheeted = self._now()

    def _report(self) -> None:
        """The progress line, from the steps since the last one; looks whether the loss is still finite."""
        if not self._recent:
            return
        means = [float(value) for value in torch.stack(self._recent).mean(0)]
        began, samples = self._stretch
        at = self.progress
        at.loss, at.speed = means[0], (at.samples - samples) / max(1e-9, self._now() - began)
        losses = [f"{name} {value:.4f}" for name, value in zip(["loss", *self._shown], means, strict=True)]
        time_and_step = [f"{self.watch.elapsed_s / 60:.1f} min", f"step {at.step}"]
        self._bar.show(self.watch.progress, [*time_and_step, *losses, f"lr {self.rate():.1e}", f"{at.speed:.0f} img/s"])
        self._stretch = (self._now(), at.samples)
        self._recent.clear()
        if not math.isfinite(means[0]):
            self._step_back()

    def _step_back(self) -> None:
        """Back to the last checkpoint at half the learning rate; the time stays spent."""
        elapsed_s, scale = self.watch.elapsed_s, self.progress.scale / 2
        if not self.file.exists() or scale < LEAST_SCALE:
            raise SystemExit(f"{self.stage}: the loss is not finite.")
        say(f"{self.stage}: the loss is not finite; back to the last checkpoint at half the learning rate")
        self.restore()
        self.progress.scale = scale
        self.watch.set(elapsed_s)
        self._stretch = (self._now(), self.progress.samples)
