from __future__ import annotations

import os
import re
import signal
import socket
import urllib.request
from contextlib import suppress

import psycopg
import pytest
import redis

from mjweb.local.connections import recall_connections
from mjweb.local.identity import can_unshare
from mjweb.local.processes import orphans_of, wait_until

pytestmark = pytest.mark.processes

# Where the servers do not matter, none is started.
NAMED = {"DATABASE_URL": "postgresql://db.example/mjweb", "REDIS_URL": "redis://cache.example/0"}


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_it_prints_one_line_and_an_interrupt_leaves_no_process(start_up, tmp_path):
    run = start_up(tmp_path / "var")
    line = run.ready_line()
    assert line.startswith("mjweb is ready: http://127.0.0.1:")
    assert _answers(line.split()[-1])
    assert run.end(signal.SIGINT) == (0, "")
    assert orphans_of(run.data) == []
    assert not run.data.sockets.exists()


def test_it_keeps_the_data_and_the_secret_key_from_run_to_run(start_up, tmp_path):
    run = start_up(tmp_path / "var")
    run.ready_line()
    urls = recall_connections(run.data.root)
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    with redis.Redis.from_url(urls["REDIS_URL"]) as client:
        client.set("kept", 1)
    key = run.data.secret_key.read_text()
    run.end(signal.SIGTERM)

    again = start_up(tmp_path / "var")
    again.ready_line()
    with psycopg.connect(urls["DATABASE_URL"]) as connection:
        connection.execute("SELECT n FROM kept")
    with redis.Redis.from_url(urls["REDIS_URL"]) as client:
        assert client.get("kept") == b"1"
    assert again.data.secret_key.read_text() == key
    assert again.data.secret_key.stat().st_mode & 0o777 == 0o600


def test_a_second_start_tells_the_address_of_the_first_and_gives_up(start_up, tmp_path):
    url = start_up(tmp_path / "var", **NAMED).ready_line().split()[-1]
    status, sentence = start_up(tmp_path / "var").end()
    assert status == 1
    assert sentence == f"mjweb already runs on the data in {tmp_path / 'var'}: {url}"


def test_children_end_when_the_supervisor_is_killed(start_up, tmp_path):
    run = start_up(tmp_path / "var")
    run.ready_line()
    run.end(signal.SIGKILL)
    assert run.children_end()


def test_it_starts_again_after_everything_was_killed(start_up, tmp_path):
    run = start_up(tmp_path / "var", STAND_IN="stubborn")
    run.ready_line()
    postmaster = run.data.postgres / "postmaster.pid"
    stale = postmaster.read_text().splitlines()
    for pid in [run.process.pid, *orphans_of(run.data)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    run.end()
    # The number in the lock file may be somebody else's by the next start, as after a reboot.
    postmaster.write_text("\n".join([str(os.getppid()), *stale[1:]]) + "\n")
    assert start_up(tmp_path / "var").ready_line()


def test_it_restarts_what_dies(start_up, tmp_path):
    run = start_up(tmp_path / "var")
    url = run.ready_line().split()[-1]
    connections = recall_connections(run.data.root)
    for name in ("http.server", "postgres", "valkey"):
        os.kill(run.child(name), signal.SIGKILL)
    assert wait_until(lambda: not _answers(url), 5)
    assert wait_until(lambda: _answers(url), 10, every_s=0.1)

    def servers_answer() -> bool:
        try:
            with (
                psycopg.connect(connections["DATABASE_URL"]),
                redis.Redis.from_url(connections["REDIS_URL"]) as client,
            ):
                return bool(client.ping())
        except (psycopg.OperationalError, redis.RedisError):
            return False

    assert wait_until(servers_answer, 10, every_s=0.1)
    status, warnings = run.end(signal.SIGINT)
    assert status == 0
    assert "web ended with status -9; it starts again in 0.5 s." in warnings


def test_a_second_interrupt_does_not_wait_for_a_stubborn_child(start_up, tmp_path):
    run = start_up(tmp_path / "var", STAND_IN="stubborn", **NAMED)
    run.ready_line()
    run.process.send_signal(signal.SIGINT)
    with pytest.raises(Exception, match="timed out"):
        run.process.wait(timeout=1.5)
    assert run.end(signal.SIGINT) == (0, "")
    assert orphans_of(run.data) == []


def test_servers_the_environment_names_are_used_and_none_is_started(start_up, tmp_path):
    run = start_up(tmp_path / "var", **NAMED)
    run.ready_line()
    assert recall_connections(run.data.root) == NAMED
    assert (run.data.root / "urls").read_text() == NAMED["DATABASE_URL"]
    assert not run.data.postgres.exists()
    assert run.end(signal.SIGINT) == (0, "")


def test_a_busy_port_is_one_sentence(start_up, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, sentence = start_up(tmp_path / "var", MJWEB_PORT=str(port)).end()
    assert status == 1
    assert sentence == (
        f"Port {port} on 127.0.0.1 is already in use: stop what uses it, or choose another with MJWEB_PORT."
    )


def test_an_unusable_folder_is_one_sentence(start_up, tmp_path):
    (tmp_path / "file").touch()
    status, sentence = start_up(tmp_path / "file" / "var").end()
    assert status == 1
    assert sentence == f"mjweb cannot keep its data in {tmp_path / 'file' / 'var'}: Not a directory."


@pytest.mark.parametrize("size", ["16k", "8m"])
def test_a_full_disk_is_one_sentence(start_up, tmp_path, size):
    if not can_unshare():
        pytest.skip("this kernel lets nobody mount a small disk of their own")
    mount = f'mount -t tmpfs -o size={size} none "{tmp_path}" && exec "$@"'
    wrapper = ("unshare", "--user", "--map-root-user", "--mount", "--", "sh", "-c", mount, "sh")
    status, sentence = start_up(tmp_path / "var", wrapper=wrapper).end()
    assert sentence == f"The disk that holds {tmp_path / 'var'} is full: free some space and start again."
    assert status == 1


def test_data_of_another_major_version_are_left_alone_in_one_sentence(start_up, tmp_path):
    version = tmp_path / "var" / "postgres" / "PG_VERSION"
    version.parent.mkdir(parents=True)
    version.write_text("9\n")
    status, sentence = start_up(tmp_path / "var").end()
    assert status == 1
    assert "written by PostgreSQL 9, and this is PostgreSQL" in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("stand_in", "reason"),
    [("failing", 'failing ended with status 1; see .* Its last words: "the model is gone"'), ("late", "late was not")],
)
def test_a_child_that_does_not_start_is_one_sentence_and_stops_the_rest(start_up, tmp_path, stand_in, reason):
    run = start_up(tmp_path / "var", STAND_IN=stand_in, **NAMED)
    status, sentence = run.end()
    assert status == 1
    assert re.search(reason, sentence)
    assert "\n" not in sentence
    assert orphans_of(run.data) == []
