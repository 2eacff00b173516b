"""Pictures that were made before the present CLIP came are looked at by it, whenever nobody waits for anything."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from django.core.files.storage import default_storage

from generation.engine.images import PictureUnreadableError, decode
from generation.jobs import reembedding
from generation.models import Image
from generation.workers.courtesy import give_way
from generation.workers.judging import Judge

log = logging.getLogger(__name__)
_looking: Final = threading.Lock()


def look_again(judge: Judge, *, is_busy: Callable[[], bool]) -> int:
    """Looks at pictures until none is left, or somebody wants something. Returns how many it has seen.

    Each is kept at once: whenever this ends, the next time goes on behind it. One thread does so at a time.

    is_busy: whether the engine paints, or the worker shall stop.
    """
    if not _looking.acquire(blocking=False):
        return 0
    give_way()
    count, encoder = 0, judge.clip.name
    try:
        while not _is_wanted_elsewhere(is_busy) and (images := reembedding.unseen_images(encoder)):
            for image in images:
                if _is_wanted_elsewhere(is_busy):
                    break
                count += _look(judge, image)
                reembedding.pass_over(encoder, image.pk)
    finally:
        _looking.release()
    return count


def _is_wanted_elsewhere(is_busy: Callable[[], bool]) -> bool:
    return is_busy() or reembedding.people_wait()


def _look(judge: Judge, image: Image) -> bool:
    """Whether it could be seen; a file that is gone or damaged is passed over."""
    try:
        with default_storage.open(image.original_name) as file:
            picture = decode(file.read())
    except (FileNotFoundError, PictureUnreadableError):
        log.warning("Picture %s was not looked at: its file is gone or damaged.", image.pk)
        return False
    [seen] = judge.look(image.job.plan, [picture])
    reembedding.note_seen(image, seen)
    return True
