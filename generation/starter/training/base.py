"""Stage 6: the base U-Net, from noise to the latents of a picture."""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt
from typing import Any, Final

import torch
from torch import nn
from torch.nn import functional

from generation.starter.training.checkpoints import Summary
from generation.starter.training.diffusion import (
    TRAIN_STEPS,
    noise_levels,
    noised,
    stratified_timesteps,
    velocity,
    velocity_weight,
)
from generation.starter.training.latents import encoded_train
from generation.starter.training.loop import StepLoss, Trainer
from generation.starter.training.networks import Alignment
from generation.starter.training.optimizing import Optimization
from generation.starter.training.sampling import SHEET_PROMPTS, Painter
from generation.starter.training.settings import Run
from generation.starter.training.sheets import GRID, write_sheet
from generation.starter.training.unets import Groundwork, prepare

ALIGNMENT_SHARE: Final = 0.3
ALIGNED_UNTIL: Final = 0.7
"""Of the time. Alignment helps early and is out of the way late."""
HALVED_UNTIL: Final = {"cpu": 0.3, "cuda": 0.0}
"""Of the time: at first at half the size, where a sample costs two fifths and what goes where is learned just as well.
A GPU's kernels gain nothing from so small a grid."""
SUBJECT_WEIGHT: Final = 2.0
"""What an error inside a subject counts, against 1 outside: subjects are the smaller part, and what people look at."""
SHEET_STEPS: Final = 12
SHEET_GUIDANCE: Final = 4.0


def train_base(run: Run, budget_s: float) -> Summary:
    """Effects: writes `networks/base`, and sample sheets."""
    recipe = run.size.recipes["base"]
    ground = prepare(run, "base")
    unet, clip = ground.unet, ground.networks["clip"]
    alignment = Alignment(run.size.base.channels[-1], int(clip.config.vision_config.hidden_size)).to(run.device.name)
    rows = encoded_train(run, ground.networks)
    rows.wait(recipe.least_rows)  # encodes; the stage's own time begins below
    how = Optimization(recipe.rate, hold=0.5, newton_schulz=4, ema=0.9985)
    trainer = Trainer(
        run, "base", unet, how, budget_s=budget_s, helper=alignment, built_on=ground.built_on, blocks=ground.blocks
    )
    levels, middle = noise_levels(run.device.name), Tapped(unet.mid_block)

    def step() -> StepLoss:
        halved = trainer.watch.progress < HALVED_UNTIL[run.device.name]
        count = recipe.batch * (2 if halved else 1)
        places = rows.draw(count)
        clean, features, masks = rows.encoded("latents", places), rows.encoded("features", places), rows.masks(places)
        if halved:
            clean, features, masks = halves(clean), halved_features(features), halves(masks)
        context = ground.condition(rows.tokens(places), run)
        timesteps = stratified_timesteps(count, TRAIN_STEPS, clean.device)
        level, noise = levels[timesteps][:, None, None, None], torch.randn_like(clean)
        with run.device.autocast():
            predicted = unet(noised(clean, noise, level), timesteps, context).sample
            apart = alignment(middle.output, features)
        error = (predicted.float() - velocity(clean, noise, level)).pow(2)
        weight = 1 + (SUBJECT_WEIGHT - 1) * masks
        loss = (velocity_weight(level) * weight * error).mean()
        pull = (apart.float() * level.flatten().sqrt()).mean()  # in noise there is nothing to see
        share = ALIGNMENT_SHARE * max(0.0, 1 - trainer.watch.progress / ALIGNED_UNTIL)
        return StepLoss(loss + share * pull, count, {"v": error.mean(), "apart": apart.mean()})

    trainer.train(step, refresh=lambda: rows.refresh(30), sheet=_sheet(run, ground))
    middle.remove()
    average: Any = trainer.average.network.eval()
    average.save_pretrained(run.networks / "base")
    return trainer.finish({})


def halves(grids: torch.Tensor) -> torch.Tensor:
    """(batch, channels, h, w) at half the size. The VAE learns that halved latents are those of the halved picture."""
    return functional.avg_pool2d(grids, 2)


def halved_features(features: torch.Tensor) -> torch.Tensor:
    """(batch, cells, width) of a square grid to (batch, cells / 4, width)."""
    side = isqrt(features.shape[1])
    grid = features.transpose(1, 2).reshape(len(features), -1, side, side)
    return halves(grid).flatten(2).transpose(1, 2)


class Tapped:
    """Keeps the last output of a module, from now until it is removed."""

    def __init__(self, module: nn.Module) -> None:
        self.output = torch.empty(0)
        self._hook = module.register_forward_hook(self._keep)

    def _keep(self, _module: nn.Module, _inputs: Any, output: torch.Tensor) -> None:
        self.output = output

    def remove(self) -> None:
        """Effects: the module is as before."""
        self._hook.remove()


def _sheet(run: Run, ground: Groundwork) -> Callable[[nn.Module], None]:
    """A sheet of a few prompts, painted with the averaged network."""

    def paint(average: nn.Module) -> None:
        known = ground.networks
        painter = Painter(run.device, known["tokenizer"], known["text_encoder"], average, known["vae"])
        prompts = SHEET_PROMPTS[:8]
        asked = [prompt for prompt in prompts for _ in range(GRID)]
        pictures = painter.paint(asked, guidance=SHEET_GUIDANCE, steps=SHEET_STEPS, seed=3)
        rows = list(pictures.reshape(len(prompts), GRID, *pictures.shape[1:]))
        write_sheet(rows, prompts, run.sheets / "base.png")

    return paint
