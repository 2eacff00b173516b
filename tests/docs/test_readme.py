"""What the documents promise is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mjweb.settings.env import Environment

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "bench/README.md",
    "docs/benchmarks.md",
    "docs/starter-model.md",
    "generation/starter/README.md",
)
OF_THE_SUPERVISOR = ["MJWEB_HOST", "MJWEB_PORT"]


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_readme_lists_every_variable_in_the_order_in_which_it_is_read():
    read = [field.validation_alias for field in Environment.model_fields.values()]
    rows = [line for line in text("README.md").splitlines() if line.startswith("| `")]
    listed = [name for row in rows for name in re.findall(r"`([A-Z][A-Z_]+)`", row.split("|")[1])]
    assert listed == [*read, *OF_THE_SUPERVISOR]


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^(\w+):", text("Makefile"), re.MULTILINE))
    named = {target for name in DOCUMENTS for target in re.findall(r"make (run|test|check|bench|\w+)\b`", text(name))}
    assert named
    assert named <= targets


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_and_file_that_is_named_exists(name):
    links = re.findall(r"\]\(([^)#:]+)\)", text(name))
    files = re.findall(r"`((?:mjweb|generation|gallery|tests|bench|scripts|static|templates)/[\w./-]*)`", text(name))
    missing = [
        path
        for path in (*links, *files)
        if not (ROOT / Path(name).parent / path).exists() and not (ROOT / path).exists()
    ]
    assert missing == []
