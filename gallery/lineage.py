"""Where a picture comes from and what became of it, as far as the person who asks may see."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, Literal
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from generation.jobs.selectors import typed_prompt
from generation.models import Image, JobKind
from mjweb.accounts.models import User

MAX_ANCESTORS: Final = 12
MAX_DESCENDANTS: Final = 96
GENERATIONS_BELOW: Final = 3
SHOWN_WHOLE: Final = 4

DEEDS: Final[dict[str, str]] = {
    JobKind.IMAGINE: "Imagine",
    JobKind.REROLL: "Vary again",
    JobKind.REMIX: "Remix",
    JobKind.RERUN: "The same again",
    JobKind.VARY: "Vary",
    JobKind.UPSCALE: "Upscale",
    JobKind.ZOOM: "Zoom out",
    JobKind.PAN: "Pan",
    JobKind.SQUARE: "Make square",
    JobKind.REGION: "Vary region",
    JobKind.EDIT: "Edit",
    JobKind.BLEND: "Blend",
}
RESIZED: Final = frozenset({JobKind.ZOOM, JobKind.PAN, JobKind.SQUARE, JobKind.EDIT})
TOLD_BY_VARIANT: Final = frozenset({JobKind.REMIX, JobKind.VARY, JobKind.UPSCALE, JobKind.ZOOM, JobKind.PAN})
TIMES: Final = "×"  # noqa: RUF001 - the sign for sizes

Change = tuple[Literal["added", "removed"], str]


@dataclass(frozen=True, slots=True)
class Branch:
    """One step of a lineage and everything that grew from it.

    images: the pictures that the step made, in reading order: one before the picture in question (the one that
        was worked on), up to four after it. Empty where several steps are folded into one line.
    changes: the difference to the words before, where they were changed.
    """

    title: str
    images: tuple[Image, ...] = ()
    is_current: bool = False
    detail: str = ""
    changes: tuple[Change, ...] = ()
    children: tuple[Branch, ...] = field(default=())

    @property
    def is_alone(self) -> bool:
        """Whether there is nothing to tell: made from nothing, and nothing made of it."""
        return self.is_current and not self.children


def lineage(user: User | AnonymousUser, image: Image) -> Branch:
    """The line of pictures above `image` as nested branches, with the image's descendants inside.

    It begins at the eldest picture this person may follow it to: a private one of somebody else ends the line.
    """
    steps = [*_ancestors(user, image), image]
    parents: list[Image | None] = [None, *steps[:-1]]
    branch = _branch([image], parents[-1], is_current=True, children=_descendants(user, image))
    older = [(step, parent) for step, parent in zip(steps, parents, strict=True)][:-1]
    for step, parent in reversed(older[-2:] if len(older) > SHOWN_WHOLE else older):
        branch = _branch([step], parent, children=[branch])
    if len(older) > SHOWN_WHOLE:
        folded = Branch(title=f"{len(older) - 3} steps", children=(branch,))
        branch = _branch([older[0][0]], None, children=[folded])
    return branch


def word_changes(before: str, after: str) -> tuple[Change, ...]:
    """Only the words that differ, removed ones before added ones; empty when the words are the same."""
    old, new = before.split(), after.split()
    changes: list[Change] = []
    for operation, i, j, k, m in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if operation != "equal":
            changes += [("removed", " ".join(old[i:j])), ("added", " ".join(new[k:m]))]
    bare: list[Change] = [(kind, words.strip(" ,")) for kind, words in changes]
    return tuple(change for change in bare if change[1])


def _ancestors(user: User | AnonymousUser, image: Image) -> list[Image]:
    """The pictures it was made from, eldest first, as far back as this person sees them without a gap."""
    line: list[Image] = []
    source_id = image.job.source_id
    while source_id is not None and len(line) < MAX_ANCESTORS:
        source = Image.objects.visible_to(user).select_related("job", "owner").filter(pk=source_id).first()
        if source is None:
            break
        line.append(source)
        source_id = source.job.source_id
    return line[::-1]


def _descendants(user: User | AnonymousUser, image: Image) -> list[Branch]:
    """What was made of it, three generations deep, the newest pictures of each; one query per generation."""
    made: dict[UUID, list[Image]] = defaultdict(list)
    level: Sequence[Image] = [image]
    for _ in range(GENERATIONS_BELOW):
        level = _children(user, level)
        for child in level:
            if child.job.source_id is not None:
                made[child.job.source_id].append(child)
    return _branches(image, made)


def _children(user: User | AnonymousUser, parents: Iterable[Image]) -> list[Image]:
    """Visible pictures that were made from any of these, oldest job first."""
    visible = Image.objects.visible_to(user).select_related("job", "owner")
    newest = visible.filter(job__source__in=[parent.pk for parent in parents]).order_by("-job_id", "-index")
    return list(newest[:MAX_DESCENDANTS])[::-1]


def _branches(parent: Image, made: dict[UUID, list[Image]]) -> list[Branch]:
    branches = []
    for _, group in groupby(made.get(parent.pk, ()), key=lambda child: child.job_id):
        images = list(group)
        grown = [branch for image in images for branch in _branches(image, made)]
        branches.append(_branch(images, parent, children=grown))
    return branches


def _branch(
    images: Sequence[Image], parent: Image | None, *, is_current: bool = False, children: Sequence[Branch] = ()
) -> Branch:
    deed = _deed(images[0], parent)
    return Branch(
        title="This picture" if is_current else deed,
        images=tuple(images),
        is_current=is_current,
        detail=deed if is_current and parent else _difference(images[0], parent),
        changes=_changes(images[0], parent),
        children=tuple(children),
    )


def _deed(image: Image, parent: Image | None) -> str:
    """What was done: `Vary strong, picture 2`; `Picture 2` where the line begins."""
    if parent is None:
        return f"Picture {image.index}"
    deed = DEEDS[image.job.kind]
    if image.job.variant and image.job.kind in TOLD_BY_VARIANT:
        deed = f"{deed} {_told(image.job.variant)}"
    if image.job.kind == JobKind.REMIX:
        return f"{deed} by {image.owner.username}"
    is_one_of_four = parent.job.kind != JobKind.UPSCALE
    return f"{deed}, picture {parent.index}" if is_one_of_four else deed


def _told(variant: str) -> str:
    """A variant as people read it, with the sign for sizes."""
    return f"{variant[:-1]}{TIMES}" if variant[-1] == "x" and variant[0].isdigit() else variant


def _difference(image: Image, parent: Image | None) -> str:
    """What the numbers say, where the words are the same."""
    if parent is None:
        return f"seed {image.seed}"
    if image.job.kind == JobKind.UPSCALE:
        return f"{parent.width_px} {TIMES} {parent.height_px} to {image.width_px} {TIMES} {image.height_px}"
    if image.job.kind in RESIZED:
        return f"now {image.width_px} {TIMES} {image.height_px}"
    return "of pictures alone" if image.job.kind == JobKind.BLEND else "same words"


def _changes(image: Image, parent: Image | None) -> tuple[Change, ...]:
    """The words that differ; what was begun from nothing or from pictures alone has none to compare."""
    if parent is None or image.job.kind == JobKind.BLEND or image.job.prompt == parent.job.prompt:
        return ()
    return word_changes(typed_prompt(parent.job).words, typed_prompt(image.job).words)
