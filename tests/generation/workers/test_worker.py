"""The whole product at work: real servers, workers, starter model and sockets, and what survives when one is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import redis

from mjweb.local.connections import recall_connections
from mjweb.local.paths import REPOSITORY
from mjweb.local.processes import wait_until
from tests.generation.engine.tiny_checkpoint import write_tiny_checkpoint
from tests.generation.workers.watching import (
    cpu_s,
    in_mid_grid,
    is_gone,
    is_idle,
    job_row,
    page_of,
    program_of,
    rows,
    settled,
    snapshots,
)
from tests.runs import Product, Program

pytestmark = pytest.mark.processes

LEASE_S = 3
SHORT = "a red boat --quality .25"
LONG = "a red lighthouse:: the sea:: dusk:: --quality 2"  # 50 steps of a full forward pass: 3 s on two idle cores


class Rugged:
    """A product that tests may hurt, with a short lease, and a person who uses it."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.start()
        self.alice = self.product.program("alice")

    def start(self) -> None:
        """Starts the product on the same data."""
        self.product = Product(self.data_dir, MJWEB_LEASE_S=str(LEASE_S))
        self.product.wait_until_ready()

    def start_again(self) -> None:
        """Starts it once more, at another address."""
        self.start()
        self.alice.http.base_url = f"{self.product.url}/api/v1"

    def kill(self, child: str, number: signal.Signals = signal.SIGKILL) -> int:
        pid = self.product.child(child)
        os.kill(pid, number)
        return pid

    def clear(self) -> None:
        self.alice.http.close()
        self.product.clear()


@pytest.fixture(scope="module")
def rugged(tmp_path_factory) -> Iterator[Rugged]:
    rugged = Rugged(tmp_path_factory.mktemp("rugged") / "var")
    yield rugged
    rugged.clear()


@pytest.fixture
def healthy(rugged) -> Rugged:
    """The same, once what the test before has killed works again."""
    settled(rugged.alice, rugged.alice.imagine(SHORT))
    return rugged


@pytest.fixture(scope="module")
def alice(product) -> Iterator[Program]:
    with program_of(product, "alice") as program:
        yield program


@pytest.fixture(scope="module")
def bob(product) -> Iterator[Program]:
    with program_of(product, "bob") as program:
        yield program


def assert_four_pictures(product: Product, job_id: str, *, attempt: int | None = None) -> None:
    """Four rows, four files, nothing left over of an earlier attempt; while no other job is in the making."""
    job = job_row(product, job_id)
    assert (job["state"], job["lease_until"]) == ("succeeded", None)
    if attempt is not None:
        assert job["attempt"] == attempt
    images = rows(product, "SELECT * FROM generation_image WHERE job_id = %s ORDER BY index", job_id)
    assert [image["index"] for image in images] == [1, 2, 3, 4]
    kept = rows(product, "SELECT sha256 FROM generation_image")
    assert {file.stem for file in (product.data.root / "media").glob("*/*.png")} == {row["sha256"] for row in kept}


# --- work


def test_a_submitted_prompt_becomes_four_pictures_and_an_upscale_one(product, alice):
    job_id = alice.imagine("a red boat --seed 41")
    in_between = {alice.job(job_id)["progress"]["step"] for _ in iter(lambda: not alice.job(job_id)["images"], False)}
    job = alice.job(job_id)
    assert job["status"] == "succeeded"
    assert [image["seed"] for image in job["images"]] == [41, 42, 43, 44]
    assert in_between & set(range(1, 25))
    upscaled = alice.wait(alice.act(job_id, "upscale", index=2))
    assert [(image["seed"], image["width"]) for image in upscaled["images"]] == [(42, 2 * job["images"][1]["width"])]


def test_the_worker_puts_its_pictures_into_words_and_shortens_prompts(alice, bob):
    job = alice.wait(alice.imagine(SHORT, visibility="private"))
    address = f"/images/{job['images'][0]['id']}/describe"
    answers = [alice.http.post(address) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200], answers[0].text
    assert answers[0].json() == answers[1].json()
    prompts = answers[0].json()["prompts"]
    assert len(set(prompts)) == 4
    assert all(prompt.endswith(" --ar 1:1") for prompt in prompts)
    assert bob.http.post(address).status_code == 404
    shortened = alice.http.post(
        "/prompts/shorten", json={"prompt": "a red boat on a lake at night, watercolor --seed 3"}
    )
    assert shortened.status_code == 200, shortened.text
    assert len(shortened.json()["words"]) == 9
    assert all(prompt.endswith(" --seed 3") for prompt in shortened.json()["prompts"])


def test_the_files_of_a_private_picture_are_its_owners_alone(alice, bob):
    job = alice.wait(alice.imagine(SHORT, visibility="private"))
    for address in (job["images"][0]["url"], *job["images"][0]["thumbnails"].values()):
        mine = httpx.get(address, headers={"Authorization": f"Bearer {alice.token}"})
        assert mine.status_code == 200
        assert mine.content[:4] in {b"\x89PNG", b"RIFF"}
        assert len(mine.content) > 500
        assert httpx.get(address, headers={"Authorization": f"Bearer {bob.token}"}).status_code == 404
        assert httpx.get(address).status_code == 404


def test_the_owners_page_hears_every_state_and_nobody_elses_does(product):
    with page_of(product, "carol") as page, page_of(product, "dave") as other:
        with program_of(product, "carol") as carol:
            job_id = carol.imagine("a red boat")
        heard = snapshots(page, job_id)
        states = list(dict.fromkeys(snapshot["state"] for snapshot in heard))
        assert states == ["queued", "running", "finishing", "succeeded"]
        steps = [snapshot["step"] for snapshot in heard if snapshot["state"] == "running"]
        assert steps == sorted(set(steps))
        assert len(steps) > 1
        assert any((snapshot["preview"] or "").startswith("data:image/webp;base64,") for snapshot in heard)
        with pytest.raises(TimeoutError):
            other.recv(timeout=0.2)


def test_a_canceled_job_ends_at_once_and_frees_the_engine(product, alice):
    alice.wait(alice.imagine(SHORT))
    # An idle engine measures how many rows of a size are worth a forward pass, once; then it stands still.
    assert wait_until(lambda: is_idle(product.child(Product.ENGINE)), 30)
    job_id = alice.imagine(LONG)
    in_mid_grid(alice, job_id)
    assert alice.http.post(f"/jobs/{job_id}/cancel").json()["status"] == "canceled"
    time.sleep(0.6)  # the worker hears of it when it next writes, four times a second
    engine = product.child(Product.ENGINE)
    used_s = cpu_s(engine)
    time.sleep(0.5)
    assert cpu_s(engine) - used_s < 0.15  # painting takes all that it gets
    following = alice.wait(alice.imagine(SHORT))
    row = job_row(product, following["id"])
    assert (row["started_at"] - row["created_at"]).total_seconds() < 1
    assert alice.job(job_id)["images"] == []


def test_one_job_is_not_held_up_by_somebodys_fifteen(product, alice, bob):
    many = [alice.imagine("a red boat --quality .5") for _ in range(15)]
    running = "SELECT id FROM generation_job WHERE id = ANY(%s) AND state = 'running'"
    assert wait_until(lambda: rows(product, running, many), 10, every_s=0.01)
    one = job_row(product, bob.wait(bob.imagine("a red boat --quality .5"))["id"])
    begun, ended = (
        rows(
            product,
            f"SELECT id FROM generation_job WHERE id = ANY(%s) AND {moment} BETWEEN %s AND %s",
            many,
            one["created_at"],
            one[moment],
        )
        for moment in ("started_at", "finished_at")
    )
    for job_id in many:
        alice.http.post(f"/jobs/{job_id}/cancel")
    # Whoever is free next takes the sixteenth; one that was just then being taken may still begin before it.
    assert len(begun) <= 1
    # Two grids fill a forward pass. Each makes room for one more when it is nearly done: four may be under way when the
    # sixteenth comes, and it joins them.
    assert len(ended) <= 4
    assert (one["started_at"] - one["created_at"]).total_seconds() < 1


# --- what is killed


def test_a_grid_whose_worker_is_killed_is_made_by_the_next(healthy):
    job_id = healthy.alice.imagine(LONG)
    in_mid_grid(healthy.alice, job_id)
    lease_until = job_row(healthy.product, job_id)["lease_until"]
    healthy.kill(Product.ENGINE)
    settled(healthy.alice, job_id)
    assert_four_pictures(healthy.product, job_id, attempt=2)
    assert (job_row(healthy.product, job_id)["finished_at"] - lease_until).total_seconds() < 15


def test_waiting_jobs_survive_the_end_of_valkey_and_the_loss_of_its_data(healthy):
    with page_of(healthy.product, "erin") as page:
        waiting = [healthy.alice.imagine(SHORT) for _ in range(4)]
        healthy.kill("valkey")
        for job_id in waiting:
            settled(healthy.alice, job_id)
        waiting = [healthy.alice.imagine(SHORT) for _ in range(4)]
        with redis.Redis.from_url(recall_connections(healthy.data_dir)["REDIS_URL"]) as client:
            client.flushall()
        for job_id in waiting:
            settled(healthy.alice, job_id)
        for job_id in waiting:  # once all are settled: the files of one in the making come before its rows
            assert_four_pictures(healthy.product, job_id, attempt=1)
        with program_of(healthy.product, "erin") as erin:
            job_id = erin.imagine(SHORT)
        assert snapshots(page, job_id)[-1]["state"] == "succeeded"


def test_a_grid_outlives_the_end_of_postgresql(healthy):
    job_id = healthy.alice.imagine(LONG)
    in_mid_grid(healthy.alice, job_id, step=40)  # so late that the pictures are done before the database is back
    healthy.kill("postgres")
    settled(healthy.alice, job_id)
    assert_four_pictures(healthy.product, job_id, attempt=1)


def test_a_new_start_ends_what_a_killed_supervisor_had_begun(healthy):
    job_id = healthy.alice.imagine(LONG)
    in_mid_grid(healthy.alice, job_id)
    healthy.product.process.kill()
    healthy.product.process.communicate(timeout=10)
    healthy.start_again()
    settled(healthy.alice, job_id)
    assert_four_pictures(healthy.product, job_id)


def test_a_worker_that_is_asked_to_stop_loses_no_attempt(healthy):
    job_id = healthy.alice.imagine(LONG)
    in_mid_grid(healthy.alice, job_id)
    asked_at = time.monotonic()
    worker = healthy.kill(Product.ENGINE, signal.SIGTERM)
    assert wait_until(lambda: is_gone(worker), 25)
    assert time.monotonic() - asked_at < 25
    settled(healthy.alice, job_id)
    assert_four_pictures(healthy.product, job_id, attempt=1)


@contextmanager
def second_worker(product: Product) -> Iterator[int]:
    """Another engine worker on the same servers; its process id."""
    first = Path(f"/proc/{product.child(Product.ENGINE)}")
    argv = [part.decode().replace("gpu@", "gpu2@") for part in (first / "cmdline").read_bytes().split(b"\0")[:-1]]
    environ = (first / "environ").read_bytes().decode().split("\0")[:-1]
    environment = dict(variable.split("=", 1) for variable in environ)
    log = product.data.logs / "engine2.log"
    with log.open("wb") as output:
        worker = subprocess.Popen(argv, env=environment, cwd=REPOSITORY, stdout=output, stderr=output)
    try:
        assert wait_until(lambda: "Ready to render" in log.read_text(), 60, every_s=0.1), log.read_text()
        yield worker.pid
    finally:
        worker.send_signal(signal.SIGCONT)
        worker.kill()
        worker.wait()


def test_a_worker_that_wakes_after_its_lease_cannot_write(healthy):
    with second_worker(healthy.product) as second:
        first = healthy.product.child(Product.ENGINE)
        job_id = healthy.alice.imagine(LONG)
        in_mid_grid(healthy.alice, job_id, step=25)
        asleep = int(job_row(healthy.product, job_id)["worker"].split(":")[1])
        assert asleep in {first, second}
        os.kill(asleep, signal.SIGSTOP)
        try:
            assert wait_until(lambda: job_row(healthy.product, job_id)["attempt"] == 2, LEASE_S + 10)
            assert wait_until(lambda: job_row(healthy.product, job_id)["step"] > 0, 10)
        finally:
            os.kill(asleep, signal.SIGCONT)  # with half of its grid left, it would be the first to end
        settled(healthy.alice, job_id)
        assert_four_pictures(healthy.product, job_id, attempt=2)
        job = job_row(healthy.product, job_id)
        # The sleeper's engine counts from before its sleep.
        assert job["engine_ms"] <= (job["finished_at"] - job["started_at"]).total_seconds() * 1000


# --- other checkpoints


def test_another_checkpoint_paints(tmp_path):
    folder = write_tiny_checkpoint(tmp_path / "tiny-sd")
    product = Product(tmp_path / "var", MJWEB_CHECKPOINT=str(folder))
    try:
        product.wait_until_ready()
        with program_of(product, "alice") as alice:
            job = alice.wait(alice.imagine(SHORT))
        assert [image["width"] for image in job["images"]] == [64] * 4
        [row] = rows(product, "SELECT name, is_default FROM generation_checkpoint")
        assert (row["name"], row["is_default"]) == ("tiny-sd", True)
        assert product.end(signal.SIGINT)[0] == 0
    finally:
        product.clear()


def test_a_wrong_checkpoint_is_one_sentence(tmp_path):
    (tmp_path / "empty").mkdir()
    product = Product(tmp_path / "var", MJWEB_CHECKPOINT=str(tmp_path / "empty"))
    try:
        status, said = product.end()
    finally:
        product.clear()
    assert status == 1
    assert "empty is no checkpoint in diffusers layout: model_index.json is missing." in said
    assert len(said.splitlines()) == 1
