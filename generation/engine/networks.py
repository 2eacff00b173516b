"""Which networks a checkpoint holds, wherever its family keeps them: for moving them and for counting their work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from torch import nn

DEEPEST: Final = 3
"""A family, a tower or a pipeline inside it, the network inside that."""


def networks_of(family: object) -> list[nn.Module]:
    """The outermost modules that a family refers to, each once, in the order of its attributes."""
    found = {id(network): network for network in _networks(family, DEEPEST)}
    inner = {id(part) for network in found.values() for part in network.modules() if part is not network}
    return [network for key, network in found.items() if key not in inner]


def _networks(holder: object, depth: int) -> Iterator[nn.Module]:
    if isinstance(holder, nn.Module):
        yield holder
    elif depth > 0:
        for part in _parts(holder):
            yield from _networks(part, depth - 1)


def _parts(holder: Any) -> list[object]:
    """What an object or a plain container refers to."""
    if isinstance(holder, Mapping):
        return list(holder.values())
    return list(holder) if isinstance(holder, list | tuple) else list(getattr(holder, "__dict__", {}).values())
