"""Questions that only an engine worker can answer, for it alone has a CLIP: what words tell, what a picture shows.

A question lies in Redis for as long as somebody waits for it; the Celery message carries its id. The answer comes back
through Redis too, and stays there for a while under what was asked and the name of the CLIP that answered.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Final, Literal, Self

import redis
from celery import current_app
from django.conf import settings
from django.db import connection
from kombu.exceptions import OperationalError

from generation.errors import (
    GenerationError,
    NotAnsweredError,
    NoWorkerError,
    PictureGoneError,
    StillAskingError,
    TooManyWordsError,
)
from generation.models import Worker
from mjweb.accounts.models import User
from mjweb.common.saying import say

WAIT_S: Final = 10
KEPT_S: Final = 24 * 3600
_ERRORS: Final[Mapping[str, type[GenerationError]]] = {
    error.code: error for error in (TooManyWordsError, PictureGoneError, NotAnsweredError)
}
_CLIP_KEY: Final = "questions:clip"

Answer = dict[str, Any]
"""Plain JSON values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked.

    parts: to shorten: the texts of a prompt; to read: the one text whose direction is wanted.
    file: to describe or to see: the picture's name in the media storage, which is that of its content.
    model: to describe: the model whose words the prompts are to be made of, where it knows only some.
    """

    kind: Literal["shorten", "describe", "read", "see"]
    parts: tuple[str, ...] = ()
    file: str = ""
    model: str = ""

    def to_json(self) -> str:
        """As it travels."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The question that `to_json` wrote."""
        values = json.loads(text)
        return cls(**{**values, "parts": tuple(values["parts"])})

    def kept_under(self, clip: str) -> str:
        """Where the answer of this CLIP is kept."""
        return f"questions:kept:{clip}:{hashlib.sha256(self.to_json().encode()).hexdigest()}"


# --- those who ask


def ask(question: Question, asker: User | str, *, wait_s: int = 0) -> Answer:
    """The answer, from memory or from a worker.

    asker: a person, or what tells one visitor from another.
    wait_s: how long at most; ten seconds unless said.

    Raises:
        NoWorkerError: no engine worker is alive.
        StillAskingError: this person waits for another answer.
        NotAnsweredError: all workers are too busy, or Redis is away.
        TooManyWordsError, PictureGoneError: the worker refused.
    """
    try:
        known = _known(question)
        return known if known is not None else _asked(question, asker, wait_s or WAIT_S)
    except (redis.RedisError, OperationalError, OSError) as error:
        msg = say("Questions cannot be asked at the moment. Try again in a few seconds.")
        raise NotAnsweredError(msg) from error


def _known(question: Question) -> Answer | None:
    """What the CLIP that workers have now answered to this before."""
    clip = _redis().get(_CLIP_KEY)
    kept = _redis().get(question.kept_under(clip.decode())) if isinstance(clip, bytes) else None
    return json.loads(kept) if isinstance(kept, bytes) else None


def present_clip() -> str | None:
    """The name of the CLIP that workers have now; None where none has answered yet, or Redis is away."""
    try:
        name = _redis().get(_CLIP_KEY)
    except (redis.RedisError, OSError):
        return None
    return name.decode() if isinstance(name, bytes) else None


def _asked(question: Question, asker: User | str, wait_s: int) -> Answer:
    if not Worker.objects.alive().exists():
        raise NoWorkerError(say("No engine is running that could look at this. Try again when one is."))
    if not connection.in_atomic_block:
        connection.close()  # back into the pool: others need it while this one waits
    with _turn_of(asker):
        question_id = uuid.uuid4().hex
        _redis().set(f"questions:asked:{question_id}", question.to_json(), ex=wait_s)
        current_app.send_task("generation.answer", [question_id], expires=wait_s)
        told: Any = _redis().blpop([f"questions:told:{question_id}"], timeout=wait_s)
    if told is None:
        raise NotAnsweredError(say("The engine is busy and has not answered in time. Try again."))
    answer: Answer = json.loads(told[1])
    if "error" in answer:
        raise _ERRORS.get(answer["error"], NotAnsweredError)(say(answer["sentence"]))
    return answer


@contextmanager
def _turn_of(asker: User | str) -> Iterator[None]:
    """One question per person at a time: many would keep the workers' threads from those who paint."""
    key = f"questions:asking:{asker if isinstance(asker, str) else asker.pk}"
    if not _redis().set(key, 1, nx=True, ex=WAIT_S + 1):
        raise StillAskingError(say("Your last question is still being answered. Ask again when it is."))
    try:
        yield
    finally:
        _redis().delete(key)


# --- those who answer


def introduce_clip(name: str) -> None:
    """Says which CLIP answers from now on; what others have said is not told again."""
    _redis().set(_CLIP_KEY, name)


def take_question(question_id: str) -> Question | None:
    """A question that somebody waits for still; nobody else gets it."""
    text = _redis().getdel(f"questions:asked:{question_id}")
    return Question.from_json(text) if isinstance(text, bytes) else None


def give_answer(question_id: str, question: Question, answer: Answer, clip: str) -> None:
    """Answers whoever waits, and keeps the answer for whoever asks the same."""
    _redis().set(question.kept_under(clip), json.dumps(answer), ex=KEPT_S)
    introduce_clip(clip)
    _tell(question_id, answer)


def refuse_question(question_id: str, error: GenerationError) -> None:
    """Tells whoever waits why there is no answer."""
    _tell(question_id, {"error": error.code, "sentence": error.sentence})


def _tell(question_id: str, answer: Answer) -> None:
    key = f"questions:told:{question_id}"
    with _redis().pipeline() as both:
        both.rpush(key, json.dumps(answer))
        both.expire(key, WAIT_S)
        both.execute()


@cache
def _redis() -> redis.Redis:
    """For any thread; it must not give up before those do who wait."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=WAIT_S + 5)
