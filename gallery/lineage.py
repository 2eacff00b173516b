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
from django.db.models import QuerySet

from generation.jobs.discretion import wordless
from generation.jobs.selectors import typed_prompt
from generation.models import Image, JobKind
from mjweb.accounts.models import User
from mjweb.common.saying import say, say_many, sayable

MAX_ANCESTORS: Final = 12
MAX_DESCENDANTS: Final = 96
GENERATIONS_BELOW: Final = 3
SHOWN_WHOLE: Final = 4

DEEDS: Final[dict[str, str]] = {
    JobKind.IMAGINE: sayable("Imagine"),
    JobKind.REROLL: sayable("Vary again"),
    JobKind.REMIX: sayable("Remix"),
    JobKind.RERUN: sayable("The same again"),
    JobKind.VARY: sayable("Vary"),
    JobKind.UPSCALE: sayable("Upscale"),
    JobKind.ZOOM: sayable("Zoom out"),
    JobKind.PAN: sayable("Pan"),
    JobKind.SQUARE: sayable("Make square"),
    JobKind.REGION: sayable("Vary region"),
    JobKind.EDIT: sayable("Edit"),
    JobKind.BLEND: sayable("Blend"),
}
VARIANTS: Final = {
    "subtle": sayable("subtle"),
    "strong": sayable("strong"),
    "creative": sayable("creative"),
    "left": sayable("left"),
    "right": sayable("right"),
    "up": sayable("up"),
    "down": sayable("down"),
}
"""What stands behind a deed, as in `Vary strong`."""
RESIZED: Final = frozenset({JobKind.ZOOM, JobKind.PAN, JobKind.SQUARE, JobKind.EDIT})
TOLD_BY_VARIANT: Final = frozenset({JobKind.REMIX, JobKind.VARY, JobKind.UPSCALE, JobKind.ZOOM, JobKind.PAN})
BESIDE: Final = ("job", "owner", "publication")
"""What is read with every picture of a line; its publication says whether its words are told."""
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
    branch = _branch(user, [image], parents[-1], is_current=True, children=_descendants(user, image))
    older = [(step, parent) for step, parent in zip(steps, parents, strict=True)][:-1]
    for step, parent in reversed(older[-2:] if len(older) > SHOWN_WHOLE else older):
        branch = _branch(user, [step], parent, children=[branch])
    if len(older) > SHOWN_WHOLE:
        folded = Branch(title=say_many("{count} step", "{count} steps", len(older) - 3), children=(branch,))
        branch = _branch(user, [older[0][0]], None, children=[folded])
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
        source = _listed(user).filter(pk=source_id).first()
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
    return _branches(user, image, made)


def _children(user: User | AnonymousUser, parents: Iterable[Image]) -> list[Image]:
    """Visible pictures that were made from any of these, oldest job first."""
    newest = _listed(user).filter(job__source__in=[parent.pk for parent in parents]).order_by("-job_id", "-index")
    return list(newest[:MAX_DESCENDANTS])[::-1]


def _listed(user: User | AnonymousUser) -> QuerySet[Image]:
    return Image.objects.listed_for(user).select_related(*BESIDE).defer("publication__words")


def _branches(user: User | AnonymousUser, parent: Image, made: dict[UUID, list[Image]]) -> list[Branch]:
    branches = []
    for _, group in groupby(made.get(parent.pk, ()), key=lambda child: child.job_id):
        images = list(group)
        grown = [branch for image in images for branch in _branches(user, image, made)]
        branches.append(_branch(user, images, parent, children=grown))
    return branches


def _branch(
    user: User | AnonymousUser,
    images: Sequence[Image],
    parent: Image | None,
    *,
    is_current: bool = False,
    children: Sequence[Branch] = (),
) -> Branch:
    deed = _deed(images[0], parent)
    is_told = not wordless(user, [images[0], *([parent] if parent else [])])
    return Branch(
        title=say("This picture") if is_current else deed,
        images=tuple(images),
        is_current=is_current,
        detail=deed if is_current and parent else _difference(images[0], parent, is_told=is_told),
        changes=_changes(images[0], parent) if is_told else (),
        children=tuple(children),
    )


def _deed(image: Image, parent: Image | None) -> str:
    """What was done: `Vary strong, picture 2`; `Picture 2` where the line begins."""
    if parent is None:
        return say("Picture {number}", number=image.index)
    deed = say(DEEDS[image.job.kind])
    if image.job.variant and image.job.kind in TOLD_BY_VARIANT:
        deed = f"{deed} {_told(image.job.variant)}"
    if image.job.kind == JobKind.REMIX:
        return say("{deed} by {name}", deed=deed, name=image.owner.username)
    is_one_of_four = parent.job.kind != JobKind.UPSCALE
    return say("{deed}, picture {number}", deed=deed, number=parent.index) if is_one_of_four else deed


def _told(variant: str) -> str:
    """A variant as people read it, with the sign for sizes."""
    if variant[-1] == "x" and variant[0].isdigit():
        return f"{variant[:-1]}{TIMES}"
    return say(VARIANTS.get(variant, variant))


def _size(image: Image) -> str:
    return f"{image.width_px} {TIMES} {image.height_px}"


def _difference(image: Image, parent: Image | None, *, is_told: bool) -> str:
    """What the numbers say, where the words are the same. is_told: whether words and seeds may be told."""
    if parent is None:
        return say("seed {seed}", seed=image.seed) if is_told else ""
    if image.job.kind == JobKind.UPSCALE:
        return say("{before} to {after}", before=_size(parent), after=_size(image))
    if image.job.kind in RESIZED:
        return say("now {size}", size=_size(image))
    if image.job.kind == JobKind.BLEND:
        return say("of pictures alone")
    return say("same words") if is_told else ""


def _changes(image: Image, parent: Image | None) -> tuple[Change, ...]:
    """The words that differ; what was begun from nothing or from pictures alone has none to compare."""
    if parent is None or image.job.kind == JobKind.BLEND or image.job.prompt == parent.job.prompt:
        return ()
    return word_changes(typed_prompt(parent.job).words, typed_prompt(image.job).words)
