"""Request bodies, strict: unknown fields are refused."""

from __future__ import annotations

from typing import Any, Final

from rest_framework import serializers

from generation.api.base import StrictSerializer
from generation.jobs.planning import PICTURES, VARY_STRENGTH
from generation.models import Visibility
from generation.prompts.values import MAX_MODEL_NAME
from mjweb.common.saying import say

OF_JOBS: Final = ("reroll", "rerun")
ACTIONS: Final = ("upscale", "vary", *OF_JOBS)


class PromptInput(StrictSerializer):
    """A prompt to read without running it."""

    prompt = serializers.CharField(
        allow_blank=True, trim_whitespace=False, help_text="As a person types it, parameters included."
    )

    model = serializers.CharField(
        required=False,
        max_length=MAX_MODEL_NAME,
        help_text="The name of the model, where the prompt does not say it itself; yours or the default unless said.",
    )


class JobInput(PromptInput):
    """Imagine: four pictures of a prompt."""

    visibility = serializers.ChoiceField(
        Visibility.choices,
        required=False,
        help_text="Who will see the pictures, where the prompt does not say it itself.",
    )
    remix_of = serializers.UUIDField(required=False, help_text="The picture whose prompt was reworked.")


class ActionInput(StrictSerializer):
    """What to do with a finished job: `upscale` and `vary` take one of its pictures, the others the whole."""

    action = serializers.ChoiceField(ACTIONS)
    index = serializers.IntegerField(min_value=1, max_value=PICTURES, required=False, help_text="Which picture.")
    strength = serializers.ChoiceField(
        tuple(VARY_STRENGTH), required=False, help_text="How far a variation may go; `strong` unless said."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuses what the action has no use for, and a missing picture."""
        whole = attrs["action"] in OF_JOBS
        if whole and "index" in attrs:
            raise serializers.ValidationError(
                {"index": say("{action} takes the whole job.", action=attrs["action"])}, code="not_applicable"
            )
        if not whole and "index" not in attrs:
            raise serializers.ValidationError({"index": say("Say which picture, 1 to 4.")}, code="required")
        if attrs["action"] != "vary" and "strength" in attrs:
            raise serializers.ValidationError({"strength": say("Only vary has a strength.")}, code="not_applicable")
        return attrs
