"""Every address, everybody, every state of a picture, as `permissions.py` says; what is not for somebody is a 404."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from generation.models import Image
from tests.architecture.permissions import OF_PICTURES, PEOPLE, ROWS, STATES, is_allowed
from tests.architecture.routes import ROUTES, ask

pytestmark = pytest.mark.django_db

CHANGES: dict[str, dict[str, Any]] = {
    "public": {},
    "unlisted": {"visibility": "unlisted"},
    "sensitive": {"level": 1},
    "private": {"visibility": "private"},
    "withheld": {"withheld_at": timezone.now()},
    "trashed": {"trashed_at": timezone.now()},
}
ASKED_BY_ALL, FEWER = {"public", "private", "withheld"}, ("anonymous", "follower", "blocked", "owner", "moderator")
"""In the other states a stranger is as a follower, and an administrator as a moderator."""
KEPT_IN_TRASH = {"image", "image-original", "image-rendition", "image-download", "image-trash", "image-restore"}
ALIKE, SOME = {"page", "browse", "member", "nowhere"}, ("anonymous", "stranger", "blocked", "moderator")
"""Where nothing matters but whether somebody is signed in, some of the people stand for all."""
DENIED = frozenset({401, 404})


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written within is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def is_denied(response: HttpResponse) -> bool:
    """Whether it does not exist for whoever asked, or they are asked to sign in."""
    to_sign_in = response.status_code == 302 and response["Location"].startswith(reverse("account_login"))
    return to_sign_in or response.status_code in DENIED


def wrong(client: Client, person: str, name: str, state: str, things: dict[str, Any]) -> str:
    """What is not as its row says; empty where all is well."""
    with undone():
        response = ask(client, name, things)
    expected = is_allowed(ROWS[name], person, state)
    if state == "trashed" and expected and name not in KEPT_IN_TRASH:
        return ""  # its owner restores it first; until then it may or may not be there
    if is_denied(response) == expected or response.status_code >= 500 or response.status_code == 403:
        return f"{name} of a {state} picture for {person}: {response.status_code}, and it should be {expected=}"
    return ""


def test_every_address_has_a_row_and_every_row_an_address():
    assert sorted(set(ROUTES) - set(ROWS)) == [], "say in tests/architecture/permissions.py who may use it"
    assert sorted(set(ROWS) - set(ROUTES)) == []


@pytest.mark.parametrize("state", STATES)
def test_pictures_are_for_whom_their_state_says(clients, things, state):
    Image.objects.filter(pk=things["image_id"]).update(**CHANGES[state])
    names = [name for name, policy in ROWS.items() if policy in OF_PICTURES]
    people = PEOPLE if state in ASKED_BY_ALL else FEWER
    found = [wrong(clients[person], person, name, state, things) for name in names for person in people]
    assert not [one for one in found if one], "\n".join(one for one in found if one)


def test_everything_else_is_for_whom_its_row_says(clients, things):
    names = [name for name, policy in ROWS.items() if policy not in OF_PICTURES and policy != "signed"]
    cells = [(name, person) for name in names for person in (SOME if ROWS[name] in ALIKE else PEOPLE)]
    found = [wrong(clients[person], person, name, "public", things) for name, person in cells]
    assert not [one for one in found if one], "\n".join(one for one in found if one)


def test_with_browsing_off_visitors_sign_in_for_everything_that_shows_pictures(clients, things, settings):
    settings.MJWEB_ANONYMOUS_BROWSING = False
    shown = [name for name, policy in ROWS.items() if policy in {"browse", "picture", "person"}]
    found = [name for name in shown if not is_denied(ask(clients["anonymous"], name, things))]
    assert found == []
