"""The published schema is valid and tells the whole truth about addresses and failures."""

from __future__ import annotations

import re
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command
from django.urls import reverse

from tests.architecture.test_access import ROUTES
from tests.generation.api.api_client import schema

NOBODY = UUID(int=0)
OPERATIONS = [
    (path, method, operation)
    for path, operations in schema()["paths"].items()
    for method, operation in operations.items()
    if method in {"get", "post", "put", "patch", "delete"}
]


def test_it_is_valid_and_made_without_a_warning():
    call_command("spectacular", "--validate", "--fail-on-warn", "--api-version", "1", stdout=StringIO())


@pytest.mark.django_db
def test_it_is_served_to_everybody(client):
    response = client.get("/api/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert response.json()["openapi"].startswith("3.1")


def test_it_describes_every_address_of_the_api_and_no_other():
    routes = [route for route in ROUTES.values() if route.policy == "api"]
    addresses = {reverse(route.name, kwargs=dict.fromkeys(route.parameters, NOBODY)) for route in routes}
    assert {re.sub(r"\{\w+\}", str(NOBODY), path) for path in schema()["paths"]} == addresses


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=lambda value: str(value)[:40])
def test_every_operation_names_its_failures_as_problems(path, method, operation):
    needed = {"401", "405", "503"}
    needed |= {"404"} if "{" in path else set()
    needed |= {"400", "413", "415", "422"} if "requestBody" in operation else set()
    failures = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
    assert needed <= set(failures)
    assert {media for answer in failures.values() for media in answer["content"]} == {"application/problem+json"}
    assert all(answer["description"] for answer in failures.values())


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS, ids=lambda value: str(value)[:40])
def test_every_operation_says_what_it_is_for(path, method, operation):
    assert operation["summary"]
    assert operation["description"]
    assert {"token": []} in operation["security"]


def test_everything_that_makes_a_job_takes_an_idempotency_key():
    makers = {operation["operationId"] for _, _, operation in OPERATIONS if "202" in operation["responses"]}
    keyed = {
        operation["operationId"]
        for _, _, operation in OPERATIONS
        if any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", []))
    }
    assert makers == keyed == {"submit_job", "act_on_job", "act_on_image", "blend_images", "edit_image"}
