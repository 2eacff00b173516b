"""Publications in the order in which they fit: by the words of their prompts, or by where their pictures lie."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce
from operator import and_
from typing import Final
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Cast
from pgvector.django import CosineDistance, HalfVectorField

from gallery.models import Publication
from gallery.models.publication import PublicationQuerySet
from gallery.search._conditions import LANGUAGE, Viewer, query_of, readable_to
from gallery.search._tokens import asked_tokens, is_sign
from generation.jobs.directions import Direction
from generation.models import Embedding

WINDOW: Final = 400
"""So many are ranked; whoever wants more asks more precisely."""
LOOKED_AT: Final = 2000
"""Of all that have the words, so many of the newest are ranked: a word of half the prompts must not cost more."""
FEW: Final = 3500
"""Times the root of how many are wanted: so few are compared one by one, and exactly, in 30 to 60 ms of a processor.
The index knows no conditions, and would look past a hundred for each that it finds where 1 % fulfills them."""
LEAST_EF_SEARCH: Final = 200
LEAST_BESIDE: Final = 20
"""So many more than are wanted come from the index, or a fifth: what comes is not quite in order."""
MOST_SCANNED: Final = 40_000
_SAMPLE: Final = 1000
_SAMPLE_KEPT_S: Final = 600
_SHARE: Final = 0.4
_MEAN: Final = """
SELECT avg(direction)::text
  FROM (SELECT direction FROM generation_embedding WHERE encoder = %s ORDER BY id DESC LIMIT %s) AS newest
"""


def by_words(publications: PublicationQuerySet, viewer: Viewer, words: Sequence[str]) -> list[UUID]:
    """Those whose prompts have all of these words, the closer together and the rarer beside others the earlier."""
    query = _query(words)
    if query is None:
        return []
    newest = publications.filter(readable_to(viewer), words=query).order_by("-published_at", "-pk")
    ranked = Publication.objects.filter(pk__in=newest.values("pk")[:LOOKED_AT])
    rank = SearchRank(F("words"), query, normalization=2, cover_density=True)
    return list(ranked.annotate(rank=rank).order_by("-rank", "-pk").values_list("pk", flat=True)[:WINDOW])


def by_direction(
    publications: PublicationQuerySet,
    direction: Direction,
    *,
    count: int = WINDOW,
    is_sure: bool = False,
    is_narrow: bool = True,
) -> list[UUID]:
    """Those whose pictures lie nearest to a direction, nearest first.

    is_sure: only those that lie nearer to the best one than to what pictures usually show. Something is always nearest.
    is_narrow: whether there are conditions; without any, nobody need look how many fulfill them.
    """
    near = _nearest(publications, direction, count, is_few=is_narrow and _are_few(publications, count))
    if is_sure and near:
        usual = _usual_distance(direction)
        least = near[0][1] + _SHARE * max(0.0, usual - near[0][1])
        near = [(image, distance) for image, distance in near if distance <= least]
    keys = dict(Publication.objects.filter(image__in=[image for image, _ in near]).values_list("image", "pk"))
    return [keys[image] for image, _ in near if image in keys]


def _query(words: Sequence[str]) -> SearchQuery | None:
    """Every word, in any order; a word that is several tokens is looked for as it stands."""
    plain = [tokens[0] for word in words if len(tokens := asked_tokens(word)) == 1 and not is_sign(tokens[0])]
    whole = [query_of(word) for word in words if len(tokens := asked_tokens(word)) > 1 or is_sign("".join(tokens))]
    queries = [SearchQuery(" ".join(plain), config=LANGUAGE)] if plain else []
    queries += [query for query in whole if query is not None]
    return reduce(and_, queries) if queries else None


def _are_few(publications: PublicationQuerySet, count: int) -> bool:
    most = FEW * math.isqrt(count)
    return publications.order_by().values("pk")[: most + 1].count() <= most


def _nearest(
    publications: PublicationQuerySet, direction: Direction, count: int, *, is_few: bool
) -> list[tuple[UUID, float]]:
    """Pictures with their distances, nearest first."""
    values: F | Cast = F("direction")
    wanted = count
    with transaction.atomic():
        if not is_few:
            values = Cast(values, HalfVectorField(dimensions=len(direction.values)))  # as the index has it
            wanted += max(count // 5, LEAST_BESIDE)
            _scan_on(max(wanted, LEAST_EF_SEARCH))
        seen = Embedding.objects.filter(encoder=direction.encoder, image__in=publications.order_by().values("image"))
        distance = CosineDistance(values, list(direction.values))
        rows = seen.annotate(distance=distance).order_by("distance").values_list("image", "distance")[:wanted]
        return sorted(rows, key=lambda row: (row[1], row[0]))[:count]


def _scan_on(width: int) -> None:
    """Lets the index go on until enough of what it finds fulfills the conditions, in this transaction.

    In nearly the right order is enough: what comes is sorted again.
    width: how many candidates it keeps while it looks.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('hnsw.iterative_scan', 'relaxed_order', true), "
            "set_config('hnsw.ef_search', %s, true), set_config('hnsw.max_scan_tuples', %s, true)",
            [str(width), str(MOST_SCANNED)],
        )


def _usual_distance(direction: Direction) -> float:
    """How far pictures usually lie from a direction: that is how far their mean is."""
    mean = _mean(direction.encoder)
    return 1 - sum(one * other for one, other in zip(mean, direction.values, strict=False))


def _mean(encoder: str) -> list[float]:
    """The mean direction of the newest pictures; kept for ten minutes, for it hardly moves."""
    key = f"search:mean:{encoder}"
    if (mean := cache.get(key)) is None:
        with connection.cursor() as cursor:
            cursor.execute(_MEAN, [encoder, _SAMPLE])
            (text,) = cursor.fetchone() or (None,)
        mean = [float(value) for value in (text or "[]").strip("[]").split(",") if value]
        cache.set(key, mean, _SAMPLE_KEPT_S)
    return list(mean)
