"""The events that travel to sockets; docs/events.md is written from this module."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

SCHEMA: Final = 1
"""Rises when a field goes or means something else; one that is added changes nothing for a page that ignores it."""

Change = Literal["published", "unlisted", "private", "liked", "hidden", "trashed", "restored", "collected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSnapshot:
    """The whole small state of a job at one moment: a socket that missed ten of them needs only the last.

    job_id: of one's own job.
    version: rises with every attempt, state and step; a page ignores a snapshot older than what it shows.
    state: queued, running, finishing, succeeded, failed, canceled or blocked.
    step: how many steps are done, over all stages.
    steps: how many there are; an estimate until the job runs.
    position: 1 is next in line; null unless the job waits.
    lane: fast or relaxed, while the job waits; else empty.
    starts_in_s: estimate for a waiting job, in seconds; null while nothing is known.
    preview: a small WebP of the grid so far as a `data:` URL, or null when there is no new one.
    sentence: why it failed, or why it waits although it may be next in line; else empty.
    """

    job_id: str
    version: int
    state: str
    step: int
    steps: int
    position: int | None = None
    lane: str = ""
    starts_in_s: int | None = None
    preview: str | None = None
    sentence: str = ""

    def as_message(self) -> dict[str, Any]:
        """The JSON that the socket carries."""
        return {"type": "job", "schema": SCHEMA, **asdict(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagesChanged:
    """Pictures of one's own are no longer what a page may still show: it asks for their cards anew.

    change: published, unlisted, private, liked, hidden, trashed, restored or collected; at other words a page asks too.
    image_ids: the pictures.
    job_ids: the jobs that made them, each once.
    """

    change: Change
    image_ids: tuple[str, ...]
    job_ids: tuple[str, ...]

    def as_message(self) -> dict[str, Any]:
        """The JSON that the socket carries."""
        return {"type": "images", "schema": SCHEMA, **asdict(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """Somebody did something that this person is told of, or this person has read it: a page shows how much is unread.

    unread: how many lines of the notifications are.
    """

    unread: int

    def as_message(self) -> dict[str, Any]:
        """The JSON that the socket carries."""
        return {"type": "notices", "schema": SCHEMA, **asdict(self)}


Event = JobSnapshot | ImagesChanged | Noticed
EVENTS: Final[dict[str, type[Event]]] = {"job": JobSnapshot, "images": ImagesChanged, "notices": Noticed}
"""Every event by the `type` of its message."""
