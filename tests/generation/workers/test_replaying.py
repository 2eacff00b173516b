"""`manage.py replay` beside the running product: real jobs, painted again by another process."""

from __future__ import annotations

import psycopg
import pytest
from PIL import Image
from psycopg.types.json import Jsonb

from mjweb.local.connections import recall_connections
from tests.generation.workers.watching import program_of, rows

pytestmark = pytest.mark.processes
SAME = "the same, bit for bit."


@pytest.fixture(scope="module")
def alice(product):
    with program_of(product, "replayer") as program:
        yield program


def plan_of(product, job_id: str) -> dict:
    [row] = rows(product, "SELECT plan_values FROM generation_job WHERE id = %s", job_id)
    return row["plan_values"]


def test_the_best_of_six_come_out_the_same_bit_for_bit(product, alice, tmp_path):
    job = alice.wait(alice.imagine("a castle at night --best 6 --quality .25 --ar 3:2"))
    status, said = product.replay(job["id"], "--out", str(tmp_path / "again"))
    assert (status, said.count(SAME)) == (0, 4), said
    assert len(list((tmp_path / "again").glob("[1-4].png"))) == 4
    with Image.open(tmp_path / "again" / "1.png") as png:
        assert f"Seed: {job['images'][0]['seed']}" in png.text["parameters"]


@pytest.mark.parametrize("action", ["vary", "upscale"])
def test_what_starts_from_a_picture_does_too(product, alice, action):
    first = alice.wait(alice.imagine("a red boat --quality .25"))
    job = alice.wait(alice.act(first["id"], action, index=1))
    status, said = product.replay(job["id"])
    assert (status, said.count(SAME)) == (0, len(job["images"])), said


def test_another_plan_makes_another_picture_and_the_command_says_so(product, alice):
    job = alice.wait(alice.imagine("a red boat --quality .25"))
    changed = {**plan_of(product, job["id"]), "guidance": 1.5}
    with psycopg.connect(recall_connections(product.data.root)["DATABASE_URL"]) as connection:
        connection.execute("UPDATE generation_job SET plan_values = %s WHERE id = %s", [Jsonb(changed), job["id"]])
    status, said = product.replay(job["id"])
    assert status == 1
    assert "4 of 4 came out differently. Made with: device cpu, diffusers" in said
    assert "100 % of its pixels differ, by" in said


def test_what_cannot_be_painted_again_is_one_sentence(product, alice):
    canceled = alice.imagine("a red boat --quality 2")
    alice.http.post(f"/jobs/{canceled}/cancel")
    assert product.replay(canceled) == (1, "CommandError: This job has no pictures.\n")
    unknown = "01900000-0000-7000-8000-000000000000"
    assert product.replay(unknown) == (1, f"CommandError: There is no job {unknown}.\n")
