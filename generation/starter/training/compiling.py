"""torch.compile for the blocks of a network, with a way back: a block that does not compile runs as it is."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from torch import nn

from generation.starter.training.progress import say

Result = TypeVar("Result")
FIRST_STEPS: Final = 3
"""Steps that may compile; a failure after them is not the compiler's."""
MOST_SHAPES: Final = 64


class Compiled:
    """Blocks that are compiled in place; their parameters keep their names, so checkpoints do not change."""

    def __init__(self, blocks: Sequence[nn.Module]) -> None:
        self._blocks = list(blocks)
        self._calls = 0
        if self._blocks:
            from torch._dynamo import config  # noqa: PLC0415 - takes seconds to load, and few runs compile

            config.recompile_limit = MOST_SHAPES
            config.suppress_errors = True  # a graph that does not compile runs as it is
        for block in self._blocks:
            block.compile(dynamic=False)

    def call(self, step: Callable[[], Result]) -> Result:
        """Run one step. The first ones compile; when they fail, everything goes on uncompiled."""
        self._calls += 1
        if not self._blocks or self._calls > FIRST_STEPS:
            return step()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # advice of the compiler to its developers
                return step()
        except Exception as error:  # noqa: BLE001 - of many types; an error of the step comes again
            say(f"compiling failed ({type(error).__name__}), going on without")
            self._undo()
            return step()

    def _undo(self) -> None:
        for block in self._blocks:
            block._compiled_call_impl = None  # noqa: SLF001 - torch has no public way back
        self._blocks = []
