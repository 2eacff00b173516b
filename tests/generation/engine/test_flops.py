"""The work of a step, against torch's own counter."""

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from generation.engine.exactness import use_row_linears
from generation.engine.flops import UNCOUNTED_FLOPS, StepCosts, counting
from generation.engine.networks import networks_of
from tests.generation.engine.tiny_checkpoint import _unet


@pytest.fixture(scope="module")
def unet():
    torch.manual_seed(0)
    return _unet().eval()


def run(network, rows: int = 3):
    sample, told = torch.randn(rows, 4, 16, 16), torch.randn(rows, 77, 32)
    return network(sample, torch.full((rows,), 500.0), encoder_hidden_states=told, return_dict=False)[0]


def counted_by_torch(network) -> float:
    from diffusers.models.attention_processor import AttnProcessor

    fused = network.attn_processors
    network.set_attn_processor(AttnProcessor())  # torch's counter does not know the fused attention of a CPU
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        run(network)
    network.set_attn_processor(fused)
    return counter.get_total_flops()


def test_it_counts_what_torchs_counter_counts(unet):
    with torch.inference_mode(), counting([unet]) as count:
        run(unet)
    assert count.rows == 3
    assert count.flops == pytest.approx(counted_by_torch(unet), rel=0.001)


def test_row_linears_count_as_what_they_stand_for(unet):
    with torch.inference_mode(), counting([unet]) as plain:
        run(unet)
    replaced = _unet().eval()
    use_row_linears(replaced)
    with torch.inference_mode(), counting([replaced]) as count:
        run(replaced)
    assert count.flops == plain.flops


def test_counting_changes_no_bit_and_leaves_no_hook(unet):
    torch.manual_seed(1)
    with torch.inference_mode():
        before = run(unet)
        torch.manual_seed(1)
        with counting([unet]):
            assert torch.equal(run(unet), before)
    assert not any(module._forward_hooks for module in unet.modules())


def test_a_bucket_is_counted_in_its_first_step_alone_and_passes_that_try_out_rows_count_as_rows():
    network, costs = nn.Sequential(nn.Linear(10, 20, bias=False)), StepCosts()
    assert costs.of("a", 5) == 0
    with costs.counted("a", [network]):
        network(torch.zeros(4, 10))
        network(torch.zeros(2, 10))
    with costs.counted("a", [network]):
        network(torch.zeros(100, 10))
    assert costs.of("a", 5) == 5 * 2 * 10 * 20


def test_where_nothing_can_be_counted_a_row_costs_something_all_the_same():
    costs = StepCosts()
    with costs.counted("a", []):
        pass
    assert costs.of("a", 2) == 2 * UNCOUNTED_FLOPS


def test_a_step_in_tiles_costs_as_much_as_all_of_its_passes():
    network, costs = nn.Linear(10, 20), StepCosts()
    with costs.counted("a", [network], passes=9):
        for _ in range(9):
            network(torch.zeros(4, 10))
    assert costs.of("a", 4) == 9 * 4 * 2 * 10 * 20


def test_a_step_that_fails_counts_nothing():
    costs = StepCosts()
    with pytest.raises(ZeroDivisionError), costs.counted("a", []):
        1 / 0  # noqa: B018 -- raises
    assert costs.of("a", 1) == 0


def test_the_networks_of_a_checkpoint_are_its_denoisers_its_autoencoder_and_its_text_tower(starter):
    names = [type(network).__name__ for network in networks_of(starter)]
    assert {"AutoencoderKL", "CLIPTextModel", "UNet2DConditionModel"} <= set(names)
    assert len(names) == len({id(network) for network in networks_of(starter)})
    assert networks_of(object()) == []
