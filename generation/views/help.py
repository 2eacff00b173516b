"""The help page, written from the tables that the product itself reads, with pictures that it painted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from generation.jobs import examples, meaning
from generation.models import Checkpoint
from generation.prompts.help import help_rows
from generation.prompts.parameters import REFUSED
from generation.prompts.styles import PRESETS
from mjweb.common.access import public
from mjweb.common.saying import say

_ROW: Final = re.compile(r"^\| (?P<said>[^|]*`--[^|]*) \| (?P<number>[^|]+) \|$", re.MULTILINE)
_NAMES: Final = re.compile(r"`--[a-z -]+`")
_LIKE_THE_PLAN: Final = "as the plan's"
"""Of numbers that are painted with as they are typed."""


@public
@require_safe
def help(request: HttpRequest) -> HttpResponse:  # noqa: A001 - the address is called help
    """Parameters with their numbers, styles, what the model knows if it says so, and the keys."""
    checkpoints = list(Checkpoint.objects.usable().order_by("-is_default", "name"))
    vocabulary = checkpoints[0].card.vocabulary if checkpoints else None
    names = [checkpoint.name for checkpoint in checkpoints]
    numbers = meanings()
    context = {
        "parameters": [
            (row, numbers.get(row.name, ()), examples.row_of(row.name.removeprefix("--"))) for row in help_rows(names)
        ],
        "refused": REFUSED,
        "looks": [examples.look(preset) for preset in PRESETS.values()],
        "vocabulary": vocabulary,
    }
    return render(request, "generation/help.html", context)


def texts() -> Iterator[str]:
    """What parameters are in numbers, for the catalog of translations."""
    return (number for numbers in _numbers().values() for _, number in numbers)


def meanings() -> dict[str, tuple[str, ...]]:
    """What each parameter is in numbers, by its name with dashes, in the language of whoever is answered."""
    return {
        name: tuple(f"{beside}: {say(number)}" if beside else say(number) for beside, number in numbers)
        for name, numbers in _numbers().items()
    }


@cache
def _numbers() -> dict[str, tuple[tuple[str, str], ...]]:
    """The same in English, from the table above the code that reckons them.

    Each number comes with what else must be typed for it; with nothing where the parameter alone says it.
    """
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _ROW.finditer(meaning.__doc__ or ""):
        said, number = row["said"], row["number"].replace("`", "")
        if number == _LIKE_THE_PLAN:
            continue
        names = re.findall(r"--[a-z]+", said)
        alone = not _NAMES.sub("", said).strip(" ,")
        for name in names:
            found[name].append(("" if alone else said.replace("`", ""), number))
    return {name: tuple(numbers) for name, numbers in found.items()}
