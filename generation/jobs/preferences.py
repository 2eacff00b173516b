"""A person's suffix and defaults: kept only if every prompt can still be read with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.db import transaction

from generation.jobs.option_sets import ANY_PROMPT, wishes_of
from generation.models import Preferences
from generation.prompts.defaults import with_defaults
from generation.prompts.lexer import lex
from generation.prompts.parameters import PARAMETERS, Parameter
from generation.prompts.parser import Reading, check, parse
from generation.prompts.permutations import check_all, expand
from generation.prompts.problems import PromptErrors
from generation.prompts.spec import PromptSpec
from mjweb.accounts.models import User

LASTING: Final = frozenset({
    "ar", "tile", "hires", "stylize", "raw", "chaos", "weird", "quality", "fast", "relax", "steps", "guidance",
    "sampler", "schedule", "public", "unlisted", "stealth",
})  # fmt: skip
"""Parameters that somebody may want of every prompt; the others are about one."""


def preferences_of(user: User) -> Preferences:
    """What this person wants of every prompt; empty where they never said."""
    return Preferences.objects.filter(owner=user).first() or Preferences(owner=user)


@transaction.atomic
def keep_preferences(owner: User, *, suffix: str | None = None, defaults: str | None = None) -> Preferences:
    """Keeps a suffix, or defaults, or both; None leaves it as it is.

    Raises:
        PromptErrors: a prompt could not be read any more; its columns are those of the words that are refused.
    """
    kept = preferences_of(owner)
    if suffix is not None:
        _check(suffix, check_all(ANY_PROMPT, option_sets=wishes_of(owner).option_sets, suffix=suffix))
        kept.suffix = suffix.strip()
    if defaults is not None:
        _check(defaults, check(with_defaults(ANY_PROMPT, defaults)))
        kept.defaults = defaults.strip()
    kept.save()
    return kept


@transaction.atomic
def keep_as_defaults(owner: User, text: str) -> Preferences:
    """Makes the lasting parameters that a prompt has now the defaults, those that are defaults already included.

    text: as typed, words or not.

    Raises:
        PromptErrors: its parameters cannot be read.
    """
    wishes = wishes_of(owner)
    parameters = f"{ANY_PROMPT} {text[lex(text).words_end :]}"
    first = expand(parameters, option_sets=wishes.option_sets).prompts[0]
    said, before = (parse(with_defaults(prompt, wishes.defaults)) for prompt in (first, ANY_PROMPT))
    written = (_written(row, said if row.name in LASTING else before) for row in PARAMETERS)
    return keep_preferences(owner, defaults=" ".join(filter(None, written)))


def _written(row: Parameter, spec: PromptSpec) -> str:
    """The parameter as it is typed; empty where it says nothing beside the server's own default."""
    value = getattr(spec, row.field)
    return f"--{row.name} {row.kind.write(value)}".rstrip() if row.name in spec.given and value != row.default else ""


def _check(words: str, reading: Reading) -> None:
    """Refuses words with which a prompt could not be read; where they stand in it is nobody's business."""
    if reading.problems:
        raise PromptErrors([replace(problem, start=0, end=len(words), fix=None) for problem in reading.problems])
