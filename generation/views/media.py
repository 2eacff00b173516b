"""The bytes of pictures: the same question of rights as their pages, answered before any file is opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from generation.errors import ImageNotFoundError
from generation.jobs.copies import COPY_FORMATS, copy_of, without_text
from generation.jobs.discretion import wordless
from generation.jobs.selectors import typed_prompt
from generation.models import Image, Visibility
from generation.models.image import RENDITION_SIDES_PX
from mjweb.accounts.authentication import TokenAuthentication
from mjweb.accounts.models import User
from mjweb.common.access import may_browse, public
from mjweb.common.errors import InvalidInputError
from mjweb.common.problems import CONTENT_TYPE, NotSignedInError
from mjweb.common.saying import say

# A public picture may be made private again, so even its copies in browsers live an hour at most.
PUBLIC_CACHE: Final = "private, max-age=3600"
PRIVATE_CACHE: Final = "private, no-cache"
NAME_CHARS: Final = 60


@public
@require_safe
def original(request: HttpRequest, image_id: UUID) -> HttpResponseBase:
    """The lossless PNG with its metadata; with `?download` as a file to keep."""
    return _picture(request, image_id, side_px=None)


@public
@require_safe
def rendition(request: HttpRequest, image_id: UUID, side_px: int) -> HttpResponseBase:
    """The WebP whose long side is at most `side_px`; 404 for a size that is not made."""
    if side_px not in RENDITION_SIDES_PX:
        raise _no_such_picture()
    return _picture(request, image_id, side_px=side_px)


@public
@require_safe
def download(request: HttpRequest, image_id: UUID) -> HttpResponseBase:
    """A copy to keep: `format` is png, webp or jpeg; with `metadata=0` it does not say how it was made."""
    form, metadata = request.GET.get("format", "png"), request.GET.get("metadata", "1") != "0"
    if form not in COPY_FORMATS:
        raise InvalidInputError(say("A picture is downloaded as png, webp or jpeg."), parameter="format")
    return _answer(
        request,
        image_id,
        lambda image, told: _response(
            copy_of(image, form, metadata=metadata and told), form, _title(image, told=told), as_attachment=True
        ),
        variant=f"{form}-{int(metadata)}",
    )


def _picture(request: HttpRequest, image_id: UUID, *, side_px: int | None) -> HttpResponseBase:
    as_attachment = "download" in request.GET
    return _answer(
        request,
        image_id,
        lambda image, told: _file(image, side_px, told=told, as_attachment=as_attachment),
        variant="" if side_px is None else str(side_px),
        tells=side_px is None,
    )


def _answer(
    request: HttpRequest,
    image_id: UUID,
    made: Callable[[Image, bool], HttpResponse],
    *,
    variant: str,
    tells: bool = True,
) -> HttpResponseBase:
    """One of a picture's files for whoever may see it.

    made: the answer; its second value is whether the file and its name may tell the words. variant: which file, for the
    name under which browsers keep it. tells: whether it tells words at all; renditions do not, and cost no question.
    """
    try:
        viewer = _viewer(request)
    except AuthenticationFailed as error:
        return _unauthorized(str(error.detail))
    if not may_browse(viewer):
        return _unauthorized(_("Sign in to see the pictures of this server."))
    image = Image.everything.visible_to(viewer).select_related("job").filter(pk=image_id).first()
    if image is None:
        raise _no_such_picture()
    told = tells and not wordless(viewer, [image])
    name = "-".join(filter(None, [image.sha256, variant, "bare" if tells and not told else ""]))
    etag = f'"{name}"'
    response = get_conditional_response(request, etag=etag) or made(image, told)
    response["ETag"] = etag
    response["Cache-Control"] = PUBLIC_CACHE if image.visibility == Visibility.PUBLIC else PRIVATE_CACHE
    patch_vary_headers(response, ["Authorization", "Cookie"])
    return response


def _viewer(request: HttpRequest) -> User | AnonymousUser:
    """The owner of the bearer token, where one is sent, else the person of the session.

    Raises:
        AuthenticationFailed: the token is not (or no longer) one of ours.
    """
    bearer = TokenAuthentication().authenticate(Request(request))
    return bearer[0] if bearer else request.user


def _unauthorized(sentence: str) -> HttpResponse:
    error = NotSignedInError(sentence)
    response = JsonResponse(error.as_problem(), status=error.status, content_type=CONTENT_TYPE)
    response["WWW-Authenticate"] = "Bearer"
    return response


def _file(image: Image, side_px: int | None, *, told: bool, as_attachment: bool) -> HttpResponse:
    """The whole file at once: pictures are small, and one read frees the thread for the next."""
    name, kind = (image.original_name, "png") if side_px is None else (image.rendition_name(side_px), "webp")
    try:
        with default_storage.open(name) as file:
            content = file.read()
    except FileNotFoundError as error:
        raise _no_such_picture() from error
    if side_px is None and not told:
        content = without_text(content)
    return _response(content, kind, _title(image, told=told), as_attachment=as_attachment)


def _response(content: bytes, kind: str, title: str, *, as_attachment: bool) -> HttpResponse:
    response = HttpResponse(content, content_type=f"image/{kind}")
    suffix = "jpg" if kind == "jpeg" else kind
    disposition = content_disposition_header(as_attachment, f"{title}.{suffix}")
    response["Content-Disposition"] = disposition or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _title(image: Image, *, told: bool) -> str:
    """A file name that tells pictures apart: the words, the seed and the index, in safe ASCII; or its id alone."""
    if not told:
        return f"picture-{image.pk}"
    words = slugify(typed_prompt(image.job).words)[:NAME_CHARS].strip("-")
    return f"{words or 'picture'}-{image.seed}-{image.index}"


def _no_such_picture() -> ImageNotFoundError:
    return ImageNotFoundError(say("There is no such picture."))
