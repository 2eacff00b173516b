"""What the gallery's pages read. Every question begins with the person who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from gallery.lineage import Branch, lineage
from gallery.models import Publication
from generation.contracts import SAMPLER_TITLES, CheckpointCard, RenderPlan
from generation.errors import ImageNotFoundError
from generation.jobs.selectors import TypedPrompt, typed_prompt, upscale_refusal
from generation.models import Image, JobKind
from mjweb.accounts.models import User
from mjweb.common.pagination import Page, keyset_page

FEED_SIZE: Final = 40


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
    upscale_refusal: why it cannot be upscaled, empty when it can; upscaled: this person's upscale of it, if made.
    """

    image: Image
    prompt: TypedPrompt
    plan: RenderPlan
    card: CheckpointCard
    siblings: list[Image]
    previous: Image | None
    following: Image | None
    lineage: Branch
    upscaled: Image | None
    upscale_refusal: str
    is_own: bool

    @property
    def sampler(self) -> str:
        """The sampler's name as its paper writes it."""
        return SAMPLER_TITLES.get(self.plan.sampler, self.plan.sampler)

    @property
    def doubled(self) -> str:
        """The size that an upscale would have."""
        return f"{2 * self.image.width_px} × {2 * self.image.height_px} px"  # noqa: RUF001 - the sign for sizes

    @property
    def made_in_s(self) -> float:
        """How long the engine worked on the whole grid, in seconds."""
        return self.image.job.engine_ms / 1000


def image_page(user: User | AnonymousUser, image_id: UUID) -> ImagePage:
    """One picture with its neighbors, its numbers and its lineage.

    Raises:
        ImageNotFoundError: there is none, or it is somebody else's private one.
    """
    image = Image.objects.visible_to(user).select_related("job__checkpoint", "owner").filter(pk=image_id).first()
    if image is None:
        msg = "There is no such picture, or its owner keeps it private."
        raise ImageNotFoundError(msg)
    siblings = list(Image.objects.visible_to(user).filter(job=image.job_id).order_by("index"))
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
        upscaled=_own_upscale(user, line),
        upscale_refusal=upscale_refusal(image),
        is_own=image.owner == user,
    )


def _own_upscale(user: User | AnonymousUser, line: Branch) -> Image | None:
    """The picture that this person already made by upscaling the current one."""
    current = line
    while not current.is_current:
        current = current.children[0]
    upscales = (branch.images[0] for branch in current.children if branch.images[0].job.kind == JobKind.UPSCALE)
    return next((image for image in upscales if image.owner == user), None)
