"""The page of one picture. Every question begins with the person who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count
from django.utils.translation import gettext as _

from gallery.buttons import Row, rows
from gallery.lineage import Branch, lineage
from gallery.models import Publication
from generation.contracts import SAMPLER_TITLES, CheckpointCard, RenderPlan
from generation.errors import ImageNotFoundError
from generation.jobs.action_plans import offers
from generation.jobs.discretion import wordless
from generation.jobs.selectors import TypedPrompt, typed_prompt
from generation.jobs.using import seeded_prompt
from generation.models import Image, JobKind
from mjweb.accounts.models import User
from mjweb.common.saying import say

USUAL: Final = "2x"
"""Upscales that were made before there were several kinds name none."""


@dataclass(frozen=True, slots=True)
class ImagePage:
    """Everything that the page of one picture shows.

    siblings: the visible pictures of its grid, itself included, in reading order; previous, following: beside it.
    before: the picture that it is an upscale of. rows: what can be made of it, for people who are signed in; nothing of
        one in the trash.
    sources: other pictures of this server that it was made with, as far as they may be seen.
    seeded: its prompt with its seed. tells: whether this person may read its words; else all that would tell them is
        empty. source: somebody else's picture that it was made from. made: how many jobs were made from it, as far as
        this person sees them. publication: what people talk about and like, from the day it was first public.
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
    tells: bool
    source: Image | None
    made: int
    publication: Publication | None

    @property
    def title(self) -> str:
        """Its words, or that it has no title where its owner keeps them."""
        return self.prompt.words or _("Untitled")

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
    known = Image.everything.visible_to(user).select_related("job__checkpoint", "owner", "publication")
    image = known.defer("publication__words").filter(pk=image_id).first()
    if image is None:
        msg = say("There is no such picture, or its owner keeps it private.")
        raise ImageNotFoundError(msg)
    listed = Image.objects.listed_for(user).filter(job=image.job_id)
    siblings = sorted({*listed, image}, key=lambda sibling: sibling.index)
    at = siblings.index(image)
    line = lineage(user, image)
    tells = not wordless(user, [image])
    acts = tells and user.is_authenticated and not image.trashed_at
    return ImagePage(
        image=image,
        prompt=typed_prompt(image.job) if tells else TypedPrompt("", ()),
        plan=image.job.plan,
        card=image.job.checkpoint.card,
        siblings=siblings,
        previous=siblings[at - 1] if at else None,
        following=siblings[at + 1] if at + 1 < len(siblings) else None,
        lineage=line,
        before=_before(image, line),
        rows=rows(offers(image), _own_upscales(user, line)) if acts else {},
        sources=_sources(user, image),
        seeded=seeded_prompt(image) if tells else "",
        is_own=image.owner == user,
        tells=tells,
        source=_others_source(line, image),
        made=_jobs_made_of(user, image),
        publication=Publication.objects.with_cards(user).filter(image=image).first(),
    )


def _others_source(line: Branch, image: Image) -> Image | None:
    """The picture above in the line, where it is not of the same person."""
    above = line
    while above.children and not above.is_current and not above.children[0].is_current:
        above = above.children[0]
    source = above.images[0] if above.images and not above.is_current else None
    return source if source and source.owner_id != image.owner_id else None


def _jobs_made_of(user: User | AnonymousUser, image: Image) -> int:
    made = Image.objects.listed_for(user).filter(job__source=image)
    return made.aggregate(jobs=Count("job", distinct=True))["jobs"] or 0


def _sources(user: User | AnonymousUser, image: Image) -> list[Image]:
    """Pictures beside the one that the lineage shows."""
    used = Image.objects.listed_for(user).filter(used_by__job=image.job_id).order_by("used_by__position")
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
