"""Pictures that are shown without their words. Rooms above say which; every door that tells words asks here.

The words are the prompt with its parameters and the seed: everything that would let others make the picture again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from generation.errors import WordsKeptError
from generation.jobs.access import visible_image
from generation.models import Image
from mjweb.accounts.models import User
from mjweb.common.saying import say

Keeper = Callable[[Sequence[Image]], set[UUID]]
_keepers: Final[list[Keeper]] = []


def ask_for_words(keeper: Keeper) -> None:
    """From now on `keeper` is asked too: it tells those of some pictures that are shown without their words."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def wordless(user: User | AnonymousUser, images: Iterable[Image]) -> frozenset[UUID]:
    """Those of these pictures whose words this person may not read; never one of their own."""
    others = [image for image in images if image.owner_id != user.pk]
    return frozenset().union(*(keeper(others) for keeper in _keepers)) if others else frozenset()


def speaking_image(user: User, image_id: UUID) -> Image:
    """The picture, of which this person may also read the words: whatever goes on from them begins here.

    Raises:
        ImageNotFoundError: there is none, or it is somebody else's private one.
        WordsKeptError: its owner keeps the words.
    """
    image = visible_image(user, image_id)
    if wordless(user, [image]):
        raise WordsKeptError(
            say("Its author keeps the words of this picture. Use it as an image prompt, a style or a start instead.")
        )
    return image
