"""What can be made of a picture: the same buttons as on its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from generation.api.base import ApiView, StrictSerializer, caller, checked, idempotency_key
from generation.api.jobs import accepted
from generation.api.outputs import JobOutput
from generation.api.schema import IDEMPOTENCY_KEY, LOCATION, MAKES_JOB, answers
from generation.jobs import services
from generation.jobs.action_plans import DIRECTIONS, UPSCALES, Offer, offers
from generation.jobs.discretion import speaking_image
from generation.jobs.picture_plans import LARGEST_ZOOM, MOST_BLENDED
from generation.jobs.planning import VARY_STRENGTH
from generation.models import Job
from mjweb.common.saying import say

PROMPT: Final = "prompt"
NEEDED: Final = {"pan": "direction"}
TAKEN: Final = {
    "upscale": {"variant"},
    "vary": {"strength", PROMPT},
    "zoom": {"factor", PROMPT},
    "pan": {"direction", PROMPT},
    "square": set[str](),
}
"""What each action may be told further."""
ACTS: Final[dict[str, Callable[..., Job]]] = {
    "upscale": services.upscale_image,
    "vary": services.vary_image,
    "zoom": services.zoom_image,
    "pan": services.pan_image,
    "square": services.square_image,
}


class ImageActionInput(StrictSerializer):
    """What to make of a picture, and what the action takes."""

    action = serializers.ChoiceField(tuple(TAKEN))
    variant = serializers.ChoiceField(
        UPSCALES, required=False, help_text="Of `upscale`: `2x` unless said. `subtle` and `creative` double it as well."
    )
    strength = serializers.ChoiceField(
        tuple(VARY_STRENGTH), required=False, help_text="Of `vary`: how far it may go; `strong` unless said."
    )
    factor = serializers.FloatField(
        min_value=1, max_value=LARGEST_ZOOM, required=False, help_text="Of `zoom`: 2 unless said."
    )
    direction = serializers.ChoiceField(DIRECTIONS, required=False, help_text="Of `pan`.")
    prompt = serializers.CharField(
        required=False,
        trim_whitespace=False,
        help_text="Other words, parameters included: of `vary` (a remix), `zoom` (whose `--ar` may change) and `pan`.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuses what the action has no use for, and what it lacks."""
        action = attrs["action"]
        if (needed := NEEDED.get(action)) and needed not in attrs:
            raise serializers.ValidationError({needed: say("Say which {field}.", field=needed)}, code="required")
        for name in sorted(set(attrs) - {"action"} - TAKEN[action]):
            raise serializers.ValidationError(
                {name: say("{action} has no {name}.", action=action, name=name)}, code="not_applicable"
            )
        return attrs


class BlendInput(StrictSerializer):
    """Pictures to blend by no words at all. A prompt with `image:<id>` in it blends with words."""

    images = serializers.ListField(
        child=serializers.UUIDField(), min_length=2, max_length=MOST_BLENDED, help_text="Two to five different ones."
    )
    shape = serializers.RegexField(
        r"^\d{1,4}:\d{1,4}$", required=False, help_text="Width to height, as `--ar` takes it; square unless said."
    )


@extend_schema_serializer(component_name="Offer")
class OfferOutput(serializers.Serializer[Any]):
    """An action on a picture, and whether it can be had."""

    action = serializers.CharField(source="action.kind")
    variant = serializers.CharField(
        source="action.variant", help_text="The `variant`, `strength` or `direction`, or the factor of a zoom."
    )
    width = serializers.IntegerField(source="width_px", help_text="Pixels of what it makes; 0 where it is refused.")
    height = serializers.IntegerField(source="height_px", help_text="Pixels of what it makes; 0 where it is refused.")
    refusal = serializers.CharField(help_text="Why it cannot be had, for people; empty where it can.")


@extend_schema_serializer(component_name="Offers")
class OffersOutput(serializers.Serializer[Any]):
    """Everything that may be asked of a picture."""

    actions = OfferOutput(many=True)


class ImageActionsView(ApiView):
    """What follows from a picture."""

    @extend_schema(
        operation_id="list_actions",
        summary="What can be made of a picture",
        responses=answers(200, OffersOutput, 404, 409),
    )
    def get(self, request: Request, image_id: UUID) -> Response:
        """Every action with the size of what it makes, or the reason why this picture cannot have it."""
        found: list[Offer] = offers(speaking_image(caller(request), image_id))
        return Response(OffersOutput({"actions": found}).data)

    @extend_schema(
        operation_id="act_on_image",
        summary="Upscale, vary, zoom out, pan, make square",
        request=ImageActionInput,
        parameters=[IDEMPOTENCY_KEY, LOCATION],
        responses=answers(202, JobOutput, *MAKES_JOB),
    )
    def post(self, request: Request, image_id: UUID) -> Response:
        """Makes a job from an own picture or anybody's public one. The same upscale again is the same job."""
        values = checked(ImageActionInput, request)
        act = ACTS[values.pop("action")]
        return accepted(request, act(caller(request), image_id, **values, idempotency_key=idempotency_key(request)))


class BlendsView(ApiView):
    """Pictures in one."""

    @extend_schema(
        operation_id="blend_images",
        summary="Blend pictures",
        request=BlendInput,
        parameters=[IDEMPOTENCY_KEY, LOCATION],
        responses=answers(202, JobOutput, *MAKES_JOB),
    )
    def post(self, request: Request) -> Response:
        """Four new pictures of two to five that you may see."""
        values = checked(BlendInput, request)
        job = services.blend_images(
            caller(request), values["images"], shape=values.get("shape"), idempotency_key=idempotency_key(request)
        )
        return accepted(request, job)
