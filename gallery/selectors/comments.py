"""What was said below a picture. Every question begins with the person who asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from gallery.errors import CommentNotFoundError, PublicationNotFoundError
from gallery.models import Comment, Publication
from gallery.models.comment import CommentQuerySet
from gallery.models.standing import unlisted_for
from gallery.roles import is_moderator
from generation.models import Image
from mjweb.accounts.models import User
from mjweb.common.pagination import Page, cursor_after, keyset_page

COMMENTS_SIZE: Final = 30
ANSWERS_SHOWN: Final = 3
"""Of more than these a thread shows the first, until the others are asked for."""
ANSWERS_ALONE: Final = 300
"""On a comment's own page."""
STANDS: Final = Q(deleted_at=None, hidden_at=None, author__isnull=False)


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment, its first answers, how many more there are, and the cursor of those."""

    comment: Comment
    answers: list[Comment] = field(default_factory=list)
    further: int = 0
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """A page of what was said below a picture, oldest first.

    clears: whether this person may delete what others said here.
    """

    publication: Publication
    threads: list[Thread]
    next_cursor: str | None
    clears: bool


def publication_of(user: User | AnonymousUser, image_id: UUID) -> Publication:
    """What people talk about: a picture that somebody shows and this person may open.

    Raises:
        PublicationNotFoundError: there is none, it was never public, or not for this person.
    """
    open_to_them = Image.objects.visible_to(user).filter(pk=image_id)
    shown = Publication.objects.filter(image__in=open_to_them).select_related("author", "image__job", "image__owner")
    publication = shown.first()
    if publication is None:
        raise PublicationNotFoundError(_("Nobody shows such a picture."))
    return publication


def talk(
    user: User | AnonymousUser,
    publication: Publication,
    *,
    cursor: str | None = None,
    size: int = COMMENTS_SIZE,
    without: Collection[UUID] = (),
) -> Talk:
    """The page of comments after `cursor`, in a fixed number of queries.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    page = comments_page(user, publication, cursor=cursor, size=size, without=without)
    threads = _threads(user, page.rows, most=ANSWERS_SHOWN)
    return Talk(publication, threads, page.next_cursor, may_clear(user, publication))


def thread_talk(user: User | AnonymousUser, comment_id: UUID, *, below: UUID | None = None) -> Talk:
    """One comment with its answers, or the one that it answers. below: the picture where it must be.

    Raises:
        CommentNotFoundError: there is none, or not for this person.
    """
    asked = _one(seen_by(user), user, comment_id, below=below)
    above = place_of(user, asked.answered_id) if asked.answered_id else asked
    (thread,) = _threads(user, [above], most=ANSWERS_ALONE)
    if above.is_gone and not thread.answers:
        raise _no_such_comment()
    return Talk(above.publication, [thread], None, may_clear(user, above.publication))


def comments_page(
    user: User | AnonymousUser,
    publication: Publication,
    *,
    cursor: str | None = None,
    size: int = COMMENTS_SIZE,
    without: Collection[UUID] = (),
) -> Page[Comment]:
    """Comments that answer no other, oldest first; one whose words are gone, while it has answers.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    answers = seen_by(user).said().filter(answered=OuterRef("pk"))
    kept = seen_by(user).filter(STANDS | Q(Exists(answers)), publication=publication).exclude(pk__in=without)
    return keyset_page(with_names(kept.questions()), cursor=cursor, size=size, order="created_at")


def answers_page(
    user: User | AnonymousUser, comment: Comment, *, cursor: str | None = None, without: Collection[UUID] = ()
) -> Page[Comment]:
    """The answers to a comment, oldest first.

    Raises:
        InvalidInputError: the cursor is not one of ours.
    """
    answers = seen_by(user).said().filter(answered=comment).exclude(pk__in=without)
    return keyset_page(with_names(answers), cursor=cursor, size=COMMENTS_SIZE, order="created_at")


def comment_for(user: User | AnonymousUser, comment_id: UUID, *, below: UUID | None = None) -> Comment:
    """A comment whose words stand, below a picture that this person may open; `below` this one, where it is named.

    Raises:
        CommentNotFoundError: there is none, or not for this person.
    """
    return _one(seen_by(user).said(), user, comment_id, below=below)


def own_comment(author: User, comment_id: UUID, *, below: UUID | None = None) -> Comment:
    """One's own comment, whose words stand; as `comment_for`.

    Raises:
        CommentNotFoundError: it is gone, or not this person's own.
    """
    return _one(seen_by(author).said().filter(author=author), author, comment_id, below=below)


def place_of(user: User | AnonymousUser, comment_id: UUID) -> Comment:
    """A comment that answers no other, whether or not its words still stand.

    Raises:
        CommentNotFoundError: there is none, or not for this person.
    """
    return _one(seen_by(user).questions(), user, comment_id)


def has_answers(user: User | AnonymousUser, comment: Comment) -> bool:
    """Whether anything is said to it that this person sees."""
    return seen_by(user).said().filter(answered=comment).exists()


def seen_by(user: User | AnonymousUser) -> CommentQuerySet:
    """Comments of people whom this person wants to hear, and who want to be heard by them."""
    comments = CommentQuerySet(Comment)
    for people in unlisted_for(user):
        comments = comments.exclude(author__in=people)
    return comments


def with_names(comments: CommentQuerySet) -> QuerySet[Comment]:
    """With everybody whom a comment shows: who wrote it, and whom it names."""
    return comments.select_related("author").prefetch_related("mentioned")


def may_clear(user: User | AnonymousUser, publication: Publication) -> bool:
    """Whether this person may delete what others said here: whose picture it is, and moderators."""
    return user.is_authenticated and (publication.author_id == user.pk or is_moderator(user))


def _one(
    comments: CommentQuerySet, user: User | AnonymousUser, comment_id: UUID, *, below: UUID | None = None
) -> Comment:
    images = Image.objects.visible_to(user)
    open_to_them = Publication.objects.filter(image__in=images.filter(pk=below) if below else images)
    beside = ("author", "publication__author", "publication__image__job", "publication__image__owner")
    known = with_names(comments).select_related(*beside)
    comment = known.filter(pk=comment_id, publication__in=open_to_them).first()
    if comment is None:
        raise _no_such_comment()
    return comment


def _threads(user: User | AnonymousUser, comments: list[Comment], *, most: int) -> list[Thread]:
    """The comments with their first answers: three more queries, however many comments there are."""
    answers = seen_by(user).said().filter(answered__in=[comment.pk for comment in comments])
    counts = dict(answers.order_by().values("answered").annotate(count=Count("pk")).values_list("answered", "count"))
    first: dict[UUID | None, list[Comment]] = defaultdict(list)
    for answer in _firsts(answers, most) if counts else ():
        first[answer.answered_id].append(answer)
    return [_thread(one, first[one.pk], counts.get(one.pk, 0)) for one in comments]


def _thread(comment: Comment, answers: list[Comment], count: int) -> Thread:
    further = count - len(answers)
    return Thread(comment, answers, further, cursor_after(answers[-1], order="created_at") if further else None)


def _firsts(answers: CommentQuerySet, most: int) -> QuerySet[Comment]:
    """The first few of each comment, oldest first."""
    place = Window(RowNumber(), partition_by="answered", order_by=["created_at", "pk"])
    firsts = answers.annotate(place=place).filter(place__lte=most)
    return with_names(firsts).order_by("created_at", "pk")


def _no_such_comment() -> CommentNotFoundError:
    return CommentNotFoundError(_("There is no such comment."))
