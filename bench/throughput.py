"""Pictures per second of the whole product against the engine alone."""

from __future__ import annotations

from statistics import median

from bench.stage import Stage
from bench.table import Line, span

GOAL = 0.95


def run(stage: Stage, *, quick: bool) -> list[Line]:
    """A short and a longer queue: the first posts and the last files weigh more in the short one."""
    if quick:
        return [_against_the_engine(stage, grids=2, rounds=2, words="a red boat --quality .25")]
    return [_against_the_engine(stage, grids=grids, rounds=5, words="a red lighthouse by the sea") for grids in (6, 12)]


def _against_the_engine(stage: Stage, *, grids: int, rounds: int, words: str) -> Line:
    """N grids over REST to the last picture's event, against the same plans straight into an engine, in turns."""
    ratios = []
    for number in range(rounds):
        prompts = [f"{words} --seed {1000 * number + 10 * grid}" for grid in range(grids)]
        app_s, job_ids = stage.imagine_all(prompts)
        bare_s = stage.bare.paint([stage.plan_of(job_id) for job_id in job_ids]).all_s
        ratios.append(bare_s / app_s)
    name = f"whole app ÷ bare engine, pictures/s of {grids} grids"
    return Line(name=name, value=median(ratios), unit="x", spread=span(ratios), goal=GOAL)
