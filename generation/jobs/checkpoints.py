"""Which model renders."""

from __future__ import annotations

from django.db import transaction

from generation.contracts import CheckpointCard
from generation.errors import CheckpointNotReadyError
from generation.models import Checkpoint


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
