"""States of a job and the moves between them, as one table."""

from __future__ import annotations

from typing import Final

from generation.models import JobState

MOVES: Final[dict[JobState, frozenset[JobState]]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.CANCELED, JobState.FAILED, JobState.BLOCKED}),
    JobState.RUNNING: frozenset(
        {JobState.FINISHING, JobState.QUEUED, JobState.CANCELED, JobState.FAILED, JobState.BLOCKED}
    ),
    JobState.FINISHING: frozenset(
        {JobState.SUCCEEDED, JobState.QUEUED, JobState.CANCELED, JobState.FAILED, JobState.BLOCKED}
    ),
    JobState.SUCCEEDED: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELED: frozenset(),
    JobState.BLOCKED: frozenset(),
}

LEASED: Final = (JobState.RUNNING, JobState.FINISHING)
RANK: Final = {state: rank for rank, state in enumerate(JobState)}


def states_before(state: JobState) -> list[JobState]:
    """The states from which a job may come into `state`: the `WHERE` of every move."""
    return [before for before, after in MOVES.items() if state in after]
