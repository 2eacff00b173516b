"""How a picture is shown to others: with its words or without them."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gallery.errors import PublicationNotFoundError
from gallery.models import Publication
from mjweb.accounts.models import User


@transaction.atomic
def show_words(owner: User, image_id: UUID, *, shown: bool) -> Publication:
    """Show the words of a picture to everybody, or keep them: prompt, parameters and seed.

    It counts for the whole grid, since its pictures have the same words. What is made of it later by its owner begins
    in the same way. Repeating it changes nothing.

    Raises:
        PublicationNotFoundError: it is not this person's own, or was never public.
    """
    publication = Publication.objects.filter(author=owner, image=image_id).select_related("image").first()
    if publication is None:
        raise PublicationNotFoundError(_("There is no such public picture of yours."))
    grid = Publication.objects.filter(author=owner, image__job=publication.image.job_id)
    grid.exclude(shows_prompt=shown).update(shows_prompt=shown)
    publication.shows_prompt = shown
    return publication
