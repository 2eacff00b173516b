"""The figures of a run as JSON, with what they depend on."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.table import HEADINGS, Line
from mjweb.local.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "benchmarks.md"
PACKAGES = ("torch", "diffusers", "transformers", "numpy", "pillow")


def write(file: Path, lines: Sequence[Line]) -> None:
    """Writes one object: `lines`, and date, commit, versions and device of the run."""
    values = {**circumstances(), "lines": [{**asdict(line), "verdict": line.verdict} for line in lines]}
    file.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def write_page(lines: Sequence[Line], *, section: str) -> None:
    """Replaces a section of docs/benchmarks.md, `cpu` or `gpu`, by the table of this run."""
    now = circumstances()
    packages = ", ".join(f"{name} {number}" for name, number in now["versions"].items())
    about = f"{now['date'][:10]}, commit {now['commit']}, {now['device']}; Python {now['python']}, {packages}."
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(line.columns() for line in lines)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(f"<!-- {section} -->\n")
    _, end, after = rest.partition("<!-- end -->")
    assert end, f"{PAGE} has no section {section}"
    PAGE.write_text(f"{before}<!-- {section} -->\n{about}\n\n{table}\n{end}{after}", encoding="utf-8")


def circumstances() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
        "device": device_name(),
    }


def device_name() -> str:
    """The GPU, or the processor with its threads."""
    import torch  # noqa: PLC0415 - the benches of the web need none

    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    return f"{_processor()}, {torch.get_num_threads()} threads"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _commit() -> str:
    """The commit, with a plus where files differ from it."""
    answers = [
        subprocess.run(["git", *words], cwd=REPOSITORY, capture_output=True, text=True, check=False).stdout.strip()
        for words in (["rev-parse", "--short", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
    ]
    return answers[0] + ("+" if answers[1] else "")
