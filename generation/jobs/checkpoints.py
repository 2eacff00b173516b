"""Which model renders."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from generation.contracts import CheckpointCard
from generation.errors import CheckpointNotReadyError
from generation.jobs.cards import card
from generation.models import Checkpoint


def describe_checkpoint(folder: Path, *, source: str) -> CheckpointCard:
    """The card of the checkpoint in `folder`, named after where it came from.

    source: a folder or a hub id; of `acme/dreams` and `models/dreams` the name is `dreams`. A folder that only
        says `weights` is named after the folder around it.

    Raises:
        CheckpointInvalidError: the folder is no checkpoint that we can load.
    """
    path = Path(source)
    name = path.parent.name if path.name == "weights" else path.name
    return card(folder, name=name, title=name.replace("-", " ").replace("_", " ").capitalize())


@transaction.atomic
def register_checkpoint(card: CheckpointCard, *, source: str) -> Checkpoint:
    """Writes a checkpoint's card down and makes it the one that new jobs use. Safe to repeat."""
    Checkpoint.objects.exclude(name=card.name).filter(is_default=True).update(is_default=False)
    checkpoint, _ = Checkpoint.objects.select_for_update().get_or_create(
        name=card.name, defaults={"source": source, "card_values": {}}
    )
    checkpoint.source, checkpoint.card, checkpoint.is_default = source, card, True
    checkpoint.save()
    return checkpoint


def default_checkpoint() -> Checkpoint:
    """The checkpoint that a new job uses.

    Raises:
        CheckpointNotReadyError: none has been registered yet.
    """
    checkpoint = Checkpoint.objects.filter(is_default=True).first()
    if checkpoint is None:
        msg = "The model is still being loaded for the first time. Try again in a minute."
        raise CheckpointNotReadyError(msg)
    return checkpoint
