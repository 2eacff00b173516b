"""The styles of the prompt language with what people made in them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from gallery.models import Publication
from generation.jobs.examples import Look, all_looks
from mjweb.accounts.models import User
from mjweb.common.errors import NotFoundError

SHOWN: Final = 4


class StyleNotFoundError(NotFoundError):
    """The prompt language has no such style."""

    code = "style_not_found"


@dataclass(frozen=True, slots=True)
class StyleShown:
    """A style with the hottest pictures that this person may see of it; none where nobody used it yet."""

    look: Look
    publications: tuple[Publication, ...]


def shelves_of_styles(user: User | AnonymousUser) -> dict[str, list[StyleShown]]:
    """All styles, shelf by shelf."""
    looks = all_looks()
    found = _hottest_of(user, [look.preset.name for look in looks])
    shelves: dict[str, list[StyleShown]] = defaultdict(list)
    for look in looks:
        shelves[look.preset.shown_group].append(StyleShown(look, tuple(found[look.preset.name])))
    return dict(shelves)


def style_look(name: str) -> Look:
    """The style of this name.

    Raises:
        StyleNotFoundError: there is none.
    """
    found = next((look for look in all_looks() if look.preset.name == name.casefold()), None)
    if found is None:
        raise StyleNotFoundError(_("There is no style called “%(name)s”.") % {"name": name[:40]})
    return found


def _hottest_of(user: User | AnonymousUser, styles: list[str]) -> dict[str, list[Publication]]:
    """Up to four of each style, in two queries whatever their number: the index of each is asked for its first rows."""
    of_one = Publication.objects.listed_for(user).in_style(RawSQL("style.name", ())).order_by("-hot_rank", "-pk")
    sql, params = of_one.values("pk")[:SHOWN].query.sql_with_params()
    lateral = f"SELECT hot.id FROM unnest(%s::text[]) AS style(name) CROSS JOIN LATERAL ({sql}) AS hot(id)"  # noqa: S608 - compiled by Django
    with connection.cursor() as cursor:
        cursor.execute(lateral, [styles, *params])
        ids: list[UUID] = [row[0] for row in cursor.fetchall()]
    found: dict[str, list[Publication]] = defaultdict(list)
    for publication in Publication.objects.filter(pk__in=ids).with_cards(user).order_by("-hot_rank", "-pk"):
        found[publication.style].append(publication)
    return found
