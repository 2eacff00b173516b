"""Edits by program: a part of a picture painted anew, a larger canvas around it, or both."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from generation.api.base import ApiView, StrictSerializer, caller, checked, idempotency_key
from generation.api.outputs import JobOutput, job_bodies
from generation.api.schema import IDEMPOTENCY_KEY, LOCATION, MAKES_JOB, answers
from generation.contracts import Placement
from generation.jobs.cards import LARGEST_SIDE_PX
from generation.jobs.edit_plans import LEAST_STRENGTH, Canvas
from generation.jobs.editing import Edit, edit_image


@extend_schema_serializer(component_name="Canvas")
class CanvasInput(StrictSerializer):
    """What the new pictures show, and where the old one lies on it, whole and in its own shape; all in pixels."""

    width = serializers.IntegerField(
        min_value=1, max_value=LARGEST_SIDE_PX, help_text="A multiple that the model says."
    )
    height = serializers.IntegerField(min_value=1, max_value=LARGEST_SIDE_PX, help_text="A multiple as well.")
    left = serializers.IntegerField(min_value=0, max_value=LARGEST_SIDE_PX, help_text="Of the old picture.")
    top = serializers.IntegerField(min_value=0, max_value=LARGEST_SIDE_PX, help_text="Of the old picture.")
    picture_width = serializers.IntegerField(min_value=1, max_value=LARGEST_SIDE_PX)
    picture_height = serializers.IntegerField(min_value=1, max_value=LARGEST_SIDE_PX)


@extend_schema_serializer(component_name="Edit")
class EditInput(StrictSerializer):
    """What becomes of a picture. Give a mask, a canvas, or both."""

    prompt = serializers.CharField(
        allow_blank=True, trim_whitespace=False, help_text="As a person types it, parameters included."
    )
    mask = serializers.UUIDField(
        required=False,
        help_text="An upload of the picture's own size: white is painted anew, black is kept, grays are between.",
    )
    canvas = CanvasInput(required=False, help_text="The picture's own size unless said.")
    feather = serializers.IntegerField(
        required=False, min_value=0, max_value=LARGEST_SIDE_PX,
        help_text="Pixels of the canvas over which what is painted runs out over what is kept.",
    )  # fmt: skip
    strength = serializers.FloatField(
        required=False, min_value=LEAST_STRENGTH, max_value=1, help_text="How much is given up of what was there."
    )


class ImageEditView(ApiView):
    """A picture as the beginning of others that keep a part of it."""

    @extend_schema(
        operation_id="edit_image",
        summary="Edit a picture",
        request=EditInput,
        parameters=[IDEMPOTENCY_KEY, LOCATION],
        responses=answers(202, JobOutput, *MAKES_JOB),
    )
    def post(self, request: Request, image_id: UUID) -> Response:
        """Paints a part of a picture anew, or what lies around it: four pictures that keep the rest.

        Outside of the mask and its feather the pixels of a picture that keeps its size stay the same to the bit.
        """
        edit = _edit(checked(EditInput, request))
        job = edit_image(caller(request), image_id, edit, idempotency_key=idempotency_key(request))
        body = job_bodies(request, [job])[0]
        return Response(body, status=status.HTTP_202_ACCEPTED, headers={"Location": body["urls"]["self"]})


def _edit(values: dict[str, Any]) -> Edit:
    canvas = values.get("canvas")
    return Edit(
        prompt=values["prompt"],
        mask=values.get("mask"),
        canvas=_canvas(canvas) if canvas else None,
        feather_px=values.get("feather"),
        strength=values.get("strength"),
    )


def _canvas(values: dict[str, int]) -> Canvas:
    place = Placement(
        left_px=values["left"],
        top_px=values["top"],
        width_px=values["picture_width"],
        height_px=values["picture_height"],
    )
    return Canvas(width_px=values["width"], height_px=values["height"], picture=place)
