import pytest
import torch
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import rescale_noise_cfg

from generation.engine.sampling.guidance_rescale import rescale

PICTURES = torch.randn(2, 5, 4, 8, 8, generator=torch.Generator().manual_seed(0))
POSITIVE, GUIDED = PICTURES[0], 3 * PICTURES[1] + PICTURES[0]


@pytest.mark.parametrize("phi", [0.0, 0.3, 0.7, 1.0])
def test_it_is_what_diffusers_does(phi):
    expected = rescale_noise_cfg(GUIDED, POSITIVE, guidance_rescale=phi)
    ours = torch.stack([rescale(*pair, phi) for pair in zip(GUIDED, POSITIVE, strict=True)])
    assert torch.allclose(ours, expected, rtol=1e-6, atol=1e-6)


def test_at_one_the_spread_is_that_of_the_positive_output():
    assert float(rescale(GUIDED[0], POSITIVE[0], 1.0).std()) == pytest.approx(float(POSITIVE[0].std()))
    assert float(GUIDED[0].std()) > 2 * float(POSITIVE[0].std())


def test_at_zero_nothing_changes():
    assert torch.equal(rescale(GUIDED[0], POSITIVE[0], 0.0), GUIDED[0])


def test_bits_do_not_depend_on_the_layout_that_a_batch_of_some_size_left():
    """Far from zero the order of a sum shows; of a hundred such pictures about five would differ."""
    pictures = torch.randn(100, 8, 16, 16, generator=torch.Generator().manual_seed(1)) * 100 + 1e8
    for guided, laid_out in zip(pictures, pictures.to(memory_format=torch.channels_last), strict=True):
        assert laid_out.stride() != guided.stride()
        assert torch.equal(rescale(laid_out, guided, 0.7), rescale(guided, guided, 0.7))
