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
from generation.api.schema import WITH_BODY, FixOutput, NoteOutput, answers
from generation.jobs import planning
from generation.jobs.explaining import Explained, explain
from generation.jobs.tokens import Counted
from generation.models import Visibility
from generation.prompts import familiar
from generation.prompts.canonical import canonical


@extend_schema_serializer(component_name="PromptTokens")
class TokensOutput(serializers.Serializer[Any]):
    """How the model's text encoder takes a part apart."""

    count = serializers.IntegerField()
    capacity = serializers.IntegerField(help_text="Of one piece.")
    pieces = serializers.IntegerField(help_text="In so many pieces it is read, each by itself.")
    unread = serializers.CharField(allow_blank=True, help_text="Its end, as far as the model would not read it.")


@extend_schema_serializer(component_name="PromptPart")
class PartOutput(serializers.Serializer[Any]):
    """One weighted concept of a prompt."""

    text = serializers.CharField()
    weight = serializers.FloatField(help_text="Only proportions count.")
    tokens = TokensOutput(allow_null=True, help_text="Null where this server does not have the model's tokenizer.")


@extend_schema_serializer(component_name="PromptParameter")
class ChipOutput(serializers.Serializer[Any]):
    """A parameter and its value."""

    name = serializers.CharField(help_text="Without dashes.")
    value = serializers.CharField(allow_blank=True, help_text="As it would be typed; of a default, in words.")
    sentence = serializers.CharField(help_text="What it does.")
    given = serializers.BooleanField(help_text="False: the default, because nobody said it.")


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
    engine_s = serializers.FloatField(
        allow_null=True, help_text="About how long the engine works on all jobs together; null when unknown."
    )
    starts_in_s = serializers.IntegerField(
        allow_null=True, help_text="About when the first one would start; null when unknown."
    )


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
    parameters = ChipOutput(many=True, help_text="All of the language, with their values here.")
    jobs = serializers.IntegerField(help_text="How many jobs the prompt makes, with permutations and repeats.")
    images = serializers.IntegerField(help_text="How many pictures these make together.")
    warnings = WarningOutput(many=True)
    notes = NoteOutput(many=True, help_text="Warnings included.")
    known_words = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="Of a model of few words; null for others."
    )
    unknown_words = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="Words that such a model has to guess."
    )
    plan = PlanOutput()


class PromptParseView(ApiView):
    """Prompts, read and not run."""

    @extend_schema(
        operation_id="parse_prompt",
        summary="Read a prompt without running it",
        request=PromptInput,
        responses=answers(200, ReadingOutput, *WITH_BODY, 404),
    )
    def post(self, request: Request) -> Response:
        """Reads a prompt and says what its jobs would make; refuses what submitting would refuse.

        Parts, parameters and plan are of the first job, where there are several.
        """
        values = checked(PromptInput, request)
        text = values["prompt"]
        explained = explain(caller(request), text, model=values.get("model"))
        return Response({**_meaning(text, explained), **_says(explained), "plan": _plan(explained)})


def _meaning(text: str, explained: Explained) -> dict[str, Any]:
    child = explained.first.child
    spec = child.spec
    unknown = familiar.hint(text, spec, child.card.vocabulary) if spec.parts else None
    warnings = (*spec.warnings, *((unknown,) if unknown else ()))
    counted: Sequence[Counted | None] = explained.tokens or [None] * len(spec.parts)
    return {
        "canonical": canonical(spec),
        "parts": [
            {"text": part.text, "weight": part.weight, "tokens": _tokens(one)}
            for part, one in zip(spec.parts, counted, strict=True)
        ],
        "negative": list(spec.negative),
        "aspect": str(spec.aspect),
        "seed": spec.seed,
        "stylize": spec.stylize,
        "quality": spec.quality,
        "model": spec.model,
        "visibility": spec.visibility,
        "warnings": [warning.to_json() for warning in warnings],
    }


def _says(explained: Explained) -> dict[str, Any]:
    return {
        "parameters": [
            {"name": chip.name, "value": chip.value, "sentence": chip.sentence, "given": chip.given}
            for chip in explained.chips
        ],
        "jobs": explained.jobs,
        "images": explained.images,
        "notes": [note.to_json() for note in explained.notes],
        "known_words": explained.known_words,
        "unknown_words": explained.unknown_words,
    }


def _tokens(counted: Counted | None) -> dict[str, Any] | None:
    if counted is None:
        return None
    return {
        "count": counted.tokens,
        "capacity": counted.capacity,
        "pieces": counted.pieces,
        "unread": counted.unread,
    }


def _plan(explained: Explained) -> dict[str, Any]:
    plan = explained.first.meaning.plan
    return {
        "checkpoint": plan.checkpoint,
        "pictures": plan.kept,
        "width": plan.width_px,
        "height": plan.height_px,
        "steps": planning.planned_steps(plan),
        "guidance": plan.guidance,
        "sampler": plan.sampler,
        "engine_s": explained.engine_s,
        "starts_in_s": explained.starts_in_s,
    }
