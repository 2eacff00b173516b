from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from mjweb.local import identity
from mjweb.local.errors import AlreadyRunningError, FolderUnusableError
from mjweb.local.processes import name_of, orphans_of, wait_until
from mjweb.local.servers import LocalServers

pytestmark = pytest.mark.processes


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that every user may enter, which `tmp_path` is not."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def _scalar(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query).fetchone()
    assert row
    return row[0]


def test_both_serve_from_a_long_path_with_spaces(tmp_path):
    with LocalServers(tmp_path / "my pictures" / ("long " * 25), fsync=False) as servers:
        with psycopg.connect(servers.database_url) as connection:
            connection.execute("CREATE EXTENSION vector")
            connection.execute("CREATE EXTENSION pg_trgm")
        assert _scalar(servers.database_url, "SHOW server_encoding") == "UTF8"
        with redis.Redis.from_url(servers.redis_url) as client:
            assert client.ping()
    assert orphans_of(servers.data) == []
    assert not servers.data.sockets.exists()


def test_one_data_directory_is_never_served_twice(tmp_path):
    with LocalServers(tmp_path, fsync=False), pytest.raises(AlreadyRunningError), LocalServers(tmp_path, fsync=False):
        pass


def test_only_the_safe_mode_waits_for_the_disk(tmp_path):
    with LocalServers(tmp_path, fsync=False) as servers:
        assert _scalar(servers.database_url, "SHOW fsync") == "off"
    with LocalServers(tmp_path) as servers:
        assert _scalar(servers.database_url, "SHOW fsync") == "on"
        assert (servers.data.valkey / "appendonlydir").exists()


def test_an_unfinished_cluster_is_made_anew(tmp_path):
    (tmp_path / "postgres.new" / "base").mkdir(parents=True)
    with LocalServers(tmp_path, fsync=False) as servers:
        assert _scalar(servers.database_url, "SELECT 1") == 1


def test_backends_without_their_postmaster_are_cleared_away(tmp_path):
    """A stopped backend keeps the shared memory, and with it the next start, until somebody kills it."""
    with LocalServers(tmp_path, fsync=False) as servers:
        with psycopg.connect(servers.database_url) as connection:
            backend = connection.info.backend_pid
            os.kill(backend, signal.SIGSTOP)
            os.kill(int((servers.data.postgres / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
            os.kill(backend, signal.SIGSTOP)
        assert wait_until(lambda: len(_backends(servers)) == 1, 5)
    assert _backends(servers) == [backend]
    with LocalServers(tmp_path, fsync=False) as servers:
        assert _scalar(servers.database_url, "SELECT 1") == 1


def _backends(servers: LocalServers) -> list[int]:
    return [pid for pid in orphans_of(servers.data) if name_of(pid) == "postgres"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root needs to become somebody else")
class TestWithoutUserNamespaces:
    @pytest.fixture(autouse=True)
    def _closed_kernel(self, monkeypatch):
        monkeypatch.setattr(identity, "can_unshare", lambda: False)

    def test_root_serves_as_nobody_from_a_copy_of_the_programs(self, open_folder, monkeypatch):
        may_execute = identity._may_execute
        monkeypatch.setattr(
            identity,
            "_may_execute",
            lambda user, program: open_folder in program.parents and may_execute(user, program),
        )
        with LocalServers(open_folder, fsync=False) as servers:
            assert _scalar(servers.database_url, "SELECT 1") == 1
            owner = Path(f"/proc/{_backends(servers)[0]}").stat().st_uid
            assert owner == (servers.data.postgres).stat().st_uid != 0
        with LocalServers(open_folder, fsync=False) as servers:
            assert _scalar(servers.database_url, "SELECT 1") == 1

    def test_a_folder_closed_to_others_is_one_sentence(self, open_folder, monkeypatch):
        open_folder.chmod(0o700)
        monkeypatch.setattr(identity, "_copy_wheel", lambda *_: None)
        monkeypatch.setattr(identity, "_may_execute", lambda *_: False)
        with pytest.raises(FolderUnusableError, match="start mjweb as an ordinary user"):
            LocalServers(open_folder, fsync=False).__enter__()
