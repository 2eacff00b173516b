"""Pictures on other pages, in templates: `{% load sharing %}`."""

from __future__ import annotations

import json
from typing import Any, Final

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from gallery.selectors.sharing import Shared, as_shared, frame_code, frame_size, is_shared
from generation.models import Image

register = template.Library()
IN_SCRIPT: Final = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}
"""A text inside of a script element must not end it."""


@register.simple_tag(takes_context=True)
def embed_code(context: Context, image: Image) -> str:
    """The HTML that shows the picture on another page, as text."""
    return escape(frame_code(absolute(context, "embed", image.pk), frame_size(image)))


@register.simple_tag
def shared(image: Image) -> Shared | None:
    """The picture as strangers may know it; None where they may not."""
    return as_shared(image) if is_shared(image) else None


@register.simple_tag
def shows_visitors() -> bool:
    """Whether this server shows anything to people who are not signed in."""
    return bool(settings.MJWEB_ANONYMOUS_BROWSING)


@register.simple_tag(takes_context=True)
def absolute(context: Context, name: str, *arguments: Any) -> str:
    """The address of a page with its host, for whoever is elsewhere."""
    request: HttpRequest = context["request"]
    return request.build_absolute_uri(reverse(name, args=arguments))


@register.simple_tag(takes_context=True)
def linked_data(context: Context, picture: Shared) -> SafeString:
    """What search engines read of a picture, as JSON-LD. It is data: no policy of ours lets it run."""
    image = picture.image
    told = {
        "@context": "https://schema.org",
        "@type": "ImageObject",
        "name": picture.short_title,
        "contentUrl": absolute(context, "image-preview", image.pk),
        "thumbnailUrl": absolute(context, "image-rendition", image.pk, 640),
        "url": absolute(context, "image", image.pk),
        "width": image.width_px,
        "height": image.height_px,
        "uploadDate": image.created_at.isoformat(),
        "encodingFormat": "image/jpeg",
        "creator": {"@type": "Person", "name": picture.author, "url": absolute(context, "people", picture.author)},
        "creditText": picture.author,
        "digitalSourceType": "https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
    }
    text = json.dumps(told, ensure_ascii=False).translate(IN_SCRIPT)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 - escaped above
