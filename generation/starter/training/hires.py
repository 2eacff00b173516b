"""Stage 7: the high-resolution U-Net, which paints over an upsampled picture.

It knows timesteps below `LOW_NOISE`. Half of its batches start part of the way from what the base stage hands over, and
must arrive at the true picture: so it learns to repair, and not only to denoise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import torch
from torch import nn
from torch.nn import functional

from generation.starter.training.checkpoints import Summary
from generation.starter.training.diffusion import (
    LOW_NOISE,
    clean_of,
    clean_weight,
    noise_levels,
    noised,
    stratified_timesteps,
)
from generation.starter.training.encoded import upsampled
from generation.starter.training.latents import encoded_large
from generation.starter.training.loop import StepLoss, Trainer
from generation.starter.training.networks import picture_bytes, reconstructed, vae_pixels
from generation.starter.training.optimizing import Optimization
from generation.starter.training.pool import captions
from generation.starter.training.rows import Rows
from generation.starter.training.sampling import enlarge
from generation.starter.training.settings import Run
from generation.starter.training.sheets import write_sheet
from generation.starter.training.unets import Groundwork, prepare

REPAIRED: Final = 0.5
"""Share of the samples that start from an upsampled picture."""
REPAIR_FROM: Final = 100
"""Below this timestep too little is left to change."""
SHOWN: Final = 6
SHOWN_SPLIT: Final = "bigval"
SHOWN_STRENGTH: Final = 0.3
ROUGH_NOISE: Final = 0.08
"""Deviation of the noise on a rough start: a painted picture is worse than a reconstructed one."""


def train_hires(run: Run, budget_s: float) -> Summary:
    """Effects: writes `networks/hires`, and sample sheets."""
    recipe = run.size.recipes["hires"]
    ground = prepare(run, "hires")
    unet = ground.unet
    rows = encoded_large(run, ground.networks)
    rows.wait(recipe.least_rows)
    how = Optimization(recipe.rate, hold=0.5, newton_schulz=4, ema=0.998)
    trainer = Trainer(run, "hires", unet, how, budget_s=budget_s, built_on=ground.built_on, blocks=ground.blocks)
    levels = noise_levels(run.device.name)

    def step() -> StepLoss:
        places = rows.draw(recipe.batch)
        clean, context = rows.encoded("latents", places), ground.condition(rows.tokens(places), run)
        timesteps = stratified_timesteps(recipe.batch, LOW_NOISE, clean.device)
        level = levels[timesteps][:, None, None, None]
        start = start_of(clean, rows.encoded("rough", places), timesteps)
        latents = noised(start, torch.randn_like(start), level)
        with run.device.autocast():
            predicted = unet(latents, timesteps, context).sample
        error = (clean_of(latents, predicted.float(), level) - clean).pow(2).mean((1, 2, 3))
        loss = (clean_weight(level).flatten() * error).mean()
        return StepLoss(loss, recipe.batch, {"clean": error.mean()})

    trainer.train(step, refresh=lambda: rows.refresh(30), sheet=_sheet(run, ground))
    average: Any = trainer.average.network.eval()
    average.save_pretrained(run.networks / "hires")
    return trainer.finish({})


def _sheet(run: Run, ground: Groundwork) -> Callable[[nn.Module], None]:
    """Held-out pictures upsampled, painted over, and as they are."""
    known = ground.networks

    def paint(average: nn.Module) -> None:
        held = Rows(run.pool / SHOWN_SPLIT, run.device)
        held.refresh(0)
        true = held.pictures(held.first(SHOWN))
        if not len(true):
            return
        prompts = [captions(held.arrays.split, int(row))[0].text for row in held.rows[:SHOWN]]
        halved = picture_bytes(functional.avg_pool2d(vae_pixels(true), 2)).to(run.device.name)
        small = reconstructed(known["vae"], halved, run.device)
        painted = enlarge(average, known, run.device, small, prompts, strength=SHOWN_STRENGTH)
        lines = [picture_bytes(upsampled(small)), picture_bytes(painted), true.cpu()]
        write_sheet([line.numpy() for line in lines], ["upsampled", "painted over", "true"], run.sheets / "hires.png")

    return paint


def start_of(clean: torch.Tensor, rough: torch.Tensor, timesteps: torch.Tensor) -> torch.Tensor:
    """Latents to be noised: the true ones, or a mixture with rough ones that are a little noisy."""
    shape, device = (len(clean), 1, 1, 1), clean.device
    repairs = (torch.rand(shape, device=device) < REPAIRED) & (timesteps > REPAIR_FROM)[:, None, None, None]
    share = torch.rand(shape, device=device).sqrt() * repairs
    return clean + share * (rough - clean) + ROUGH_NOISE * share * torch.randn_like(clean)
