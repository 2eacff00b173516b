"""What people do with many of their pictures at once: one button, one service, one transaction.

Each takes the ids of pictures and answers with the ids of those that were not so before; repeating it changes nothing.
An id of a picture that is not this person's refuses the whole request.
"""

from __future__ import annotations

from collections.abc import Collection as Ids
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from generation.errors import ImageNotFoundError
from generation.events.publish import publish
from generation.events.types import Change, ImagesChanged
from generation.jobs.collecting import own_collection
from generation.models import Collection, CollectionItem, Image, Like, Visibility
from generation.models.image import ImageQuerySet
from generation.signals import images_liked, visibility_changed
from mjweb.accounts.models import User
from mjweb.accounts.suspension import refuse_suspended
from mjweb.common.errors import InvalidInputError
from mjweb.common.saying import say

MOST_AT_ONCE: Final = 1000
SHOWN: Final[dict[str, Change]] = {
    Visibility.PUBLIC: "published",
    Visibility.UNLISTED: "unlisted",
    Visibility.PRIVATE: "private",
}


@transaction.atomic
def like_images(person: User, ids: Ids[UUID], *, liked: bool = True) -> list[UUID]:
    """Like, or like no longer: one's own pictures, and those that others show.

    Raises:
        ImageNotFoundError: one of them is not there, or not for this person.
        InvalidInputError: there are none, or more than 1,000. SuspendedError.
    """
    refuse_suspended(person)
    chosen = _chosen(Image.objects.visible_to(person), ids)
    likes = Like.objects.filter(person=person, image__in=chosen)
    before = set(likes.values_list("image_id", flat=True))
    changed = [image for image in chosen if (image.pk in before) != liked]
    if liked:
        Like.objects.bulk_create((Like(person=person, image=image) for image in changed), ignore_conflicts=True)
        if changed:
            transaction.on_commit(partial(images_liked.send_robust, sender=Like, images=changed, person=person))
    else:
        likes.delete()
    return _told(person, "liked", changed)


@transaction.atomic
def trash_images(owner: User, ids: Ids[UUID]) -> list[UUID]:
    """Move to the trash: the pictures vanish from every list, for everybody, and can be restored for thirty days.

    Likes, collections and publications are kept with them, and come back with them.

    Raises:
        ImageNotFoundError, InvalidInputError: as `like_images`, of one's own pictures alone.
    """
    changed = [image for image in _locked(owner, ids) if image.trashed_at is None]
    _rows(changed).update(trashed_at=Now())
    return _told(owner, "trashed", changed)


@transaction.atomic
def restore_images(owner: User, ids: Ids[UUID]) -> list[UUID]:
    """Restore: out of the trash, as they were.

    Raises:
        ImageNotFoundError, InvalidInputError: as `trash_images`.
    """
    changed = [image for image in _locked(owner, ids) if image.trashed_at]
    _rows(changed).update(trashed_at=None)
    return _told(owner, "restored", changed)


@transaction.atomic
def hide_images(owner: User, ids: Ids[UUID], *, hidden: bool = True) -> list[UUID]:
    """Hide: out of one's own lists unless `is:hidden` is asked for; or show again. Nothing changes for others.

    Raises:
        ImageNotFoundError, InvalidInputError: as `trash_images`.
    """
    changed = [image for image in _locked(owner, ids) if image.is_hidden != hidden]
    _rows(changed).update(is_hidden=hidden)
    return _told(owner, "hidden", changed)


@transaction.atomic
def set_visibility(owner: User, ids: Ids[UUID], visibility: Visibility) -> list[UUID]:
    """Publish, show to whoever has the address alone, or make private.

    Effects: after commit the rooms above are told, so that the gallery shows them or shows them no longer.

    Raises:
        ImageNotFoundError, InvalidInputError: as `trash_images`.
        SuspendedError: a suspended person shows nothing.
    """
    if visibility != Visibility.PRIVATE:
        refuse_suspended(owner)
    changed = [image for image in _locked(owner, ids) if image.visibility != visibility]
    for image in changed:
        image.visibility = visibility
    _rows(changed).update(visibility=visibility)
    if changed:
        transaction.on_commit(partial(visibility_changed.send_robust, sender=Image, images=changed))
    return _told(owner, SHOWN[visibility], changed)


@transaction.atomic
def collect_images(owner: User, collection_id: UUID, ids: Ids[UUID], *, collected: bool = True) -> list[UUID]:
    """Collect: in the collection from now on, and wherever else they were; or out of it. The pictures stay.

    What others show can be collected too, and taken out whether or not they still show it.

    Raises:
        CollectionNotFoundError: it is not this person's own.
        ImageNotFoundError, InvalidInputError: as `like_images`.
    """
    collection = own_collection(owner, collection_id)
    chosen = collectable_images(owner, ids) if collected else _collected_or_seen(owner, collection, ids)
    items = collection.items.filter(image__in=chosen)
    before = set(items.values_list("image_id", flat=True))
    changed = [image for image in chosen if (image.pk in before) != collected]
    if collected:
        new = (CollectionItem(collection=collection, image=image) for image in changed)
        CollectionItem.objects.bulk_create(new, ignore_conflicts=True)
    else:
        items.delete()
    return _told(owner, "collected", changed)


def chosen_images(owner: User, ids: Ids[UUID]) -> list[Image]:
    """These pictures of one's own, in the order of the ids, those in the trash too.

    Raises:
        ImageNotFoundError, InvalidInputError: as `trash_images`.
    """
    return _in_order(_chosen(Image.everything.owned_by(owner), ids), ids)


def collectable_images(owner: User, ids: Ids[UUID]) -> list[Image]:
    """These pictures, one's own or others' that one may see, in the order of the ids.

    Raises:
        ImageNotFoundError, InvalidInputError: as `like_images`.
    """
    return _in_order(_chosen(Image.everything.visible_to(owner), ids), ids)


def _collected_or_seen(owner: User, collection: Collection, ids: Ids[UUID]) -> list[Image]:
    """Also those in the collection that are shown no longer: whoever took them in takes them out."""
    inside = Q(pk__in=collection.items.values("image"))
    return _in_order(_chosen(Image.everything.filter(inside | Q(pk__in=Image.everything.visible_to(owner))), ids), ids)


def _in_order(images: list[Image], ids: Ids[UUID]) -> list[Image]:
    by_id = {image.pk: image for image in images}
    return [by_id[pk] for pk in dict.fromkeys(ids)]


def _locked(owner: User, ids: Ids[UUID]) -> list[Image]:
    """These rows, locked in one order, so that two requests for the same ones wait for each other."""
    return _chosen(Image.everything.owned_by(owner).select_for_update().order_by("pk"), ids)


def _rows(images: list[Image]) -> ImageQuerySet:
    return Image.everything.filter(pk__in=[image.pk for image in images])


def _chosen(images: QuerySet[Image], ids: Ids[UUID]) -> list[Image]:
    if not 0 < len(ids) <= MOST_AT_ONCE:
        raise InvalidInputError(say("Choose 1 to {most} pictures.", most=f"{MOST_AT_ONCE:,}"), parameter="images")
    chosen = list(images.filter(pk__in=ids))
    if len(chosen) != len(set(ids)):
        msg = say("One of these pictures is not there, or not yours.")
        raise ImageNotFoundError(msg)
    return chosen


def _told(person: User, change: Change, changed: list[Image]) -> list[UUID]:
    """The ids of what changed, of which this person's pages are told after commit."""
    if changed:
        jobs = dict.fromkeys(str(image.job_id) for image in changed if image.owner_id == person.pk)
        event = ImagesChanged(change=change, image_ids=tuple(str(image.pk) for image in changed), job_ids=tuple(jobs))
        transaction.on_commit(partial(publish, event, owner_id=person.pk))
    return [image.pk for image in changed]
