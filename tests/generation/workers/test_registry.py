"""Several models on the whole product: real servers, one worker, two small real checkpoints besides the starter."""

from __future__ import annotations

import os
import signal
import time

import pytest

from mjweb.local.processes import wait_until
from tests.generation.engine.tiny_checkpoint import write_tiny_checkpoint
from tests.generation.workers.watching import page_of, program_of, rows, snapshots
from tests.runs import Product

pytestmark = pytest.mark.processes

SHORT = "a red boat --quality .25"


def test_every_model_paints_and_is_loaded_when_it_is_first_needed(shop):
    shop.alice.wait(shop.alice.imagine(SHORT))
    before = len(shop.loads())
    jobs = {
        name: shop.alice.wait(shop.alice.imagine(f"{SHORT} --model {name}")) for name in ("dreams", "night", "starter")
    }
    sizes = {name: [image["width"] for image in job["images"]] for name, job in jobs.items()}
    assert sizes == {"dreams": [64] * 4, "night": [64] * 4, "starter": [128] * 4}
    assert [job["model"] for job in jobs.values()] == ["dreams", "night", "starter"]
    assert shop.loads()[before:] == ["dreams", "night", "starter"]  # one at a time: each makes way for the next
    again = shop.alice.wait(shop.alice.act(jobs["dreams"]["id"], "vary", index=1))
    assert (again["status"], again["model"]) == ("succeeded", "dreams")


def test_jobs_of_several_models_at_once_all_end_and_none_starves(shop):
    asked = [shop.alice.imagine(SHORT, model=name) for name in ("dreams", "starter", "night") * 3]
    jobs = [shop.alice.wait(job_id) for job_id in asked]
    assert {job["status"] for job in jobs} == {"succeeded"}
    assert [job["model"] for job in jobs] == ["dreams", "starter", "night"] * 3


def test_the_list_names_the_worker_that_serves_each(shop):
    [worker] = rows(shop.product, "SELECT name FROM generation_worker")
    header, *lines = shop.product.manage("models", "list").splitlines()
    assert header.startswith("NAME")
    assert [line.split()[0] for line in lines] == ["starter", "dreams", "night"]
    assert all(line.endswith(worker["name"]) for line in lines)
    assert shop.product.manage("models", "verify").count("files are as they were.") == 3


def test_a_job_that_no_worker_can_paint_says_so_and_is_made_when_one_can(shop):
    away = shop.folders["night"].with_name("away")
    shop.folders["night"].rename(away)
    assert shop.serves("starter", "dreams")
    try:
        with page_of(shop.product, "erin") as page, program_of(shop.product, "erin") as erin:
            job_id = erin.imagine(SHORT, model="night")
            job = erin.job(job_id)
            assert (job["status"], job["note"]) == ("queued", "No worker serves night at the moment; it waits.")
            assert erin.wait(erin.imagine(SHORT))["status"] == "succeeded"  # it holds up nobody
            away.rename(shop.folders["night"])
            assert erin.wait(job_id)["model"] == "night"
            heard = snapshots(page, job_id)
        assert heard[0]["sentence"] == "No worker serves night at the moment; it waits."
        assert heard[-1]["state"] == "succeeded"
    finally:
        if away.exists():
            away.rename(shop.folders["night"])
        assert shop.serves("starter", "dreams", "night")


def test_a_model_whose_weights_are_damaged_fails_its_jobs_alone(shop):
    broken = write_tiny_checkpoint(shop.folders["night"].with_name("broken"))
    weights = next((broken / "unet").glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-100] + b"0" * 100 + b"1")  # longer than its header says
    shop.product.manage("models", "add", str(broken))
    assert shop.serves("starter", "dreams", "night", "broken")
    job = shop.alice.wait(shop.alice.imagine(SHORT, model="broken"))
    assert (job["status"], job["error"]["code"]) == ("failed", "checkpoint_invalid")
    assert shop.alice.wait(shop.alice.imagine(SHORT, model="dreams"))["status"] == "succeeded"
    assert "Removed broken" in shop.product.manage("models", "remove", "broken")
    assert shop.serves("starter", "dreams", "night")


def test_the_default_is_what_the_registry_says_also_after_a_restart(shop):
    shop.product.manage("models", "default", "dreams")
    try:
        assert shop.alice.wait(shop.alice.imagine(SHORT))["model"] == "dreams"
        shop.product.manage("register_checkpoint")  # as at every start
        assert shop.alice.wait(shop.alice.imagine(SHORT))["model"] == "dreams"
    finally:
        shop.product.manage("models", "default", "starter")


def test_a_worker_that_is_told_to_stop_serves_nothing_at_once(shop):
    worker = shop.product.child(Product.ENGINE)
    os.kill(worker, signal.SIGTERM)
    asked_at = time.monotonic()
    assert wait_until(lambda: not rows(shop.product, "SELECT name FROM generation_worker"), 5, every_s=0.02)
    assert time.monotonic() - asked_at < 3
    assert shop.serves("starter", "dreams", "night")
