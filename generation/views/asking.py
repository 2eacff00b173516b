"""Questions from the imagine bar to the CLIP of the workers: which words count, and what a picture shows."""

from __future__ import annotations

from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from generation.errors import PictureRefusedError
from generation.jobs import telling
from generation.jobs.fetching import MOST_BYTES
from generation.jobs.telling import Depiction
from generation.jobs.uploads import keep_upload
from mjweb.accounts.people import person
from mjweb.common.access import member
from mjweb.common.errors import InvalidInputError, MjwebError
from mjweb.common.saying import say


@member
@require_POST
def shorten(request: HttpRequest) -> HttpResponse:
    """The words of a prompt with what each tells, and shorter prompts. Waits for ten seconds at most."""
    try:
        answer = telling.shorten_prompt(person(request), request.POST.get("prompt", ""))
    except MjwebError as error:
        return _refused(request, error, "#shortened")
    return render(request, "generation/_shorten.html", {"answer": answer})


@member
@require_POST
def describe(request: HttpRequest) -> HttpResponse:
    """Prompts for a picture that was brought along, or for one of this server. Waits for ten seconds at most."""
    try:
        answer = _depiction(request)
    except MjwebError as error:
        return _refused(request, error, "#described")
    return render(request, "generation/_told_prompts.html", {"answer": answer})


def _depiction(request: HttpRequest) -> Depiction:
    asking = person(request)
    if image := request.POST.get("image"):
        return telling.describe_image(asking, _key(image))
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise InvalidInputError(say("Choose a picture to describe."), parameter="file")
    if (file.size or 0) > MOST_BYTES:
        raise PictureRefusedError(
            say("A picture has at most {most} MB.", most=MOST_BYTES // 2**20), max_bytes=MOST_BYTES
        )
    upload = keep_upload(asking, file.read())
    return telling.describe_file(asking, upload.original_name, upload.width_px, upload.height_px)


def _key(image: str) -> UUID:
    try:
        return UUID(image)
    except ValueError as error:
        raise InvalidInputError(say("The address of the picture is damaged."), parameter="image") from error


def _refused(request: HttpRequest, error: MjwebError, place: str) -> HttpResponse:
    """The reason, where the answer would be."""
    response = render(request, "generation/_not_told.html", {"error": error}, status=error.status)
    response["HX-Retarget"], response["HX-Reswap"] = place, "innerHTML"
    return response
