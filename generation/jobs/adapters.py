"""The registry of adapters: what comes in, what goes, and which of them a plan may use.

Workers ask it for the files of each job's plan, so nobody is told after commit.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from generation.contracts import AdapterFile, AdapterUse, CheckpointCard, ControlUse, RenderPlan
from generation.errors import (
    ActionNotPossibleError,
    AdapterInUseError,
    AdapterInvalidError,
    AdapterTakenError,
    UnknownAdapterError,
)
from generation.jobs.adapter_files import adapter_card, sha256_of
from generation.layouts import LAYOUTS
from generation.models import Adapter, Job
from generation.prompts.values import MAX_MODEL_NAME, is_model_name, nearest_model
from mjweb.common.saying import say, say_many

MOST: Final = 5
"""Adapters of one plan."""
MOST_WEIGHT: Final = 2.0
"""And as much below 0."""
TITLES: Final[Mapping[str, str]] = {layout.family: layout.title for layout in LAYOUTS}


@transaction.atomic
def add_adapter(
    source: str,
    *,
    name: str | None = None,
    family: str | None = None,
    license_name: str | None = None,
    encoder: str | None = None,
) -> Adapter:
    """Lets jobs name one more adapter. The same file may come again, from another place, and after it was removed.

    A name stays that of one file for ever: plans that were stored name it.

    source: a file of safetensors, or the folder of a ControlNet, which stays where it is.
    name: what people call it; the file's name unless said.
    family: of the checkpoints that it fits, where the file's layers do not tell.
    license_name: where the file does not say it.
    encoder: the folder of an IP-Adapter's image encoder; `image_encoder` beside the file unless said.

    Raises:
        AdapterInvalidError: it is no adapter that we can load, nobody could type its name, or there is no such family.
        AdapterTakenError: another file has or had this name.
    """
    path = Path(source).expanduser().resolve()
    name = name or path.stem
    if not is_model_name(name):
        raise AdapterInvalidError(
            say(
                "An adapter cannot be called “{name}”: a name has letters and digits with single dots, hyphens or "
                "underscores between them, {most} characters at most.",
                name=name,
                most=MAX_MODEL_NAME,
            )
        )
    if family is not None and family not in TITLES:
        raise AdapterInvalidError(
            say("There is no family {family}; there are {known}.", family=family, known=", ".join(TITLES))
        )
    card = adapter_card(path, Path(encoder).expanduser().resolve() if encoder else None)
    rows = {row.name.casefold(): row for row in Adapter.objects.select_for_update()}
    row = rows.get(name.casefold()) or Adapter(name=name)
    if row.pk and row.sha256 != card.sha256:
        raise AdapterTakenError(
            say(
                "Another file came as {name}, from {path}. Give this one another name.",
                name=row.name,
                path=row.source,
            )
        )
    row.kind, row.source, row.family = card.kind, str(path), family or card.family
    row.size_bytes, row.sha256, row.license = card.size_bytes, card.sha256, license_name or card.license
    row.encoder, row.told_width = str(card.encoder or ""), card.told_width
    row.removed_at = None
    row.save()
    return row


@transaction.atomic
def remove_adapter(name: str) -> Adapter:
    """Lets no further job name this adapter. Its file stays where it is, and finished jobs keep their plans.

    Raises:
        UnknownAdapterError: there is none of this name.
        AdapterInUseError: jobs wait for it.
    """
    adapter = usable_adapter(name)
    names = Q(plan_values__adapters__contains=[{"name": adapter.name}]) | Q(plan_values__control__name=adapter.name)
    used = Job.objects.active().filter(names).count()
    if used:
        raise AdapterInUseError(
            say_many(
                "{name} is in use: 1 job waits for it or is being made. Cancel them or let them end.",
                "{name} is in use: {count} jobs wait for it or are being made. Cancel them or let them end.",
                used,
                name=adapter.name,
            )
        )
    Adapter.objects.filter(pk=adapter.pk).update(removed_at=Now())
    return adapter


def usable_adapter(name: str) -> Adapter:
    """The adapter of this name, whatever its case.

    Raises:
        UnknownAdapterError: there is none; the sentence names the nearest.
    """
    adapter = Adapter.objects.usable().filter(name__iexact=name).first()
    if adapter is None:
        raise _unknown(name, list(Adapter.objects.usable().values_list("name", flat=True)))
    return adapter


def with_adapters(plan: RenderPlan, uses: Sequence[AdapterUse], *, family: str) -> RenderPlan:
    """The plan with these adapters, under the names that the registry has for them.

    family: of the plan's checkpoint, as its card says.

    Raises:
        UnknownAdapterError: there is none of a name; the sentence names the nearest.
        ActionNotPossibleError: one does not fit the family, there are too many, one comes twice or counts too much.
    """
    if len(uses) > MOST:
        raise ActionNotPossibleError(say("At most {most} adapters go together.", most=MOST))
    found = [(usable_adapter(use.name), use.weight) for use in uses]
    for adapter, weight in found:
        if adapter.kind == "control":
            raise ActionNotPossibleError(
                say("{name} is a ControlNet, which needs a picture to be led by.", name=adapter.name)
            )
        if adapter.kind == "image_prompt":
            raise ActionNotPossibleError(
                say("{name} is an IP-Adapter, which shows image prompts by itself.", name=adapter.name)
            )
        _check(adapter, weight, family)
    names = [adapter.name for adapter, _ in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ActionNotPossibleError(say("The adapter {name} is named twice.", name=twice))
    return replace(plan, adapters=tuple(AdapterUse(adapter.name, weight) for adapter, weight in found))


def with_control(plan: RenderPlan, use: ControlUse, *, family: str) -> RenderPlan:
    """The plan led by a ControlNet. Raises as `with_adapters`."""
    adapter = usable_adapter(use.name)
    if adapter.kind != "control":
        raise ActionNotPossibleError(say("{name} is no ControlNet.", name=adapter.name))
    _check(adapter, use.weight, family)
    if not 0 <= use.start < use.end <= 1:
        raise ActionNotPossibleError(
            say("{name} counts from a share of the steps to a later one, from 0 to 1.", name=adapter.name)
        )
    return replace(plan, control=replace(use, name=adapter.name))


def image_prompt_adapter(card: CheckpointCard) -> str | None:
    """The name of the IP-Adapter that shows image prompts to a checkpoint: of those that fit it the one added last."""
    fitting = Adapter.objects.usable().fitting(card.family).filter(kind="image_prompt", told_width=card.told_width)
    return fitting.exclude(told_width=0).order_by("-created_at").values_list("name", flat=True).first()


def _check(adapter: Adapter, weight: float, family: str) -> None:
    if not (math.isfinite(weight) and abs(weight) <= MOST_WEIGHT):
        raise ActionNotPossibleError(say("The weight of {name} is a number from -2 to 2.", name=adapter.name))
    if adapter.family != family:
        made_for, here = TITLES.get(adapter.family, adapter.family), TITLES.get(family, family)
        raise ActionNotPossibleError(
            say(
                "{name} is made for {family}, and this model is of {here}.",
                name=adapter.name,
                family=made_for,
                here=here,
            )
        )


def control_file(plan: RenderPlan) -> AdapterFile | None:
    """Where the ControlNet of a plan lies; None where it has none. Raises as `adapter_files`."""
    if plan.control is None:
        return None
    return adapter_files(replace(plan, adapters=(AdapterUse(plan.control.name),)))[0]


def adapter_files(plan: RenderPlan) -> tuple[AdapterFile, ...]:
    """Where the adapters of a plan lie, in its order; those that were removed meanwhile too.

    Raises:
        UnknownAdapterError: there never was one of a name.
    """
    if not plan.adapters:
        return ()
    rows = {row.name: row for row in Adapter.objects.filter(name__in=[use.name for use in plan.adapters])}
    if missing := next((use.name for use in plan.adapters if use.name not in rows), None):
        raise _unknown(missing, list(rows))
    return tuple(rows[use.name].file for use in plan.adapters)


def changes_of(adapter: Adapter) -> str | None:
    """What of an adapter's file differs from the day it came, in one sentence; None when nothing does."""
    path, encoder = Path(adapter.source), Path(adapter.encoder) if adapter.encoder else None
    if missing := next((each for each in (path, encoder) if each is not None and not each.exists()), None):
        return f"{missing.name} is missing."
    both = path.name if encoder is None else f"{path.name} or its {encoder.name}"
    return None if sha256_of(path, encoder) == adapter.sha256 else f"{both} has changed."


def _unknown(name: str, names: Sequence[str]) -> UnknownAdapterError:
    nearest = nearest_model(name, names)
    sentence = (
        say("There is no adapter “{name}” here; did you mean {near}?", name=name, near=nearest)
        if nearest
        else say("There is no adapter “{name}” here.", name=name)
    )
    field = {"field": "adapters", "code": UnknownAdapterError.code, "sentence": sentence}
    return UnknownAdapterError(sentence, errors=[field])
