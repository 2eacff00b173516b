"""Pictures led to the colors and contrasts of another."""

import numpy as np
import pytest
import torch

from generation.contracts import Raster, RenderRequest, SourceUse, Stage
from generation.engine.styles import Style
from tests.generation.engine.fakes import Ear, engine_on, finish, painted, plan
from tests.generation.engine.seeing import values

SMALL = Stage(width_px=128, height_px=128, steps=12)
NIGHT = "a lighthouse by the sea at night"
WATERCOLOR = "a green tree in a meadow at noon, watercolor"


def latents(seed: int, scale: float = 1.0, shift: float = 0.0) -> torch.Tensor:
    return torch.randn(3, 8, 8, generator=torch.Generator().manual_seed(seed)) * scale + shift


def test_at_full_weight_the_first_estimate_has_the_styles_mean_and_spread():
    led = Style.of([latents(1, 1.5, 2.0)], [1.0]).lead(latents(2), 0.0)
    assert led.mean(dim=(-2, -1)).numpy() == pytest.approx(latents(1, 1.5, 2.0).mean(dim=(-2, -1)).numpy(), abs=1e-4)
    assert led.std(dim=(-2, -1)).numpy() == pytest.approx(latents(1, 1.5, 2.0).std(dim=(-2, -1)).numpy(), rel=1e-3)


def test_what_lies_where_stays():
    before = latents(2)
    led = Style.of([latents(1, 1.5, 2.0)], [1.0]).lead(before, 0.0)
    for channel in range(3):
        assert np.corrcoef(before[channel].ravel(), led[channel].ravel())[0, 1] == pytest.approx(1, abs=1e-5)


def test_a_flat_estimate_is_stretched_no_further_than_twice():
    flat = latents(2, 0.01)
    assert float(Style.of([latents(1)], [1.0]).lead(flat, 0.0).std()) < 3 * float(flat.std()) + 0.3


def test_a_picture_is_led_less_and_less_and_at_the_end_not_at_all():
    style, before = Style.of([latents(1, 1.0, 3.0)], [0.5]), latents(2)
    distances = [float((style.lead(before, way) - before).abs().mean()) for way in (0.0, 0.2, 0.5, 0.7, 1.0)]
    assert distances == sorted(distances, reverse=True)
    assert style.lead(before, 0.7) is before


def test_several_styles_are_mixed_by_their_weights():
    style = Style.of([latents(1, shift=0.0), latents(2, shift=4.0)], [0.25, 0.75])
    assert style.mean.mean() == pytest.approx(3.0, abs=0.3)
    assert style.weight == 0.75


def styled(family, weight: float, reference: Raster) -> Raster:
    asked = plan(NIGHT, seeds=(1,), stages=(SMALL,), sources=(SourceUse(style=weight),))
    engine, ear = engine_on(family), Ear()
    engine.submit(RenderRequest(request_id="a", plan=asked, sources=(reference,)), ear)
    finish(engine)
    return ear.last.pictures[0]


def test_the_heavier_the_style_the_nearer_the_colors_and_the_layout_is_not_taken(starter):
    """Measured: the mean color is 147, 121, 85 and 31 levels from the style's; its light is
    correlated by 1, 0.85, 0.72 and 0.56 with that of the plain picture, and by -0.6 to -0.4 with the style's.
    """
    reference = painted(starter, plan(WATERCOLOR, seeds=(2,), stages=(SMALL,)))[0]
    plain = painted(starter, plan(NIGHT, seeds=(1,), stages=(SMALL,)))[0]
    target = values(reference).mean((0, 1))
    pictures = [plain, *(styled(starter, weight, reference) for weight in (0.3, 0.6, 1.0))]
    distances = [float(np.abs(values(picture).mean((0, 1)) - target).mean()) for picture in pictures]
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] < 0.95 * distances[0]
    assert likeness(pictures[2], plain) > 0.6
    assert likeness(pictures[-1], reference) < 0 < likeness(pictures[-1], plain)


def likeness(one: Raster, other: Raster) -> float:
    return float(np.corrcoef(values(one, 16).mean(-1).ravel(), values(other, 16).mean(-1).ravel())[0, 1])
