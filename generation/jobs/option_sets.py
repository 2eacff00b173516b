"""What a person wants of every prompt: option sets that they named, a suffix, and defaults.

What a prompt says itself wins over an option set in it, that over the suffix, that over the defaults, and these over
the server's own numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction

from generation.errors import OptionSetNotFoundError, OptionSetRefusedError
from generation.models import OptionSet, Preferences
from generation.prompts.lexer import lex
from generation.prompts.option_sets import option_set_problem
from generation.prompts.permutations import check_all
from generation.prompts.problems import PromptErrors
from mjweb.accounts.models import User
from mjweb.common.saying import say

MOST_SETS: Final = 100
ANY_PROMPT: Final = "a boat"
"""Words beside which parameters are read that have none yet."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """A person's own words around their prompts.

    option_sets: value by name. suffix: behind every prompt. defaults: parameters for what a prompt does not say.
    """

    option_sets: Mapping[str, str] = field(default_factory=dict)
    suffix: str = ""
    defaults: str = ""


def wishes_of(user: User) -> Wishes:
    """What this person wants of every prompt, in two queries."""
    kept = Preferences.objects.filter(owner=user).first() or Preferences()
    sets = dict(OptionSet.objects.owned_by(user).values_list("name", "value"))
    return Wishes(sets, kept.suffix, kept.defaults)


@transaction.atomic
def keep_option_set(owner: User, name: str, value: str) -> OptionSet | None:
    """Makes `--name` stand for a value, or changes what it stands for; an empty value drops it, and gives None.

    Raises:
        OptionSetRefusedError: nobody could type the name, it is taken by the language, the value is too long or names
            the set itself by way of others, or there are too many.
    """
    name = name.lower()
    if not value.strip():
        OptionSet.objects.owned_by(owner).filter(name=name).delete()
        return None
    User.objects.select_for_update().get(pk=owner.pk)  # two at once could name each other, or be one too many
    others = dict(OptionSet.objects.owned_by(owner).exclude(name=name).values_list("name", "value"))
    if len(others) >= MOST_SETS:
        raise OptionSetRefusedError(
            say("You have {count} option sets already, as many as one may.", count=MOST_SETS), limit=MOST_SETS
        )
    if (problem := option_set_problem(name, value, others)) is not None:
        raise OptionSetRefusedError(problem.sentence, errors=[{"field": "value", **problem.to_json()}])
    return OptionSet.objects.update_or_create(owner=owner, name=name, defaults={"value": value.strip()})[0]


def keep_parameters(owner: User, name: str, text: str) -> OptionSet | None:
    """Makes `--name` stand for the parameters of a prompt; its words are left out. As `keep_option_set`.

    Raises:
        OptionSetRefusedError: also where the prompt has no parameters. PromptErrors: they cannot be read.
    """
    value = text[lex(text).words_end :].strip()
    if not value:
        raise OptionSetRefusedError(say("The prompt has no parameters yet that could be kept."))
    reading = check_all(f"{ANY_PROMPT} {value}", option_sets=wishes_of(owner).option_sets)
    if reading.problems:
        raise PromptErrors(reading.problems)
    return keep_option_set(owner, name.strip().removeprefix("--"), value)


def own_option_set(owner: User, name: str) -> OptionSet:
    """The option set of this name, whatever its case.

    Raises:
        OptionSetNotFoundError: this person has none.
    """
    found = OptionSet.objects.owned_by(owner).filter(name=name.lower()).first()
    if found is None:
        raise OptionSetNotFoundError(say("You have no option set --{name}.", name=name))
    return found


def drop_option_set(owner: User, name: str) -> None:
    """Lets `--name` mean nothing. Prompts that were run with it keep what it stood for.

    Raises:
        OptionSetNotFoundError: this person has none.
    """
    own_option_set(owner, name).delete()
