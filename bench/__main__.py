"""`python -m bench [--only NAME] [--quick] [--json FILE] [--docs]`: prints the table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from generation.engine.threads import keep_threads_from_spinning

keep_threads_from_spinning()  # before anything loads torch

from bench import engine_png, gallery, latency, mixing, prompts, report, search, sockets, throughput  # noqa: E402
from bench.bare import bare_engine  # noqa: E402
from bench.engine import against_diffusers, calibration, composition, costs, latencies  # noqa: E402
from bench.engine.house import house  # noqa: E402
from bench.stage import Stage, stage  # noqa: E402
from bench.table import Line, print_table  # noqa: E402

ON_STAGE: dict[str, Callable[..., list[Line]]] = {
    "throughput": throughput.run,
    "latency": latency.run,
    "sockets": sockets.run,
}
IN_HOUSE: dict[str, Callable[..., Iterable[Line]]] = {
    "diffusers": against_diffusers.run,
    "mixed-steps": against_diffusers.run_mixed,
    "join": latencies.run,
    "composition": composition.run,
    "previews": costs.run_previews,
    "saving": costs.run_saving,
    "vae": costs.run_vae,
}
NAMES = (*ON_STAGE, "mixing", "png", "prompts", "gallery", "search", *IN_HOUSE)


def main() -> None:
    """Measures what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=NAMES, action="append", help="one bench; may be given several times")
    parser.add_argument("--quick", action="store_true", help="few repeats: shows that it works, not how fast it is")
    parser.add_argument("--json", type=Path, help="a file for the figures, with commit, versions and device")
    parser.add_argument("--docs", action="store_true", help="write the table into docs/benchmarks.md")
    asked = parser.parse_args()
    lines = print_table(measure(asked.only or list(NAMES), quick=asked.quick))
    if asked.json:
        report.write(asked.json, lines)
    if asked.docs:
        report.write_page(lines, section="gallery" if asked.only == ["gallery"] else "cpu")


def measure(names: list[str], *, quick: bool) -> Iterator[Line]:
    """The lines of these benches; the product is started only for those that need it."""
    yield from _on_stage(names, quick=quick)
    if "png" in names:
        yield from engine_png.run(quick=quick)
    if "prompts" in names:
        yield from prompts.run(quick=quick)
    if "gallery" in names:
        yield from gallery.run(quick=quick)
    if "search" in names:
        yield from search.run(quick=quick)
    if in_house := [name for name in names if name in IN_HOUSE]:
        yield from calibration.run()
        with house() as engine:
            for name in in_house:
                print(f"measuring {name}", file=sys.stderr)
                yield from IN_HOUSE[name](engine, quick=quick)


def _on_stage(names: list[str], *, quick: bool) -> Iterator[Line]:
    """What needs the product, and the bare engine beside it; both are gone when the benches in this process begin."""
    with ExitStack() as cleanup:
        set_up: Stage | None = None
        if wanted := [name for name in names if name in ON_STAGE]:
            set_up = cleanup.enter_context(stage())
            for name in wanted:
                yield from ON_STAGE[name](set_up, quick=quick)
        if "mixing" in names:
            bare = set_up.bare if set_up else cleanup.enter_context(bare_engine())
            yield from mixing.run(bare, quick=quick)


if __name__ == "__main__":
    main()
