"""Pictures that their owners show."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, FloatField, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Random
from django.db.models.lookups import IsNull

from gallery.models.standing import unlisted_for
from generation.models import Level, Like
from mjweb.accounts.levels import level_of
from mjweb.accounts.models import User
from mjweb.common.ids import uuid7

HOT_TAU_S: Final = 45_000
"""Ten times the likes are worth twelve and a half hours."""
LISTED: Final = Q(is_listed=True)
UNSHOWN: Final = (
    "words",
    *(f"author__{name}" for name in ("password", "email", "first_name", "last_name", "date_joined", "last_login")),
    *(f"author__{name}" for name in ("is_staff", "is_superuser", "looks", "suspended_until", "suspension_reason")),
    *(f"image__job__{name}" for name in ("plan_values", "notes", "made_with", "error_code", "error_sentence")),
    *(
        f"image__job__{name}"
        for name in ("worker", "lease_until", "idempotency_key", "request_hash", "engine_ms", "started_at")
    ),
)
"""What no card shows: two thirds of its columns, and the long ones."""


def hot_rank() -> models.Expression:
    """Tens of likes, and 45,000 seconds for each: it changes with a like alone, so that an index holds the order.

    Source: reddit-archive/reddit, r2/lib/db/_sorts.pyx:_hot, with its beginning of time; nobody likes is its score 1.
    """
    score = Func(Cast(F("likes_count") + 1, FloatField()), function="LOG", output_field=FloatField())
    since = "EXTRACT(EPOCH FROM (%(expressions)s - TIMESTAMPTZ '2005-12-08 07:46:43+00'))::double precision"
    return score + Func(F("published_at"), template=since, output_field=FloatField()) / float(HOT_TAU_S)


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Chainable questions about publications."""

    def listed_for(self, user: User | AnonymousUser) -> PublicationQuerySet:
        """What may stand in a list that this person sees: publications of pictures that are public and kept.

        Every list, search and feed begins here. A picture in the trash keeps its publication, which comes back with it.
        Nothing of people whom this person has muted or blocked, or who have blocked this person, and of others nothing
        beyond the level up to which this person looks.
        """
        listed = self.filter(LISTED)
        if (level := level_of(user)) < Level.EXPLICIT:
            within = Q(level__lte=level)
            listed = listed.filter(within | Q(author=user) if level or user.is_authenticated else within)
        for people in unlisted_for(user):
            listed = listed.exclude(author__in=people)
        return listed

    def in_style(self, style: str | models.Expression) -> PublicationQuerySet:
        """Those whose prompt names this style, as far as its words are shown."""
        return self.filter(style=style, shows_prompt=True).exclude(style="")

    def with_cards(self, user: User | AnonymousUser | None = None) -> PublicationQuerySet:
        """Everything that a card shows, in one query; with `is_liked`, whether this person likes the picture."""
        cards = self.select_related("author", "image__job").defer(*UNSHOWN)
        if user is None or isinstance(user, AnonymousUser):
            return cards.annotate(is_liked=Value(value=False))
        # Of an EXISTS PostgreSQL would make a table of all that this person likes, to look up forty rows in it.
        like = Like.objects.filter(person=user, image=OuterRef("image")).values("pk")[:1]
        return cards.annotate(is_liked=IsNull(Subquery(like), False))


PublicationManager = models.Manager.from_queryset(PublicationQuerySet)


class LightPublications(PublicationManager["Publication"]):
    """Every publication, without the words that only a search looks at."""

    def get_queryset(self) -> PublicationQuerySet:
        """What is deferred is no smaller than all the rest of the row."""
        return PublicationQuerySet(self.model, using=self._db).defer("words")


class Publication(models.Model):
    """A picture in the public gallery, from the moment it was published.

    Triggers of the database keep what others say: is_listed, exactly while its picture is public, kept and not
    withheld; level, as the picture's; likes_count; style, which the prompt names; comments_count, of the comments whose
    words stand.

    hot_rank: what is liked and new has more. random_key: 0 to 1, its place in the random order.
    recency: 3 within a day, 2 a week, 1 a month, 0 older. A sweep lowers it, so it may be too high and never too low.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    image = models.OneToOneField("generation.Image", on_delete=models.CASCADE, related_name="publication")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="publications")
    published_at = models.DateTimeField(auto_now_add=True)
    shows_prompt = models.BooleanField(default=True, db_default=True, help_text="Whether others may read the words.")
    comments_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    is_listed = models.BooleanField(db_default=False, editable=False)
    level = models.PositiveSmallIntegerField(db_default=0, editable=False)
    likes_count = models.PositiveIntegerField(db_default=0, editable=False)
    style = models.CharField(max_length=40, db_default="", editable=False)
    hot_rank = models.GeneratedField(expression=hot_rank(), output_field=FloatField(), db_persist=True)
    random_key = models.FloatField(db_default=Random(), editable=False)
    recency = models.PositiveSmallIntegerField(db_default=3, editable=False)
    words = SearchVectorField(null=True, editable=False, help_text="As `gallery.search` finds it; null until then.")

    objects = LightPublications()

    class Meta:
        indexes = [
            models.Index(fields=["-published_at", "-id"], condition=LISTED, name="publication_new"),
            models.Index(fields=["-hot_rank", "-id"], condition=LISTED, name="publication_hot"),
            models.Index(fields=["-likes_count", "-id"], condition=LISTED, name="publication_top"),
            # The top of a day among a million: whoever is old is not in the index at all.
            models.Index(
                fields=["-likes_count", "-id"], condition=LISTED & Q(recency__gte=3), name="publication_top_day"
            ),
            models.Index(
                fields=["-likes_count", "-id"], condition=LISTED & Q(recency__gte=2), name="publication_top_week"
            ),
            models.Index(
                fields=["-likes_count", "-id"], condition=LISTED & Q(recency__gte=1), name="publication_top_month"
            ),
            models.Index(fields=["random_key", "id"], condition=LISTED, name="publication_random"),
            models.Index(fields=["author", "-published_at", "-id"], condition=LISTED, name="publication_author"),
            models.Index(
                fields=["style", "-hot_rank", "-id"], condition=LISTED & ~Q(style=""), name="publication_style"
            ),
            GinIndex(fields=["words"], condition=LISTED, name="publication_words"),
            models.Index(fields=["id"], condition=Q(words=None), name="publication_wordless"),
        ]

    def __str__(self) -> str:
        return f"publication of {self.image_id}"
