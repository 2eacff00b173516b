"""Option sets, suffix and defaults: what a person wants of every prompt."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from generation.api.base import ApiView, StrictSerializer, caller, checked
from generation.api.schema import WITH_BODY, answers
from generation.jobs import option_sets, preferences
from generation.models import OptionSet, Preferences


class OptionSetInput(StrictSerializer):
    """What a name stands for."""

    value = serializers.CharField(
        allow_blank=True,
        trim_whitespace=False,
        help_text="Words and parameters, put in the place of `--name` before a prompt is read; empty drops the set.",
    )


@extend_schema_serializer(component_name="OptionSet")
class OptionSetOutput(serializers.ModelSerializer[OptionSet]):
    """What `--name` stands for in your prompts. Nobody else can use or read it."""

    class Meta:
        model = OptionSet
        fields = ("name", "value", "changed_at")


@extend_schema_serializer(component_name="OptionSets")
class OptionSetsOutput(serializers.Serializer[Any]):
    """All of one's own, by name."""

    results = OptionSetOutput(many=True)


class PreferencesInput(StrictSerializer):
    """What counts for every prompt; what is left out stays as it is."""

    suffix = serializers.CharField(
        required=False, allow_blank=True, help_text="Words and parameters, put behind every prompt."
    )
    defaults = serializers.CharField(
        required=False, allow_blank=True, help_text="Parameters for what a prompt does not say, such as `--ar 3:2`."
    )


@extend_schema_serializer(component_name="Preferences")
class PreferencesOutput(serializers.ModelSerializer[Preferences]):
    """What counts for every prompt: it wins over an option set, that over the suffix, that over the defaults."""

    class Meta:
        model = Preferences
        fields = ("suffix", "defaults")


class OptionSetsView(ApiView):
    """One's own option sets."""

    @extend_schema(operation_id="list_option_sets", summary="My option sets", responses=answers(200, OptionSetsOutput))
    def get(self, request: Request) -> Response:
        """Every name that stands for something in your prompts."""
        rows = OptionSet.objects.owned_by(caller(request)).order_by("name")
        return Response({"results": OptionSetOutput(rows, many=True).data})


class OptionSetView(ApiView):
    """One option set."""

    @extend_schema(
        operation_id="get_option_set", summary="One option set", responses=answers(200, OptionSetOutput, 404)
    )
    def get(self, request: Request, name: str) -> Response:
        """What the name stands for."""
        return Response(OptionSetOutput(option_sets.own_option_set(caller(request), name)).data)

    @extend_schema(
        operation_id="set_option_set",
        summary="Set an option set",
        request=OptionSetInput,
        responses={**answers(200, OptionSetOutput, *WITH_BODY, 404), 204: None},
    )
    def put(self, request: Request, name: str) -> Response:
        """Makes the name stand for a value, or changes it; an empty value drops it, which is answered with nothing."""
        kept = option_sets.keep_option_set(caller(request), name, checked(OptionSetInput, request)["value"])
        return Response(OptionSetOutput(kept).data) if kept else Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        operation_id="delete_option_set", summary="Drop an option set", responses=answers(204, None, 403, 404)
    )
    def delete(self, request: Request, name: str) -> Response:
        """Lets the name mean nothing. Jobs that were made with it keep what it stood for."""
        option_sets.drop_option_set(caller(request), name)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PreferencesView(ApiView):
    """What counts for every prompt of a person."""

    @extend_schema(operation_id="get_preferences", summary="My preferences", responses=answers(200, PreferencesOutput))
    def get(self, request: Request) -> Response:
        """Suffix and defaults; empty where you never said."""
        return Response(PreferencesOutput(preferences.preferences_of(caller(request))).data)

    @extend_schema(
        operation_id="set_preferences",
        summary="Set my preferences",
        request=PreferencesInput,
        responses=answers(200, PreferencesOutput, *WITH_BODY),
    )
    def put(self, request: Request) -> Response:
        """Keeps a suffix, or defaults, or both, if every prompt can still be read with them."""
        kept = preferences.keep_preferences(caller(request), **checked(PreferencesInput, request))
        return Response(PreferencesOutput(kept).data)

    @extend_schema(
        operation_id="delete_preferences", summary="Forget my preferences", responses=answers(204, None, 403)
    )
    def delete(self, request: Request) -> Response:
        """Empties both."""
        preferences.keep_preferences(caller(request), suffix="", defaults="")
        return Response(status=status.HTTP_204_NO_CONTENT)
