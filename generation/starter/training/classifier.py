"""Stage 2: the attribute classifier, which judges pictures that it has never seen the like of.

It only ever sees real renders, roughened so that a decoder's small faults do not fool it.
"""

from __future__ import annotations

from typing import Final

import torch
from torch.nn import functional

from generation.starter.scenes import ATTRIBUTES
from generation.starter.training.checkpoints import Summary
from generation.starter.training.classifier_network import AttributeClassifier
from generation.starter.training.folders import save_classifier
from generation.starter.training.loop import StepLoss, Trainer
from generation.starter.training.networks import clip_pixels
from generation.starter.training.optimizing import Optimization
from generation.starter.training.rows import Rows
from generation.starter.training.settings import Run

SHIFT_PX: Final = 4
MEMORY_GB: Final = 10.0
TESTED: Final = 1500
BATCH: Final = 128


def train_classifier(run: Run, budget_s: float) -> Summary:
    """Effects: writes `networks/classifier`."""
    recipe = run.size.recipes["classifier"]
    network = AttributeClassifier(run.size).to(run.device.name)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    how = Optimization(recipe.rate, weight_decay=0.02, ema=0.995)
    trainer = Trainer(run, "classifier", network, how, budget_s=budget_s)
    rows = Rows(run.pool / "train", run.device, limit_gb=MEMORY_GB)
    rows.wait(recipe.least_rows)

    def step() -> StepLoss:
        places = rows.draw(recipe.batch)
        pixels, truth = clip_pixels(rows.pictures(places)), rows.labels(places)
        with run.device.autocast():
            logits = network(roughened(pixels))
        losses = [functional.cross_entropy(out.float(), truth[:, i]) for i, out in enumerate(logits)]
        return StepLoss(torch.stack(losses).sum(), recipe.batch, {})

    trainer.train(step, refresh=rows.refresh)
    best = trainer.average.network.eval()
    assert isinstance(best, AttributeClassifier)  # noqa: S101 - a copy of the network above
    save_classifier(best, run.networks)
    held = Rows(run.pool / "held", run.device)
    held.refresh(0)
    return trainer.finish(accuracy(best, held) if len(held) else {})


def roughened(pixels: torch.Tensor) -> torch.Tensor:
    """Normalised pictures, shifted by up to 4 px, in other light, softer and noisier."""
    count, device, side = len(pixels), pixels.device, pixels.shape[-1]

    def each(*, normal: bool) -> torch.Tensor:
        shape = (count, 1, 1, 1)
        return torch.randn(shape, device=device) if normal else torch.rand(shape, device=device)

    top, left = (int(v) for v in torch.randint(0, 2 * SHIFT_PX + 1, (2,)))
    padded = functional.pad(pixels, (SHIFT_PX,) * 4, mode="replicate")
    moved = padded[:, :, top : top + side, left : left + side]
    lit = moved * (1 + 0.1 * each(normal=True)) + 0.1 * each(normal=True)
    soft = functional.interpolate(functional.avg_pool2d(lit, 2), scale_factor=2, mode="bilinear")
    share = each(normal=False) * (each(normal=False) < 0.5)  # noqa: PLR2004 - half of them
    mixed = lit + share * (soft - lit)
    return mixed + 0.12 * each(normal=False) * torch.randn_like(mixed)


@torch.no_grad()
def accuracy(network: AttributeClassifier, rows: Rows) -> dict[str, float]:
    """Share of the rows whose attribute is read as it is, by attribute."""
    hits = []
    for places in torch.split(rows.first(TESTED), BATCH):
        guesses = network(clip_pixels(rows.pictures(places)))
        truth = rows.labels(places)
        hits.append(torch.stack([guess.argmax(-1) == truth[:, i] for i, guess in enumerate(guesses)], 1))
    shares = torch.cat(hits).float().mean(0).tolist()
    return {entry.name: round(share, 3) for entry, share in zip(ATTRIBUTES, shares, strict=True)}
