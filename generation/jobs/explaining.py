"""What a prompt means and what it would make, said before anything is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from generation.contracts import Vocabulary
from generation.jobs import estimating, imagining, selectors
from generation.jobs.choosing import models_for
from generation.jobs.imagining import Child, Resolved
from generation.jobs.notes import Note
from generation.jobs.option_sets import wishes_of
from generation.jobs.pictures import find_pictures, is_elsewhere
from generation.jobs.tokens import Counted, count_tokens
from generation.models import Job
from generation.prompts.parameters import PARAMETERS
from generation.prompts.spec import PromptSpec
from mjweb.accounts.models import User
from mjweb.common.saying import say

_WORD: Final = re.compile(r"[^\W\d_]+")
_SHOWN: Final = 40
_LITTLE: Final = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"})
"""Words that no model has to know."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A parameter and its value in this prompt.

    value: as it would be typed; the default in words where it is not. given: whether this person said it.
    """

    name: str
    value: str
    sentence: str
    given: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """All there is to say of a prompt.

    first: of its jobs the first one; the others differ by what is in braces.
    tokens: of each part of `first.child.spec`; None where this server cannot count them.
    engine_s: of all jobs together; starts_in_s: until the first one. Both None while nothing is known.
    """

    first: Resolved
    jobs: int
    images: int
    tokens: list[Counted] | None
    notes: tuple[Note, ...]
    engine_s: float | None
    starts_in_s: int | None

    @property
    def chips(self) -> list[Chip]:
        """Every parameter, in the table's order."""
        return list(_chips(self.first.child.spec))

    @property
    def known_words(self) -> list[str] | None:
        """The words that a model of few words knows; None for one that knows any."""
        return self._words(known=True)

    @property
    def unknown_words(self) -> list[str] | None:
        """The words that it does not know."""
        return self._words(known=False)

    def _words(self, *, known: bool) -> list[str] | None:
        vocabulary: Vocabulary | None = self.first.child.card.vocabulary
        if vocabulary is None:
            return None
        said = (word for part in self.first.child.spec.parts for word in _WORD.findall(part.text.lower()))
        return [word for word in dict.fromkeys(said) if (word in vocabulary.words) == known and word not in _LITTLE]


def explain(owner: User, text: str, *, model: str | None = None) -> Explained:
    """What a prompt would make. Nothing is written, fetched or drawn that counts later.

    model: the name of the one that the form or the program says.

    Raises:
        PromptErrors: what submitting would raise, as far as it needs no picture from elsewhere.
        ImageNotFoundError, UploadNotFoundError: of a picture that it names.
        CheckpointNotReadyError, UnknownModelError.
    """
    models, wishes = models_for(owner), wishes_of(owner)
    expansion = imagining.open_out(text, wishes, models)
    read = imagining.read_children(text, expansion, models, wishes, model=model)
    named = {reference for child in read.values() for reference in child.references}
    pictures = find_pictures(owner, (reference for reference in named if not is_elsewhere(reference)))
    resolved = {prompt: imagining.resolve(child, pictures) for prompt, child in read.items()}
    first = resolved[expansion.prompts[0]]
    tokens = count_tokens(first.child.checkpoint, [part.text for part in first.child.spec.parts])
    painting = {child.checkpoint for child in read.values()}
    per_work = {checkpoint: estimating.seconds_per_work(checkpoint) for checkpoint in painting}
    each = [(resolved[prompt].meaning.plan, per_work[read[prompt].checkpoint]) for prompt in expansion.prompts]
    seconds = [estimating.engine_s(plan, speed) for plan, speed in each]
    return Explained(
        first=first,
        jobs=expansion.count,
        images=sum(plan.kept for plan, _ in each),
        tokens=tokens,
        notes=(*first.notes, *_of_tokens(first.child, tokens)),
        engine_s=None if None in seconds else round(sum(filter(None, seconds)), 3),
        starts_in_s=selectors.starts_in_s(Job.objects.waiting().count() + 1),
    )


def _chips(spec: PromptSpec) -> Iterator[Chip]:
    for row in PARAMETERS:
        given = row.name in spec.given
        value = row.kind.write(getattr(spec, row.field)) if given else row.shown_default
        yield Chip(row.name, value, row.shown_sentence, given)


def _of_tokens(child: Child, counted: list[Counted] | None) -> Iterator[Note]:
    """What is not read of a prompt, or read in several pieces."""
    for part, one in zip(child.spec.parts, counted or [], strict=False):
        shown = part.text if len(part.text) <= _SHOWN else f"{part.text[: _SHOWN - 1]}…"
        if one.unread:
            yield Note(
                "too_many_tokens",
                say(
                    "“{shown}” has {tokens} tokens, more than {model} reads.",
                    shown=shown,
                    tokens=one.tokens,
                    model=child.card.title,
                ),
            )
        elif one.pieces > 1:
            sentence = say(
                "“{shown}” has {tokens} tokens, which are read in pieces of up to {capacity}.",
                shown=shown,
                tokens=one.tokens,
                capacity=one.capacity,
            )
            yield Note("in_pieces", sentence)
