"""The adapters of this server."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from generation.api.base import ApiView
from generation.api.schema import answers
from generation.models import Adapter


@extend_schema_serializer(component_name="Adapter")
class AdapterOutput(serializers.ModelSerializer[Adapter]):
    """A LoRA, a learned word that stands in a prompt as `<name>`, a ControlNet, or an IP-Adapter for image prompts."""

    class Meta:
        model = Adapter
        fields = ("name", "kind", "family", "size_bytes", "license")


@extend_schema_serializer(component_name="Adapters")
class AdaptersOutput(serializers.Serializer[Any]):
    """All adapters, by family and name."""

    results = AdapterOutput(many=True)


class AdaptersView(ApiView):
    """The adapters of this server."""

    @extend_schema(operation_id="list_adapters", summary="Adapters", responses=answers(200, AdaptersOutput))
    def get(self, request: Request) -> Response:  # noqa: ARG002 -- the same for everybody
        """Every adapter that a job may name, with the family of the models that it fits."""
        rows = Adapter.objects.usable().order_by("family", "name")
        return Response({"results": AdapterOutput(rows, many=True).data})
