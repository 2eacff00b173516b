"""docs/events.md and the types that travel say the same."""

import json
from dataclasses import fields

import pytest

from generation.events.document import PAGE, document
from generation.events.types import EVENTS, SCHEMA, ImagesChanged, JobSnapshot

JOB = JobSnapshot(job_id="1", version=2, state="queued", step=0, steps=25)
IMAGES = ImagesChanged(change="trashed", image_ids=("1",), job_ids=("2",))


def test_the_page_has_the_tables_as_they_are():
    """`python -m generation.events.document` writes them."""
    page = PAGE.read_text(encoding="utf-8")
    assert document(page) == page
    assert all(f"### `{name}`" in page for name in EVENTS)


@pytest.mark.parametrize("event", [JOB, IMAGES])
def test_a_message_has_the_fields_of_the_page_and_no_others(event):
    message = json.loads(json.dumps(event.as_message()))
    section = PAGE.read_text(encoding="utf-8").partition(f"### `{message['type']}`")[2].partition("###")[0]
    rows = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
    assert list(message) == rows
    assert rows == ["type", "schema", *(field.name for field in fields(event))]
    assert message["schema"] == SCHEMA
    assert EVENTS[message["type"]] is type(event)


def test_a_field_without_a_sentence_is_noticed(monkeypatch):
    monkeypatch.setattr(JobSnapshot, "__doc__", "A state.\n\njob_id: of a job.")
    with pytest.raises(KeyError):
        document(PAGE.read_text(encoding="utf-8"))
