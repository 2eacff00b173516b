"""Questions to the CLIP of the engine workers: shorter prompts, and prompts for a picture."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from generation.api.base import ApiView, StrictSerializer, caller, checked
from generation.api.schema import WITH_BODY, answers
from generation.jobs.telling import describe_image, shorten_prompt


class ShortenInput(StrictSerializer):
    """A prompt to shorten."""

    prompt = serializers.CharField(
        allow_blank=True, trim_whitespace=False, help_text="As a person types it, parameters included."
    )


@extend_schema_serializer(component_name="TellingWord")
class TellingWordOutput(serializers.Serializer[Any]):
    """A word of a prompt, and how much it counts."""

    text = serializers.CharField()
    part = serializers.IntegerField(help_text="The number of its part of the prompt, from 0.")
    share = serializers.FloatField(help_text="0 to 1: how far the prompt is another one without it.")


@extend_schema_serializer(component_name="Shortening")
class ShorteningOutput(serializers.Serializer[Any]):
    """What tells, and what may go."""

    words = TellingWordOutput(many=True)
    prompts = serializers.ListField(
        child=serializers.CharField(), help_text="Up to five, longest first. Weights and parameters are kept."
    )


@extend_schema_serializer(component_name="Shown")
class ShownOutput(serializers.Serializer[Any]):
    """What a picture shows of one topic."""

    topic = serializers.CharField()
    phrase = serializers.CharField()
    gain = serializers.FloatField(help_text="How much nearer a prompt is to the picture with the phrase, in cosine.")
    rival = serializers.CharField(allow_null=True, help_text="The phrase that fits next best.")
    margin = serializers.FloatField(help_text="How much nearer than with the rival.")


@extend_schema_serializer(component_name="Depiction")
class DepictionOutput(serializers.Serializer[Any]):
    """A picture in words."""

    prompts = serializers.ListField(
        child=serializers.CharField(), help_text="Four different ones, fewer where the model knows too few words."
    )
    shown = ShownOutput(many=True)


class PromptShortenView(ApiView):
    """Which words of a prompt count."""

    @extend_schema(
        operation_id="shorten_prompt",
        summary="Shorter prompts of the same meaning",
        request=ShortenInput,
        responses=answers(200, ShorteningOutput, *WITH_BODY, 429),
    )
    def post(self, request: Request) -> Response:
        """Ranks the words of a prompt by how far they move what CLIP reads in it. Waits for up to ten seconds."""
        return Response(asdict(shorten_prompt(caller(request), checked(ShortenInput, request)["prompt"])))


class ImageDescribeView(ApiView):
    """Prompts for a picture."""

    @extend_schema(
        operation_id="describe_image",
        summary="Four prompts that show something like this picture",
        request=None,
        responses=answers(200, DepictionOutput, 403, 404, 409, 429),
    )
    def post(self, request: Request, image_id: UUID) -> Response:
        """Looks at a picture with CLIP, in the words that your model knows. Waits for up to ten seconds."""
        return Response(asdict(describe_image(caller(request), image_id)))
