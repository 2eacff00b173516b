"""The jobs that one prompt made together, laid out by what its braces varied: a contact sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod
from typing import Final
from uuid import UUID

from generation.errors import GroupNotFoundError
from generation.models import Job, PromptGroup
from generation.prompts.choices_in_braces import Choice, read_braces
from generation.prompts.lexer import mask_quotes, one_line
from generation.prompts.problems import Findings
from mjweb.accounts.models import User
from mjweb.common.saying import say

MOST_AXES: Final = 2
_ESCAPED: Final = re.compile(r"\\(?=[{},，、])")  # noqa: RUF001 - commas of Chinese keyboards


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sheet. cells: the jobs at each column, in order; several where the prompt was repeated."""

    label: str
    cells: tuple[tuple[Job, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A group as a table.

    columns: what the second pair of braces varied; empty where there is no second one, and each row has one cell.
    rows: what the first pair varied; where there are none, or more than two, each job by its own prompt.
    """

    group: PromptGroup
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    pictures: int
    is_active: bool


def contact_sheet(owner: User, group_id: UUID) -> Sheet:
    """This person's group with everything that its page shows, in a fixed number of queries.

    Raises:
        GroupNotFoundError: there is none of this person.
    """
    group = PromptGroup.objects.filter(owner=owner, pk=group_id).first()
    if group is None:
        raise GroupNotFoundError(say("There is no such group of pictures."))
    jobs = list(group.jobs.select_related("checkpoint").prefetch_related("images").order_by("group_place"))
    columns, rows = _table(jobs, axes_of(group.prompt))
    pictures = sum(len(job.images.all()) for job in jobs)
    return Sheet(group, columns, tuple(rows), pictures, is_active=any(job.is_active for job in jobs))


def axes_of(prompt: str) -> list[tuple[str, ...]]:
    """What each outermost pair of braces stands for, in typed order; those that stand for one thing are left out."""
    mask = mask_quotes(prompt)
    choices = read_braces(prompt, mask, Findings()).choices
    return [tuple(_options(prompt, choice)) for choice in choices if choice.count > 1]


def _options(prompt: str, choice: Choice) -> Iterator[str]:
    for index in range(choice.count):
        text = "".join(prompt[start:end] for start, end in choice.spans(index))
        yield one_line(_ESCAPED.sub("", text))


def _table(jobs: Sequence[Job], axes: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], list[Row]]:
    """Columns and rows; a list of jobs where the braces do not tell which job is which."""
    places = prod(map(len, axes))
    if not 1 <= len(axes) <= MOST_AXES or len(jobs) % places:
        return (), [Row(job.prompt, ((job,),)) for job in jobs]
    times = len(jobs) // places
    cells = [tuple(jobs[at : at + times]) for at in range(0, len(jobs), times)]
    down, across = axes[0], axes[1] if len(axes) == MOST_AXES else ()
    width = len(across) or 1
    rows = [Row(label, tuple(cells[at * width : (at + 1) * width])) for at, label in enumerate(down)]
    return across, rows
