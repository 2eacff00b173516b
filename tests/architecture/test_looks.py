"""What the pages weigh, and that everything that moves can be held still."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from mjweb.common.statics import sheet_address
from mjweb.local.paths import REPOSITORY

pytestmark = pytest.mark.django_db

STATIC = REPOSITORY / "static"
MOST_SCRIPT_BYTES = 60_000
MOST_PAGE_BYTES = 150_000
PICTURES = {".png", ".webp", ".jpg"}
# What moves, in all the ways in which a stylesheet says so.
MOVING = re.compile(r"(?<![\w-])((?:transition|animation)(?:-duration|-delay)?)\s*:\s*([^;{}]+)")
SPAN = re.compile(r"(?<![\w.-])[\d.]+m?s\b")
NOT_A_RULE = re.compile(r"/\*.*?\*/", re.DOTALL)
TOKENS = STATIC / "css" / "tokens.css"


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 9))


def sheets() -> Iterator[tuple[Path, str]]:
    for file in sorted((STATIC / "css").rglob("*.css")):
        yield file, NOT_A_RULE.sub("", file.read_text())


# --- weight


def needed(file: Path) -> Iterator[Path]:
    """The file, and every file that it brings along."""
    yield file
    if file.suffix not in {".css", ".js"}:
        return
    brought = r'^import [^"]*"([^"]+)"|^@import url\("([^"]+)"\)|from "(\./[^"]+|\.\./[^"]+)"'
    for names in re.findall(brought, file.read_text(), re.MULTILINE):
        yield from needed((file.parent / "".join(names)).resolve())


def linked(page: str) -> set[Path]:
    """What a page cannot do without: its sheets, scripts and icons."""
    addresses = re.findall(r'(?:href|src)="/static/([^"#]+)', page)
    assert f'href="{sheet_address()}"' in page
    found = (Path(finders.find(address)) for address in [*addresses, "css/site.css"])
    return {part for file in found for part in needed(file) if part.suffix not in PICTURES}


def weight(page: str) -> int:
    return packed(page.encode()) + sum(packed(file.read_bytes()) for file in linked(page))


def test_all_our_scripts_together_are_small():
    sizes = {str(file.relative_to(STATIC)): packed(file.read_bytes()) for file in (STATIC / "js").rglob("*.js")}
    assert sum(sizes.values()) < MOST_SCRIPT_BYTES, sorted(sizes.items(), key=lambda one: -one[1])


def test_the_first_page_of_a_guest_is_small():
    page = Client().get(reverse("explore")).text
    assert {"site.css", "tokens.css", "shell.js", "keys.js"} <= {file.name for file in linked(page)}
    assert weight(page) < MOST_PAGE_BYTES


def test_the_first_page_of_a_member_is_small(client, alice, checkpoint):
    client.force_login(alice)
    page = client.get(reverse("create")).text
    assert {"imagine.js", "complete.js", "live.js", "socket.js"} <= {file.name for file in linked(page)}
    assert weight(page) < MOST_PAGE_BYTES


# --- movement


def test_everything_moves_by_tokens_which_are_nothing_where_less_movement_is_wished():
    by_hand = [
        f"{file.name}: {what}: {how.strip()}"
        for file, rules in sheets()
        for what, how in MOVING.findall(rules)
        if SPAN.search(how)
    ]
    assert by_hand == []
    assert sum(len(MOVING.findall(rules)) for _, rules in sheets()) > 20


def test_without_movement_every_span_is_nothing():
    spans = set(re.findall(r"(--[\w-]+):\s*[\d.]+m?s\b", TOKENS.read_text()))
    [still] = re.findall(r"prefers-reduced-motion: reduce\) \{\s*:root \{([^}]+)\}", TOKENS.read_text())
    assert set(re.findall(r"(--[\w-]+): 0s;", still)) == spans
    assert {"--quick", "--calm", "--slow", "--develop"} <= spans


def test_no_script_moves_anything_without_asking():
    scripts = {file.name: file.read_text() for file in (STATIC / "js").rglob("*.js")}
    moving = {name for name, text in scripts.items() if re.search(r"\bsmooth\b|\.animate\(|startViewTransition", text)}
    assert {name for name in moving if "prefers-reduced-motion" not in scripts[name]} == set()


def test_more_contrast_is_the_same_by_choice_and_by_the_wish_of_the_system():
    rules = NOT_A_RULE.sub("", TOKENS.read_text())
    chosen = re.search(r':root\[data-contrast="more"\] \{([^}]+)\}', rules)
    wished = re.search(r':root:not\(\[data-contrast="standard"\]\) \{([^}]+)\}', rules)
    assert chosen
    assert wished
    assert chosen[1].split() == wished[1].split()
