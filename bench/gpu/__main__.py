"""`python -m bench.gpu [--toy] [--only sd15|sdxl] [--seconds S] [--json FILE] [--docs]`: a GPU's table."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from generation.engine.threads import keep_threads_from_spinning

keep_threads_from_spinning()  # before anything loads torch

import torch  # noqa: E402

from bench import report  # noqa: E402
from bench.gpu.against import Clock, Goals, run  # noqa: E402
from bench.gpu.calibration import calibrate  # noqa: E402
from bench.gpu.shapes import SD15, SDXL, TOY_SD15, TOY_SDXL, Shape, build  # noqa: E402
from bench.table import Line, print_table  # noqa: E402

BUDGET_S = 540.0
REPEATS = {"sd15": 7, "sdxl": 3}  # XL takes ten times as long
HURRIED_S = 240.0
"""A run that has less time repeats everything twice only."""
GOALS = {"sd15": Goals(eager=3.0, compiled=1.0), "sdxl": Goals(eager=1.8, compiled=1.0, useful=0.60, mlperf=0.75)}
SHAPES = {"sd15": SD15, "sdxl": SDXL}
TOYS = {"sd15": TOY_SD15, "sdxl": TOY_SDXL}


def main() -> None:
    """Measures what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.gpu", description=__doc__)
    parser.add_argument("--toy", action="store_true", help="tiny networks on the CPU: shows that it works")
    parser.add_argument("--only", choices=SHAPES, action="append", help="one shape")
    parser.add_argument("--seconds", type=float, default=BUDGET_S, help="time that it may take (default: %(default)g)")
    parser.add_argument("--json", type=Path, help="a file for the figures, with commit, versions and device")
    parser.add_argument("--docs", action="store_true", help="write the table into docs/benchmarks.md")
    asked = parser.parse_args()
    if not asked.toy and not torch.cuda.is_available():
        parser.exit(2, "There is no GPU here that torch can use. `--toy` runs tiny networks on the CPU.\n")
    lines = print_table(measure(asked.only or list(SHAPES), asked.seconds, toy=asked.toy))
    if asked.json:
        report.write(asked.json, lines)
    if asked.docs and not asked.toy:
        report.write_page(lines, section="gpu")


def measure(names: list[str], budget_s: float = BUDGET_S, *, toy: bool) -> Iterator[Line]:
    """The lines of these shapes, as many as the time allows."""
    clock, device = Clock(budget_s), torch.device("cpu" if toy else "cuda")
    calibration, rate_tflops = calibrate(device, torch.bfloat16, side=512 if toy else 8192)
    yield calibration
    shapes: dict[str, Shape] = TOYS if toy else SHAPES
    for name in names:
        built = build(shapes[name], device, torch.bfloat16)
        repeats = 1 if toy else 2 if budget_s < HURRIED_S else REPEATS[name]
        yield from run(built, Goals() if toy else GOALS[name], rate_tflops, clock, repeats=repeats)
        del built
        if not toy:
            torch.cuda.empty_cache()


if __name__ == "__main__":
    main()
