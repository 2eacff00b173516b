"""Lighthouse on Explore, Create and a picture's page, at a desk and on a phone: `python -m scripts.lighthouse`.

It starts a product of its own in a temporary folder, lets its starter model paint, measures with the local Chromium
and writes the table of docs/looks.md. Lighthouse comes by npm into the same ignored folder as axe; nothing of it ships.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from scripts.ensure_browser import FOLDER, find_browser, install_by_npm
from scripts.screenshots import QUIET, ROOT, Painter, product, sign_up

VERSION = "12.8.2"  # the newest for Node 20
PROGRAM = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
PAGE = ROOT / "docs" / "looks.md"
LEAST = 95
RUNS = 3  # on a busy machine one of them may meet something else
CATEGORIES = ("performance", "accessibility", "best-practices")
FORMS: Mapping[str, tuple[str, ...]] = {"desktop": ("--preset=desktop",), "mobile": ()}
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"
PATIENCE_S = 180
TABLE = re.compile(r"(?<=<!-- lighthouse -->\n).*(?=<!-- end -->)", re.DOTALL)


@dataclass(frozen=True)
class Score:
    """What Lighthouse says of one page: 0 to 100 for each of `CATEGORIES`, and the audits that cost points."""

    page: str
    form: str
    points: tuple[int, ...]
    faults: tuple[str, ...]
    seconds: str

    def row(self) -> str:
        """A line of the table."""
        return f"| {self.page} | {self.form} | {' | '.join(map(str, self.points))} | {self.seconds} |"


def missing() -> str:
    """Why it cannot be run here; empty where it can."""
    if not shutil.which("node"):
        return "There is no node."
    return "" if PROGRAM.exists() else "It is not installed: `python -m scripts.lighthouse` does it."


def measure(browser: Path, pages: Mapping[str, str], cookies: Iterable[Any], folder: Path) -> Iterator[Score]:
    """Every page in both forms, as whoever has these cookies sees it: the middle one of several runs.

    pages: addresses by names. folder: for the reports.
    """
    headers = {"Cookie": "; ".join(f"{one['name']}={one['value']}" for one in cookies)}
    for page, address in pages.items():
        for form, options in FORMS.items():
            runs = [
                _score(page, form, _run(browser, address, options, headers, folder / f"{page}-{form}-{run}.json"))
                for run in range(RUNS)
            ]
            yield sorted(runs, key=lambda score: score.points)[RUNS // 2]


def _run(browser: Path, url: str, options: Iterable[str], headers: Mapping[str, str], report: Path) -> dict[str, Any]:
    argv = [
        "node", str(PROGRAM), url, "--quiet", "--output=json", f"--output-path={report}",
        f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={FLAGS}",
        f"--extra-headers={json.dumps(headers)}", *options,
    ]  # fmt: skip
    environment = {**os.environ, "CHROME_PATH": str(browser)}
    subprocess.run(argv, env=environment, cwd=FOLDER, check=True, timeout=PATIENCE_S)
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def _score(page: str, form: str, report: Mapping[str, Any]) -> Score:
    audits = report["audits"]
    points = tuple(round(100 * report["categories"][name]["score"]) for name in CATEGORIES)
    counted = {one["id"] for name in CATEGORIES for one in report["categories"][name]["auditRefs"] if one["weight"]}
    faults = tuple(
        f"{name}: {audits[name].get('displayValue') or audits[name]['title']}"
        for name in sorted(counted)
        if audits[name]["score"] is not None and audits[name]["score"] < LEAST / 100
    )
    shown = (audits[name]["numericValue"] / 1000 for name in ("first-contentful-paint", "largest-contentful-paint"))
    return Score(page, form, points, faults, " | ".join(f"{seconds:.1f} s" for seconds in shown))


def pages_of(address: str, image: str) -> dict[str, str]:
    """What is measured."""
    return {"Explore": f"{address}/", "Create": f"{address}/create/", "Picture": f"{address}/images/{image}/"}


def table(scores: Iterable[Score]) -> str:
    """What docs/looks.md shows, with how busy the machine was: on a loaded one everything takes longer."""
    load, cores = os.getloadavg()[0], os.cpu_count()
    how = f"the middle one of {RUNS} runs, {cores} cores at a load of {load:.1f}"
    head = f"Lighthouse {VERSION}, {datetime.now(UTC):%Y-%m-%d}: {how}.\n\n"
    names = "| page | as | performance | accessibility | best practices | first paint | largest paint |\n"
    return f"{head}{names}|{' --- |' * 7}\n" + "\n".join(score.row() for score in scores) + "\n"


def main() -> int:
    """Install, paint, measure, write; 1 where anything is below `LEAST`."""
    if not PROGRAM.exists():
        install_by_npm(f"lighthouse@{VERSION}")
    found = find_browser()
    if found is None or missing():
        sys.exit(missing() or "There is no Chromium.")
    with tempfile.TemporaryDirectory() as folder, product(Path(folder) / "var") as (address, environment):
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=QUIET)
            cookies = sign_up(browser, address)
            browser.close()
        image = Painter(address, environment).paint().image
        pages = pages_of(address, image)
        scores = list(measure(found, pages, cookies, Path(folder)))
    for score in scores:
        sys.stdout.write(f"{score.row()}\n" + "".join(f"    {fault}\n" for fault in score.faults))
    written = table(scores)
    PAGE.write_text(TABLE.sub(lambda _: written, PAGE.read_text()))
    return int(any(point < LEAST for score in scores for point in score.points))


if __name__ == "__main__":
    sys.exit(main())
