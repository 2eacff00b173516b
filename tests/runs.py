"""mjweb started as a person starts it: in a process of its own, with nothing inherited."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx

from mjweb.local.paths import REPOSITORY, DataDirectory
from mjweb.local.processes import orphans_of, stop_orphans, wait_until

INHERITED = ("DATABASE_URL", "REDIS_URL", "MJWEB_DATA", "MJWEB_HOST", "MJWEB_PORT", "DJANGO_SETTINGS_MODULE")
ENDED = {"succeeded", "failed", "canceled", "blocked"}


class Run:
    """A supervisor, and what it printed."""

    def __init__(self, data_dir: Path, argv: list[str], **variables: str) -> None:
        self.data = DataDirectory.at(data_dir)
        kept = {name: value for name, value in os.environ.items() if name not in INHERITED}
        crowd = {"MJWEB_SIGNUPS_PER_MINUTE": "1000"}  # all guests of a run come from one address
        self.environment = {**kept, "MJWEB_DATA": str(data_dir), "MJWEB_PORT": "0", **crowd, **variables}
        self.process = subprocess.Popen(
            argv,
            cwd=REPOSITORY,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ready_line(self) -> str:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, self.process.communicate(timeout=10)[1]
        return line.strip()

    def end(self, number: signal.Signals | None = None) -> tuple[int, str]:
        """Exit status and what went to stderr."""
        if number is not None:
            self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors.strip()

    def children_end(self) -> bool:
        return wait_until(lambda: not orphans_of(self.data), 15, every_s=0.05)

    def child(self, name: str) -> int:
        """The process id of the supervisor's living child with that word in its command line."""
        for pid in orphans_of(self.data):
            with suppress(FileNotFoundError, ProcessLookupError):  # a backend of PostgreSQL may end meanwhile
                command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
                if name in command and int(parent) == self.process.pid:
                    return pid
        raise AssertionError(f"no {name}")

    def clear(self) -> None:
        """Ends whatever is left of it."""
        with suppress(ProcessLookupError):
            self.process.kill()
        self.process.communicate(timeout=10)
        stop_orphans(self.data)
        self.data.remove_sockets()


class Product(Run):
    """The whole product, as `make run` starts it, on a data folder of its own."""

    ENGINE, LIGHT, WEB = "gpu@", "light@", "uvicorn"

    def __init__(self, data_dir: Path, **variables: str) -> None:
        super().__init__(data_dir, [sys.executable, "manage.py", "up"], **variables)
        self.url = ""

    def wait_until_ready(self) -> None:
        self.url = self.ready_line().split()[-1].rstrip("/")

    def manage(self, *arguments: str) -> str:
        """What a command prints that somebody starts in a second terminal."""
        argv = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(argv, cwd=REPOSITORY, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def replay(self, job_id: str, *options: str) -> tuple[int, str]:
        """Status and words of `manage.py replay`."""
        argv = [sys.executable, "manage.py", "replay", job_id, *options]
        done = subprocess.run(argv, cwd=REPOSITORY, env=self.environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def program(self, username: str) -> Program:
        """A program with a token of this person, who is made if need be."""
        return Program(self.url, self.manage("create_token", username, "--create"))

    def log(self, name: str) -> str:
        return (self.data.logs / f"{name}.log").read_text()


class Program:
    """A client of the REST API."""

    def __init__(self, url: str, token: str) -> None:
        self.http = httpx.Client(base_url=f"{url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=30)
        self.token = token

    def imagine(self, prompt: str, **fields: Any) -> str:
        """The id of the new job."""
        answer = self.http.post("/jobs", json={"prompt": prompt, **fields})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def act(self, job_id: str, action: str, **fields: Any) -> str:
        """The id of the job that the action made."""
        answer = self.http.post(f"/jobs/{job_id}/actions", json={"action": action, **fields})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def job(self, job_id: str) -> dict[str, Any]:
        answer = self.http.get(f"/jobs/{job_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def wait(self, job_id: str, *, until: set[str] = ENDED, timeout_s: float = 60) -> dict[str, Any]:
        """The job once it is in one of these states."""
        reached = wait_until(lambda: self.job(job_id)["status"] in until, timeout_s, every_s=0.05)
        job = self.job(job_id)
        assert reached, job
        return job
