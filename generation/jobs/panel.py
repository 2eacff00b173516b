"""What the settings panel shows: for each of its parameters the value that counts, and the one that would without it.

Where both are the same nothing need be typed, so the page writes only what differs from a person's own defaults.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.conf import settings

from generation.contracts import CheckpointCard
from generation.errors import CheckpointNotReadyError, UnknownModelError
from generation.jobs import planning
from generation.jobs.choosing import Models
from generation.jobs.imagining import settled_spec
from generation.jobs.limits import factor_of
from generation.jobs.option_sets import ANY_PROMPT, Wishes
from generation.prompts.lexer import lex
from generation.prompts.parameters import BY_NAME, CONFLICTS
from generation.prompts.permutations import check_all
from generation.prompts.spec import PromptSpec

ON: Final = "on"
LANES: Final = ("fast", "relax", "draft")


@dataclass(frozen=True, slots=True)
class Control:
    """A parameter of the panel, as it would be typed; empty for one that is off or left to the model.

    value: what counts now. default: what counts where the words do not say it.
    """

    value: str
    default: str


@dataclass(frozen=True, slots=True)
class Naming:
    """How the page finds a parameter in the words.

    own: its names, parted by spaces, without dashes. against: those of the parameters that it excludes.
    """

    own: str
    against: str


def panel_of(
    text: str, wishes: Wishes, models: Models, *, spec: PromptSpec | None = None, model: str = ""
) -> dict[str, Control]:
    """The controls for this text, whose words do not matter; empty where its parameters cannot be read.

    spec: of this text with the person's wishes, where it is known. model: the name that the form says.
    """
    plain = _read(ANY_PROMPT, wishes, models)
    said = spec or _read(f"{ANY_PROMPT} {text[lex(text).words_end :]}", wishes, models)
    if said is None or plain is None:
        return {}
    try:
        checkpoint, chosen = models.pick(said, model), models.pick(plain, model)
    except (CheckpointNotReadyError, UnknownModelError):
        return {}
    card = checkpoint.card
    values, defaults = _values(said, card), _values(plain, card) | _followed(said, plain, card)
    values["model"], defaults["model"] = checkpoint.name, chosen.name
    return {name: Control(value, defaults[name]) for name, value in values.items()}


def _namings() -> dict[str, Naming]:
    """Of every parameter, by its name."""
    return {name: Naming(_names(name), _names(*sorted(CONFLICTS[name]))) for name in CONFLICTS}


def _read(text: str, wishes: Wishes, models: Models) -> PromptSpec | None:
    limit, names = settings.MJWEB_MAX_JOBS_PER_PROMPT, models.names or None
    sets, suffix = wishes.option_sets, wishes.suffix
    reading = check_all(text, option_sets=sets, suffix=suffix, models=names, limit=limit)
    return settled_spec(text, reading, wishes, models)


def _followed(said: PromptSpec, plain: PromptSpec, card: CheckpointCard) -> dict[str, str]:
    """Steps and guidance where nobody types them: they follow what else is said."""
    bare = replace(said, steps=plain.steps, guidance=plain.guidance)
    return {
        "steps": str(planning.planned_length(bare, card)),
        "guidance": _short(planning.planned_guidance(bare, card)),
    }


def _values(spec: PromptSpec, card: CheckpointCard) -> dict[str, str]:
    return {
        "ar": str(spec.aspect),
        "stylize": str(spec.stylize),
        "chaos": str(spec.chaos),
        "weird": str(spec.weird),
        "steps": str(planning.planned_length(spec, card)),
        "guidance": _short(planning.planned_guidance(spec, card)),
        "sampler": spec.sampler or "",
        "schedule": spec.schedule or "",
        "hires": _short(factor_of(spec)),
        "tile": ON if spec.tile else "",
        "raw": ON if spec.raw else "",
        "lane": "draft" if spec.draft else "relax" if spec.speed == "relax" else "fast",
        "visibility": spec.visibility or "public",
    }


def _short(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def _names(*names: str) -> str:
    return " ".join(spelling for name in names for spelling in (name, *BY_NAME[name].aliases))


NAMINGS: Final[Mapping[str, Naming]] = _namings()
