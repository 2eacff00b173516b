"""From nothing to a picture: a training that is killed on its way, resumed, evaluated, released and painted with."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from generation.starter.__main__ import main
from generation.starter.release import MOST_FILE_BYTES
from generation.starter.training.checkpoints import load_state, read_summary

COMMON = ["--device", "cpu", "--threads", "1"]
TRAIN = ["train", *COMMON, "--size", "tiny", "--workers", "0", "--save-every", "0.2", "--limit", "4"]
KILLED_BUDGET_S = 600.0


@pytest.fixture(scope="module")
def work(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("starter") / "work"


@pytest.fixture(scope="module")
def killed(work) -> dict:
    """What a training left that was killed in the middle of a stage."""
    arguments = [*TRAIN, "--work", str(work), "--stage", "classifier", "--minutes", str(KILLED_BUDGET_S / 60)]
    process = subprocess.Popen([sys.executable, "-m", "generation.starter", *arguments], stdout=subprocess.DEVNULL)
    checkpoint, deadline = work / "checkpoints" / "classifier.pt", time.monotonic() + 120
    while not checkpoint.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return load_state(checkpoint, "cpu")


@pytest.fixture(scope="module")
def trained(work, killed) -> Path:
    """A work folder after the whole command, resumed from the killed one."""
    budgets = "0,0.4s,0.4s,0.6s,1s,0.8s,0.4s,0.5s,0,0"
    arguments = [*TRAIN, "--work", str(work), "--resume", "--minutes", budgets, "--sheet-every", "0.3"]
    assert main(arguments) == 0
    return work


def test_a_kill_costs_only_what_came_after_the_last_checkpoint(killed, trained):
    assert killed["progress"]["step"] > 0
    summary = read_summary("classifier", trained / "checkpoints")
    assert summary.done
    assert summary.steps >= killed["progress"]["step"]


def test_every_stage_writes_its_network_and_its_figures(trained):
    for name in ("tokenizer", "clip", "text_encoder", "vae", "base", "hires", "classifier"):
        assert (trained / "networks" / name).exists(), name
    for stage in ("classifier", "clip", "vae", "base", "decoder", "hires"):
        summary = read_summary(stage, trained / "checkpoints")
        assert summary.done
        assert summary.steps > 0
        assert summary.loss > 0
    assert "| base | done |" in (trained / "report.md").read_text()
    assert {path.name for path in (trained / "sheets").iterdir()} == {"vae.png", "base.png", "hires.png"}


@pytest.mark.parametrize("stage", ["clip", "base", "hires"])
def test_what_is_written_is_the_average(trained, stage):
    import torch

    from generation.starter.training.folders import open_networks

    average = load_state(trained / "checkpoints" / f"{stage}.pt", "cpu")["average"]
    for name, value in open_networks(trained / "networks")[stage].state_dict().items():
        assert torch.equal(value, average[name]), name


def test_the_decoder_is_trained_on_and_the_latents_stay_what_they_were(trained):
    from generation.starter.training.checkpoints import fingerprint
    from generation.starter.training.folders import open_networks
    from generation.starter.training.networks import encoder_of

    vae = open_networks(trained / "networks")["vae"]
    base = load_state(trained / "checkpoints" / "base.pt", "cpu")
    decoder = load_state(trained / "checkpoints" / "decoder.pt", "cpu")
    assert fingerprint(encoder_of(vae)) == base["built_on"]["vae"] == decoder["built_on"]["vae"]
    assert fingerprint(vae.decoder) != fingerprint(open_vae(trained).decoder)
    assert read_summary("decoder", trained / "checkpoints").measured["PSNR dB"] > 0


def open_vae(work: Path):
    """The VAE as its own stage left it."""
    from generation.starter.training.networks import make_vae
    from generation.starter.training.sizes import TINY

    vae = make_vae(TINY)
    vae.load_state_dict(load_state(work / "checkpoints" / "vae.pt", "cpu")["average"])
    return vae


def test_a_stop_saves_and_says_that_it_is_not_the_end(trained, tmp_path, capsys):
    work = shutil.copytree(trained, tmp_path / "work")
    before = read_summary("classifier", work / "checkpoints").steps
    threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGTERM)).start()
    assert main([*TRAIN, "--work", str(work), "--resume", "--stage", "classifier", "--minutes", "10"]) == 1
    after = read_summary("classifier", work / "checkpoints")
    assert after.steps > before
    assert not after.done
    assert "stopped in classifier" in capsys.readouterr().out


def test_done_stages_are_not_begun_again(trained, capsys):
    before = read_summary("base", trained / "checkpoints")
    arguments = [*TRAIN, "--work", str(trained), "--resume", "--stage", "classifier,base", "--minutes", "0.2s,0.5s"]
    assert main(arguments) == 0
    assert "base: done before" in capsys.readouterr().out
    assert read_summary("base", trained / "checkpoints") == before


def test_the_table_has_every_measure(trained):
    table = json.loads((trained / "evaluation.json").read_text())
    assert list(table) == [
        "VAE reconstruction, PSNR dB",
        "CLIP retrieval, top-1",
        "Prompt adherence",
        "High-resolution stage",
        "Diversity within a grid",
        "Seconds per grid of four",
    ]
    adherence = table["Prompt adherence"]
    assert adherence["prompts"] == 4
    assert {"real renders (ceiling)", *(f"guidance {value}, 20 steps" for value in (1, 5, 9))} <= set(adherence)
    assert any(name.endswith("12 steps") for name in adherence)
    assert any(name.endswith("30 steps") for name in adherence)
    assert {"subject", "all right", "CLIP top-1", "Fréchet distance"} <= set(adherence["real renders (ceiling)"])
    assert set(table["High-resolution stage"]) == {"bicubic", "strength 0.15", "strength 0.3", "strength 0.45"}


def test_the_release_is_small_files_in_half_precision(trained):
    from safetensors import safe_open

    release = trained / "release"
    parts = {path.name for path in release.iterdir()}
    networks = {"text_encoder", "unet", "vae", "clip", "refiner", "classifier"}
    assert parts == {"model_index.json", "world.json", "README.md", "scheduler", "tokenizer", *networks}
    assert max(path.stat().st_size for path in release.rglob("*") if path.is_file()) < MOST_FILE_BYTES
    assert not [path for path in release.rglob("*") if path.suffix in (".pt", ".bin", ".pkl")]
    assert not [path for path in release.rglob("*.json") if "_name_or_path" in path.read_text()]
    for file in release.rglob("*.safetensors"):
        with safe_open(file, "pt") as weights:
            kinds = {weights.get_slice(name).get_dtype() for name in weights.keys()}  # noqa: SIM118 - no mapping
        assert kinds <= {"F16", "I64"}, file
    # half precision is for the disk: whoever asks for nothing computes in single precision
    assert json.loads((release / "text_encoder" / "config.json").read_text())["dtype"] == "float32"


def test_the_model_card_tells_how_it_came_about(trained):
    card = (trained / "release" / "README.md").read_text()
    assert "| `unet/` | base U-Net" in card
    assert "- **Things:** house, " in card
    assert "| base | 0 | " in card
    assert "real renders (ceiling)" in card


def test_the_engine_loads_the_release_and_paints_in_both_stages(trained):
    import torch

    from generation.contracts import Rendered, Stage
    from generation.engine.loading import load_family
    from tests.generation.engine.fakes import engine_on, finish, plan, submit

    family = load_family(trained / "release", device="cpu", dtype=torch.float32)
    assert family.network("hires") == "hires"
    assert family.native_px == 64
    stages = (
        Stage(width_px=64, height_px=64, steps=3),
        Stage(width_px=128, height_px=128, steps=4, strength=0.5, network="hires"),
    )
    engine = engine_on(family)
    ear = submit(engine, "one", plan("a red fox in the snow", seeds=(1,), stages=stages))
    finish(engine)
    assert isinstance(ear.last, Rendered), ear.last
    (picture,) = ear.last.pictures
    assert (picture.width_px, picture.height_px) == (128, 128)
    assert len(set(picture.rgb)) > 10


def test_export_evaluate_and_sheet_are_commands(trained, tmp_path):
    release, sheet = tmp_path / "out", tmp_path / "sheet.png"
    assert main(["export", "--work", str(trained), "--out", str(release)]) == 0
    painted = ["--release", str(release), "--prompt", "a red fox", "--steps", "2"]
    assert main(["sheet", *COMMON, "--work", str(trained), "--out", str(sheet), *painted]) == 0
    assert sheet.stat().st_size > 1000
    (trained / "evaluation.json").rename(tmp_path / "before.json")
    assert main(["evaluate", *COMMON, "--work", str(trained), "--release", str(release), "--limit", "2"]) == 0
    assert json.loads((trained / "evaluation.json").read_text())["Prompt adherence"]["prompts"] == 2
    (tmp_path / "before.json").replace(trained / "evaluation.json")


def test_a_release_can_be_measured_where_nothing_was_trained(trained, tmp_path):
    assert (
        main(["evaluate", *COMMON, "--work", str(tmp_path), "--release", str(trained / "release"), "--limit", "2"]) == 0
    )
    assert "real renders (ceiling)" in json.loads((tmp_path / "evaluation.json").read_text())["Prompt adherence"]


def test_a_run_goes_on_from_a_release(trained, tmp_path):
    work = tmp_path / "next"
    arguments = [*TRAIN, "--work", str(work), "--pool", str(trained / "renders"), "--sheet-every", "0"]
    assert main([*arguments, "--init", str(trained / "release"), "--stage", "hires", "--minutes", "0.3s"]) == 0
    assert read_summary("hires", work / "checkpoints").done
    assert (work / "networks" / "base").exists()
    assert (work / "networks" / "tokenizer" / "vocab.json").read_bytes() == (
        trained / "networks" / "tokenizer" / "vocab.json"
    ).read_bytes()


def test_a_stage_says_what_it_needs(tmp_path):
    arguments = [*TRAIN, "--work", str(tmp_path), "--stage", "base", "--minutes", "0.1s"]
    with pytest.raises(SystemExit, match="needs clip, text_encoder, vae first"):
        main(arguments)


def test_a_missing_renderer_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "skia", None)
    with pytest.raises(SystemExit, match="skia is missing: install the extra `train`"):
        main(["train", "--work", str(tmp_path)])


def test_nothing_trained_is_nothing_to_release(tmp_path):
    with pytest.raises(SystemExit, match="nothing to release yet"):
        main(["export", "--work", str(tmp_path)])


def test_what_renderers_and_the_web_read_loads_no_torch():
    modules = "generation.starter, generation.starter.__main__, generation.starter.training.renderers"
    heavy = {"torch", "diffusers", "transformers", "django"}
    check = f"import sys, {modules}; print(sorted({heavy!r} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
