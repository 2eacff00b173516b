"""The processes that render the pool beside the training."""

from __future__ import annotations

import multiprocessing as mp
import os
import signal
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from generation.starter.training.pool import Arrays, create, rendering_order
from generation.starter.training.progress import say
from generation.starter.training.sizes import Size
from generation.starter.training.words import Words

NICENESS: Final = 5
"""Renderers give way to the training where they share its cores."""
ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Renderers:
    """Fills a pool while the block runs; what it leaves unfinished, the next run goes on with.

    workers: 0 renders everything before the block starts, in this process.
    """

    def __init__(self, size: Size, pool: Path, tokenizer: Path, workers: int) -> None:
        self._size, self._pool, self._tokenizer, self._workers = size, pool, tokenizer, workers
        self._processes: list[mp.process.BaseProcess] = []

    def __enter__(self) -> Self:
        splits = create(self._size, self._pool, self._tokenizer)
        missing = sum(len(arrays) - len(arrays.ready_rows()) for arrays in splits.values())
        if missing and self._workers:
            self._start()
            say(f"{missing} pictures to render, {self._workers} processes")
        elif missing:
            render_share(self._size, self._pool, self._tokenizer, 0, 1, os.getppid())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()

    def _start(self) -> None:
        context = mp.get_context("spawn")  # a fork would copy torch and its threads
        before = {name: os.environ.get(name) for name in ONE_THREAD}
        os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
        for index in range(self._workers):
            arguments = (self._size, self._pool, self._tokenizer, index, self._workers, os.getpid())
            process = context.Process(target=_run, args=arguments, daemon=True)
            process.start()
            self._processes.append(process)
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _run(size: Size, pool: Path, tokenizer: Path, index: int, workers: int, parent: int) -> None:
    """A process of its own. Its parent ends it, so Ctrl-C is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(NICENESS)
    render_share(size, pool, tokenizer, index, workers, parent)


def render_share(size: Size, pool: Path, tokenizer: Path, index: int, workers: int, parent: int) -> None:
    """Render every `workers`-th row from `index` on, until done or until the parent process is gone.

    A parent that was killed outright cannot end its children: they look for it themselves.
    """
    arrays = {name: Arrays(pool / name, write=True) for name in size.rows}
    words = Words(tokenizer)
    for name, row in islice(rendering_order(size), index, None, workers):
        if os.getppid() != parent:
            return
        arrays[name].write(row, words)
