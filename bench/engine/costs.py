"""What previews, saving and decoding cost beside the steps."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from statistics import median

from bench.engine.duel import Duel, duel
from bench.engine.house import House, house, plan
from bench.table import Line, span
from generation.contracts import EngineEvent, Progressed, Raster, Rendered, RenderPlan, RenderRequest
from generation.engine.images import encode_png, encode_webp, grid_webp

PEOPLE = 8
GOAL = 0.97


def run_previews(without: House, *, quick: bool) -> list[Line]:
    """Previews four times a second for everybody, encoded as a worker does, against none."""
    with house(family=without.family, preview_interval_s=0.25) as with_previews:
        plans = _plans(steps=6 if quick else 25)
        done = _duel_of(with_previews, without, plans, quick=quick)
    return [done.line("preview-cost", GOAL)]


def run_saving(engine: House, *, quick: bool) -> list[Line]:
    """Pictures as PNG with their parameters, and two WebP sizes, encoded beside the engine, against dropping them.

    Both sides leave one core to the encoding.
    """
    import torch  # noqa: PLC0415 - torch is loaded for engine benches only

    threads = torch.get_num_threads()
    with ExitStack() as cleanup:
        _set_threads(engine, max(1, threads - 1))
        cleanup.callback(_set_threads, engine, threads)
        pool = cleanup.enter_context(ThreadPoolExecutor(1))
        plans = _spread_plans(quick=quick)
        done = duel(lambda: _paint_and(engine, plans, pool), lambda: _paint_and(engine, plans, None), quick=quick)
    return [done.line("save-cost", GOAL)]


def run_vae(engine: House, *, quick: bool) -> list[Line]:
    """Decoding one picture ÷ one guided step of one picture."""
    import torch  # noqa: PLC0415

    family = engine.family
    shape = family.latent_shape(128, 128)
    latents = torch.randn((1, *shape))
    step, timesteps = latents.repeat(2, 1, 1, 1), torch.full((2,), 500.0)
    told = family.encode_text("a red boat", "base").repeated(2)
    ratios: list[tuple[float, float]] = []
    with torch.inference_mode():
        for _ in range(5 if quick else 40):
            decode_s = _timed(lambda: family.decode(latents))
            ratios.append((decode_s, _timed(lambda: family.predict("base", step, timesteps, told))))
    decode_s, step_s = (median(values) for values in zip(*ratios[2:], strict=True))
    shares = [decode / step for decode, step in ratios[2:]]
    return [
        Line(
            name="vae-share",
            value=median(shares),
            unit="x",
            ours=f"{decode_s * 1000:.3g} ms",
            theirs=f"{step_s * 1000:.3g} ms, a step",
            goal=1.0,
            better="less",
            spread=span(shares),
        )
    ]


def _plans(*, steps: int) -> list[RenderPlan]:
    return [plan(person, steps=steps) for person in range(PEOPLE)]


def _spread_plans(*, quick: bool) -> list[RenderPlan]:
    """Pictures that are done one after the other, as in a running server, so that encoding falls between steps."""
    return [plan(person, steps=2 + person if quick else 6 + 2 * person) for person in range(PEOPLE)]


def _duel_of(ours: House, theirs: House, plans: Sequence[RenderPlan], *, quick: bool) -> Duel:
    with ThreadPoolExecutor(1) as pool:
        return duel(lambda: _paint_and(ours, plans, pool, save=False), lambda: theirs.paint(plans).all_s, quick=quick)


def _paint_and(
    engine: House, plans: Sequence[RenderPlan], pool: ThreadPoolExecutor | None, *, save: bool = True
) -> float:
    """Seconds until everything is painted and, with a pool, encoded."""
    began, done = time.perf_counter(), threading.Semaphore(0)
    work = []

    def listen(event: EngineEvent) -> None:
        if isinstance(event, Progressed):
            if event.preview and pool:
                work.append(pool.submit(grid_webp, event.preview))
            return
        assert isinstance(event, Rendered)
        if pool and save:
            work.extend(pool.submit(_encode, picture) for picture in event.pictures)
        done.release()

    for number, each in enumerate(plans):
        engine.engine.submit(RenderRequest(request_id=f"{began}/{number}", plan=each), listen)
    for _ in plans:
        assert done.acquire(timeout=300)
    for piece in work:
        piece.result()
    return time.perf_counter() - began


def _encode(picture: Raster) -> int:
    """Bytes of the original and its two smaller copies."""
    files = (
        encode_png(picture, parameters="a red boat"),
        encode_webp(picture, long_side_px=1024),
        encode_webp(picture, long_side_px=384),
    )
    return sum(map(len, files))


def _set_threads(engine: House, threads: int) -> None:
    """Sets torch's threads on the engine's own thread: OpenMP keeps the number for each thread that starts a team."""
    import torch  # noqa: PLC0415

    done = threading.Event()
    engine.engine._send(lambda: (torch.set_num_threads(threads), done.set()))
    assert done.wait(60)


def _timed(action: object) -> float:
    began = time.perf_counter()
    action()  # type: ignore[operator]
    return time.perf_counter() - began
