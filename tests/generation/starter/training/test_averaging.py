"""The moving average of weights."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from generation.starter.training.averaging import MovingAverage


def test_the_average_follows_the_weights():
    network = nn.Linear(1, 1, bias=False)
    nn.init.constant_(network.weight, 1.0)
    average = MovingAverage(network, 0.9)
    expected = 1.0
    for step, value in enumerate([2.0, 5.0, 3.0], start=1):
        nn.init.constant_(network.weight, value)
        average.update(step)
        decay = min(0.9, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * value
    assert average.network.weight.item() == pytest.approx(expected)


def test_the_decay_ramps_up_to_its_value():
    average = MovingAverage(nn.Linear(1, 1), 0.99)
    assert average.decay_at(1) == pytest.approx(2 / 11)
    assert average.decay_at(100_000) == 0.99


def test_statistics_are_copied_and_weights_stay_apart():
    network = nn.BatchNorm1d(2)
    average = MovingAverage(network, 0.999)
    network(torch.full((4, 2), 3.0) + torch.randn(4, 2))
    average.update(1)
    assert torch.equal(average.network.running_mean, network.running_mean)
    assert not any(weight.requires_grad for weight in average.network.parameters())
    assert average.network.weight.data_ptr() != network.weight.data_ptr()
