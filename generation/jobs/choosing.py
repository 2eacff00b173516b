"""Which of the server's models makes somebody's pictures.

What the prompt says wins over what the form or the program says, that over what the person chose last, and that over
the server's default.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from generation.errors import CheckpointNotReadyError
from generation.jobs.checkpoints import no_such_model, usable_checkpoint
from generation.models import Checkpoint, CheckpointChoice
from generation.prompts.spec import PromptSpec
from mjweb.accounts.models import User
from mjweb.common.saying import say


@dataclass(frozen=True, slots=True)
class Models:
    """The models that one person may use.

    checkpoints: the default first, then by title. preferred: what counts where nobody says another; None while there
        is no model at all.
    """

    checkpoints: tuple[Checkpoint, ...]
    preferred: Checkpoint | None

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, in order."""
        return tuple(checkpoint.name for checkpoint in self.checkpoints)

    def pick(self, spec: PromptSpec, named: str | None = None) -> Checkpoint:
        """The one for this prompt.

        named: what the form or the program says; nothing where it is empty.

        Raises:
            CheckpointNotReadyError: there is no model yet.
            UnknownModelError: there is none of that name; the sentence names the nearest.
        """
        if self.preferred is None:
            msg = say("The model is still being loaded for the first time. Try again in a minute.")
            raise CheckpointNotReadyError(msg)
        wanted = spec.model or named
        return self._named(wanted) if wanted else self.preferred

    def _named(self, name: str) -> Checkpoint:
        for checkpoint in self.checkpoints:
            if checkpoint.name.casefold() == name.casefold():
                return checkpoint
        raise no_such_model(name, self.names)


def models_for(user: User) -> Models:
    """The models that this person may use, and which one they prefer."""
    chosen = Exists(CheckpointChoice.objects.filter(user=user, checkpoint=OuterRef("pk")))
    rows = list(Checkpoint.objects.usable().order_by(chosen.desc(), "-is_default"))
    shown = sorted(rows, key=lambda row: (not row.is_default, row.title.casefold(), row.name))
    return Models(tuple(shown), rows[0] if rows else None)


def choose_checkpoint(user: User, name: str) -> Checkpoint:
    """Remembers the model that this person chose, until they choose another.

    Raises:
        UnknownModelError: there is none of this name.
    """
    checkpoint = usable_checkpoint(name)
    CheckpointChoice.objects.update_or_create(user=user, defaults={"checkpoint": checkpoint})
    return checkpoint
