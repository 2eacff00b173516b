"""Pixel upscalers: Lanczos, and networks in tiles. The network here is a small real one whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from generation.contracts import Raster
from generation.engine.images import fit
from generation.engine.upscaling import TILING, Lanczos, NetworkUpscaler, load_upscaler
from generation.errors import CheckpointInvalidError
from tests.generation.engine.seeing import psnr_db, values

CPU = torch.device("cpu")


class Doubled(nn.Module):
    """Looks at its neighborhood as such networks do, and makes four pixels of one."""

    def __init__(self) -> None:
        super().__init__()
        self.blur = nn.Conv2d(3, 12, 3, padding=1, bias=False)
        self.shuffle = nn.PixelShuffle(2)
        kernel = torch.zeros(12, 3, 3, 3)
        for color in range(3):
            kernel[4 * color : 4 * color + 4, color] = torch.tensor([[0.0, 0.1, 0.0], [0.1, 0.6, 0.1], [0.0, 0.1, 0.0]])
        self.blur.weight.data = kernel
        self.sizes: list[tuple[int, ...]] = []

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        self.sizes.append(tuple(pixels.shape[-2:]))
        return self.shuffle(self.blur(pixels))


def photo(width: int, height: int) -> Raster:
    """Soft color fields with hard borders."""
    coarse = np.random.default_rng(5).integers(0, 256, (5, 5, 3), dtype=np.uint8)
    return fit(Raster(5, 5, coarse.tobytes()), width, height)


def test_lanczos_makes_any_size():
    larger = Lanczos().enlarge(photo(40, 30), 100, 75)
    assert (larger.width_px, larger.height_px) == (100, 75)
    assert psnr_db(larger, photo(40, 30), side_px=25) > 30


@pytest.mark.parametrize(("size", "passes"), [((96, 64), 1), ((150, 100), 2), ((192, 128), 2), ((30, 20), 0)])
def test_a_network_runs_as_often_as_it_takes_and_lanczos_takes_what_is_too_much(size, passes):
    network = Doubled()
    larger = NetworkUpscaler(network, 2, CPU).enlarge(photo(48, 32), *size)
    assert (larger.width_px, larger.height_px) == size
    assert len(network.sizes) == passes
    assert psnr_db(larger, photo(48, 32), side_px=16) > 28


def test_large_pictures_go_through_in_tiles_without_a_seam():
    network, picture = Doubled(), photo(700, 300)
    larger = NetworkUpscaler(network, 2, CPU).enlarge(picture, 1400, 600)
    assert max(max(size) for size in network.sizes) == TILING.side
    whole = Doubled()(torch.from_numpy(values(picture)).permute(2, 0, 1)[None].float())[0].permute(1, 2, 0).detach()
    difference = np.abs(values(larger)[2:-2, 2:-2] - whole.numpy()[2:-2, 2:-2])
    assert difference.max() <= 6, "tiles see zeros beyond their edges, where they count next to nothing"
    assert difference.mean() < 0.3


def test_without_weights_it_is_lanczos():
    assert isinstance(load_upscaler(None, CPU), Lanczos)


def test_pickles_are_refused_before_they_are_read(tmp_path):
    file = tmp_path / "4x.pth"
    file.write_bytes(b"cos\nsystem\n(S'touch /tmp/pwned'\ntR.")
    with pytest.raises(CheckpointInvalidError, match="no safetensors"):
        load_upscaler(file, CPU)


def test_what_cannot_be_loaded_is_one_sentence(tmp_path):
    save_file({"no.such.layer": torch.zeros(3)}, tmp_path / "odd.safetensors")
    with pytest.raises(CheckpointInvalidError, match=r"^odd.safetensors (needs a library|is no upscaler)"):
        load_upscaler(tmp_path / "odd.safetensors", CPU)


def test_an_esrgan_is_read_from_its_weights(tmp_path):
    esrgan = pytest.importorskip("spandrel.architectures.ESRGAN", reason="the extra `upscalers` is not installed")
    network = esrgan.ESRGAN(num_filters=8, num_blocks=1, scale=2)
    save_file(network.state_dict(), tmp_path / "2x.safetensors")
    upscaler = load_upscaler(tmp_path / "2x.safetensors", CPU)
    larger = upscaler.enlarge(photo(32, 24), 64, 48)
    with torch.inference_mode():
        seen = torch.from_numpy(values(photo(32, 24))).permute(2, 0, 1)[None].float() / 255
        wanted = network.eval()(seen)[0].permute(1, 2, 0).clamp(0, 1).numpy() * 255
    assert np.abs(values(larger) - wanted).max() <= 1
