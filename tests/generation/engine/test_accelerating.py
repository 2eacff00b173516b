"""A network is itself until a faster way is ready; what finds the ways is exchanged here, for there is no GPU."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import nn
from torch.utils import _pytree as pytree

from generation.engine.accelerating import SEEN_BEFORE, Accelerated, forget_ways
from generation.engine.flops import counting
from generation.engine.seams import edges_meet


class Ways:
    """Finds ways that give what the network gives, and notes which were taken."""

    def __init__(self, *, compiling_fails: bool = False, recording_fails: bool = False) -> None:
        self.may_compile = threading.Event()
        self.may_compile.set()
        self.compiled: list[tuple[int, ...]] = []
        self.recorded: list[tuple[int, ...]] = []
        self.taken: list[str] = []
        self.compiling_fails = compiling_fails
        self.recording_fails = recording_fails
        self.pool = ThreadPoolExecutor(1)

    def compiler(self, forward, leaves, structure):
        assert threading.current_thread() is not threading.main_thread()
        assert self.may_compile.wait(20)
        if self.compiling_fails:
            raise RuntimeError("no compiler")
        self.compiled.append(tuple(leaves[0].shape))
        self.shown = args, kwargs = pytree.tree_unflatten(leaves, structure)
        self.made = forward(*args, **kwargs)
        return self.noting("kernels", forward)

    def recorder(self, forward, leaves, _structure):
        assert threading.current_thread() is threading.main_thread()
        if self.recording_fails:
            raise RuntimeError("no graph")
        self.recorded.append(tuple(leaves[0].shape))
        return self.noting("graph", forward)

    def noting(self, name: str, forward):
        def way(*args, **kwargs):
            self.taken.append(name)
            return forward(*args, **kwargs)

        return way

    def settle(self) -> None:
        self.pool.submit(lambda: None).result()


class Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.conv_in = nn.Conv2d(3, 3, 3, padding=1)

    def forward(self, rows, timesteps, told=None, *, scale: float = 1.0):
        return (self.conv_in(rows) + timesteps.view(-1, 1, 1, 1) + told["text"].mean() * scale,)


def fast_network(ways: Ways) -> Network:
    network = Network()
    network.forward = Accelerated(network, ways.compiler, ways.recorder, ways.pool)
    return network


def arguments(rows: int = 2):
    return torch.randn(rows, 3, 8, 8), torch.rand(rows), {"text": torch.randn(rows, 4)}


@torch.inference_mode()
def run(network, times: int, ways: Ways, rows: int = 2) -> None:
    for _ in range(times):
        given = arguments(rows)
        assert torch.equal(network(*given, scale=2.0)[0], Network()(*given, scale=2.0)[0])
        ways.settle() if ways.may_compile.is_set() else None


def test_shapes_that_come_often_get_a_graph_of_compiled_kernels():
    ways = Ways()
    network = fast_network(ways)
    run(network, SEEN_BEFORE - 1, ways)
    assert not ways.compiled
    run(network, 5, ways)
    assert ways.compiled == ways.recorded == [(2, 3, 8, 8)]
    assert ways.taken == ["graph", "kernels"] * 4


def test_while_the_compiler_works_the_network_runs_as_it_is():
    ways = Ways()
    ways.may_compile.clear()
    network = fast_network(ways)
    run(network, 3 * SEEN_BEFORE, ways)
    assert not ways.taken
    ways.may_compile.set()
    ways.settle()
    run(network, 1, ways)
    assert ways.taken == ["graph", "kernels"]


def test_each_number_of_rows_has_its_own():
    ways = Ways()
    network = fast_network(ways)
    for rows in (2, 4):
        run(network, SEEN_BEFORE + 1, ways, rows)
    assert ways.recorded == [(2, 3, 8, 8), (4, 3, 8, 8)]


@pytest.mark.parametrize(("failing", "taken"), [("compiling_fails", ["graph"]), ("recording_fails", [])])
def test_what_cannot_be_found_is_done_without(failing, taken):
    ways = Ways(**{failing: True})
    network = fast_network(ways)
    run(network, SEEN_BEFORE + 4, ways)
    assert ways.taken == taken * 4
    assert len(ways.recorded) == len(taken)


def test_a_picture_whose_edges_meet_takes_no_way_that_was_found_for_others():
    ways = Ways()
    network = fast_network(ways)
    run(network, SEEN_BEFORE + 1, ways)
    ways.taken.clear()
    given = arguments()
    with torch.inference_mode(), edges_meet(network):
        expected = Network()
        expected.conv_in.padding_mode = "circular"
        assert torch.equal(network(*given, scale=2.0)[0], expected(*given, scale=2.0)[0])
    assert not ways.taken


def test_a_network_that_is_counted_takes_no_way():
    ways = Ways()
    network = fast_network(ways)
    run(network, SEEN_BEFORE + 1, ways)
    ways.taken.clear()
    given = arguments()
    with torch.inference_mode(), counting([network]) as count:
        network(*given, scale=2.0)
    assert count.flops == 2 * (2 * 3 * 8 * 8) * 27
    assert not ways.taken
    run(network, 1, ways)
    assert ways.taken == ["graph", "kernels"]


def test_the_compiler_sees_a_network_that_nobody_changes_meanwhile_on_the_same_weights():
    ways = Ways()
    ways.may_compile.clear()
    network = fast_network(ways)
    run(network, SEEN_BEFORE, ways)
    with torch.inference_mode(), edges_meet(network):
        ways.may_compile.set()
        ways.settle()
    with torch.inference_mode():
        assert ways.made[0].equal(Network()(*ways.shown[0], **ways.shown[1])[0])
    run(network, 1, ways)
    assert ways.taken == ["graph", "kernels"]
    with torch.inference_mode():
        network.conv_in.weight.data = network.conv_in.weight.data * 2
        moved = Network()
        moved.conv_in.weight.data = moved.conv_in.weight.data * 2
        given = arguments()
        assert torch.equal(network(*given, scale=2.0)[0], moved(*given, scale=2.0)[0])
    assert ways.taken == ["graph", "kernels"] * 2


def test_when_weights_move_graphs_are_recorded_again():
    ways = Ways()
    network = fast_network(ways)
    run(network, SEEN_BEFORE + 1, ways)
    forget_ways(network)
    forget_ways(Network())
    run(network, 2, ways)
    assert ways.compiled == [(2, 3, 8, 8)]
    assert ways.recorded == [(2, 3, 8, 8)] * 2
