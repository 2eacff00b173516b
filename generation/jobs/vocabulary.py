"""What the imagine bar completes while somebody types: parameters, what they take, option sets, and earlier prompts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from generation.contracts import SAMPLER_TITLES, SCHEDULE_TITLES
from generation.jobs.choosing import models_for
from generation.models import Adapter, Job, JobKind, OptionSet
from generation.prompts.parameters import PARAMETERS
from generation.prompts.quantities import OneOf
from generation.prompts.references import RANDOM
from generation.prompts.styles import PRESETS
from generation.prompts.table.row import NEEDED, Parameter
from mjweb.accounts.models import User
from mjweb.common.saying import say

RATIOS: Final = ("1:1", "3:2", "2:3", "4:3", "3:4", "16:9", "9:16", "21:9")
EARLIER: Final = 40
"""How many earlier prompts are offered."""
LOOKED_AT: Final = 200
TYPED_KINDS: Final = (JobKind.IMAGINE, JobKind.REMIX)
"""Jobs whose prompt was typed; the others took it from their parents."""

Value = tuple[str, str]
"""A value as it is typed, and what it is called."""


def vocabulary_of(user: User) -> dict[str, Any]:
    """Everything that can be completed for this person, as JSON values.

    parameters: name, its other names, what it does, whether a value follows, and the values that can be listed.
    sets: the option sets of this person. earlier: their prompts as typed, the newest first, each once.
    """
    known = _known_values(user)
    return {
        "parameters": [_parameter(row, known) for row in PARAMETERS if row.effect == "used"],
        "sets": list(OptionSet.objects.owned_by(user).order_by("name").values("name", "value")),
        "earlier": earlier_prompts(user),
    }


def earlier_prompts(user: User) -> list[str]:
    """What this person typed last, the newest first, each once; of several jobs at once the words that made them."""
    typed = Job.objects.owned_by(user).filter(kind__in=TYPED_KINDS).order_by("-created_at", "-id")
    rows = typed.values_list("group__prompt", "prompt")[:LOOKED_AT]
    return list(dict.fromkeys(whole or prompt for whole, prompt in rows))[:EARLIER]


def _parameter(row: Parameter, known: Mapping[str, list[Value]]) -> dict[str, Any]:
    return {
        "name": row.name,
        "aliases": row.aliases,
        "sentence": row.shown_sentence,
        "takes": row.kind.takes != "nothing" and row.bare is NEEDED,
        "values": known.get(row.name) or _choices(row),
    }


def _choices(row: Parameter) -> list[Value]:
    return [(row.kind.write(choice), "") for choice in row.kind.choices] if isinstance(row.kind, OneOf) else []


def _known_values(user: User) -> dict[str, list[Value]]:
    """The values that have names, by their parameter."""
    loras = Adapter.objects.usable().filter(kind="lora").order_by("name").values_list("name", flat=True)
    return {
        "ar": [(ratio, "") for ratio in RATIOS],
        "style": [(name, preset.shown_title) for name, preset in PRESETS.items()],
        "sref": [(RANDOM, say("a style drawn anew"))],
        "sampler": [(name, say(title)) for name, title in SAMPLER_TITLES.items() if name != "own"],
        "schedule": [(name, say(title)) for name, title in SCHEDULE_TITLES.items()],
        "model": [(model.name, model.title) for model in models_for(user).checkpoints],
        "lora": [(name, "") for name in loras],
    }
