"""`python -m bench [--only NAME] [--quick]`: prints the table."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from bench import engine_png, latency, mixing, sockets, throughput
from bench.bare import bare_engine
from bench.stage import Stage, stage
from bench.table import Line, print_table

ON_STAGE: dict[str, Callable[..., list[Line]]] = {
    "throughput": throughput.run,
    "latency": latency.run,
    "sockets": sockets.run,
}
NAMES = (*ON_STAGE, "mixing", "png")


def main() -> None:
    """Measures what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=NAMES, action="append", help="one bench; may be given several times")
    parser.add_argument("--quick", action="store_true", help="few repeats: shows that it works, not how fast it is")
    asked = parser.parse_args()
    print_table(measure(asked.only or list(NAMES), quick=asked.quick))


def measure(names: list[str], *, quick: bool) -> Iterator[Line]:
    """The lines of these benches; the product is started only for those that need it."""
    with ExitStack() as cleanup:
        set_up: Stage | None = None
        if wanted := [name for name in names if name in ON_STAGE]:
            set_up = cleanup.enter_context(stage())
            for name in wanted:
                yield from ON_STAGE[name](set_up, quick=quick)
        if "mixing" in names:
            bare = set_up.bare if set_up else cleanup.enter_context(bare_engine())
            yield from mixing.run(bare, quick=quick)
    if "png" in names:
        yield from engine_png.run(quick=quick)


if __name__ == "__main__":
    main()
