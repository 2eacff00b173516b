"""The documentation page, as a browser without a network shows it."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from scripts.ensure_browser import find_browser
from tests.generation.api.api_client import schema

pytestmark = pytest.mark.django_db


def test_it_allows_no_inline_script(client):
    policy = client.get("/api/docs/")["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert "default-src 'self'" in policy


def test_it_loosens_no_other_page(client):
    assert "unsafe-inline" not in client.get("/api/schema/")["Content-Security-Policy"]


def test_it_draws_every_endpoint_without_an_error_or_an_outside_request(live_server, tmp_path):
    chromium = find_browser()
    if chromium is None and not os.environ.get("CI"):
        pytest.skip("NO BROWSER: MJWEB_CHROMIUM names one.")
    complaints, hosts = [], set()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        page = browser.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type != "log" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.on("response", lambda response: complaints.append(response.url) if response.status >= 400 else None)
        page.goto(f"{live_server.url}/api/docs/")
        page.locator("#operations-jobs-submit_job").click()
        page.get_by_text("Imagine: puts four pictures of a prompt into the queue.").wait_for()
        shown = page.locator(".opblock").count()
        page.screenshot(path=tmp_path / "docs.png", full_page=True)
        browser.close()
    assert complaints == []
    assert hosts - {""} == {urlsplit(live_server.url).netloc}
    assert shown == sum(len(operations) for operations in schema()["paths"].values())
