"""The import rules of pyproject.toml: kept by the product, and broken by every way in that they forbid."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("mjweb", "generation", "gallery")
CHECK = "from importlinter.cli import lint_imports_command; lint_imports_command()"

# What is planted where, and the contract that must notice it.
VIOLATIONS = {
    "generation/jobs/services.py": ("from generation.workers import tasks", "Inside generation"),
    "generation/engine/loop.py": ("import django.conf", "know no server"),
    "generation/engine/scheduler.py": ("import torch", "reaches torch"),
    "generation/prompts/parser.py": ("from mjweb.accounts import models", "know no server"),
    "gallery/selectors/feeds.py": ("from generation.jobs import services", "The gallery sees"),
    "generation/signals.py": ("import gallery.models", "Rooms stack"),
    "generation/views/create.py": ("from generation.engine import scheduler", "engine's door"),
    "generation/utils.py": ("", "Inside generation"),
    "gallery/helpers.py": ("", "Inside the gallery"),
    "generation/engine/misc.py": ("", "Inside the engine"),
    "generation/prompts/misc.py": ("", "Inside the prompt language"),
    "generation/realtime/consumers.py": ("from generation.views import create", "Inside generation"),
    "mjweb/accounts/services.py": ("import generation.models", "Rooms stack"),
    "generation/models/job.py": ("from generation.jobs import services", "Inside generation"),
    "mjweb/local/up.py": ("import generation.models", "Settings and the local supervisor"),
    "generation/jobs/states.py": ("from generation.jobs import services", "No cycles"),
    "generation/starter/__init__.py": ("import torch", "Finding the starter's weights"),
    "generation/starter/misc.py": ("", "Inside the starter"),
    "generation/starter/training/misc.py": ("", "Inside the training"),
    "generation/starter/scenes/world.py": ("from generation.starter.scenes import render", "Inside the scenes"),
    "generation/workers/tasks.py": ("from generation.starter.training import sizes", "The product never trains"),
}


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CHECK, "--no-logo"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product's code, to plant violations in."""
    copy = tmp_path_factory.mktemp("checkout")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=lambda _, names: [n for n in names if _is_ballast(n)])
    return copy


def _is_ballast(name: str) -> bool:
    return ("." in name and not name.endswith(".py")) or name in {"__pycache__", "weights"}


def test_every_import_points_down():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("file", VIOLATIONS)
def test_it_notices_an_import_that_points_up(checkout, file):
    statement, contract = VIOLATIONS[file]
    target = checkout / file
    before = target.read_text() if target.exists() else None
    try:
        target.write_text(f"{before or ''}\n{statement}\n")
        broken = [line for line in lint(checkout).stdout.splitlines() if " BROKEN" in line]
    finally:
        target.unlink() if before is None else target.write_text(before)
    assert any(contract in line for line in broken), broken


def test_the_gallery_may_see_no_job_module_but_those_that_tell():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    hidden = {
        module
        for contract in contracts
        if contract["id"] == "gallery-facade"
        for module in contract["forbidden_modules"]
    }
    modules = {f"generation.jobs.{file.stem}" for file in (ROOT / "generation/jobs").glob("*.py")}
    telling = ("__init__", "selectors", "action_plans", "discretion", "directions", "direction_indexes", "using")
    shared = ("examples", "glimpses", "leaving", "moderation", "organizing", "search_keys", "searching", "uploads")
    seen = {f"generation.jobs.{name}" for name in (*telling, *shared)}
    assert modules - hidden == seen


@pytest.mark.parametrize("room", ["engine", "workers"])
def test_the_doors_of_engine_and_workers_import_nothing(room):
    lines = (ROOT / "generation" / room / "__init__.py").read_text().splitlines()
    assert not [line for line in lines if line.startswith(("import ", "from "))]


def test_every_contract_has_been_seen_to_break():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    noticed = [name for _, name in VIOLATIONS.values()]
    unseen = [contract["name"] for contract in contracts if not any(part in contract["name"] for part in noticed)]
    assert unseen == []
