"""The loop: a resumed stage is the same stage, bad losses step back, and stopping saves."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
import torch
from torch import nn

from generation.starter.training.checkpoints import Summary, load_state, read_summary, save_state, write_summary
from generation.starter.training.device import Device
from generation.starter.training.loop import StepLoss, Trainer
from generation.starter.training.optimizing import Optimization
from generation.starter.training.settings import Run
from generation.starter.training.sizes import SMALL, TINY

TARGET = torch.tensor([[1.0, -2.0, 0.5]])


class Clock:
    """Every look takes no time; every step one second."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Stage:
    """A stage that learns a matrix from random inputs."""

    def __init__(self, work, *, budget_s: float, resume: bool = False, stop_after: int | None = None, size=TINY):
        torch.manual_seed(7)
        self.clock, self.network, self.helper = Clock(), nn.Linear(3, 1), nn.Linear(1, 1)
        self.run = Run(work, size, Device("cpu"), resume=resume, save_every_s=1e9, sheet_every_s=0)
        self.stop_after, self.losses = stop_after, []
        self.trainer = Trainer(
            self.run, "base", self.network, Optimization(0.05), budget_s=budget_s, helper=self.helper,
            built_on={"vae": "abc"}, now=self.clock,
        )  # fmt: skip

    def step(self) -> StepLoss:
        inputs = torch.randn(8, 3)
        loss = ((self.helper(self.network(inputs)) - inputs @ TARGET.T) ** 2).mean()
        self.losses.append(loss.item())
        self.clock.now += 1
        if len(self.losses) == self.stop_after:
            os.kill(os.getpid(), signal.SIGTERM)
        return StepLoss(loss, 8, {"mse": loss})

    def train(self):
        self.trainer.train(self.step)
        return self


def test_it_trains_for_its_time(tmp_path):
    stage = Stage(tmp_path, budget_s=60).train()
    assert stage.trainer.progress.step == 60
    assert stage.trainer.progress.samples == 480
    assert stage.losses[-1] < stage.losses[0] / 4


def test_a_resumed_stage_is_the_same_stage(tmp_path):
    whole = Stage(tmp_path / "whole", budget_s=30).train()
    first = Stage(tmp_path / "pieces", budget_s=30, stop_after=12).train()
    assert first.trainer.stopped
    assert first.trainer.progress.step == 12
    torch.randn(5)  # what else happens in between does not matter
    second = Stage(tmp_path / "pieces", budget_s=30, resume=True).train()

    assert first.losses + second.losses == whole.losses
    whole_state, state = (load_state(stage.trainer.file, "cpu") for stage in (whole, second))
    for part in ("network", "average", "helper"):
        for name, value in whole_state[part].items():
            assert torch.equal(value, state[part][name]), (part, name)
    assert state["elapsed_s"] == whole_state["elapsed_s"] == 30
    assert state["progress"]["samples"] == whole_state["progress"]["samples"] == 240


def test_without_resume_it_begins_anew(tmp_path):
    Stage(tmp_path, budget_s=5).train()
    assert Stage(tmp_path, budget_s=5).trainer.progress.step == 0


def test_a_larger_budget_goes_on(tmp_path):
    Stage(tmp_path, budget_s=5).train()
    assert Stage(tmp_path, budget_s=5, resume=True).train().trainer.progress.step == 5
    assert Stage(tmp_path, budget_s=8, resume=True).train().trainer.progress.step == 8


def test_a_checkpoint_of_another_size_is_refused(tmp_path):
    Stage(tmp_path, budget_s=2).train()
    with pytest.raises(SystemExit, match="--size tiny"):
        Stage(tmp_path, budget_s=2, resume=True, size=SMALL)


def test_a_stage_is_done_when_its_network_is_written(tmp_path):
    stage = Stage(tmp_path, budget_s=2).train()
    assert not read_summary("base", stage.run.checkpoints).done
    stage.trainer.finish({"PSNR dB": 30.0})
    summary = read_summary("base", stage.run.checkpoints)
    assert summary.done
    assert summary.measured == {"PSNR dB": 30.0}
    assert json.loads((stage.run.checkpoints / "base.json").read_text())["steps"] == 2


def test_a_kill_while_writing_leaves_the_state_before(tmp_path, monkeypatch):
    write_summary(Summary("base", done=True, steps=5), tmp_path)
    save_state({"step": 5}, tmp_path / "base.pt")
    monkeypatch.setattr(Path, "replace", lambda *_: pytest.fail("killed"))
    with pytest.raises(pytest.fail.Exception):
        write_summary(Summary("base", done=True, steps=6), tmp_path)
    with pytest.raises(pytest.fail.Exception):
        save_state({"step": 6}, tmp_path / "base.pt")
    assert read_summary("base", tmp_path).steps == 5
    assert load_state(tmp_path / "base.pt", "cpu") == {"step": 5}


def test_a_loss_that_is_not_finite_goes_back_at_half_the_rate(tmp_path):
    Stage(tmp_path, budget_s=5).train()
    stage = Stage(tmp_path, budget_s=20, resume=True)
    rate = stage.trainer.rate()
    stage.trainer._recent.append(torch.tensor([float("nan")]))
    stage.trainer._report()
    assert stage.trainer.rate() == pytest.approx(rate / 2)
    assert stage.trainer.progress.step == 5


def test_a_loss_that_is_not_finite_at_once_is_told(tmp_path):
    stage = Stage(tmp_path, budget_s=20)
    stage.trainer._recent.append(torch.tensor([float("nan")]))
    with pytest.raises(SystemExit, match="not finite"):
        stage.trainer._report()


def test_weights_that_went_bad_are_not_saved(tmp_path):
    stage = Stage(tmp_path, budget_s=20)
    stage.trainer._recent.append(torch.tensor([float("nan")]))
    stage.trainer.save()
    assert not stage.trainer.file.exists()


def test_a_sheet_changes_nothing_that_is_drawn_after(tmp_path):
    plain = Stage(tmp_path / "plain", budget_s=6).train()
    sheets, painted = Stage(tmp_path / "sheets", budget_s=6), []
    object.__setattr__(sheets.run, "sheet_every_s", 2)
    sheets.trainer.train(sheets.step, sheet=lambda _: painted.append(torch.randn(3)))
    assert len(painted) == 4
    assert sheets.losses == plain.losses
