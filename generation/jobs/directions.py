"""Where words and pictures lie in the space of the workers' CLIP, for whoever looks for what is near."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from generation.jobs.questions import Answer, Question, ask, present_clip
from generation.models import Embedding, Image, Upload
from mjweb.accounts.models import User

WAIT_S: Final = 3
"""A search waits for no longer: the words of prompts alone answer then."""


@dataclass(frozen=True, slots=True)
class Direction:
    """A direction of length 1. Those of different encoders cannot be compared."""

    encoder: str
    values: tuple[float, ...]


def direction_of_words(text: str, asker: User | str) -> Direction | None:
    """Where a text lies; None where the encoder knows none of its words.

    asker: a person, or what tells one visitor from another.

    Raises:
        NoWorkerError, NotAnsweredError, StillAskingError.
    """
    answer = ask(Question(kind="read", parts=(text,)), asker, wait_s=WAIT_S)
    return _direction(answer) if answer["is_understood"] else None


def direction_of_upload(upload: Upload, asker: User) -> Direction:
    """Where a picture lies that somebody brought. Whoever calls has checked that it is theirs.

    Raises:
        NoWorkerError, NotAnsweredError, StillAskingError, PictureGoneError.
    """
    return _direction(ask(Question(kind="see", file=upload.original_name), asker))


def direction_of_image(image: Image) -> Direction | None:
    """Where a picture of this server lies, as it was seen when it was made; None where nobody has looked yet."""
    seen = Embedding.objects.filter(image=image, encoder=present_encoder()).first()
    return None if seen is None else Direction(seen.encoder, tuple(seen.direction))


def present_encoder() -> str:
    """The encoder of the workers, or of the newest picture where they have not said; empty where there is none."""
    newest = Embedding.objects.order_by("-pk").values_list("encoder", flat=True)
    return present_clip() or newest.first() or ""


def _direction(answer: Answer) -> Direction:
    return Direction(answer["encoder"], tuple(answer["direction"]))
