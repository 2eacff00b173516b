"""`make bench` in its quick mode, and `make bench-gpu` on toys, so that they do not rot: no figure is judged."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.table import Line, print_table
from mjweb.local.paths import REPOSITORY

pytestmark = pytest.mark.processes

HEADINGS = ["measured", "ours", "theirs", "ratio", "or", "figure", "goal", "spread"]
OF_THE_APP = {
    "whole app ÷ bare engine",
    "Enter → first step on the page",
    "Enter → first preview",
    "Enter → pictures",
    "snapshot at the last of 10 pages",
    "2 people's mixed jobs together",
    "Pillow's PNG ÷ ours",
}
OF_THE_ENGINE = {
    "calibration",
    "engine-vs-diffusers-1 ",
    "engine-vs-diffusers-16",
    "engine-vs-batched-diffusers",
    "mixed-steps, static batches of 4",
    "mixed-steps, static batches of 8",
    "mixed-steps, in turn",
    "join-latency",
    "cancel-latency",
    "composition, bf16",
    "composition, float32 in exact mode",
    "preview-cost",
    "save-cost",
    "vae-share",
}
OF_THE_GALLERY = {
    f"gallery of 2,000, {feed}: {figure}"
    for feed in ("new", "hot", "top", "random", "top of the day", "top of the month")
    for figure in ("page, p50", "page, p99", "its query in the database, p50", "queries")
}
OF_THE_SEARCH = {
    "index of 3,000 directions of 192 numbers, built",
    *(f"10 nearest of {kind} of 3,000: recall" for kind in ("all", "a tenth", "a hundredth")),
    "captions whose picture is among the first 10 of 300",
}
OF_A_GPU = {
    "calibration",
    "16 people against the eager pipeline in turn, toy SD 1.5",
    "16 people against the compiled pipeline, toy SD 1.5",
    "useful FLOP/s ÷ calibrated, toy SDXL",
}
IN_THE_APP = ("throughput", "latency", "sockets", "mixing", "png")
IN_THE_ENGINE = ("diffusers", "mixed-steps", "join", "composition", "previews", "saving", "vae")


def run(module: str, *words: str, json_file: Path | None = None) -> list[str]:
    asked = [sys.executable, "-m", module, *words, *(["--json", str(json_file)] if json_file else [])]
    done = subprocess.run(asked, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == HEADINGS
    return lines


def printed(names: set[str], lines: list[str]) -> set[str]:
    return {name for name in names if any(line.startswith(name) for line in lines)}


def only(names: tuple[str, ...]) -> list[str]:
    return [word for name in names for word in ("--only", name)]


def test_every_bench_of_the_app_prints_its_line():
    assert printed(OF_THE_APP, run("bench", "--quick", *only(IN_THE_APP))) == OF_THE_APP


def test_every_bench_of_the_engine_prints_its_line_and_writes_its_figures(tmp_path):
    lines = run("bench", "--quick", *only(IN_THE_ENGINE), json_file=tmp_path / "figures.json")
    assert printed(OF_THE_ENGINE, lines) == OF_THE_ENGINE
    written = json.loads((tmp_path / "figures.json").read_text())
    assert {"date", "commit", "device", "versions"} <= set(written)
    figures = {line["name"]: line for line in written["lines"]}
    assert len(figures) == len(lines) - 1
    assert figures["composition, bf16"]["value"] == 1
    assert figures["composition, float32 in exact mode"]["value"] == 1


def test_the_bench_of_the_gallery_prints_its_lines():
    assert printed(OF_THE_GALLERY, run("bench", "--quick", "--only", "gallery")) == OF_THE_GALLERY


def test_the_bench_of_the_search_prints_its_lines_and_finds_what_is_near(tmp_path):
    pytest.importorskip("skia", reason="it draws scenes")
    lines = run("bench", "--quick", "--only", "search", json_file=tmp_path / "figures.json")
    assert printed(OF_THE_SEARCH, lines) == OF_THE_SEARCH
    figures = {line["name"]: line["value"] for line in json.loads((tmp_path / "figures.json").read_text())["lines"]}
    shares = [value for name, value in figures.items() if "recall" in name or "captions" in name]
    assert min(shares) >= 0.95
    assert len(shares) == 4


def test_the_benches_of_a_gpu_run_on_toys():
    assert printed(OF_A_GPU, run("bench.gpu", "--toy")) == OF_A_GPU


def test_without_a_gpu_the_benches_of_a_gpu_say_so():
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a GPU here, and measuring it takes minutes")
    asked = [sys.executable, "-m", "bench.gpu"]
    done = subprocess.run(asked, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no GPU here" in done.stderr


def test_what_was_measured_before_a_failure_is_printed(capsys):
    def lines():
        yield Line(name="first", value=2.0, unit="x", goal=1.0)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        print_table(lines())
    assert "first" in capsys.readouterr().out


def test_a_table_replaces_its_section_of_the_page_and_no_other(tmp_path, monkeypatch):
    from bench import report

    page = tmp_path / "page.md"
    page.write_text("# A\n<!-- cpu -->\nold\n<!-- end -->\n# B\n<!-- gpu -->\nkept\n<!-- end -->\n")
    monkeypatch.setattr(report, "PAGE", page)
    report.write_page([Line(name="first", value=2.0, unit="x", goal=1.0)], section="cpu")
    text = page.read_text()
    assert "| first |  |  | 2 x | ≥ 1 x | ok |  |" in text
    assert "old" not in text
    assert text.endswith("<!-- end -->\n# B\n<!-- gpu -->\nkept\n<!-- end -->\n")
    assert "torch" in text


@pytest.mark.parametrize(
    ("spans", "idle"),
    [([(0, 10)], 0.0), ([(0, 4), (6, 10)], 0.2), ([(0, 8), (1, 2), (5, 9), (9, 10)], 0.0), ([(5, 6), (8, 9)], 0.5)],
)
def test_the_idle_share_is_what_no_kernel_covers(spans, idle):
    from bench.gpu.against import idle_share

    assert idle_share(spans) == pytest.approx(idle)
