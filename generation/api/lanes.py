"""Lanes: what is left of one's fast minutes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from generation.api.base import ApiView, caller
from generation.api.schema import answers
from generation.jobs.lanes import balance_of


@extend_schema_serializer(component_name="FastLane")
class FastLaneOutput(serializers.Serializer[Any]):
    """Engine time in the fast lane this month. Only delivered pictures cost any; what is in line is set aside."""

    allowance_s = serializers.FloatField(help_text="Seconds of the whole month.")
    left_s = serializers.FloatField(help_text="Seconds; at 0 jobs wait in the relaxed lane, one job of a prompt.")
    renews_on = serializers.DateField(help_text="The first day of the next month, in UTC.")


@extend_schema_serializer(component_name="Lanes")
class LanesOutput(serializers.Serializer[Any]):
    """The lanes of this person."""

    fast = FastLaneOutput(allow_null=True, help_text="Null where this server sets no limit.")


class LanesView(ApiView):
    """One's own lanes."""

    @extend_schema(operation_id="get_lanes", summary="My fast minutes", responses=answers(200, LanesOutput))
    def get(self, request: Request) -> Response:
        """What is left of the month's fast minutes."""
        return Response(LanesOutput({"fast": balance_of(caller(request))}).data)
