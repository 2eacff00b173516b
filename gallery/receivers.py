"""The listeners: public pictures become publications, and what people do becomes notifications of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from gallery.models import Comment, Decision, Follow, NotificationKind, Publication
from gallery.services.liking import tell_of_likes
from gallery.services.moderating import strike_for_prompt
from gallery.services.notifying import tell
from gallery.services.publishing import publish_finished
from gallery.services.remixing import tell_of_remixes
from gallery.services.reporting import ask_for_eyes
from gallery.signals import commented, decided, followed, liked, mentioned, remixed
from generation.jobs.moderation import told_by
from generation.models import Image, Job, Rule
from generation.signals import images_finalized, images_liked, prompt_blocked, visibility_changed
from mjweb.accounts.models import User


@receiver(images_finalized)
def publish_public_images(sender: type[Job], *, images: Sequence[Image], **kwargs: Any) -> None:  # noqa: ARG001 - a receiver's signature
    """Shows the public ones of a job's finished pictures, and tells whose picture they were made from."""
    publish_finished(images)
    tell_of_remixes(images)


@receiver(visibility_changed)
def follow_their_owner(sender: type[Image], *, images: Sequence[Image], **kwargs: Any) -> None:  # noqa: ARG001 - a receiver's signature
    """Shows pictures that their owner published. Those that they hide leave every list by themselves."""
    publish_finished(images)


@receiver(images_liked)
def tell_of_hearts(sender: type[Any], *, images: Sequence[Image], person: User, **kwargs: Any) -> None:  # noqa: ARG001 - a receiver's signature
    """Tells of likes, whichever page or program they came from."""
    tell_of_likes(person, images)


@receiver(liked)
def tell_of_a_like(sender: type[Any], *, publication: Publication, person: User, **kwargs: Any) -> None:  # noqa: ARG001 - a receiver's signature
    """Tells the author."""
    tell(publication.author, NotificationKind.LIKED, person=person, image=publication.image)


@receiver(commented)
def tell_of_a_comment(sender: type[Any], *, comment: Comment, **kwargs: Any) -> None:  # noqa: ARG001 - a receiver's signature
    """Tells whom it answers, and whose picture it is below; once whoever is both."""
    answered, image = _answered(comment), comment.publication.image
    if answered:
        tell(answered, NotificationKind.ANSWERED, person=comment.author, image=image, target=str(comment.pk))
    if comment.publication.author != answered:
        author = comment.publication.author
        tell(author, NotificationKind.COMMENTED, person=comment.author, image=image, target=str(comment.pk))


@receiver(mentioned)
def tell_of_mentions(sender: type[Any], *, comment: Comment, people: Sequence[User], **kwargs: Any) -> None:  # noqa: ARG001 - a receiver's signature
    """Tells those whom it names, unless the comment is told to them anyway."""
    image, told = comment.publication.image, {comment.publication.author, _answered(comment)}
    for person in people:
        if person not in told:
            tell(person, NotificationKind.MENTIONED, person=comment.author, image=image, target=str(comment.pk))


@receiver(remixed)
def tell_of_a_remix(sender: type[Any], *, image: Image, source: Image, **kwargs: Any) -> None:  # noqa: ARG001 - a receiver's signature
    """Tells whose picture it was made from, if they may see what was made."""
    if Image.objects.listed_for(source.owner).filter(pk=image.pk).exists():
        tell(source.owner, NotificationKind.REMIXED, person=image.owner, image=source, target=str(image.pk))


@receiver(followed)
def tell_of_a_follow(sender: type[Any], *, follow: Follow, **kwargs: Any) -> None:  # noqa: ARG001 - a receiver's signature
    """Tells whom they follow."""
    tell(follow.followed, NotificationKind.FOLLOWED, person=follow.follower)


@receiver(decided)
def tell_of_a_decision(sender: type[Any], *, decision: Decision, **kwargs: Any) -> None:  # noqa: ARG001 - a receiver's signature
    """Tells whose thing it is, in the name of the house."""
    tell(decision.person, NotificationKind.DECIDED, person=None, target=str(decision.pk))


def _answered(comment: Comment) -> User | None:
    return comment.answered.author if comment.answered else None


@receiver(prompt_blocked)
def strike_for_what_was_blocked(sender: type[Job], *, job: Job, rule: Rule, **kwargs: Any) -> None:  # noqa: ARG001 - a receiver's signature
    """A strike for a prompt that a rule blocked, where the rule says so."""
    if rule.strikes:
        strike_for_prompt(job, told_by(rule))


@receiver(images_finalized)
def ask_for_eyes_on_withheld(sender: type[Job], *, images: Sequence[Image], **kwargs: Any) -> None:  # noqa: ARG001 - a receiver's signature
    """A report for every picture that the check of finished pictures withheld, so that a moderator looks at it."""
    for image in images:
        if image.withheld_at is not None:
            ask_for_eyes(image)
