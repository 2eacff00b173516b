"""Every address says who may use it, takes no request of another site, and breaks for nobody.

Who may do what with whose things is in `test_permissions.py`.
"""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.views import APIView

from tests.architecture.routes import FORMS, ROUTES, address_of, ask, ours, policy_of

pytestmark = pytest.mark.django_db

POLICIES = {"public", "browsing", "member", "moderator", "administrator", "api", "open-api"}


def test_every_address_says_who_may_use_it():
    assert [route.name for route in ours() if route.policy not in POLICIES] == []


def test_a_view_without_a_policy_is_noticed():
    class ForgottenView(APIView):
        permission_classes = ()

    assert policy_of(lambda _: None) is None
    assert policy_of(ForgottenView.as_view()) is None


def test_members_pages_ask_strangers_to_sign_in(client, things):
    inner = {"member", "moderator", "administrator"}
    answers = {name: ask(client, name, things) for name, route in ROUTES.items() if route.policy in inner}
    sign_in = reverse("account_login")
    wrong = [name for name, one in answers.items() if one.status_code != 302 or not one["Location"].startswith(sign_in)]
    assert wrong == []


def test_no_address_breaks_for_whoever_asks(client, alice, things):
    for _ in range(2):
        assert [name for name in ROUTES if ask(client, name, things).status_code >= 500] == []
        client.force_login(alice)


def test_nothing_is_done_without_the_csrf_token(alice, things):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    open_to_all = {"public", "open-api"}
    for name in (name for name, route in ROUTES.items() if route.policy not in open_to_all):
        kind = {"content_type": "application/json"} if ROUTES[name].is_api else {}
        assert client.post(address_of(name, things), FORMS.get(name, {}), **kind).status_code in {403, 405}, name
