"""Every address says who may use it, and what is private does not exist for anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from rest_framework.permissions import IsAuthenticated
from rest_framework.views import APIView

from generation.jobs import questions
from generation.jobs.collecting import create_collection, keep_search
from generation.jobs.services import submit_prompts
from generation.jobs.uploads import keep_upload
from generation.models import OptionSet
from tests.factories import finished_job
from tests.generation.api.test_uploads import picture

pytestmark = pytest.mark.django_db

# Their access is the business of their own packages, and tested there.
VENDOR_MODULES = ("allauth.",)
VENDOR_NAMESPACES = {"admin"}
# API views that ask for nobody: they show no row of anybody.
OPEN_API_VIEWS = {"SpectacularAPIView", "DocsView", "NowhereView"}
# Parameters that name no private thing.
HARMLESS = {"username"}
CANVAS = {"width": 224, "height": 96, "left": 0, "top": 0, "picture_width": 160, "picture_height": 96}
BODIES = {
    "api-image-edit": {"prompt": "a tree", "canvas": CANVAS},
    "api-job-actions": {"action": "reroll"},
    "image-pan": {"direction": "left"},
    "collection-rename": {"name": "Coast"},
}


@dataclass(frozen=True)
class Route:
    """One of our addresses and who may use it: `public`, `member`, `api` or `open-api`."""

    name: str
    parameters: frozenset[str]
    policy: str | None
    is_api: bool


def policy_of(view: Any) -> str | None:
    """Who may use this view, by its decorator or its permission classes; None where it does not say."""
    if policy := getattr(view, "access_policy", None):
        return policy
    api_view = getattr(view, "cls", None)
    if api_view is None:
        return None
    if IsAuthenticated in api_view.permission_classes:
        return "api"
    return "open-api" if api_view.__name__ in OPEN_API_VIEWS else None


def ours() -> Iterator[Route]:
    """Every address of the product, except those of the packages it stands on."""
    for pattern in _leaves(get_resolver().url_patterns):
        view = pattern.callback
        if not view.__module__.startswith(VENDOR_MODULES):
            name = pattern.name or str(pattern.pattern)
            yield Route(name, frozenset(pattern.pattern.converters), policy_of(view), hasattr(view, "cls"))


def _leaves(patterns: list[Any]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        elif pattern.namespace not in VENDOR_NAMESPACES:
            yield from _leaves(pattern.url_patterns)


ROUTES = {route.name: route for route in ours()}
OBJECT_ROUTES = sorted(name for name, route in ROUTES.items() if route.parameters - HARMLESS)


@pytest.fixture
def private_things(alice, checkpoint):
    """Values for the parameters of addresses, all of them Alice's and private."""
    job = finished_job(alice, "a lighthouse nobody else may see --stealth --ar 3:2")
    upload = keep_upload(alice, picture())
    [in_group, _] = submit_prompts(alice, "a {red, blue} boat --stealth")
    collection, search = create_collection(alice, "Mine"), keep_search(alice, "mine", "is:liked")
    option_set = OptionSet.objects.create(owner=alice, name="mine", value="--ar 3:2")
    image = job.images.get(index=1)
    asked = questions.Question(kind="describe", file=image.original_name, model=checkpoint.name)
    questions.give_answer("nobody", asked, {"prompts": ["a lighthouse"], "shown": []}, "clip-of-this-test")
    return {
        "collection_id": collection.pk, "search_id": search.pk,
        "job_id": job.pk, "image_id": image.pk, "side_px": 320, "upload_id": upload.pk, "name": option_set.name,
        "group_id": in_group.group_id,
    }  # fmt: skip


def ask(client: Client, name: str, things: dict[str, Any]) -> Any:
    """GETs the address, or POSTs where it takes no GET, or DELETEs where it takes neither."""
    address = reverse(name, kwargs={parameter: things[parameter] for parameter in ROUTES[name].parameters})
    response = client.get(address)
    if response.status_code != 405:
        return response
    kind = {"content_type": "application/json"} if ROUTES[name].is_api else {}
    response = client.post(address, BODIES.get(name, {}), **kind)
    return client.delete(address) if response.status_code == 405 else response


def test_every_address_says_who_may_use_it():
    assert [route.name for route in ours() if route.policy is None] == []


def test_a_view_without_a_policy_is_noticed():
    class ForgottenView(APIView):
        permission_classes = ()

    assert policy_of(lambda _: None) is None
    assert policy_of(ForgottenView.as_view()) is None


def test_the_matrix_covers_the_known_kinds_of_things():
    assert {
        "image", "image-original", "image-rendition", "image-publish", "job-card", "job-cancel", "api-job", "api-image",
    } <= set(OBJECT_ROUTES)  # fmt: skip


@pytest.mark.parametrize("name", OBJECT_ROUTES)
def test_private_things_do_not_exist_for_other_people(client, bob, private_things, name):
    client.force_login(bob)
    assert ask(client, name, private_things).status_code == 404


@pytest.mark.parametrize("name", OBJECT_ROUTES)
def test_private_things_do_not_exist_for_nobody(client, private_things, name):
    response = ask(client, name, private_things)
    assert response.status_code == {"public": 404, "member": 302, "api": 401}[ROUTES[name].policy]
    if response.status_code == 302:
        assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", OBJECT_ROUTES)
def test_private_things_are_there_for_their_owner(client, alice, private_things, name):
    client.force_login(alice)
    assert ask(client, name, private_things).status_code < 400


@pytest.mark.parametrize("name", sorted(name for name, route in ROUTES.items() if route.policy == "member"))
def test_members_pages_ask_strangers_to_sign_in(client, private_things, name):
    things = {**private_things, "username": "alice"}
    response = ask(client, name, things)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "name", sorted(name for name, route in ROUTES.items() if not route.parameters and "^" not in name)
)
def test_no_address_breaks_for_whoever_asks(client, alice, private_things, name):
    assert ask(client, name, private_things).status_code < 500
    client.force_login(alice)
    assert ask(client, name, private_things).status_code < 500


@pytest.mark.parametrize("name", OBJECT_ROUTES)
def test_nothing_is_done_without_the_csrf_token(alice, private_things, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    address = reverse(name, kwargs={parameter: private_things[parameter] for parameter in ROUTES[name].parameters})
    kind = {"content_type": "application/json"} if ROUTES[name].is_api else {}
    assert client.post(address, BODIES.get(name, {}), **kind).status_code in {403, 405}
