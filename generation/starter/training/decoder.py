"""Stage 7: the VAE's decoder alone, any time after its encoder has settled.

The encoder stays, so latents and the U-Nets that know them stay valid; a step costs a third less than training both,
and what is seen of a picture is the decoder's work.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Final

import torch
from torch import nn

from generation.starter.training.checkpoints import Summary, fingerprint
from generation.starter.training.folders import open_networks
from generation.starter.training.loop import StepLoss, Trainer
from generation.starter.training.networks import encoder_of, vae_pixels
from generation.starter.training.optimizing import Optimization
from generation.starter.training.rows import Rows
from generation.starter.training.settings import Run
from generation.starter.training.vae import CROP_PX, Batches, Objective, cropped, measured, sheet_of

PERCEPTUAL_SHARE: Final = 0.3
"""Twice what the VAE stage gives to looks: the latents can no longer change for it."""


class Decoding(nn.Module):
    """The half of a VAE that turns latents into pictures; shares its weights with the VAE."""

    def __init__(self, vae: Any) -> None:
        super().__init__()
        self.post_quant_conv, self.decoder = vae.post_quant_conv, vae.decoder

    def put_into(self, vae: Any) -> Any:
        """A copy of the VAE with this decoder."""
        other = copy.deepcopy(vae)
        other.post_quant_conv.load_state_dict(self.post_quant_conv.state_dict())
        other.decoder.load_state_dict(self.decoder.state_dict())
        return other.eval()


def train_decoder(run: Run, budget_s: float) -> Summary:
    """Effects: replaces `networks/vae` by one with the same encoder, and writes sample sheets.

    Raises:
        SystemExit: There is no VAE yet.
    """
    recipe, device = run.size.recipes["vae"], run.device
    networks = open_networks(run.networks, device.name)
    vae = networks["vae"]
    decoding = Decoding(vae).requires_grad_(requires_grad=True)
    built_on = {"vae": fingerprint(encoder_of(vae))}
    how = Optimization(recipe.rate / 2, weight_decay=1e-3, ema=0.998, hold=0.2)
    trainer = Trainer(run, "decoder", decoding, how, budget_s=budget_s, built_on=built_on, blocks=(vae.decoder,))
    batches = Batches(run)
    batches.wait(recipe.least_rows)
    judge = networks["classifier"] if networks.has("classifier") else None
    objective = Objective(run, vae, judge, perceptual_share=PERCEPTUAL_SHARE)

    def step() -> StepLoss:
        at = trainer.progress.step
        pixels = vae_pixels(batches.draw(at, recipe.batch))
        return objective(cropped(pixels, CROP_PX[device.name]), at)

    tested = Rows(run.pool / "val", device)
    tested.refresh(0)
    trainer.train(step, refresh=batches.refresh, sheet=_sheet(vae, sheet_of(run, tested)))
    average = trainer.average.network
    assert isinstance(average, Decoding)  # noqa: S101 - a copy of the one above
    best = average.put_into(vae)
    best.save_pretrained(run.networks / "vae")
    return trainer.finish(measured(best, tested, run))


def _sheet(vae: Any, paint: Callable[[nn.Module], None]) -> Callable[[nn.Module], None]:
    """The VAE's sheet, with the averaged decoder."""

    def with_average(average: nn.Module) -> None:
        assert isinstance(average, Decoding)  # noqa: S101 - as above
        with torch.no_grad():
            paint(average.put_into(vae))

    return with_average
