"""The dry run: what a prompt means and what it would make, without making it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from generation.api.base import ApiView, caller, checked
from generation.api.inputs import PromptInput
from generation.api.schema import WITH_BODY, FixOutput, answers
from generation.contracts import RenderPlan
from generation.jobs import planning, selectors
from generation.jobs.choosing import models_for
from generation.models import Visibility
from generation.prompts import familiar
from generation.prompts.canonical import canonical
from generation.prompts.parser import parse
from generation.prompts.problems import PromptProblem
from generation.prompts.spec import PromptSpec


@extend_schema_serializer(component_name="PromptPart")
class PartOutput(serializers.Serializer[Any]):
    """One weighted concept of a prompt."""

    text = serializers.CharField()
    weight = serializers.FloatField(help_text="Only proportions count.")


@extend_schema_serializer(component_name="PromptWarning")
class WarningOutput(serializers.Serializer[Any]):
    """Something to know that does no harm, with its columns."""

    code = serializers.CharField()
    sentence = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    fix = FixOutput(allow_null=True)


@extend_schema_serializer(component_name="Plan")
class PlanOutput(serializers.Serializer[Any]):
    """What a job of this prompt would make."""

    checkpoint = serializers.CharField(help_text="The name of the model.")
    pictures = serializers.IntegerField()
    width = serializers.IntegerField(help_text="Pixels.")
    height = serializers.IntegerField(help_text="Pixels.")
    steps = serializers.IntegerField()
    guidance = serializers.FloatField()
    sampler = serializers.CharField()
    engine_s = serializers.FloatField(allow_null=True, help_text="Mean engine time of recent jobs; null when unknown.")


@extend_schema_serializer(component_name="PromptReading")
class ReadingOutput(serializers.Serializer[Any]):
    """The meaning of a prompt."""

    canonical = serializers.CharField(help_text="The one text that stands for this meaning.")
    parts = PartOutput(many=True)
    negative = serializers.ListField(child=serializers.CharField())
    aspect = serializers.CharField(help_text="Width to height, such as 3:2.")
    seed = serializers.IntegerField(allow_null=True, help_text="Null: a new one each time.")
    stylize = serializers.IntegerField()
    quality = serializers.FloatField()
    model = serializers.CharField(allow_null=True, help_text="Null: yours, or the default.")
    visibility = serializers.ChoiceField(Visibility.choices, allow_null=True)
    warnings = WarningOutput(many=True)
    plan = PlanOutput()


class PromptParseView(ApiView):
    """Prompts, read and not run."""

    @extend_schema(
        operation_id="parse_prompt",
        summary="Read a prompt without running it",
        request=PromptInput,
        responses=answers(200, ReadingOutput, *WITH_BODY),
    )
    def post(self, request: Request) -> Response:
        """Reads a prompt and says what a job of it would make; refuses what submitting would refuse."""
        values = checked(PromptInput, request)
        text, models = values["prompt"], models_for(caller(request))
        spec = parse(text, models=models.names or None)
        card = models.pick(spec, values.get("model")).card
        unknown = familiar.hint(text, spec, card.vocabulary)
        warnings = (*spec.warnings, *((unknown,) if unknown else ()))
        return Response({**_reading(spec, warnings), "plan": _plan(planning.plan_prompt(spec, card))})


def _reading(spec: PromptSpec, warnings: Sequence[PromptProblem]) -> dict[str, Any]:
    return {
        "canonical": canonical(spec),
        "parts": [{"text": part.text, "weight": part.weight} for part in spec.parts],
        "negative": list(spec.negative),
        "aspect": str(spec.aspect),
        "seed": spec.seed,
        "stylize": spec.stylize,
        "quality": spec.quality,
        "model": spec.model,
        "visibility": spec.visibility,
        "warnings": [warning.to_json() for warning in warnings],
    }


def _plan(plan: RenderPlan) -> dict[str, Any]:
    return {
        "checkpoint": plan.checkpoint,
        "pictures": len(plan.seeds),
        "width": plan.width_px,
        "height": plan.height_px,
        "steps": planning.planned_steps(plan),
        "guidance": plan.guidance,
        "sampler": plan.sampler,
        "engine_s": selectors.seconds_per_job(),
    }
