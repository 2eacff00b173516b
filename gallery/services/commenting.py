"""What people say below a picture: post, edit, delete. One service, one transaction each."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.errors import CommentNotFoundError, CommentRefusedError, TooManyCommentsError
from gallery.mentions import named_in
from gallery.models import AuditEntry, Comment, Publication
from gallery.models.comment import MAX_COMMENT_CHARS
from gallery.roles import is_moderator
from gallery.selectors.comments import comment_for, may_clear, own_comment, place_of, publication_of
from gallery.signals import commented, mentioned
from mjweb.accounts.models import User
from mjweb.accounts.suspension import refuse_suspended

PER_MINUTE: Final = 10
MINUTE: Final = timedelta(minutes=1)
UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
"""Kinds of letters that leave nothing on the page."""
_GAPS: Final = re.compile(r"\n{3,}")


@transaction.atomic
def post_comment(author: User, image_id: UUID, text: str, *, answered: UUID | None = None) -> Comment:
    """Post: below the picture, or as the answer to a comment there. An answer to an answer stands beside it.

    Effects: after commit whose picture it is, whom it answers and whom it names hear of it.

    Raises:
        SuspendedError, PublicationNotFoundError: nobody shows such a picture to this person.
        CommentNotFoundError: what it answers is gone, or is below another picture.
        CommentRefusedError: it is empty, or longer than 2,000 characters.
        TooManyCommentsError: it is this person's eleventh within a minute.
    """
    refuse_suspended(author)
    publication = publication_of(author, image_id)
    said = _said(text)
    _refuse_haste(author)
    above = _above(author, publication, answered) if answered else None
    comment = Comment.objects.create(publication=publication, author=author, answered=above, text=said)
    transaction.on_commit(partial(commented.send_robust, sender=Comment, comment=comment))
    _mention(comment)
    return comment


@transaction.atomic
def edit_comment(author: User, comment_id: UUID, text: str, *, below: UUID | None = None) -> Comment:
    """Edit one's own: it says from then on that it was edited. The same text again changes nothing.

    below: the picture where it must be.

    Raises:
        CommentNotFoundError: it is gone, or not this person's own.
        SuspendedError, CommentRefusedError: as `post_comment`.
    """
    refuse_suspended(author)
    comment, said = own_comment(author, comment_id, below=below), _said(text)
    if said != comment.text:
        Comment.objects.filter(pk=comment.pk).update(text=said, edited_at=Now())
        comment = comment_for(author, comment_id)
        _mention(comment)
    return comment


@transaction.atomic
def delete_comment(person: User, comment_id: UUID, *, below: UUID | None = None) -> Comment:
    """Delete one's own, or any below one's own picture; moderators any, which the trail keeps.

    Its words go. Its place stays while it has answers. below: the picture where it must be.

    Raises:
        CommentNotFoundError: it is gone, or somebody else's below somebody else's picture.
    """
    comment = comment_for(person, comment_id, below=below)
    is_own = comment.author_id == person.pk
    if not is_own and not may_clear(person, comment.publication):
        raise _no_such_comment()
    if not is_own and comment.publication.author_id != person.pk and is_moderator(person):
        told = {"person_name": comment.author.username if comment.author else "", "before": {"text": comment.text}}
        AuditEntry.note(person, "delete", comment, **told)
    comment.text, comment.deleted_at = "", timezone.now()
    comment.save(update_fields=["text", "deleted_at"])
    return comment


def _said(text: str) -> str:
    """The text as it is kept: composed, without letters that only steer, and no more than one empty line in a row.

    Raises:
        CommentRefusedError: nothing is left of it, or too much.
    """
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(letter for letter in plain if letter == "\n" or unicodedata.category(letter) not in {"Cc", "Cs"})
    said = _GAPS.sub("\n\n", kept).strip()
    if all(unicodedata.category(letter) in UNSEEN for letter in said):
        raise CommentRefusedError(_("Write something first."))
    if len(said) > MAX_COMMENT_CHARS:
        raise CommentRefusedError(
            _("A comment has at most %(most)s characters; this one has %(count)s.")
            % {"most": f"{MAX_COMMENT_CHARS:,}", "count": f"{len(said):,}"}
        )
    return said


def _refuse_haste(author: User) -> None:
    """Locks the person, so that ten requests at once are counted one after the other."""
    User.objects.select_for_update(no_key=True).get(pk=author.pk)
    lately = Comment.objects.filter(author=author, created_at__gt=Now() - MINUTE).order_by("-created_at")
    times = list(lately.values_list("created_at", flat=True)[:PER_MINUTE])
    if len(times) < PER_MINUTE:
        return
    wait_s = max(1, round((times[-1] + MINUTE - timezone.now()).total_seconds()))
    raise TooManyCommentsError(
        _("You have said much within a minute. Go on in %(seconds)s s; what you typed is kept.") % {"seconds": wait_s},
        retry_after_s=wait_s,
    )


def _above(author: User, publication: Publication, answered: UUID) -> Comment:
    """The comment that an answer stands below."""
    comment = comment_for(author, answered)
    if comment.publication_id != publication.pk:
        raise _no_such_comment()
    return place_of(author, comment.answered_id) if comment.answered_id else comment


def _mention(comment: Comment) -> None:
    """Links the comment with whom it names; those who are named in it for the first time hear of it."""
    people = _named(comment.text)
    before = set(comment.mentioned.values_list("pk", flat=True))
    new = [person for person in people if person.pk not in before and person.pk != comment.author_id]
    comment.mentioned.add(*people)
    if new:
        transaction.on_commit(partial(mentioned.send_robust, sender=Comment, comment=comment, people=new))


def _named(text: str) -> list[User]:
    """Whom the text names: of each @ the longest name that somebody has."""
    named = named_in(text)
    wanted = {candidate for candidates in named for candidate in candidates}
    people = User.objects.alias(small=Lower("username")).filter(small__in=wanted, is_active=True) if wanted else ()
    known = {person.username.lower(): person for person in people}
    meant = (next((known[name] for name in candidates if name in known), None) for candidates in named)
    return list(dict.fromkeys(person for person in meant if person))


def _no_such_comment() -> CommentNotFoundError:
    return CommentNotFoundError(_("There is no such comment."))
