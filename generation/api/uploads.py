"""Pictures that programs bring along, for prompts to name as `upload:<id>`."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from generation.api.base import ApiView, BodyTooLargeError, StrictSerializer, caller, checked, requested_page
from generation.api.schema import PAGING, WITH_BODY, answers
from generation.jobs.fetching import MOST_BYTES
from generation.jobs.uploads import forget_upload, keep_upload, own_uploads
from generation.models import Upload
from mjweb.common.saying import sayable

ENVELOPE_BYTES = 64 * 1024
"""What a multipart body has around its file."""


class UploadTooLargeError(BodyTooLargeError):
    """The body is longer than a picture may be."""

    default_detail = sayable("A picture has at most {most} MB.")
    most = f"{MOST_BYTES // 2**20}"


class BoundedMultiPartParser(MultiPartParser):
    """A form with a file, unless the headers say that it is too long."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        """The form.

        Raises:
            UploadTooLargeError: it is longer than a picture may be.
        """
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > MOST_BYTES + ENVELOPE_BYTES:
            raise UploadTooLargeError
        return super().parse(stream, media_type, parser_context)


class UploadInput(StrictSerializer):
    """A picture to keep."""

    file = serializers.FileField(
        max_length=200, help_text="A PNG, JPEG, WebP or GIF of at most 10 MB and 40 million pixels, told by its bytes."
    )


@extend_schema_serializer(component_name="Upload")
class UploadOutput(serializers.ModelSerializer[Upload]):
    """A picture that you brought. Nobody else can see or name it."""

    reference = serializers.SerializerMethodField(help_text="What a prompt calls it.")
    width = serializers.IntegerField(source="width_px", help_text="Pixels of what is kept.")
    height = serializers.IntegerField(source="height_px", help_text="Pixels of what is kept.")

    class Meta:
        model = Upload
        fields = ("id", "reference", "width", "height", "origin", "size_bytes", "created_at")

    @extend_schema_field(serializers.CharField())
    def get_reference(self, upload: Upload) -> str:
        """With its kind in front."""
        return f"upload:{upload.pk}"


@extend_schema_serializer(component_name="UploadPage")
class UploadPageOutput(serializers.Serializer[Any]):
    """One's own uploads, newest first."""

    results = UploadOutput(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="The `cursor` of the next page; null on the last.")


class UploadsView(ApiView):
    """One's own uploads."""

    parser_classes = (BoundedMultiPartParser,)

    @extend_schema(
        operation_id="list_uploads",
        summary="My uploads",
        parameters=PAGING,
        responses=answers(200, UploadPageOutput, 422),
    )
    def get(self, request: Request) -> Response:
        """Pictures that you brought or that your prompts named by their address, newest first."""
        page = requested_page(own_uploads(caller(request)), request)
        return Response({"results": UploadOutput(page.rows, many=True).data, "next_cursor": page.next_cursor})

    @extend_schema(
        operation_id="upload_picture",
        summary="Upload a picture",
        request={"multipart/form-data": UploadInput},
        responses=answers(201, UploadOutput, *WITH_BODY, 429),
    )
    def post(self, request: Request) -> Response:
        """Keeps a picture, upright and without its metadata. The same picture again gives the same upload."""
        file = cast("UploadedFile[bytes]", checked(UploadInput, request)["file"])
        if (file.size or 0) > MOST_BYTES:
            raise UploadTooLargeError
        upload = keep_upload(caller(request), file.read())
        return Response(UploadOutput(upload).data, status=status.HTTP_201_CREATED)


class UploadView(ApiView):
    """One upload."""

    @extend_schema(operation_id="delete_upload", summary="Delete an upload", responses=answers(204, None, 403, 404))
    def delete(self, request: Request, upload_id: UUID) -> Response:
        """Deletes it: no further job can name it, and jobs that waited to start from it fail."""
        forget_upload(caller(request), upload_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
