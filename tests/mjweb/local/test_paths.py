from __future__ import annotations

import errno
import os
import tempfile

import pytest

from mjweb.local.connections import recall_connections, remember_connections
from mjweb.local.errors import DiskFullError, FolderUnusableError, telling_about
from mjweb.local.paths import REPOSITORY, SOCKET_PATH_BYTES, DataDirectory


@pytest.fixture
def data(tmp_path) -> DataDirectory:
    return DataDirectory.at(tmp_path / "var")


def test_data_live_in_var_unless_the_environment_says_otherwise(tmp_path):
    assert DataDirectory.from_environment({}).root == REPOSITORY / "var"
    assert DataDirectory.from_environment({"MJWEB_DATA": str(tmp_path)}).root == tmp_path


def test_two_spellings_of_a_folder_share_their_sockets(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    assert DataDirectory.at(tmp_path / "link" / "var") == DataDirectory.at(tmp_path / "var")


def test_sockets_fit_however_long_and_odd_the_path_is(tmp_path):
    data = DataDirectory.at(tmp_path / ("räum lich/" * 30))
    path = f"{data.sockets}/.s.PGSQL.5432.lock"
    assert len(os.fsencode(path)) <= SOCKET_PATH_BYTES
    assert " " not in path


def test_a_temporary_folder_with_a_long_path_is_passed_over(tmp_path, monkeypatch):
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(long))
    assert DataDirectory.at(tmp_path).sockets.parent == type(tmp_path)("/tmp")


def test_a_socket_folder_that_others_may_enter_is_refused(data):
    data.sockets.mkdir(mode=0o700)
    try:
        data.sockets.chmod(0o777)
        with pytest.raises(FolderUnusableError, match="nobody else may enter"):
            data.make()
    finally:
        data.sockets.rmdir()


def test_a_full_disk_has_an_error_of_its_own(tmp_path):
    with pytest.raises(DiskFullError), telling_about(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_connections_are_remembered_for_this_user_alone(data):
    data.make()
    data.remove_sockets()
    assert recall_connections(data.root) == {}
    urls = {"DATABASE_URL": "postgresql://u:secret@db/mjweb", "REDIS_URL": "redis://cache/0"}
    remember_connections(data, {**urls, "PATH": "/bin"})
    assert recall_connections(data.root) == urls
    assert (data.run / "connections.json").stat().st_mode & 0o777 == 0o600
