"""One error, told in the form that the asker understands."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from mjweb.common.errors import ConflictError
from mjweb.common.middleware import ErrorMiddleware

SENTENCE = "The database does not answer at the moment. Try again in a few seconds."


@pytest.fixture
def told(rf):
    """What the middleware answers to an error in a view."""

    def tell(error: Exception, **headers: str):
        return ErrorMiddleware(lambda _: None).process_exception(rf.get("/", headers=headers), error)

    return tell


def test_a_browser_gets_a_page(told):
    answer = told(ConflictError("It is being made already."))
    assert answer.status_code == 409
    assert "It is being made already." in answer.text
    assert "<html" in answer.text


def test_htmx_gets_a_toast(told):
    answer = told(ConflictError("It is being made already."), **{"HX-Request": "true"})
    assert answer.status_code == 409
    assert 'class="toast bad"' in answer.text
    assert "<html" not in answer.text


def test_a_program_gets_a_problem_body(told):
    answer = told(ConflictError("It is being made already.", limit=3), Accept="application/json")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.status_code == 409
    assert b'"code": "conflict"' in answer.content
    assert b'"limit": 3' in answer.content


def test_what_people_typed_stays_text_in_every_form(told):
    answer = told(ConflictError("<script>alert(1)</script>"))
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_a_lost_database_asks_to_come_back(told):
    answer = told(OperationalError("server closed the connection"))
    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    assert SENTENCE in answer.text
    assert "server closed" not in answer.text


def test_an_unknown_error_stays_djangos_own(told):
    assert told(ZeroDivisionError()) is None


def test_health_is_told_without_signing_in(client, db):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_health_is_false_while_the_database_is_away(client, db, monkeypatch):
    def away(*args):
        raise OperationalError("gone")

    with monkeypatch.context() as patched:
        patched.setattr("mjweb.common.health.connection.cursor", away)
        answer = client.get("/healthz", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
