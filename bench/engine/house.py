"""An engine in this process with the starter model, and people who ask it for pictures."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from generation.contracts import (
    EngineEvent,
    Progressed,
    PromptPart,
    Raster,
    RenderCanceled,
    Rendered,
    RenderPlan,
    RenderRequest,
    Stage,
)

MAX_ROWS = 16
SIDE_PX = 128
WORDS = ("red", "teal", "yellow", "purple"), ("lighthouse", "boat", "mushroom", "castle"), ("dawn", "noon", "night")


@dataclass(frozen=True, slots=True)
class Painted:
    """Seconds from the first submit to the last picture, and the pictures of each plan."""

    all_s: float
    pictures: list[tuple[Raster, ...]]


class Request:
    """One person's request as the listener sees it: when each event came."""

    def __init__(self, number: int) -> None:
        self.name = str(number)
        self.steps_at: list[float] = []
        self.ended_at = 0.0
        self.end: EngineEvent | None = None
        self._moved = threading.Condition()

    def __call__(self, event: EngineEvent) -> None:
        with self._moved:
            if isinstance(event, Progressed):
                self.steps_at.append(time.perf_counter())
            else:
                self.ended_at, self.end = time.perf_counter(), event
            self._moved.notify_all()

    def wait_for_steps(self, count: int) -> None:
        """Returns when so many steps are done."""
        with self._moved:
            assert self._moved.wait_for(lambda: len(self.steps_at) >= count or self.end, timeout=300)
        assert len(self.steps_at) >= count, self.end

    def wait(self) -> EngineEvent:
        """The last event."""
        with self._moved:
            assert self._moved.wait_for(lambda: self.end is not None, timeout=300)
        assert self.end
        return self.end


class House:
    """The engine and its family. `engine.warm` has run."""

    def __init__(self, engine: Any, family: Any) -> None:
        self.engine = engine
        self.family = family
        self._asked = 0

    def ask(self, asked: RenderPlan) -> Request:
        """Submits one plan."""
        self._asked += 1
        request = Request(self._asked)
        self.engine.submit(RenderRequest(request_id=request.name, plan=asked), request)
        return request

    def paint(self, plans: Sequence[RenderPlan]) -> Painted:
        """Paints all at once."""
        began = time.perf_counter()
        ends = [request.wait() for request in [self.ask(each) for each in plans]]
        assert all(isinstance(end, Rendered) for end in ends), ends
        return Painted(time.perf_counter() - began, [end.pictures for end in ends if isinstance(end, Rendered)])

    def cancel(self, request: Request) -> float:
        """Cancels; the moment when the request's memory was free."""
        self.engine.cancel(request.name)
        assert isinstance(request.wait(), RenderCanceled)
        return request.ended_at


@contextmanager
def house(*, family: Any = None, preview_interval_s: float = float("inf"), **settings: Any) -> Iterator[House]:
    """Starts and warms an engine on the starter model, or on `family`; no previews unless asked for."""
    from generation.engine.loop import Engine  # noqa: PLC0415 - torch is loaded for engine benches only

    loaded = family or load_starter()
    engine = Engine(lambda _: loaded, max_rows=MAX_ROWS, preview_interval_s=preview_interval_s, **settings)
    engine.start()
    try:
        engine.warm("starter")
        yield House(engine, loaded)
    finally:
        engine.stop(timeout_s=60)


def load_starter(**kwargs: Any) -> Any:
    """The starter model as a worker loads it."""
    from generation.engine.loading import load_family  # noqa: PLC0415
    from generation.starter import WEIGHTS_DIR  # noqa: PLC0415

    return load_family(WEIGHTS_DIR, **kwargs)


def plan(person: int, *, steps: int = 20, guidance: float = 4.0, **changes: Any) -> RenderPlan:
    """A person's single picture, with words and a seed of its own."""
    words = " ".join(choice[(person // 4**place) % len(choice)] for place, choice in enumerate(WORDS))
    basis = RenderPlan(
        checkpoint="starter",
        parts=(PromptPart(words),),
        guidance=guidance,
        sampler="dpmpp_2m",
        seeds=(1000 + person,),
        stages=(Stage(width_px=SIDE_PX, height_px=SIDE_PX, steps=steps),),
    )
    return replace(basis, **changes)


def seconds(action: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began
