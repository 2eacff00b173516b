"""The environment: read as typed values, refused by name."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from mjweb.local.connections import remember_connections
from mjweb.local.paths import REPOSITORY, DataDirectory
from mjweb.settings.env import broker_url, postgres_settings, read_environment

URLS = {"DATABASE_URL": "postgresql:///theirs?host=/run/theirs", "REDIS_URL": "unix:///run/theirs/valkey.sock"}


@pytest.fixture
def data(monkeypatch, tmp_path) -> DataDirectory:
    """A data folder that nobody's environment variables point past."""
    for name in URLS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MJWEB_DATA", str(tmp_path / "var"))
    directory = DataDirectory.at(tmp_path / "var")
    directory.run.mkdir(parents=True)
    return directory


@pytest.mark.parametrize(("said", "fetches"), [("off", False), ("no", False), ("on", True), (None, True)])
def test_fetching_can_be_turned_off(monkeypatch, data, said, fetches):
    if said is not None:
        monkeypatch.setenv("MJWEB_FETCH_URLS", said)
    assert read_environment().fetch_urls is fetches


def test_the_folder_is_absolute_whatever_was_typed(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MJWEB_DATA", "here/../there")
    assert read_environment().data == tmp_path / "there"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MJWEB_MAX_ROWS", "many"),
        ("MJWEB_MAX_ROWS", "1"),
        ("MJWEB_LEASE_S", "0"),
        ("DATABASE_URL", "no such url"),
        ("MJWEB_CLIP", "no/such/folder"),
    ],
)
def test_a_bad_value_is_refused_by_name(data, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{name}: "):
        read_environment()


def test_a_command_beside_make_run_finds_its_servers(data):
    remember_connections(data, URLS)
    environment = read_environment()
    assert (environment.database_url, environment.redis_url) == tuple(URLS.values())


def test_a_server_that_is_named_wins_over_one_that_is_remembered(data, monkeypatch):
    remember_connections(data, URLS)
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/ours")
    environment = read_environment()
    assert environment.database_url == "postgresql://db.example/ours"
    assert environment.redis_url == URLS["REDIS_URL"]


def test_postgres_urls_become_djangos_settings():
    settings = postgres_settings("postgresql://ann:p%40ss@db.example:5433/pictures?sslmode=require")
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", "5433", "pictures")
    assert (settings["USER"], settings["PASSWORD"]) == ("ann", "p@ss")
    assert settings["OPTIONS"] == {"sslmode": "require"}


def test_a_redis_socket_is_spelled_as_celery_wants_it():
    assert broker_url("unix:///run/valkey.sock") == "redis+socket:///run/valkey.sock?virtual_host=0"
    assert broker_url("redis://cache.example:6379/0") == "redis://cache.example:6379/0"


def manage(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    argv = [sys.executable, "manage.py", *arguments]
    return subprocess.run(argv, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)


def test_the_command_line_says_what_is_wrong_in_a_line_and_nothing_else():
    done = manage("up", MJWEB_LEASE_S="-1", DJANGO_SETTINGS_MODULE="mjweb.settings.development")
    assert done.returncode == 1
    assert done.stderr == "MJWEB_LEASE_S: Input should be greater than 0.\n"


def test_production_refuses_a_weak_secret_key():
    done = manage("check", MJWEB_SECRET_KEY="short", DJANGO_SETTINGS_MODULE="mjweb.settings.production")
    assert (done.returncode, done.stderr) == (1, "MJWEB_SECRET_KEY must be set to at least 50 random characters.\n")


def test_production_passes_djangos_own_deployment_checks():
    production = {"MJWEB_SECRET_KEY": "k3y-" * 16 + "ZyXw", "DJANGO_SETTINGS_MODULE": "mjweb.settings.production"}
    done = manage("check", "--deploy", "--fail-level", "WARNING", **production)
    assert done.returncode == 0, done.stderr
