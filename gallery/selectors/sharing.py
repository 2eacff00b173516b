"""What a picture says of itself to whoever only has its address: previews of links, frames on other pages, feeds.

All of it is what a visitor would see, whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Window
from django.db.models.functions import Mod, RowNumber
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from gallery.models import Publication
from generation.errors import ImageNotFoundError
from generation.jobs.discretion import wordless
from generation.jobs.selectors import typed_prompt
from generation.models import Image, Visibility
from mjweb.common.pagination import cursor_after, keyset_page

NOBODY: Final = AnonymousUser()
PREVIEW_PX: Final = 1200
FRAME_PX: Final = 640
PER_SITEMAP: Final = 10_000
CAPTION_PX: Final = 64
"""What stands below the picture in a frame."""
NARROWEST_PX: Final = 200
MOST_TITLE_CHARS: Final = 120


@dataclass(frozen=True, slots=True)
class Shared:
    """A picture as strangers get to know it. title: its words, or that it has none to tell."""

    image: Image
    title: str
    author: str

    @property
    def short_title(self) -> str:
        """For where there is room for a line."""
        return Truncator(self.title).chars(MOST_TITLE_CHARS)

    @property
    def preview_size(self) -> tuple[int, int]:
        """Width and height in pixels of the JPEG that stands for it elsewhere."""
        return fitted(self.image, PREVIEW_PX, PREVIEW_PX)


def shared_image(image_id: UUID) -> Shared:
    """The picture as whoever has its address may see it without signing in.

    Raises:
        ImageNotFoundError: there is none that everybody may see, or this server shows visitors nothing.
    """
    found = Image.objects.visible_to(NOBODY) if settings.MJWEB_ANONYMOUS_BROWSING else Image.objects.none()
    image = found.select_related("owner", "job", "publication").defer("publication__words").filter(pk=image_id).first()
    if image is None:
        raise ImageNotFoundError(_("There is no such picture, or its owner keeps it private."))
    return as_shared(image)


def as_shared(image: Image) -> Shared:
    """A picture that a visitor may see; its job and owner are selected."""
    title = _("Untitled") if wordless(NOBODY, [image]) else typed_prompt(image.job).words
    return Shared(image, title, image.owner.username)


def is_shared(image: Image) -> bool:
    """Whether a visitor may see it."""
    if image.visibility == Visibility.PRIVATE or not settings.MJWEB_ANONYMOUS_BROWSING:
        return False
    return Image.objects.visible_to(NOBODY).filter(pk=image.pk).exists()


def fitted(image: Image, width_px: int, height_px: int) -> tuple[int, int]:
    """Width and height of the picture when it must not be larger than this; it is never enlarged."""
    scale = min(1.0, width_px / image.width_px, height_px / image.height_px)
    return max(1, round(image.width_px * scale)), max(1, round(image.height_px * scale))


def frame_size(image: Image, width_px: int = FRAME_PX, height_px: int = FRAME_PX + CAPTION_PX) -> tuple[int, int]:
    """Width and height in pixels of the frame that shows it on another page, its caption included."""
    width, height = fitted(image, width_px, max(1, height_px - CAPTION_PX))
    return max(width, NARROWEST_PX), height + CAPTION_PX


def frame_code(address: str, size: tuple[int, int]) -> str:
    """The HTML that shows the picture's own small page, at `address`, on another page."""
    width, height = size
    code = '<iframe src="{}" width="{}" height="{}" title="mjweb" loading="lazy" frameborder="0"></iframe>'
    return format_html(code, address, width, height)


def sitemap_beginnings() -> list[str | None]:
    """Where each map of pictures begins, as its cursor; the first has none. Reads the index of the newest once."""
    place = Window(RowNumber(), order_by=[F("published_at").asc(), F("pk").asc()])
    placed = Publication.objects.listed_for(NOBODY).annotate(place=place).annotate(rest=Mod("place", PER_SITEMAP))
    lasts = placed.filter(rest=0).only("published_at").order_by("published_at", "pk")
    return [None, *(cursor_after(last, order="published_at") for last in lasts)]


def sitemap_page(after: str | None) -> list[Publication]:
    """The pictures of one map, the oldest first.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    listed = Publication.objects.listed_for(NOBODY).only("published_at", "image")
    return keyset_page(listed, cursor=after, size=PER_SITEMAP, order="published_at").rows
