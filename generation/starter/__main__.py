"""`python -m generation.starter`: train, evaluate, export or show the starter model.

    python -m generation.starter train --size small --budget 8h --resume
    python -m generation.starter train --stage base,hires --minutes 60,10 --init generation/starter/weights
    python -m generation.starter evaluate
    python -m generation.starter export --out generation/starter/weights
    python -m generation.starter sheet --out sheet.png --release generation/starter/weights

Needs the `train` extra. Heavy libraries are loaded by the commands that use them, since every process that renders
begins by reading this file.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from generation.starter.training.budget import STAGES, seconds, split_budget
from generation.starter.training.sizes import SIZES

WORK: Final = Path("var/starter/work")
TRAINER_CORES: Final = 3
"""Cores that are left to a GPU's trainer; on a CPU one process renders beside the training."""
TRAIN_EXTRA: Final = ("skia", "scipy")
QUIET: Final = {
    "OMP_WAIT_POLICY": "PASSIVE",  # threads that spin take cores from those that work
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "PYTORCH_CUDA_ALLOC_CONF": "expandable_segments:True",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status, 1 when a training was stopped on its way.

    Effects: sets defaults in the environment of this process.
    """
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    asked = _parser().parse_args(arguments)
    if missing := [name for name in TRAIN_EXTRA if find_spec(name) is None]:
        raise SystemExit(f"{missing[0]} is missing: install the extra `train`.")
    from generation.starter.training.folders import quiet_libraries  # noqa: PLC0415 - see the top

    quiet_libraries()
    status: int = asked.command(asked)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m generation.starter", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--work", type=Path, default=WORK, help=f"folder of all state (default: {WORK})")
    common.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    common.add_argument("--threads", type=int, default=0, help="threads on a CPU (default: torch's choice)")
    _add_train(commands.add_parser("train", parents=[common], help="train stages within a budget of time"))
    evaluate = commands.add_parser("evaluate", parents=[common], help="write evaluation.json and evaluation.md")
    evaluate.add_argument("--limit", type=int, help="most prompts of a measure (default: by device)")
    evaluate.add_argument("--release", type=Path, help="networks of a release instead of the work folder's")
    evaluate.set_defaults(command=_evaluate)
    export = commands.add_parser("export", parents=[common], help="write the release as a diffusers folder")
    export.add_argument("--out", type=Path, help="default: release in the work folder")
    export.set_defaults(command=_export)
    sheet = commands.add_parser("sheet", parents=[common], help="paint a contact sheet, four pictures for each prompt")
    sheet.add_argument("--out", type=Path, required=True)
    sheet.add_argument("--release", type=Path, help="networks of a release instead of the work folder's")
    sheet.add_argument("--prompt", action="append", help="one line of the sheet; may be given several times")
    sheet.add_argument("--steps", type=int, default=20)
    sheet.add_argument("--guidance", type=float, default=4.0)
    sheet.set_defaults(command=_sheet)
    return parser


def _add_train(train: argparse.ArgumentParser) -> None:
    train.add_argument("--stage", default="all", help=f"all, or some of {','.join(STAGES)}")
    train.add_argument("--budget", default="60m", help="time for all of these stages: 90s, 24m, 1h30m")
    train.add_argument("--minutes", help="minutes for each stage instead: one number, or as many as there are stages")
    train.add_argument("--size", choices=SIZES, default="small", help="tiny: tests; small: two cores; full: one GPU")
    train.add_argument("--resume", action="store_true", help="go on from the checkpoints in the work folder")
    train.add_argument("--init", type=Path, help="a release to go on from; stages not trained here are taken from it")
    train.add_argument("--pool", type=Path, help="where rendered pictures go (default: a RAM disk, or the work folder)")
    train.add_argument("--workers", type=int, help="processes that render; 0 renders everything first")
    train.add_argument("--save-every", type=float, default=60, metavar="S", help="seconds between checkpoints")
    train.add_argument("--sheet-every", type=float, default=180, metavar="S", help="seconds between sheets; 0: none")
    train.add_argument("--compile", choices=("auto", "on", "off"), default="auto", help="auto: long stages on a GPU")
    train.add_argument("--limit", type=int, help="most prompts of the evaluation")
    train.set_defaults(command=_train)


def _train(asked: argparse.Namespace) -> int:
    from generation.starter.course import Course  # noqa: PLC0415
    from generation.starter.training.device import choose_device, usable_cores  # noqa: PLC0415
    from generation.starter.training.settings import Run, choose_pool  # noqa: PLC0415

    device = choose_device(asked.device, asked.threads)
    budgets_s = stage_budgets(asked.stage, asked.budget, asked.minutes, device.name)
    size = SIZES[asked.size]
    run = Run(
        work=asked.work,
        size=size,
        device=device,
        resume=asked.resume,
        init=asked.init,
        pool_folder=choose_pool(asked.work, size, asked.pool),
        save_every_s=asked.save_every,
        sheet_every_s=asked.sheet_every,
        compiled={"auto": None, "on": True, "off": False}[asked.compile],
    )
    free = usable_cores() - TRAINER_CORES if device.is_cuda else 1
    workers = max(1, free) if asked.workers is None else asked.workers
    return 0 if Course(run, budgets_s, workers, asked.limit).follow() else 1


def stage_budgets(stage: str, budget: str, minutes: str | None, device: str) -> dict[str, float]:
    """Seconds for each stage that is asked for.

    Raises:
        SystemExit: There is no such stage, or the numbers do not fit the stages.
    """
    stages = STAGES if stage == "all" else tuple(stage.split(","))
    if unknown := [name for name in stages if name not in STAGES]:
        raise SystemExit(f"--stage knows no {unknown[0]}; it knows all and {', '.join(STAGES)}.")
    try:
        if minutes is None:
            return split_budget(seconds(budget), stages, device)
        each = [seconds(part) for part in minutes.split(",")]
    except ValueError as error:
        raise SystemExit(str(error)) from error
    if len(each) not in (1, len(stages)):
        raise SystemExit(f"--minutes has {len(each)} numbers for {len(stages)} stages.")
    return dict(zip(stages, each * (len(stages) if len(each) == 1 else 1), strict=True))


def _evaluate(asked: argparse.Namespace) -> int:
    from generation.starter.evaluation.command import Evaluation  # noqa: PLC0415
    from generation.starter.training.device import choose_device  # noqa: PLC0415
    from generation.starter.training.folders import open_networks  # noqa: PLC0415
    from generation.starter.training.settings import noted_pool  # noqa: PLC0415

    device = choose_device(asked.device, asked.threads)
    networks = open_networks(asked.work / "networks", device.name)
    if asked.release:
        trained = asked.work / "networks"
        judge = trained if open_networks(trained).has("classifier") else None  # the release has one too, if older
        networks = open_networks(asked.release, device.name, judge=judge)
    Evaluation(networks, device, asked.work, noted_pool(asked.work), asked.limit).run()
    return 0


def _export(asked: argparse.Namespace) -> int:
    from generation.starter.model_card import training_in  # noqa: PLC0415
    from generation.starter.release import write_release  # noqa: PLC0415
    from generation.starter.training.folders import open_networks  # noqa: PLC0415

    networks = open_networks(asked.work / "networks")
    write_release(networks, asked.out or asked.work / "release", training_in(asked.work))
    return 0


def _sheet(asked: argparse.Namespace) -> int:
    from generation.starter.training.device import choose_device  # noqa: PLC0415
    from generation.starter.training.folders import open_networks  # noqa: PLC0415
    from generation.starter.training.sampling import SHEET_PROMPTS, painter_of  # noqa: PLC0415
    from generation.starter.training.sheets import GRID, write_sheet  # noqa: PLC0415

    device = choose_device(asked.device, asked.threads)
    painter = painter_of(open_networks(asked.release or asked.work / "networks", device.name), device)
    prompts = asked.prompt or list(SHEET_PROMPTS[:8])
    repeated = [prompt for prompt in prompts for _ in range(GRID)]
    pictures = painter.paint(repeated, guidance=asked.guidance, steps=asked.steps, seed=0)
    rows = list(pictures.reshape(len(prompts), GRID, *pictures.shape[1:]))
    write_sheet(rows, prompts, asked.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
