"""The optimizer: which weights are matrices, that they change in place, and that a state goes on exactly."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional

from generation.starter.training.muon import Muon
from generation.starter.training.optimizing import LEAST_SIDE, Optimization, Optimizer, _hidden

HOW = Optimization(1e-2, weight_decay=0.0)


@pytest.fixture
def network():
    torch.manual_seed(0)
    layers = nn.Sequential(
        nn.Conv2d(3, 32, 3, padding=1),
        nn.Conv2d(32, 48, 3, padding=1),
        nn.Flatten(),
        nn.Linear(48 * 16, 40),
        nn.Linear(40, 4),
    )
    return layers.to(memory_format=torch.channels_last)


def step(network: nn.Module, optimizer: Optimizer, rate: float = 1e-2) -> float:
    torch.manual_seed(1)
    pixels, truth = torch.randn(8, 3, 4, 4), torch.arange(8) % 4
    loss = functional.cross_entropy(network(pixels), truth)
    loss.backward()
    optimizer.step(rate)
    return loss.item()


def test_wide_layers_are_matrices_and_those_around_pixels_are_not(network):
    assert [tuple(weight.shape) for weight in _hidden(network)] == [(48, 32, 3, 3), (40, 768)]
    assert list(_hidden(nn.Embedding(200, 64))) == []
    assert list(_hidden(nn.Linear(LEAST_SIDE - 1, 200))) == []


def test_every_weight_changes_and_the_loss_falls(network):
    before = copy.deepcopy(network.state_dict())
    optimizer = Optimizer(network, None, HOW)
    losses = [step(network, optimizer) for _ in range(20)]
    assert losses[-1] < 0.2 * losses[0]
    assert all(not torch.equal(before[name], value) for name, value in network.state_dict().items())
    assert all(weight.grad is None for weight in network.parameters())


def test_a_matrix_changes_by_as_much_in_every_direction(network):
    """What Muon is: singular values of the change are alike, whatever those of the gradient were."""
    weight = network[1].weight
    before = weight.detach().clone()
    step(network, Optimizer(network, None, HOW))
    change = (weight.detach() - before).flatten(1)
    values = torch.linalg.svdvals(change)
    assert values.max() / values.min() < 3
    assert change.pow(2).mean().sqrt() == pytest.approx(0.2 * 1e-2, rel=0.3)


def test_the_helper_is_trained_too(network):
    helper = nn.Linear(4, 4)
    before = helper.weight.detach().clone()
    optimizer = Optimizer(network, helper, HOW)
    helper(network(torch.randn(2, 3, 4, 4))).sum().backward()
    optimizer.step(1e-2)
    assert not torch.equal(helper.weight, before)


def test_a_network_without_matrices_is_trained():
    network = nn.Linear(4, 2)
    before = network.weight.detach().clone()
    optimizer = Optimizer(network, None, HOW)
    network(torch.ones(1, 4)).sum().backward()
    optimizer.step(1e-2)
    assert not torch.equal(network.weight, before)


def test_a_restored_state_goes_on_as_if_nothing_had_been(network):
    twin = copy.deepcopy(network)
    optimizer = Optimizer(network, None, HOW)
    other = Optimizer(twin, None, HOW)
    for _ in range(3):
        step(network, optimizer)
    twin.load_state_dict(network.state_dict())
    other.restore(copy.deepcopy(optimizer.state()))
    assert step(network, optimizer) == step(twin, other)
    assert step(network, optimizer) == step(twin, other)


def test_matrices_of_one_shape_change_together_as_they_would_alone():
    torch.manual_seed(2)
    shapes = [(48, 32), (32, 48), (48, 32), (40, 40)]
    ours = [nn.Parameter(torch.randn(shape)) for shape in shapes]
    theirs = [nn.Parameter(weight.detach().clone()) for weight in ours]
    optimizers = (
        Muon(ours, 1e-2, weight_decay=0.1, ns_steps=5),
        torch.optim.Muon(theirs, 1e-2, weight_decay=0.1, ns_steps=5, adjust_lr_fn="match_rms_adamw"),
    )
    for _ in range(3):
        for one, other in zip(ours, theirs, strict=True):
            one.grad = torch.randn_like(one)
            other.grad = one.grad.clone()
        for optimizer in optimizers:
            optimizer.step()
    for one, other in zip(ours, theirs, strict=True):
        assert torch.allclose(one, other, atol=2e-4), (one - other).abs().max()


def test_a_matrix_without_a_gradient_stays():
    still, moved = (nn.Parameter(torch.ones(32, 32)) for _ in range(2))
    moved.grad = torch.randn(32, 32)
    Muon([still, moved], 1e-2, weight_decay=0.1, ns_steps=5).step()
    assert torch.equal(still, torch.ones(32, 32))
    assert not torch.equal(moved, still)
