"""The same numbers of rows again and again, where a device chooses its kernels, or replays a graph, by the number.

On CUDA another number of rows may run other kernels, which round otherwise. In exact mode a network therefore always
sees one number of rows per bucket, filled up with copies of the last: a seed then gives the same picture however busy
the server is. Otherwise the next number of a short ladder is taken, so that few graphs serve all. A CPU needs neither:
there a family finds the numbers that give the same bits by trying (`exactness`).
"""

from __future__ import annotations

from typing import Any, Final, cast

import torch

from generation.engine.families.base import Conditioning, Family

LADDER: Final = (1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 32, 40, 48, 56, 64)
"""Powers of two alone would waste up to half a batch; this adds a third at most, and a tenth on average."""


def rows_to_run(rows: int, limit: int, *, is_exact: bool) -> int:
    """How many rows the network sees when there are `rows` of at most `limit`, at least `rows`."""
    if is_exact:
        return max(rows, limit)
    return next((count for count in LADDER if rows <= count <= limit), rows)


def padded(family: Family, count: int) -> Family:
    """The family, but for its networks, which see `count` rows where they are given fewer."""
    return cast("Family", _Padded(family, count))


class _Padded:
    """Everything but `predict` is the family's own."""

    def __init__(self, family: Family, count: int) -> None:
        self._family = family
        self._count = count

    def __getattr__(self, name: str) -> Any:
        return getattr(self._family, name)

    def predict(
        self, network: Any, rows: torch.Tensor, timesteps: torch.Tensor, conditioning: Conditioning, **how: Any
    ) -> torch.Tensor:
        """The outputs of the rows that were given."""
        given = len(rows)
        if given >= self._count:
            return self._family.predict(network, rows, timesteps, conditioning, **how)
        filled = Conditioning(*(_filled(part, self._count) for part in conditioning.tensors))
        inputs = _filled(rows, self._count), _filled(timesteps, self._count), filled
        return self._family.predict(network, *inputs, **how)[:given]


def _filled(part: torch.Tensor, count: int) -> torch.Tensor:
    """Repeat the last row until there are `count`."""
    return torch.cat([part, part[-1:].expand(count - len(part), *part.shape[1:])])
