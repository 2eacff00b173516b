"""What the gallery's pages read. Every question begins with the person who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from gallery.buttons import Row, rows
from gallery.lineage import Branch, lineage
from gallery.models import Publication
from generation.contracts import SAMPLER_TITLES, CheckpointCard, RenderPlan
from generation.errors import ImageNotFoundError
from generation.jobs.action_plans import offers
from generation.jobs.selectors import TypedPrompt, typed_prompt
from generation.jobs.using import seeded_prompt
from generation.models import Image, JobKind
from mjweb.accounts.models import User
from mjweb.common.pagination import Page, keyset_page

FEED_SIZE: Final = 40
USUAL: Final = "2x"
"""Upscales that were made before there were several kinds name none."""


def explore_feed(
    user: User | AnonymousUser, *, cursor: str | None = None, author: str | None = None, size: int = FEED_SIZE
) -> Page[Publication]:
    """A page of the public gallery, newest first; with `author`, of that person's pictures alone.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    publications = Publication.objects.visible_to(user).with_cards()
    if author is not None:
        publications = publications.filter(author__username__iexact=author)
    return keyset_page(publications, cursor=cursor, size=size, time_field="published_at")


@dataclass(frozen=True, slots=True)
class ImagePage:
    """Everything that the page of one picture shows.

    siblings: the visible pictures of its grid, itself included, in reading order; previous, following: beside it.
    before: the picture that it is an upscale of. rows: what can be made of it, for people who are signed in; nothing of
        one in the trash.
    sources: other pictures of this server that it was made with, as far as they may be seen.
    seeded: its prompt with its seed.
    """

    image: Image
    prompt: TypedPrompt
    plan: RenderPlan
    card: CheckpointCard
    siblings: list[Image]
    previous: Image | None
    following: Image | None
    lineage: Branch
    before: Image | None
    rows: dict[str, Row]
    sources: list[Image]
    seeded: str
    is_own: bool

    @property
    def sampler(self) -> str:
        """The sampler's name as its paper writes it."""
        return SAMPLER_TITLES.get(self.plan.sampler, self.plan.sampler)

    @property
    def made_in_s(self) -> float:
        """How long the engine worked on the whole grid, in seconds."""
        return self.image.job.engine_ms / 1000

    @property
    def made_with(self) -> str:
        """Device, precision and libraries of the worker, in one line; empty where they were not written down."""
        made = dict(self.image.job.made_with)
        machine = [made.pop(name) for name in ("device", "precision") if made.get(name)]
        return ", ".join([*machine, *(f"{name} {version}" for name, version in made.items())])


def image_page(user: User | AnonymousUser, image_id: UUID) -> ImagePage:
    """One picture with its neighbors, its numbers and its lineage. One in the trash is its owner's alone, to restore.

    Raises:
        ImageNotFoundError: there is none, or it is somebody else's private one.
    """
    image = Image.everything.visible_to(user).select_related("job__checkpoint", "owner").filter(pk=image_id).first()
    if image is None:
        msg = "There is no such picture, or its owner keeps it private."
        raise ImageNotFoundError(msg)
    grid = Image.everything.visible_to(user).filter(job=image.job_id).order_by("index")
    siblings = [sibling for sibling in grid if sibling.trashed_at is None or sibling == image]
    at = siblings.index(image)
    line = lineage(user, image)
    return ImagePage(
        image=image,
        prompt=typed_prompt(image.job),
        plan=image.job.plan,
        card=image.job.checkpoint.card,
        siblings=siblings,
        previous=siblings[at - 1] if at else None,
        following=siblings[at + 1] if at + 1 < len(siblings) else None,
        lineage=line,
        before=_before(image, line),
        rows=rows(offers(image), _own_upscales(user, line)) if user.is_authenticated and not image.trashed_at else {},
        sources=_sources(user, image),
        seeded=seeded_prompt(image),
        is_own=image.owner == user,
    )


def _sources(user: User | AnonymousUser, image: Image) -> list[Image]:
    """Pictures beside the one that the lineage shows."""
    used = Image.objects.visible_to(user).filter(used_by__job=image.job_id).order_by("used_by__position")
    return [source for source in used if source.pk != image.job.source_id]


def _before(image: Image, line: Branch) -> Image | None:
    """What an upscale was made from: the step above it."""
    if image.job.kind != JobKind.UPSCALE or line.is_current:
        return None
    above = line
    while not above.children[0].is_current:
        above = above.children[0]
    return above.images[0] if above.images else None


def _own_upscales(user: User | AnonymousUser, line: Branch) -> dict[str, Image]:
    """The pictures that this person already made by upscaling the current one, by variant."""
    current = line
    while not current.is_current:
        current = current.children[0]
    grown = (branch.images[0] for branch in current.children)
    own = [image for image in grown if image.job.kind == JobKind.UPSCALE and image.owner == user]
    return {image.job.variant or USUAL: image for image in own}
