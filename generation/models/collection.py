"""The order that people give their pictures: collections, and searches worth keeping."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from mjweb.accounts.models import User
from mjweb.common.ids import uuid7


class CollectionQuerySet(models.QuerySet["Collection"]):
    """Chainable questions about collections."""

    def owned_by(self, user: User) -> CollectionQuerySet:
        """This person's own."""
        return self.filter(owner=user)


class Collection(models.Model):
    """A folder of pictures. It may lie in another one; a picture may be in any number of them.

    Its name is its own among all of a person's, so that a search can name it alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="collections")
    name = models.CharField(max_length=80)
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="children", help_text="The one it lies in."
    )
    position = models.PositiveIntegerField(default=0, help_text="From 0 on, among those that lie in the same one.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="one_collection_per_name")]

    def __str__(self) -> str:
        return self.name


class CollectionItem(models.Model):
    """A picture in a collection."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    image = models.ForeignKey("generation.Image", on_delete=models.CASCADE, related_name="collection_items")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "image"], name="one_item_per_image")]

    def __str__(self) -> str:
        return f"{self.image_id} in {self.collection_id}"


class SearchPlace(models.TextChoices):
    """Where a search looks: among one's own pictures, or among what everybody shows."""

    MINE = "mine"
    GALLERY = "gallery"


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    """Chainable questions about saved searches."""

    def owned_by(self, user: User) -> SavedSearchQuerySet:
        """This person's own."""
        return self.filter(owner=user)

    def of(self, place: SearchPlace) -> SavedSearchQuerySet:
        """Those that look in this place."""
        return self.filter(place=place)


class SavedSearch(models.Model):
    """A search with a name: a folder that fills itself. Each place has names of its own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=80)
    place = models.CharField(max_length=7, choices=SearchPlace, default=SearchPlace.MINE, db_default=SearchPlace.MINE)
    query = models.CharField(max_length=500, help_text="As `generation.jobs.searching` writes it.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("owner", "place", Lower("name"), name="one_saved_search_per_name")]

    def __str__(self) -> str:
        return self.name
