"""Pictures and signs in templates: `{% load pictures %}`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any, Final, Protocol

from django import template
from django.contrib.auth.models import AnonymousUser
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from generation.jobs.discretion import wordless
from generation.jobs.selectors import typed_prompt
from generation.models import Image, Job
from mjweb.accounts.models import User
from mjweb.common import statics

register = template.Library()

# The ratios that the stylesheet knows, as 100 * width / height; each neighbor is at most 8 % away.
BUCKETS: Final = (
    25, 33, 40, 43, 46, 50, 56, 60, 63, 67, 71, 75, 80, 86, 92, 100,
    108, 117, 125, 133, 140, 150, 160, 168, 178, 190, 200, 217, 233, 250, 300, 400,
)  # fmt: skip

# Up to these long sides a picture is not drawn as large as the screen allows: it would only show its pixels.
SMALL_PX: Final = 256
STAGE_CAPS_PX: Final = (192, 384)
WALL_LEAST: Final = 12


class Sized(Protocol):
    """A picture, or a plan of one."""

    @property
    def width_px(self) -> int:
        """Width in pixels."""

    @property
    def height_px(self) -> int:
        """Height in pixels."""


@register.filter
def bucket(picture: Sized) -> int:
    """The value of `data-ar`: 100 * width / height, to the nearest ratio of the stylesheet."""
    ratio = 100 * picture.width_px / picture.height_px
    return min(BUCKETS, key=lambda known: max(known / ratio, ratio / known))


@register.filter
def density(rows: Iterable[Any]) -> str:
    """The value of `data-density` for a feed of pictures, publications or job cards: `fine` when most are small."""
    shown: list[Sized] = [getattr(row, "plan", None) or getattr(row, "image", row) for row in rows]
    sides = [max(picture.width_px, picture.height_px) for picture in shown]
    return "fine" if sides and median(sides) < SMALL_PX else "full"


@register.filter
def stage_cap(picture: Sized) -> str:
    """The value of `data-cap`: how large a picture may be drawn alone, `1` smallest; empty when it fills the stage."""
    longest = max(picture.width_px, picture.height_px)
    return next((str(step) for step, side_px in enumerate(STAGE_CAPS_PX, 1) if longest <= side_px), "")


@register.filter
def varied(images: Sequence[Image]) -> list[Image]:
    """One picture of each job, so that a wall shows no grid four times; all of them where that leaves too few."""
    firsts = list({image.job_id: image for image in reversed(images)}.values())[::-1]
    return firsts if len(firsts) >= WALL_LEAST else list(images)


@register.filter
def under_way(user: User | AnonymousUser) -> str:
    """The ids of this person's jobs that wait or run, parted by spaces."""
    if isinstance(user, AnonymousUser):
        return ""
    return " ".join(str(key) for key in Job.objects.owned_by(user).active().values_list("pk", flat=True))


@register.filter
def words(job: Job) -> str:
    """The prompt without its parameters: what one's own pictures are called. Anybody's ask `words_for`."""
    return typed_prompt(job).words


@register.simple_tag(takes_context=True)
def words_for(context: Context, image: Image) -> str:
    """What a picture is called before whoever asks; empty where its owner keeps the words."""
    asking = context["request"].user
    return "" if wordless(asking, [image]) else typed_prompt(image.job).words


@register.simple_tag
def sheet_address() -> str:
    """Where the page finds its styles."""
    return statics.sheet_address()


@register.filter(is_safe=True)
def numbered(text: str, number: int) -> str:
    """A text with its `{n}` filled in: what is looked up once per card is said for each of its pictures."""
    return text.replace("{n}", str(number))


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A sign of `icons.svg`. It is silent; the name belongs on the button around it."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {size}" if size else "", static("icons.svg"), name,
    )  # fmt: skip
