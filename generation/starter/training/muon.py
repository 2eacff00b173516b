"""Muon, with matrices of one shape orthogonalized together.

Source: Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks". The arithmetic is
`torch.optim.Muon`'s, which goes through the matrices one by one: on a GPU the thousands of small products of a step
then take longer to be asked for than the network itself takes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Final, overload

import torch
from torch import nn

COEFFICIENTS: Final = (3.4445, -4.7750, 2.0315)
"""Of the Newton-Schulz iteration: steep at 0, and near enough to 1 everywhere else."""
LEAST_NORM: Final = 1e-7
RMS: Final = 0.2
"""Root mean square of a change in units of the learning rate: AdamW's, so that both share one (Liu et al. 2025)."""


class Muon(torch.optim.Optimizer):
    """Momentum whose every direction counts alike.

    Args:
        matrices: Parameters of two dimensions.
        lr: Learning rate.
        weight_decay: Share of a weight that is lost, in units of the learning rate.
        ns_steps: Newton-Schulz iterations.
        momentum: 0 to 1; Nesterov's.
    """

    def __init__(
        self, matrices: Iterable[nn.Parameter], lr: float, *, weight_decay: float, ns_steps: int, momentum: float = 0.95
    ) -> None:
        super().__init__(
            list(matrices), {"lr": lr, "weight_decay": weight_decay, "ns_steps": ns_steps, "momentum": momentum}
        )

    @overload
    def step(self, closure: None = None) -> None: ...
    @overload
    def step(self, closure: Callable[[], float]) -> float: ...

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:
        """Change the matrices that have a gradient."""
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            alike: dict[torch.Size, list[torch.Tensor]] = defaultdict(list)
            for matrix in group["params"]:
                if matrix.grad is not None:
                    alike[matrix.shape].append(matrix)
            for matrices in alike.values():
                self._change(matrices, group)
        return loss

    def _change(self, matrices: list[torch.Tensor], group: dict[str, Any]) -> None:
        """One step of matrices of one shape."""
        gradients = torch.stack([matrix.grad for matrix in matrices if matrix.grad is not None])
        buffers = [self._buffer(matrix) for matrix in matrices]
        torch._foreach_lerp_(buffers, list(gradients.unbind()), 1 - group["momentum"])
        ahead = gradients.lerp_(torch.stack(buffers), group["momentum"])
        changes = orthogonalized(ahead, group["ns_steps"]).to(matrices[0].dtype)
        rate = group["lr"] * RMS * max(matrices[0].shape) ** 0.5
        torch._foreach_mul_(matrices, 1 - group["lr"] * group["weight_decay"])
        torch._foreach_add_(matrices, list(changes.unbind()), alpha=-rate)

    def _buffer(self, matrix: torch.Tensor) -> torch.Tensor:
        state = self.state[matrix]
        if not state:
            state["momentum_buffer"] = torch.zeros_like(matrix)
        kept: torch.Tensor = state["momentum_buffer"]
        return kept


def orthogonalized(matrices: torch.Tensor, steps: int) -> torch.Tensor:
    """(count, rows, columns) with all singular values near 1, in bfloat16, by the Newton-Schulz iteration."""
    a, b, c = COEFFICIENTS
    tall = matrices.shape[1] > matrices.shape[2]
    found = (matrices.mT if tall else matrices).bfloat16()
    found = found / found.norm(dim=(1, 2), keepdim=True).clamp(min=LEAST_NORM)
    for _ in range(steps):
        gram = found @ found.mT
        found = torch.baddbmm(found, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), found, beta=a)
    return found.mT if tall else found
