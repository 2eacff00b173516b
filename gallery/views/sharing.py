"""A picture elsewhere: the preview of a link to it, a frame on another page, and what such pages ask for."""

from __future__ import annotations

import io
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from csp.decorators import csp_replace
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe
from PIL import Image as Pillow

from gallery.errors import PublicationNotFoundError
from gallery.selectors.sharing import CAPTION_PX, FRAME_PX, Shared, frame_code, frame_size, shared_image
from generation.errors import ImageNotFoundError
from mjweb.common.access import public
from mjweb.common.errors import InvalidInputError, MjwebError
from mjweb.common.saying import sayable

QUALITY: Final = 88
PUBLIC_CACHE: Final = "public, max-age=3600"
"""A public picture may be made private again: what stands in caches of others is an hour old at most."""
PROVIDER: Final = "mjweb"


class FormatNotMadeError(MjwebError):
    """oEmbed knows two formats, of which this server speaks one."""

    code = "format_not_made"
    status = 501
    title = sayable("Not implemented")


@public
@require_safe
def preview(request: HttpRequest, image_id: UUID) -> HttpResponseBase:
    """The JPEG that stands for a picture in the preview of a link: 1,200 px at most, and nothing else inside."""
    shared = shared_image(image_id)
    etag = f'"{shared.image.sha256}-preview"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(_jpeg(shared), content_type="image/jpeg")
    response["ETag"] = etag
    response["Cache-Control"] = PUBLIC_CACHE
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@public
@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})  # type: ignore[arg-type]  # its types know no arguments of addresses
def embed(request: HttpRequest, image_id: UUID) -> HttpResponse:
    """A small page with the picture alone, which other pages may show in a frame. It needs no cookie and sets none."""
    response = render(request, "gallery/embed.html", {"shared": shared_image(image_id)})
    response["Cache-Control"] = PUBLIC_CACHE
    return response


@public
@require_safe
def oembed(request: HttpRequest) -> JsonResponse:
    """What a page that was given the address of a picture needs to show it (oembed.com, type `rich`)."""
    if request.GET.get("format", "json") != "json":
        raise FormatNotMadeError(_("This server speaks oEmbed in JSON alone."))
    shared = shared_image(_image_of(request, request.GET.get("url", "")))
    response = JsonResponse(_told(request, shared))
    response["Cache-Control"] = PUBLIC_CACHE
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _jpeg(shared: Shared) -> bytes:
    try:
        with default_storage.open(shared.image.original_name) as file, Pillow.open(file, formats=("PNG",)) as opened:
            pixels = opened.convert("RGB").resize(shared.preview_size, Pillow.Resampling.LANCZOS)
    except FileNotFoundError as error:
        raise ImageNotFoundError(_("There is no such picture.")) from error
    out = io.BytesIO()
    pixels.save(out, "JPEG", quality=QUALITY, progressive=True)
    return out.getvalue()


def _image_of(request: HttpRequest, address: str) -> UUID:
    """The picture whose page is at an address of this server.

    Raises:
        PublicationNotFoundError: the address is another's, or that of another page.
    """
    try:
        parts = urlsplit(address)
        match = resolve(parts.path) if parts.netloc == request.get_host() else None
    except (ValueError, Resolver404):
        match = None
    if match is None or match.url_name not in {"image", "embed"}:
        raise PublicationNotFoundError(_("There is no picture at this address."))
    found: UUID = match.kwargs["image_id"]
    return found


def _told(request: HttpRequest, shared: Shared) -> dict[str, str | int]:
    image = shared.image
    most = _at_most(request, "maxwidth", FRAME_PX), _at_most(request, "maxheight", FRAME_PX + CAPTION_PX)
    width, height = frame_size(image, *most)
    thumbnail_width, thumbnail_height = shared.preview_size
    return {
        "version": "1.0",
        "type": "rich",
        "title": shared.short_title,
        "author_name": shared.author,
        "author_url": request.build_absolute_uri(reverse("people", args=[shared.author])),
        "provider_name": PROVIDER,
        "provider_url": request.build_absolute_uri(reverse("explore")),
        "html": frame_code(request.build_absolute_uri(reverse("embed", args=[image.pk])), (width, height)),
        "width": width,
        "height": height,
        "thumbnail_url": request.build_absolute_uri(reverse("image-preview", args=[image.pk])),
        "thumbnail_width": thumbnail_width,
        "thumbnail_height": thumbnail_height,
        "cache_age": 3600,
    }


def _at_most(request: HttpRequest, name: str, usual: int) -> int:
    """A bound in pixels that the other page sets.

    Raises:
        InvalidInputError: it is no number.
    """
    typed = request.GET.get(name, str(usual))
    if not (typed.isascii() and typed.isdigit() and int(typed[:9]) > 0):
        raise InvalidInputError(_("%(name)s is a number of pixels.") % {"name": name}, parameter=name)
    return min(usual, int(typed[:9]))
