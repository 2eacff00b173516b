"""A person's suffix and defaults: kept only if every prompt can still be read with them."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from generation.jobs.option_sets import wishes_of
from generation.models import Preferences
from generation.prompts.defaults import with_defaults
from generation.prompts.parser import Reading, check
from generation.prompts.permutations import check_all
from generation.prompts.problems import PromptErrors
from mjweb.accounts.models import User

ANY_PROMPT = "a boat"


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


def _check(words: str, reading: Reading) -> None:
    """Refuses words with which a prompt could not be read; where they stand in it is nobody's business."""
    if reading.problems:
        raise PromptErrors([replace(problem, start=0, end=len(words), fix=None) for problem in reading.problems])
