"""What tests see of a running product: people in browsers, its rows, its processes."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, LiteralString

import httpx
import psycopg
from psycopg.rows import dict_row
from websockets import Origin
from websockets.sync.client import ClientConnection, connect

from mjweb.local.connections import recall_connections
from mjweb.local.processes import wait_until
from tests.runs import ENDED, Product, Program

PASSWORD = "gentle otter 42"
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@contextmanager
def page_of(product: Product, username: str) -> Iterator[ClientConnection]:
    """The websocket of a page of this person, who signed up and then signed in through the forms."""
    with httpx.Client(base_url=product.url) as visitor:
        fields = {"username": username, "email": f"{username}@example.com", "password1": PASSWORD}
        assert _post_form(visitor, "/accounts/signup/", fields).status_code == 302
    with httpx.Client(base_url=product.url) as browser:
        signed_in = _post_form(browser, "/accounts/login/", {"login": username, "password": PASSWORD})
        assert signed_in.status_code == 302, signed_in.text
        cookie = f"sessionid={browser.cookies['sessionid']}"
    address = product.url.replace("http", "ws", 1) + "/ws/"
    with connect(address, origin=Origin(product.url), additional_headers={"Cookie": cookie}) as page:
        yield page


def _post_form(browser: httpx.Client, path: str, fields: dict[str, str]) -> httpx.Response:
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(path).text)
    assert token
    form = {**fields, "csrfmiddlewaretoken": token[1]}
    return browser.post(path, data=form, headers={"Referer": str(browser.base_url)})


def snapshots(page: ClientConnection, job_id: str, *, timeout_s: float = 60) -> list[dict[str, Any]]:
    """Everything that the page hears about a job, up to its end."""
    heard: list[dict[str, Any]] = []
    deadline = time.monotonic() + timeout_s
    while not heard or heard[-1]["state"] not in ENDED:
        message = json.loads(page.recv(timeout=deadline - time.monotonic()))
        if message["job_id"] == job_id:
            heard.append(message)
    return heard


@contextmanager
def program_of(product: Product, username: str) -> Iterator[Program]:
    """A program with a token of this person, who is made if need be."""
    program = product.program(username)
    with program.http:
        yield program


def rows(product: Product, query: LiteralString, *values: object) -> list[dict[str, Any]]:
    """What the product's own database says."""
    with psycopg.connect(recall_connections(product.data.root)["DATABASE_URL"], row_factory=dict_row) as connection:
        return connection.execute(query, values).fetchall()


def job_row(product: Product, job_id: str) -> dict[str, Any]:
    [row] = rows(product, "SELECT * FROM generation_job WHERE id = %s", job_id)
    return row


def settled(program: Program, job_id: str, *, timeout_s: float = 60) -> dict[str, Any]:
    """The job at its end; that servers are away for a while in between is what the test is about."""
    found: dict[str, Any] = {}

    def has_ended() -> bool:
        with suppress(httpx.TransportError):
            answer = program.http.get(f"/jobs/{job_id}")
            assert answer.status_code in {200, 503}, answer.text
            if answer.status_code == 200:
                found.update(answer.json())
        return found.get("status") in ENDED

    assert wait_until(has_ended, timeout_s, every_s=0.1), found
    return found


def in_mid_grid(program: Program, job_id: str, *, step: int = 3) -> None:
    """Returns while the job is painted, at least `step` steps on."""
    job = program.job(job_id)
    while job["status"] == "queued" or job["progress"]["step"] < step:
        job = program.job(job_id)
    assert job["status"] == "running", job


def cpu_s(pid: int) -> float:
    """Processor seconds that a process has used so far."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def is_idle(pid: int) -> bool:
    """Whether a process stands still for a while."""
    used_s = cpu_s(pid)
    time.sleep(0.5)
    return cpu_s(pid) - used_s < 0.03


def is_gone(pid: int) -> bool:
    """Whether the process has ended; a zombie has."""
    try:
        return _stat(pid)[0] == "Z"
    except FileNotFoundError:
        return True


def _stat(pid: int) -> list[str]:
    """What the kernel says of a process, from its state on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
