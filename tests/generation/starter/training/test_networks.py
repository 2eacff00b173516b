"""The networks: sizes on disk, shapes, and what the stages do to them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from generation.starter.release import MOST_BYTES
from generation.starter.scenes import ATTRIBUTES
from generation.starter.training.base import halved_features, halves
from generation.starter.training.checkpoints import fingerprint
from generation.starter.training.classifier import roughened
from generation.starter.training.classifier_network import AttributeClassifier
from generation.starter.training.clip import contrastive_loss
from generation.starter.training.compiling import Compiled
from generation.starter.training.device import Device
from generation.starter.training.hires import start_of
from generation.starter.training.networks import (
    Alignment,
    clip_pixels,
    make_clip,
    make_unet,
    make_vae,
    picture_bytes,
    text_encoder_of,
    vae_pixels,
)
from generation.starter.training.settings import Run
from generation.starter.training.sizes import FULL, SIZES, TINY
from generation.starter.training.vae import Objective, cropped, fold_statistics

PICTURES = torch.randint(0, 256, (3, 64, 64, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))
RUN = SimpleNamespace(device=Device("cpu"))


class FakeTokenizer:
    bos_token_id, eos_token_id, pad_token_id = 1, 2, 2

    def __init__(self, pieces: int) -> None:
        self.pieces = pieces

    def __len__(self) -> int:
        return self.pieces


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_release_of_every_size_fits(size):
    with torch.device("meta"):
        clip = make_clip(size, FakeTokenizer(size.vocabulary))
        unets = [make_unet(size, name, latent_channels=size.latent_channels, context_width=size.text.width)
                 for name in ("base", "hires")]  # fmt: skip
    networks = [clip, clip.text_model, make_vae(size), AttributeClassifier(size), *unets]
    weights = sum(weight.numel() for network in networks for weight in network.parameters())
    assert 2 * weights + 400_000 < MOST_BYTES


def test_the_full_size_uses_what_it_may():
    unet = make_unet(FULL, "base", latent_channels=FULL.latent_channels, context_width=FULL.text.width)
    assert 12.5e6 < sum(weight.numel() for weight in unet.parameters()) < 14e6


def test_the_text_reaches_every_level_of_a_unet():
    """The finest level has no attention; it learns of the words by the pooled text beside the timestep."""
    torch.manual_seed(0)
    unet = make_unet(TINY, "base", latent_channels=4, context_width=32).eval()
    latents, timestep = torch.randn(1, 4, 8, 8), torch.tensor([500])
    heard = []
    unet.down_blocks[0].register_forward_hook(lambda _module, _inputs, output: heard.append(output[0]))
    with torch.no_grad():
        for _ in range(2):
            unet(latents, timestep, torch.randn(1, 40, 32))
    assert not torch.equal(*heard)


def test_the_text_tower_stands_alone():
    clip = make_clip(TINY, FakeTokenizer(300)).eval()
    tokens = torch.randint(0, 300, (2, TINY.tokens))
    alone = text_encoder_of(clip)(tokens).last_hidden_state
    assert torch.equal(alone, clip.text_model(input_ids=tokens).last_hidden_state)
    assert alone.shape == (2, TINY.tokens, TINY.text.width)


def test_unets_take_latents_of_their_size():
    for name, side in (("base", 8), ("hires", 16)):
        unet = make_unet(TINY, name, latent_channels=4, context_width=32)
        latents = torch.randn(2, 4, side, side)
        assert unet(latents, torch.tensor([3, 900]), torch.randn(2, 40, 32)).sample.shape == latents.shape
        assert unet.config.sample_size == side


def test_pixels_go_there_and_back():
    assert torch.equal(picture_bytes(vae_pixels(PICTURES)), PICTURES)
    assert vae_pixels(PICTURES).aminmax() == (-1, 1)
    assert clip_pixels(PICTURES).mean().abs() < 0.1


def test_latent_statistics_are_folded_away():
    torch.manual_seed(3)
    vae = make_vae(TINY).eval().requires_grad_(False)
    pixels = vae_pixels(PICTURES)
    before = vae.decode(vae.encode(pixels).latent_dist.mean).sample
    spread = vae.encode(pixels).latent_dist.std / vae.encode(pixels).latent_dist.mean.std((0, 2, 3), keepdim=True)
    rows = SimpleNamespace(first=lambda _: torch.arange(3), pictures=lambda places: PICTURES[places])
    exact = SimpleNamespace(autocast=lambda: torch.autocast("cpu", enabled=False))
    fold_statistics(vae, rows, SimpleNamespace(device=exact))
    latents = vae.encode(pixels).latent_dist
    assert latents.mean.mean((0, 2, 3)).abs().max() < 1e-3
    assert torch.allclose(latents.mean.std((0, 2, 3)), torch.ones(4), atol=1e-3)
    assert torch.allclose(latents.std, spread, rtol=1e-3)
    assert torch.allclose(vae.decode(latents.mean).sample, before, atol=1e-3)


def test_the_vae_starts_almost_without_noise():
    assert make_vae(TINY).encode(vae_pixels(PICTURES)).latent_dist.std.max() < 0.2


@pytest.mark.parametrize("step", range(5))
def test_every_kind_of_vae_step_has_a_loss_with_gradients(step):
    vae = make_vae(TINY)
    result = Objective(RUN, vae, AttributeClassifier(TINY).eval().requires_grad_(False))(vae_pixels(PICTURES), step)
    result.loss.backward()
    assert result.loss.isfinite()
    assert all(weight.grad is not None for weight in vae.parameters())


def test_a_perfect_reconstruction_differs_in_nothing():
    objective = Objective(RUN, None, AttributeClassifier(TINY).eval())
    pixels = vae_pixels(PICTURES)
    assert objective.difference(pixels, pixels) == 0
    assert objective.difference(pixels.flip(-1), pixels) > 0.1


def test_crops_are_squares_on_the_grid():
    pixels = torch.arange(64.0).view(1, 1, 1, 64).expand(1, 3, 64, 64)
    for _ in range(10):
        crop = cropped(pixels, 32)
        assert crop.shape == (1, 3, 32, 32)
        assert crop.min() % 8 == 0
    assert cropped(pixels, 64).shape == pixels.shape


def test_the_classifier_has_a_head_for_every_attribute():
    network = AttributeClassifier(TINY).eval()
    logits = network(clip_pixels(PICTURES))
    assert [tuple(out.shape) for out in logits] == [(3, len(entry.values)) for entry in ATTRIBUTES]
    assert network.features(clip_pixels(PICTURES)).shape == (3, TINY.classifier[-1])


def test_roughened_pictures_are_like_before():
    pixels = clip_pixels(PICTURES)
    rough = roughened(pixels)
    assert rough.shape == pixels.shape
    assert 0.01 < (rough - pixels).abs().mean() < 2


def test_the_contrastive_loss_wants_pairs_together():
    rows = torch.eye(4)
    scale = torch.tensor(4.0)
    assert contrastive_loss(rows, rows, scale) < 1e-3
    assert contrastive_loss(rows, rows.roll(1, 0), scale) > 10
    assert contrastive_loss(rows, rows, torch.tensor(99.0)).isfinite()


def test_the_contrastive_loss_counts_both_directions():
    seen, read = torch.eye(3), torch.eye(3)
    read[1] = read[0]  # two texts alike: pictures choose between them, one text finds another picture
    alike = seen @ read.T
    ways = [-torch.log_softmax(values, 1).diagonal().mean() for values in (alike, alike.T)]
    assert ways[0] != ways[1]
    assert torch.allclose(contrastive_loss(seen, read, torch.tensor(0.0)), (ways[0] + ways[1]) / 2)


def test_alignment_is_0_for_what_it_wants():
    alignment = Alignment(6, 5)
    middle, wanted = torch.randn(3, 6, 2, 2), torch.randn(3, 4, 5)
    assert alignment(middle, wanted).shape == (3,)
    alignment.net = torch.nn.Identity()
    centered = wanted - wanted.mean((0, 1), keepdim=True)
    assert torch.allclose(alignment(centered.transpose(1, 2).reshape(3, 5, 2, 2), wanted), torch.zeros(3), atol=1e-6)


def test_only_noisy_samples_are_repairs():
    torch.manual_seed(5)
    clean, rough = torch.zeros(64, 4, 2, 2), torch.ones(64, 4, 2, 2)
    assert torch.equal(start_of(clean, rough, torch.full((64,), 50)), clean)
    shares = start_of(clean, rough, torch.full((64,), 400)).mean((1, 2, 3))
    assert 16 < (shares > 0.05).sum() < 48


def test_a_fingerprint_survives_half_precision():
    network = torch.nn.Linear(3, 3)
    before = fingerprint(network)
    assert fingerprint(network.half().float()) == before
    torch.nn.init.zeros_(network.weight)
    assert fingerprint(network) != before


def test_blocks_that_do_not_compile_run_as_they_are(monkeypatch):
    block = torch.nn.Linear(2, 2)
    monkeypatch.setattr(block, "compile", lambda **_: setattr(block, "_compiled_call_impl", _broken))
    compiled = Compiled([block])
    with pytest.raises(RuntimeError, match="no compiler"):
        block(torch.ones(1, 2))
    assert compiled.call(lambda: block(torch.ones(1, 2))).shape == (1, 2)


@pytest.mark.parametrize("blocks", [0, 1])
def test_errors_of_a_step_are_no_compiler_errors(blocks, monkeypatch):
    block = torch.nn.Linear(2, 2)
    monkeypatch.setattr(block, "compile", lambda **_: None)
    with pytest.raises(ZeroDivisionError):
        Compiled([block] * blocks).call(lambda: 1 / 0)


def _broken(*_):
    raise RuntimeError("no compiler")


def test_a_run_keeps_everything_in_its_folder(tmp_path):
    run = Run(tmp_path, TINY, Device("cpu"))
    assert {run.checkpoints, run.networks, run.sheets, run.pool} == {
        tmp_path / name for name in ("checkpoints", "networks", "sheets", "renders")
    }


def test_features_are_halved_cell_by_cell():
    grid = torch.arange(16.0).reshape(1, 1, 4, 4)
    features = grid.flatten(2).transpose(1, 2)
    assert torch.equal(halved_features(features)[..., 0], halves(grid).flatten(1))
    assert halved_features(features)[0, 0, 0] == (0 + 1 + 4 + 5) / 4
