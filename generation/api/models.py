"""The models of this server."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from generation.api.base import ApiView, caller
from generation.api.schema import answers
from generation.jobs.choosing import models_for
from generation.jobs.presence import workers_by_checkpoint
from generation.models import Checkpoint


@extend_schema_serializer(component_name="Model")
class ModelOutput(serializers.Serializer[Any]):
    """A model that jobs may name: as `model`, or in the prompt as `--model`."""

    name = serializers.CharField()
    title = serializers.CharField(help_text="What people read.")
    native_px = serializers.IntegerField(help_text="Side of the square that it paints best, in pixels.")
    max_side_px = serializers.IntegerField(help_text="No side of a picture is longer, in pixels.")
    size_bytes = serializers.IntegerField(help_text="All its weights together; 0 when unknown.")
    license = serializers.CharField(allow_blank=True, help_text="Empty when its folder names none.")
    is_default = serializers.BooleanField(help_text="The server's default.")
    is_preferred = serializers.BooleanField(help_text="What your jobs use where nothing else is said.")
    is_served = serializers.BooleanField(help_text="Whether a worker can paint with it now; its jobs wait while not.")


@extend_schema_serializer(component_name="Models")
class ModelsOutput(serializers.Serializer[Any]):
    """All models, the default first."""

    results = ModelOutput(many=True)


class ModelsView(ApiView):
    """The models of this server."""

    @extend_schema(operation_id="list_models", summary="Models", responses=answers(200, ModelsOutput))
    def get(self, request: Request) -> Response:
        """Every model that a job may name, the default first."""
        models, served = models_for(caller(request)), workers_by_checkpoint()
        bodies = [
            _body(row, is_preferred=row == models.preferred, is_served=row.name in served) for row in models.checkpoints
        ]
        return Response({"results": bodies})


def _body(checkpoint: Checkpoint, *, is_preferred: bool, is_served: bool) -> dict[str, Any]:
    card = checkpoint.card
    return {
        "name": checkpoint.name,
        "title": card.title,
        "native_px": card.native_px,
        "max_side_px": card.max_side_px,
        "size_bytes": checkpoint.size_bytes,
        "license": checkpoint.license,
        "is_default": checkpoint.is_default,
        "is_preferred": is_preferred,
        "is_served": is_served,
    }
