"""Every address of the product, and how a test asks it for something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from rest_framework.permissions import IsAuthenticated

# Their access is the business of their own packages, and tested there.
VENDOR_MODULES = ("allauth.",)
VENDOR_NAMESPACES = {"admin"}
# API views that ask for nobody: they show no row of anybody.
OPEN_API_VIEWS = {"SchemaView", "DocsView", "NowhereView"}
CANVAS = {"width": 224, "height": 96, "left": 0, "top": 0, "picture_width": 160, "picture_height": 96}


FORMS: dict[str, dict[str, Any]] = {
    "api-image-edit": {"prompt": "a tree", "canvas": CANVAS},
    "api-job-actions": {"action": "reroll"},
    "image-pan": {"direction": "left"},
    "collection-rename": {"name": "Coast"},
    "comment-post": {"text": "Words"},
    "comment-edit": {"text": "Words"},
    "image-vary": {"strength": "strong"},
    "image-zoom": {"factor": "2"},
    "image-upscale": {"variant": "2x"},
    "api-image-actions": {"action": "vary", "strength": "strong"},
    "my-appeal": {"text": "Words"},
    "api-appeal": {"text": "Words"},
    "collection-shift": {"step": "1"},
    "moderation-answer": {"answer": "No."},
}
HEADERS = {"comment-answers": {"HX-Request": "true"}}
VALUES = {"named": "watercolor"}
NOWHERE = "/api/v1/nowhere/"


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


def address_of(name: str, things: dict[str, Any]) -> str:
    """The address of a route with these things in it."""
    known = {**things, **VALUES, **things.get(name, {})}
    values = {parameter: known[parameter] for parameter in ROUTES[name].parameters}
    return NOWHERE if name == "^.*$" else reverse(name, kwargs=values)


def ask(client: Client, name: str, things: dict[str, Any]) -> HttpResponse:
    """GETs the address, or POSTs where it takes no GET, or DELETEs where it takes neither."""
    address = address_of(name, things)
    kind = {"content_type": "application/json"} if ROUTES[name].is_api else {}
    response = client.get(address, headers=HEADERS.get(name, {}))
    if response.status_code == 405:
        response = client.post(address, FORMS.get(name, {}), **kind)
    return client.delete(address) if response.status_code == 405 else response
