"""Stage 4: the autoencoder between pictures and latents.

Sources: Kingma & Welling 2014, "Auto-Encoding Variational Bayes"; Rombach et al. 2022, "High-Resolution Image Synthesis
with Latent Diffusion Models".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import torch
from torch import nn
from torch.nn import functional

from generation.starter.training.checkpoints import Summary
from generation.starter.training.folders import open_networks
from generation.starter.training.loop import StepLoss, Trainer
from generation.starter.training.measures import psnr
from generation.starter.training.networks import make_vae, picture_bytes, reconstructed, vae_pixels
from generation.starter.training.optimizing import Optimization
from generation.starter.training.rows import Rows
from generation.starter.training.settings import Run
from generation.starter.training.sheets import write_sheet
from generation.starter.training.sizes import VAE_FACTOR

KL_SHARE: Final = 5e-5
PERCEPTUAL_SHARE: Final = 0.15
JITTER: Final = 0.03
"""Deviation of the noise on every other batch's latents, in units of theirs."""
CROP_PX: Final = {"cpu": 64, "cuda": 128}
LARGE_EVERY: Final = 5
HALVED_EVERY: Final = 5
LEAST_LARGE: Final = 8
STATISTICS_ROWS: Final = 640
TESTED: Final = 200
BATCH: Final = 32
SHOWN: Final = 6


def train_vae(run: Run, budget_s: float) -> Summary:
    """Effects: writes `networks/vae`, and sample sheets."""
    recipe, device = run.size.recipes["vae"], run.device
    vae = make_vae(run.size)
    if run.init:
        vae.load_state_dict(open_networks(run.init)["vae"].state_dict())
    vae = vae.to(device.name).to(memory_format=torch.channels_last)
    how = Optimization(recipe.rate, weight_decay=1e-3, ema=0.998)
    trainer = Trainer(run, "vae", vae, how, budget_s=budget_s, blocks=(vae.encoder, vae.decoder))
    batches = Batches(run)
    batches.wait(recipe.least_rows)
    networks = open_networks(run.networks, device.name)
    objective = Objective(run, vae, networks["classifier"] if networks.has("classifier") else None)

    def step() -> StepLoss:
        at = trainer.progress.step
        pixels = vae_pixels(batches.draw(at, recipe.batch))
        return objective(cropped(pixels, CROP_PX[device.name]), at)

    tested = Rows(run.pool / "val", device)
    tested.refresh(0)
    trainer.train(step, refresh=batches.refresh, sheet=sheet_of(run, tested))
    best = trainer.average.network.eval()
    fold_statistics(best, batches.rows, run)
    best.save_pretrained(run.networks / "vae")  # type: ignore[operator]
    tested.refresh(0)
    return trainer.finish(measured(best, tested, run))


class Batches:
    """Pictures of both sizes, as they are rendered: every fifth batch is of large ones."""

    def __init__(self, run: Run) -> None:
        self.rows = Rows(run.pool / "train", run.device, limit_gb=12)
        self._large = Rows(run.pool / "big", run.device, limit_gb=6)

    def wait(self, least: int) -> None:
        """Block until so many small ones are there."""
        self.rows.wait(least)

    def refresh(self) -> None:
        """Take in what was rendered since."""
        self.rows.refresh()
        self._large.refresh()

    def draw(self, step: int, count: int) -> torch.Tensor:
        """Pictures for this step, uint8."""
        is_large = step % LARGE_EVERY == LARGE_EVERY - 1 and len(self._large) >= LEAST_LARGE
        source = self._large if is_large else self.rows
        return source.pictures(source.draw(count))


class Objective:
    """The loss of one batch: pixels, edges and a classifier's maps, at full and sometimes at half size."""

    def __init__(self, run: Run, vae: Any, judge: Any, *, perceptual_share: float = PERCEPTUAL_SHARE) -> None:
        self._device, self._vae, self._judge, self._share = run.device, vae, judge, perceptual_share

    def __call__(self, pixels: torch.Tensor, step: int) -> StepLoss:
        """The loss of pictures (-1 to 1) in this step; what it does beyond encoding and decoding changes by step."""
        with self._device.autocast():
            parameters = self._vae.encode(pixels).latent_dist.parameters.float()
        mean, log_variance = parameters.chunk(2, 1)
        log_variance = log_variance.clamp(-30, 20)
        latents = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        if step % 2:  # the decoder must forgive the small errors of a diffusion model
            latents = latents + JITTER * mean.detach().std() * torch.randn_like(mean)
        decoder: Callable[[torch.Tensor], torch.Tensor] = self._vae.decoder
        target = pixels
        if step % HALVED_EVERY == HALVED_EVERY // 2:
            # half-size latents must decode to the half-size picture: smooth latents are easier to learn
            latents, target = functional.avg_pool2d(latents, 2), functional.avg_pool2d(pixels, 2)
            decoder = self._vae.decoder.forward  # past the compiled form, which another shape would compile anew
        with self._device.autocast():
            inner = self._vae.post_quant_conv(latents.contiguous(memory_format=torch.channels_last))
            decoded = decoder(inner)
        kl = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).mean()
        loss = self.difference(decoded.float(), target) + KL_SHARE * kl
        mse = functional.mse_loss(decoded.detach().float(), target) / 4
        return StepLoss(loss, len(pixels), {"mse": mse, "kl": kl})

    def difference(self, decoded: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """What the eye minds, between pictures of -1 to 1."""
        error = decoded - target
        coarse = functional.avg_pool2d(error, 2).abs().mean()
        edges = (error[..., 1:, :] - error[..., :-1, :]).abs().mean() + (error[..., 1:] - error[..., :-1]).abs().mean()
        total = error.abs().mean() + 0.5 * (coarse + edges + (error**2).mean())
        if self._judge is None:
            return total
        with self._device.autocast():
            looks: torch.Tensor = self._judge.distance(decoded, target)
        return total + self._share * looks


def cropped(pixels: torch.Tensor, side_px: int) -> torch.Tensor:
    """A random square of the pictures on the latents' grid, mirrored half of the time."""
    room = pixels.shape[-1] - side_px
    if room > 0:
        top, left = (int(v) * VAE_FACTOR for v in torch.randint(0, room // VAE_FACTOR + 1, (2,)))
        pixels = pixels[:, :, top : top + side_px, left : left + side_px]
    if torch.rand(()) < 0.5:  # noqa: PLR2004 - half of the time
        pixels = pixels.flip(-1)
    return pixels.contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def fold_statistics(vae: Any, rows: Rows, run: Run) -> None:
    """Give every latent channel mean 0 and deviation 1 by folding both into the convolutions around the latents.

    A pipeline then needs no shift, and `scaling_factor` stays 1.

    Effects: changes the weights of `quant_conv` and `post_quant_conv`; what the VAE reconstructs stays the same.
    """
    found = []
    for places in torch.split(rows.first(STATISTICS_ROWS), BATCH):
        with run.device.autocast():
            found.append(vae.encode(vae_pixels(rows.pictures(places))).latent_dist.mean.float())
    latents = torch.cat(found)
    mean, deviation = latents.mean((0, 2, 3)), latents.std((0, 2, 3)).clamp(min=1e-4)
    channels = len(mean)
    into, out = vae.quant_conv, vae.post_quant_conv
    into.weight[:channels] /= deviation[:, None, None, None]
    into.bias[:channels] = (into.bias[:channels] - mean) / deviation
    into.bias[channels:] -= 2 * torch.log(deviation)  # the other half is the log variance
    out.bias += out.weight[:, :, 0, 0] @ mean
    out.weight *= deviation[None, :, None, None]


def measured(vae: Any, rows: Rows, run: Run) -> dict[str, float]:
    """Mean PSNR in dB of validation pictures."""
    values = []
    for places in torch.split(rows.first(TESTED), BATCH):
        pictures = rows.pictures(places)
        values.append(psnr(reconstructed(vae, pictures, run.device), vae_pixels(pictures)))
    return {"PSNR dB": round(torch.cat(values).mean().item(), 2)} if values else {}


def sheet_of(run: Run, rows: Rows) -> Callable[[nn.Module], None]:
    """Paints a sheet of a few of these rows as they are and as they come back from a VAE."""

    def paint(vae: nn.Module) -> None:
        rows.refresh(0)
        pictures = rows.pictures(rows.first(SHOWN))
        if len(pictures):
            lines = [pictures.cpu(), picture_bytes(reconstructed(vae, pictures, run.device))]
            write_sheet([line.numpy() for line in lines], ["rendered", "through the VAE"], run.sheets / "vae.png")

    return paint
