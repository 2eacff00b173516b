"""Questions to CLIP, answered beside the engine: small forward passes, one question at a time."""

from __future__ import annotations

import logging
import re
import threading
from pathlib import Path
from typing import Final

from django.core.files.storage import default_storage

from generation.contracts import Raster, Vocabulary
from generation.engine.describing import Describer, Shown
from generation.engine.embeddings import ClipEncoder
from generation.engine.images import PictureUnreadableError, decode
from generation.engine.phrases import GENERAL, Bank, world_bank
from generation.engine.shortening import shorten
from generation.errors import GenerationError, NotAnsweredError, PictureGoneError
from generation.jobs import questions
from generation.jobs.cards import vocabulary_of
from generation.jobs.questions import Answer, Question
from generation.models import Checkpoint
from mjweb.common.saying import sayable

log = logging.getLogger(__name__)
DIGITS: Final = 4
_WORD: Final = re.compile(r"[a-z0-9]+")
_LATIN_END: Final = "\u0250"
"""Behind the letters of western languages."""
FAILED: Final = sayable("Something went wrong while this was looked at. It has been logged. Try again.")


class Answerer:
    """Answers what people ask of a worker's CLIP; all of its threads may call it.

    A forward pass at a time: the engine thread shares the processor with no more of this than that.
    """

    def __init__(self, clip: ClipEncoder, folder: Path) -> None:
        """Nothing is computed yet.

        Args:
            clip: Sees and reads.
            folder: Where it lies. A `world.json` in it or beside it says that it knows few words.
        """
        self._clip = clip
        self._describer = Describer(clip)
        self._world = vocabulary_of(folder) or vocabulary_of(folder.parent)
        self._answering = threading.Lock()

    def introduce(self) -> None:
        """Says that this CLIP answers from now on."""
        questions.introduce_clip(self._clip.name)

    def answer(self, question_id: str) -> None:
        """Answers a question, unless nobody waits for it any more. Never raises what its question is to blame for."""
        with self._answering:
            question = questions.take_question(question_id)
            if question is None:
                return
            try:
                questions.give_answer(question_id, question, self._answered(question), self._clip.name)
            except GenerationError as error:
                questions.refuse_question(question_id, error)
            except Exception:
                log.exception("A question was not answered: %s", question)
                questions.refuse_question(question_id, NotAnsweredError(FAILED))

    def _answered(self, question: Question) -> Answer:
        answered = {"shorten": self._shortened, "describe": self._described, "read": self._read, "see": self._seen}
        return answered[question.kind](question)

    def _shortened(self, question: Question) -> Answer:
        told = shorten(self._clip, question.parts)
        words = [{"text": word.text, "part": word.part, "share": round(word.move, DIGITS)} for word in told.words]
        return {"words": words, "shorter": [list(texts) for texts in told.shorter]}

    def _read(self, question: Question) -> Answer:
        """Where a text lies among pictures. Words that this CLIP never learned lie anywhere: that is said too."""
        [text] = question.parts
        [direction] = self._clip.embed_texts([text]).tolist()
        return {"encoder": self._clip.name, "direction": direction, "is_understood": self._understands(text)}

    def _seen(self, question: Question) -> Answer:
        [direction] = self._clip.embed_pictures([_opened(question.file)], quick=True).tolist()
        return {"encoder": self._clip.name, "direction": direction, "is_understood": True}

    def _understands(self, text: str) -> bool:
        """A small CLIP knows one of the words; of a large one, which is English, most letters are western."""
        if self._world:
            return not self._world.words.isdisjoint(_WORD.findall(text.lower()))
        letters = [sign for sign in text if sign.isalpha()]
        return bool(letters) and sum(sign < _LATIN_END for sign in letters) >= len(letters) / 2

    def _described(self, question: Question) -> Answer:
        told = self._describer.describe(_opened(question.file), self._bank(question.model))
        return {"prompts": list(told.prompts), "shown": [_shown(one) for one in told.shown]}

    def _bank(self, model: str) -> Bank:
        """The words that both know: CLIP, and the model that is to paint them."""
        known = self._world or _vocabulary_of(model)
        return (world_bank(known) if known else ()) or GENERAL


def _opened(name: str) -> Raster:
    """A picture of the media storage.

    Raises:
        PictureGoneError: it is not there, or cannot be read.
    """
    try:
        with default_storage.open(name) as file:
            return decode(file.read())
    except (FileNotFoundError, PictureUnreadableError) as error:
        raise PictureGoneError(sayable("The file of this picture is gone.")) from error


def _vocabulary_of(model: str) -> Vocabulary | None:
    checkpoint = Checkpoint.objects.filter(name=model).first()
    return checkpoint.card.vocabulary if checkpoint is not None else None


def _shown(one: Shown) -> dict[str, str | float | None]:
    return {
        "topic": one.slot,
        "phrase": one.phrase.tag,
        "gain": round(one.gain, DIGITS),
        "rival": one.rival.tag if one.rival else None,
        "margin": round(one.margin, DIGITS),
    }
