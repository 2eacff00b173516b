import pytest
import torch

from generation.contracts import Progressed, Stage
from generation.engine.previews import LONGEST_SIDE_PX, LatentToRgb, fit_latent_to_rgb, paint
from tests.generation.engine.fakes import engine_on, finish, plan, submit
from tests.generation.engine.seeing import correlation, values

PROMPTS = ("a red house at sunset", "a white castle in a forest, watercolor", "a lighthouse at night")


@pytest.fixture(scope="module")
def painted(starter):
    """Per prompt all previews of a picture and the picture."""
    engine = engine_on(starter)
    stage = Stage(width_px=128, height_px=128, steps=10)
    ears = [submit(engine, prompt, plan(prompt, seeds=(1,), stages=(stage,))) for prompt in PROMPTS]
    finish(engine)
    return [
        ([event.preview[0] for event in ear.events if isinstance(event, Progressed)], ear.last.pictures[0])
        for ear in ears
    ]


def test_the_last_preview_resembles_the_picture(painted):
    """Measured with the starter: 0.95 to 0.98."""
    assert all(correlation(previews[-1], picture, side_px=16) > 0.9 for previews, picture in painted)


def test_the_last_preview_has_the_colors_of_the_picture(painted):
    """Measured with the starter: 10 to 15 of 256 levels apart."""
    assert all(abs(values(previews[-1], 16) - values(picture, 16)).mean() < 25 for previews, picture in painted)


def test_previews_come_closer_to_the_picture(painted):
    for previews, picture in painted:
        assert correlation(previews[-1], picture, side_px=16) > correlation(previews[0], picture, side_px=16)


def test_a_preview_is_of_its_own_picture(painted):
    (previews, mine), (_, other), _ = painted
    assert correlation(previews[-1], mine, side_px=16) > correlation(previews[-1], other, side_px=16) + 0.1


@pytest.mark.parametrize(
    ("latents", "pixels"),
    [((16, 16), (64, 64)), ((20, 12), (80, 48)), ((32, 32), (96, 96)), ((64, 32), (96, 48)), ((192, 96), (192, 96))],
)
def test_a_preview_is_about_four_times_its_latents_and_at_most_96_px(latents, pixels):
    height, width = latents
    (preview,) = paint(torch.zeros(1, 3, height, width), LatentToRgb(torch.eye(4, 3)))
    assert (preview.height_px, preview.width_px) == pixels
    assert max(pixels) <= max(LONGEST_SIDE_PX, *latents)


def test_the_fit_finds_the_colors_of_a_linear_autoencoder():
    mix = torch.tensor([[0.5, 0.2, 0.0, 0.1], [0.0, 0.7, 0.1, 0.0], [0.3, 0.0, 0.9, 0.2]])

    def encode(pixels):
        small = torch.nn.functional.avg_pool2d(pixels, 8)
        return torch.einsum("pchw,cl->plhw", small, mix) + 0.25

    look = fit_latent_to_rgb(encode, torch.device("cpu"))
    color = torch.tensor([0.6, -0.4, 0.1]).view(1, 3, 1, 1).expand(1, 3, 64, 64)
    assert torch.allclose(look(encode(color)), color[..., :8, :8], atol=1e-3)


def test_the_same_autoencoder_always_gives_the_same_previews(starter):
    with torch.inference_mode():
        again = fit_latent_to_rgb(starter.encode_picture, starter.device)
    assert torch.equal(again.matrix, starter.latent_to_rgb.matrix)
