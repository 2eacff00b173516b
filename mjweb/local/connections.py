"""Remember which servers this data directory's supervisor uses, for commands started beside it.

`manage.py create_token alice` in a second terminal must find the database that `make run` started.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from mjweb.local.errors import telling_about
from mjweb.local.paths import DataDirectory

VARIABLES = ("DATABASE_URL", "REDIS_URL")


def remember_connections(data: DataDirectory, environment: Mapping[str, str]) -> None:
    """Write down `DATABASE_URL` and `REDIS_URL` for those who come later.

    Effects: replaces `run/connections.json`, readable by its owner alone: a URL may hold a password.

    Raises:
        DiskFullError: there is no room.
        FolderUnusableError: the file cannot be written.
    """
    path = _path(data)
    with telling_about(path):
        new = path.with_suffix(".new")
        new.touch(mode=0o600)
        new.write_text(json.dumps({name: environment[name] for name in VARIABLES}))
        new.replace(path)


def recall_connections(data_dir: Path) -> dict[str, str]:
    """What the last supervisor of that data directory used; empty when none ever ran."""
    try:
        stored = json.loads(_path(DataDirectory.at(data_dir)).read_text())
    except (OSError, ValueError):
        return {}
    return {name: str(stored[name]) for name in VARIABLES if name in stored}


def _path(data: DataDirectory) -> Path:
    return data.run / "connections.json"
