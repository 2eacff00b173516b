"""The one event that travels to sockets."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSnapshot:
    """The whole small state of a job at one moment: a socket that missed ten of them needs only the last.

    version: rises with every attempt, state and step; a page ignores a snapshot older than what it shows.
    position: 1 is next in line; None unless the job waits.
    starts_in_s: estimate for a waiting job, seconds.
    preview: a small WebP of the grid so far as a `data:` URL, or None when there is no new one.
    sentence: why it failed, or why it waits although it may be next in line; else empty.
    """

    job_id: str
    version: int
    state: str
    step: int
    steps: int
    position: int | None = None
    starts_in_s: int | None = None
    preview: str | None = None
    sentence: str = ""

    def as_message(self) -> dict[str, Any]:
        """The JSON that the socket carries."""
        return {"type": "job", **asdict(self)}
