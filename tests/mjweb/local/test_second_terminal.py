"""Commands beside a running `make run`."""

from __future__ import annotations

import os
import subprocess
import sys

import httpx
import pytest

from mjweb.local.paths import REPOSITORY
from tests.runs import INHERITED

pytestmark = pytest.mark.processes


def test_create_token_finds_the_running_product(product):
    secret = product.manage("create_token", "terminal", "--create")
    answer = httpx.get(f"{product.url}/api/v1/jobs", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer.json()["results"]) == (200, [])


def test_create_token_says_in_one_sentence_that_nothing_runs(tmp_path):
    kept = {name: value for name, value in os.environ.items() if name not in INHERITED}
    done = subprocess.run(
        [sys.executable, "manage.py", "create_token", "terminal", "--create"],
        cwd=REPOSITORY,
        env={**kept, "MJWEB_DATA": str(tmp_path / "var")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("CommandError: The database does not answer. Start mjweb with")
    assert len(done.stderr.splitlines()) == 1
