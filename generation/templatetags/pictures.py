"""Pictures and signs in templates: `{% load pictures %}`."""

from __future__ import annotations

from typing import Final, Protocol

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from generation.jobs.selectors import typed_prompt
from generation.models import Job

register = template.Library()

# The ratios that the stylesheet knows, as 100 * width / height; each neighbor is at most 8 % away.
BUCKETS: Final = (
    25, 33, 40, 43, 46, 50, 56, 60, 63, 67, 71, 75, 80, 86, 92, 100,
    108, 117, 125, 133, 140, 150, 160, 168, 178, 190, 200, 217, 233, 250, 300, 400,
)  # fmt: skip


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
def words(job: Job) -> str:
    """The prompt without its parameters: what a picture is called."""
    return typed_prompt(job).words


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """A sign of `icons.svg`. It is silent; the name belongs on the button around it."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {size}" if size else "", static("icons.svg"), name,
    )  # fmt: skip
