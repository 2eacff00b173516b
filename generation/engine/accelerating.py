"""Faster ways through a network on CUDA: compiled kernels, and a graph of them for each shape and number of rows.

At small batches a GPU waits for Python to launch its kernels one by one; a graph launches all of them at once. A
network runs as it is until a faster way for just these shapes is ready. Kernels are compiled on another thread, for
minutes; the graph is recorded on the engine thread, which takes as long as a few steps. Whatever fails leaves the
network as it is.

This has been tested on a CPU with other ways in the place of compiler and graph, and has not been run on a GPU yet:
`MJWEB_COMPILE` switches it on.
"""

from __future__ import annotations

import copy
import logging
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, Final

import torch
from torch import nn
from torch.utils import _pytree as pytree

from generation.engine.adapters.layers import is_dressed

logger = logging.getLogger(__name__)

SEEN_BEFORE: Final = 8
"""Forward passes of a shape after which it is worth the minutes."""
MOST_WAYS: Final = 64
"""Shapes of a network with a way of their own; each graph keeps its memory."""

Forward = Callable[..., Any]
Finder = Callable[[Forward, Sequence[Any], Any], Forward]
"""From a forward pass, the leaves of its arguments and their structure to a faster way for such arguments."""


def accelerate(networks: Iterable[nn.Module]) -> None:
    """Let networks on CUDA find faster ways by and by.

    Effects: replaces their `forward`; one thread compiles for all of them.
    """
    compiling = ThreadPoolExecutor(1, thread_name_prefix="compile")
    for network in networks:
        network.forward = Accelerated(network, compiled, recorded, compiling)


def forget_ways(network: nn.Module) -> None:
    """Drop the ways of a network whose weights are about to move: a graph knows their old addresses."""
    if isinstance(network.forward, Accelerated):
        network.forward.forget()


class Accelerated:
    """A network's forward pass, as it is or by a faster way."""

    def __init__(self, network: nn.Module, compiler: Finder, recorder: Finder, compiling: Executor) -> None:
        """Take over a forward pass.

        Args:
            network: Whose it is.
            compiler: Finds faster kernels, on another thread; what it raises makes do with the kernels that are.
            recorder: Records a pass, on the thread that runs it; what it raises leaves the network as it is.
            compiling: Runs the compiler.
        """
        self._plain: Forward = network.forward
        self._network = network
        self._twin: Forward = _twin(network).forward
        self._layers = list(network.modules())
        self._compiler = compiler
        self._recorder = recorder
        self._compiling = compiling
        self._seen: Counter[Hashable] = Counter()
        self._kernels: dict[Hashable, Future[Forward]] = {}
        self._ways: dict[Hashable, Forward] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """One forward pass."""
        leaves, structure = pytree.tree_flatten((args, kwargs))
        shapes = (*map(_shape, leaves), str(structure))
        way = None if self._is_changed else self._way(shapes, leaves, structure)
        return way(*args, **kwargs) if way else self._plain(*args, **kwargs)

    def forget(self) -> None:
        """Drop all recordings; kernels stay, for they are given the weights each time."""
        self._ways.clear()

    @property
    def _is_changed(self) -> bool:
        """Whether edges meet now, an adapter is worn, or somebody counts: a way knows nothing of these."""
        return is_dressed(self._network) or any(
            layer._forward_hooks or getattr(layer, "padding_mode", "zeros") != "zeros"  # noqa: SLF001 -- no public way
            for layer in self._layers
        )

    def _way(self, shapes: Hashable, leaves: Sequence[Any], structure: Any) -> Forward | None:
        """The way for these shapes, if it is ready; looks for one when they come often."""
        if shapes in self._ways:
            return self._ways[shapes]
        self._seen[shapes] += 1
        if self._seen[shapes] < SEEN_BEFORE or len(self._ways) >= MOST_WAYS:
            return None
        if shapes not in self._kernels:
            copies = [leaf.clone() if isinstance(leaf, torch.Tensor) else leaf for leaf in leaves]
            self._kernels[shapes] = self._compiling.submit(self._compile, copies, structure)
        if self._kernels[shapes].done():
            self._ways[shapes] = self._record(self._kernels[shapes].result(), leaves, structure)
        return self._ways.get(shapes)

    def _compile(self, leaves: Sequence[Any], structure: Any) -> Forward:
        try:
            with torch.inference_mode():  # every thread has its own
                return self._compiler(self._twin, leaves, structure)
        except Exception:
            logger.warning("compiling_failed", exc_info=True)
            return self._twin

    def _record(self, kernels: Forward, leaves: Sequence[Any], structure: Any) -> Forward:
        try:
            return self._recorder(kernels, leaves, structure)
        except Exception:
            logger.warning("recording_failed", exc_info=True)
            return self._plain


def _twin(network: nn.Module) -> nn.Module:
    """The same network on the same weights, whose layers nobody changes while another thread looks at them."""
    shared = {id(weight): weight for weight in (*network.parameters(), *network.buffers())}
    return copy.deepcopy(network, shared)


def compiled(forward: Forward, leaves: Sequence[Any], structure: Any) -> Forward:
    """The forward pass with kernels that are made for these shapes; takes minutes."""
    from torch._dynamo import config  # noqa: PLC0415 -- takes seconds to load, and few runs compile

    config.recompile_limit = max(config.recompile_limit, 2 * MOST_WAYS)
    kernels = torch.compile(forward, dynamic=False)
    args, kwargs = pytree.tree_unflatten(leaves, structure)
    with torch.cuda.stream(torch.cuda.Stream()):  # type: ignore[no-untyped-call]
        kernels(*args, **kwargs)
        torch.cuda.current_stream().synchronize()
    return kernels


def recorded(forward: Forward, leaves: Sequence[Any], structure: Any) -> Forward:
    """A graph of the forward pass: arguments are copied to where it reads them, results from where it leaves them."""
    inputs = [leaf.clone() if isinstance(leaf, torch.Tensor) else leaf for leaf in leaves]
    args, kwargs = pytree.tree_unflatten(inputs, structure)
    aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):
        for _ in range(2):  # libraries choose kernels and take memory when they first run, which cannot be recorded
            forward(*args, **kwargs)
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph, capture_error_mode="thread_local"):
        outputs = forward(*args, **kwargs)

    def replay(*args: Any, **kwargs: Any) -> Any:
        given, _ = pytree.tree_flatten((args, kwargs))
        for place, leaf in zip(inputs, given, strict=True):
            if isinstance(place, torch.Tensor):
                place.copy_(leaf)
        graph.replay()
        return pytree.tree_map(lambda leaf: leaf.clone() if isinstance(leaf, torch.Tensor) else leaf, outputs)

    return replay


def _shape(leaf: Any) -> Hashable:
    """What a way depends on: a tensor's form, and any other argument itself."""
    return (tuple(leaf.shape), leaf.dtype, leaf.device.type) if isinstance(leaf, torch.Tensor) else leaf
