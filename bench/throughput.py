"""Pictures per second of the whole product against the engine alone."""

from __future__ import annotations

from statistics import median

from bench.stage import Stage
from bench.table import Line, span

GOAL = 0.95


def run(stage: Stage, *, quick: bool) -> list[Line]:
    """N grids over REST to the last picture's event, against the same plans straight into an engine, in turns."""
    grids, rounds, words = (2, 2, "a red boat --quality .25") if quick else (12, 5, "a red lighthouse by the sea")
    ratios = []
    for number in range(rounds):
        prompts = [f"{words} --seed {1000 * number + 10 * grid}" for grid in range(grids)]
        app_s, job_ids = stage.imagine_all(prompts)
        bare_s = stage.bare.paint([stage.plan_of(job_id) for job_id in job_ids]).all_s
        ratios.append(bare_s / app_s)
    name = f"whole app ÷ bare engine, pictures/s of {grids} grids"
    return [Line(name=name, value=median(ratios), unit="x", spread=span(ratios), goal=GOAL)]
