"""A browser at the running product, and an eye on everything it complains about."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from scripts.ensure_browser import find_browser
from tests.runs import Product

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PASSWORD = "quiet orange lantern"
SIGNED_UP: set[tuple[str, str]] = set()
SLOWEST_MS = 20_000
expect.set_options(timeout=15_000)  # what has to be quick names its own bound; the rest only has to come
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser to start: without one CI fails and everybody else is told loudly what was left out."""
    found = find_browser()
    if found is None and os.environ.get("CI"):
        pytest.fail("There is no browser for the journeys: `make test` installs one, MJWEB_CHROMIUM names one.")
    if found is None:
        pytest.skip("NO BROWSER: the journeys were not made. MJWEB_CHROMIUM names one.")
    return found


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """One process for the journeys of a module. Playwright's loop must not outlive them: Django refuses it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        browser.close()


@dataclass
class Guest:
    """A person at a browser of their own.

    complaints: what the console said and what failed; hosts: every host that was asked for anything.
    """

    context: BrowserContext
    url: str
    name: str = ""
    complaints: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(SLOWEST_MS)
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda failure: self._failed(str(failure.error)))
        self.context.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page = self.context.new_page()
        self.page.on("websocket", lambda socket: self.hosts.add(urlsplit(socket.url).netloc))

    def _heard(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def _failed(self, error: str) -> None:
        if "Transition was aborted" not in error:  # Chromium's own: a page was left before it had faded in
            self.complaints.append(error)

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def sign_up(self, name: str) -> Page:
        """Through the page, as anybody would. All journeys share a product, so each has names of its own."""
        assert (self.url, name) not in SIGNED_UP, f"another journey has signed {name} up"
        SIGNED_UP.add((self.url, name))
        page = self.open("/accounts/signup/")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Email").fill(f"{name}@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign up").click()
        page.wait_for_url("**/create/")
        self.name = name
        return page

    def is_content(self) -> None:
        """Nothing was complained about, and nobody else was asked for anything."""
        assert self.complaints == []
        assert self.hosts - {""} == {urlsplit(self.url).netloc}


@pytest.fixture
def guests(browser: Browser, product: Product) -> Iterator[Callable[..., Guest]]:
    """Makes people; at the end each of them must be content."""
    made: list[Guest] = []

    def arrive(**context: Any) -> Guest:
        made.append(Guest(browser.new_context(**{"viewport": DESKTOP, **context}), product.url))
        return made[-1]

    yield arrive
    for guest in made:
        guest.context.close()
    for guest in made:
        guest.is_content()


@pytest.fixture
def guest(guests: Callable[..., Guest]) -> Guest:
    """A person at a desktop."""
    return guests()


@pytest.fixture
def phone(guests: Callable[..., Guest]) -> Guest:
    """A person with a phone."""
    return guests(**PHONE)
