"""The registry of models: what comes in, what goes, and which one is the default.

Workers look into it every few seconds, so nobody is told after commit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from generation.contracts import CheckpointCard
from generation.errors import (
    CheckpointInUseError,
    CheckpointInvalidError,
    CheckpointTakenError,
    UnknownModelError,
)
from generation.jobs import weights
from generation.jobs.cards import card
from generation.jobs.single_files import WEIGHTS
from generation.jobs.sources import fetch_folder, is_single_file, local_folder
from generation.models import Checkpoint, Job
from generation.prompts.values import MAX_MODEL_NAME, is_model_name, nearest_model, unknown_model
from mjweb.common.saying import say, say_many

_NOT_IN_NAMES: Final = re.compile(r"[\W_]{2,}|[^\w.-]")


def describe_checkpoint(
    folder: Path, *, source: str, name: str | None = None, title: str | None = None
) -> CheckpointCard:
    """The card of the checkpoint in `folder`, named after where it came from unless it is given a name.

    source: a folder, a file or a hub id; of `acme/dreams`, `models/dreams` and `dreams.safetensors` the name is
        `dreams`. A folder that only says `weights` is named after the folder around it.

    Raises:
        CheckpointInvalidError: the folder is no checkpoint that we can load, or nobody could type its name.
    """
    path = Path(source.removesuffix(WEIGHTS))
    name = name or _NOT_IN_NAMES.sub("-", path.parent.name if path.name == "weights" else path.name).strip("._-")
    if not is_model_name(name):
        msg = say(
            "A model cannot be called “{name}”: a name has letters and digits with single dots, hyphens or underscores "
            "between them, {most} characters at most.",
            name=name,
            most=MAX_MODEL_NAME,
        )
        raise CheckpointInvalidError(msg)
    return card(folder, name=name, title=title or name.replace("-", " ").replace("_", " ").capitalize())


def add_checkpoint(
    source: str,
    *,
    name: str | None = None,
    title: str | None = None,
    like: str | None = None,
    makes_default: bool = False,
) -> Checkpoint:
    """Lets jobs name one more model. Adding the same source again reads it anew; the first model becomes the default.

    source: a folder, a single file of safetensors, or a hub id, which is downloaded. All its weights are read once, for
        their hashes.
    like: for a single file: the model, the folder or the hub id of a whole checkpoint of its kind, which configures it.
        Without it the models that there are do, or the hub.

    Raises:
        CheckpointInvalidError: it is no model that we can load; the sentence says why.
        CheckpointTakenError: another model has this name.
    """
    folder = fetch_folder(source, _references(), like=_source_of(like))
    if Path(source).expanduser().exists():
        source = str(Path(source).expanduser().resolve())
    described = describe_checkpoint(folder, source=source, name=name, title=title)
    _refuse_taken_name(described.name, source)
    return register_checkpoint(described, source=source, makes_default=makes_default, **_found(folder))


def register_configured(source: str, *, is_named: bool) -> Checkpoint:
    """Lets jobs name the model that the environment says, and returns the default. Safe to repeat at every start.

    is_named: whether somebody named it; then it becomes the default. The model that ships only fills an empty place,
        and does not come back once it was removed.

    Raises:
        CheckpointInvalidError: it is no model that we can load.
    """
    folder = _present(source) or fetch_folder(source, _references())
    described = describe_checkpoint(folder, source=source)
    known = Checkpoint.objects.filter(name=described.name).first()
    default = Checkpoint.objects.filter(is_default=True).first()
    if not is_named and known and known.removed_at and default:
        return default
    if known:
        described = replace(described, title=known.title)
    found = {} if known and known.source == source and _is_unchanged(folder, known) else _found(folder)
    registered = register_checkpoint(described, source=source, makes_default=is_named or default is None, **found)
    return registered if registered.is_default or default is None else default


@transaction.atomic
def register_checkpoint(card: CheckpointCard, *, source: str, makes_default: bool = True, **found: Any) -> Checkpoint:
    """Writes a checkpoint's card down. Safe to repeat; one that was removed comes back.

    makes_default: whether new jobs use it from now on; the first one is always the default.
    found: further fields, where its weights were read.
    """
    rows = _locked()
    checkpoint = rows.get(card.name) or Checkpoint(name=card.name)
    makes_default = makes_default or not any(row.is_default for row in rows.values())
    if makes_default:
        Checkpoint.objects.filter(is_default=True).exclude(name=card.name).update(is_default=False)
        checkpoint.is_default = True
    checkpoint.source, checkpoint.card, checkpoint.removed_at = source, card, None
    for field, value in found.items():
        setattr(checkpoint, field, value)
    checkpoint.save()
    return checkpoint


@transaction.atomic
def set_default_checkpoint(name: str) -> Checkpoint:
    """Makes a model the one that new jobs use where nobody says another.

    Raises:
        UnknownModelError: there is none of this name.
    """
    _locked()
    checkpoint = usable_checkpoint(name)
    Checkpoint.objects.filter(is_default=True).update(is_default=False)
    checkpoint.is_default = True
    checkpoint.save(update_fields=["is_default"])
    return checkpoint


@transaction.atomic
def remove_checkpoint(name: str) -> Checkpoint:
    """Lets no further job name this model. Finished jobs keep their plans, and its files stay where they are.

    Raises:
        UnknownModelError: there is none of this name.
        CheckpointInUseError: it is the default, or jobs wait for it.
    """
    _locked()
    checkpoint = usable_checkpoint(name)
    if checkpoint.is_default:
        msg = say("{name} is the default model. Make another one the default first.", name=checkpoint.name)
        raise CheckpointInUseError(msg)
    if active := Job.objects.active().filter(checkpoint=checkpoint).count():
        raise CheckpointInUseError(
            say_many(
                "{name} is in use: 1 job waits for it or is being made. Cancel them or let them end.",
                "{name} is in use: {count} jobs wait for it or are being made. Cancel them or let them end.",
                active,
                name=checkpoint.name,
            )
        )
    Checkpoint.objects.filter(pk=checkpoint.pk).update(removed_at=Now())
    return checkpoint


def changes_of(checkpoint: Checkpoint) -> list[str]:
    """What of a model's weights differs from the day it came, one sentence per file; empty when nothing does.

    Raises:
        CheckpointInvalidError: its folder is not on this machine.
    """
    folder = local_folder(checkpoint.source)
    if folder is None:
        raise CheckpointInvalidError(
            say("The folder of {name} is not on this machine: {path}.", name=checkpoint.name, path=checkpoint.source)
        )
    return weights.changes(folder, checkpoint.weight_files)


def usable_checkpoint(name: str) -> Checkpoint:
    """The model of this name, whatever its case.

    Raises:
        UnknownModelError: there is none; the sentence names the nearest.
    """
    checkpoint = Checkpoint.objects.usable().filter(name__iexact=name).first()
    if checkpoint is None:
        raise no_such_model(name, list(Checkpoint.objects.usable().values_list("name", flat=True)))
    return checkpoint


def no_such_model(name: str, names: Sequence[str]) -> UnknownModelError:
    """The failure that says so, with the nearest of the names that there are."""
    sentence = unknown_model(name, nearest_model(name, names))
    field = {"field": "model", "code": UnknownModelError.code, "sentence": sentence}
    return UnknownModelError(sentence, errors=[field])


def _references() -> list[str]:
    """Sources of the models that there are, which may configure a single file."""
    sources = Checkpoint.objects.usable().values_list("source", flat=True)
    return [source for source in sources if not is_single_file(source)]


def _source_of(like: str | None) -> str | None:
    """What a person means by a model, a folder or a hub id."""
    known = Checkpoint.objects.usable().filter(name__iexact=like).first() if like else None
    return known.source if known else like


def _found(folder: Path) -> dict[str, Any]:
    """The fields that reading a folder's weights fills."""
    began_at = timezone.now()
    return {
        "weights": weights.weight_files(folder),
        "license": weights.license_of(folder),
        "hashed_at": began_at,
    }


def _present(source: str) -> Path | None:
    """The folder of a source that was registered before and is all here: no hub is asked for it again."""
    known = Checkpoint.objects.filter(source=source).first()
    folder = local_folder(source)
    return folder if folder and known and weights.is_complete(folder, known.weight_files) else None


def _is_unchanged(folder: Path, known: Checkpoint) -> bool:
    """Whether what was written down of its weights still holds, as far as one sees without reading them."""
    if known.hashed_at is None or not weights.is_complete(folder, known.weight_files):
        return False
    return not weights.written_after(folder, known.hashed_at.timestamp())


def _refuse_taken_name(name: str, source: str) -> None:
    taken = Checkpoint.objects.usable().filter(name__iexact=name).exclude(name=name, source=source).first()
    if taken is not None:
        msg = say(
            "There is already a model {name}, from {path}. Give this one another name.",
            name=taken.name,
            path=taken.source,
        )
        raise CheckpointTakenError(msg)


def _locked() -> dict[str, Checkpoint]:
    """All rows by name, for one writer at a time: there is one default among them."""
    return {row.name: row for row in Checkpoint.objects.select_for_update().order_by("pk")}
