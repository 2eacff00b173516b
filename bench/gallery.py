"""The feeds of a large gallery through Django: the first page, and pages in the middle of a million publications."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from statistics import median
from typing import Any

from bench.seeded import seeded_gallery
from bench.table import Line, percentile, span

P50_MS, P99_MS, DEEP_RATIO, SQL_MS, QUERIES = 15, 50, 1.3, 1, 4
HTMX = {"HX-Request": "true"}


@dataclass(slots=True)
class Taken:
    """What some requests for one feed took, in ms; how many queries one made at most, and the longest of these."""

    wall_ms: list[float] = field(default_factory=list)
    queries: int = 0
    longest: tuple[str, Any] = ("", ())

    def note(self, wall_ms: float, asked: list[tuple[str, Any]]) -> None:
        """One request."""
        self.wall_ms.append(wall_ms)
        self.queries = max(self.queries, len(asked))
        self.longest = max(asked, key=lambda query: len(query[0]))


def run(*, quick: bool) -> list[Line]:
    """In a process of its own: Django is set up once per process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(measure, quick=quick).result()


def measure(*, quick: bool) -> list[Line]:
    """All lines."""
    publications, repeats = (2_000, 5) if quick else (1_000_000, 200)
    print(f"seeding {publications:,} publications", file=sys.stderr)
    with seeded_gallery(publications):
        return _lines(publications, repeats)


def _lines(publications: int, repeats: int) -> list[Line]:
    from django.db.models import Count  # noqa: PLC0415 - there is no Django before it is set up

    from gallery.models import Publication  # noqa: PLC0415
    from mjweb.accounts.models import User  # noqa: PLC0415

    owner = User.objects.annotate(shown=Count("publications")).order_by("-shown")[0]
    everything = Publication.objects.filter(is_listed=True)
    orders = {
        "new": ("/?feed=new", "-published_at", everything),
        "hot": ("/?feed=hot", "-hot_rank", everything),
        "top": ("/?feed=top&within=all", "-likes_count", everything),
        "random": ("/?feed=random", "random_key", everything),
        f"one of {owner.publications.count():,} pictures": (
            f"/people/{owner.username}/", "-published_at", everything.filter(author=owner),
        ),
    }  # fmt: skip
    lines = []
    for name, (address, order, rows) in orders.items():
        deep = _cursor_at(rows, order, rows.count() // 2, random_from=0.0 if name == "random" else None)
        lines += _feed(f"gallery of {publications:,}, {name}", address, deep, repeats, member=owner)
    for within in ("day", "week", "month"):
        address = f"/?feed=top&within={within}"
        lines += _feed(f"gallery of {publications:,}, top of the {within}", address, "", repeats, member=owner)
    return lines


def _cursor_at(rows: Any, order: str, place: int, *, random_from: float | None) -> str:
    """The cursor of the page behind so many rows."""
    from mjweb.common.pagination import cursor_after  # noqa: PLC0415

    sign = "-" if order.startswith("-") else ""
    cursor = cursor_after(rows.order_by(order, f"{sign}pk")[place], order=order)
    return cursor if random_from is None else f"{random_from!r}~0~{cursor}"


def _feed(name: str, address: str, deep: str, repeats: int, *, member: Any) -> list[Line]:
    """First pages and, from `deep` on, the pages that follow each other there, in turns; as a member scrolls."""
    from django.test import Client  # noqa: PLC0415

    client = Client()
    client.force_login(member)
    first, below = Taken(), Taken()
    join = "&" if "?" in address else "?"
    for number in range(repeats + 2):
        cursor = _cursor_in(_ask(client, address, first if number > 1 else Taken()))
        if deep:
            cursor = _cursor_in(_ask(client, f"{address}{join}cursor={deep}", below if number > 1 else Taken()))
            deep = cursor or deep
    worst = below if deep else first
    sql_ms = _in_database(worst, repeats)
    lines = [
        _line(f"{name}: page, p50", median(worst.wall_ms), P50_MS, span(worst.wall_ms)),
        _line(f"{name}: page, p99", percentile(worst.wall_ms, 99), P99_MS),
        _line(f"{name}: its query in the database, p50", median(sql_ms), SQL_MS, span(sql_ms)),
        _line(f"{name}: queries", max(first.queries, below.queries), QUERIES, unit="queries"),
    ]
    if deep:
        ratio, at_first = median(below.wall_ms) / median(first.wall_ms), f"first {median(first.wall_ms):.3g} ms"
        lines.append(_line(f"{name}: page in the middle ÷ first", ratio, DEEP_RATIO, at_first, unit="x"))
    return lines


def _line(name: str, value: float, goal: float, spread: str = "", *, unit: Any = "ms") -> Line:
    return Line(name=name, value=value, unit=unit, goal=goal, better="less", spread=spread)


def _ask(client: Any, address: str, taken: Taken) -> str:
    """One page of tiles; what it took is noted."""
    from django.db import connection  # noqa: PLC0415

    asked: list[tuple[str, Any]] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    begun_at = time.perf_counter()
    with connection.execute_wrapper(watch):
        response = client.get(address, headers=HTMX)
    taken.note((time.perf_counter() - begun_at) * 1000, asked)
    assert response.status_code == 200, response.text
    return response.text


def _in_database(taken: Taken, repeats: int) -> list[float]:
    """What the feed's query takes in the database, planning included, as PostgreSQL says, in ms."""
    from django.db import connection  # noqa: PLC0415

    sql, params = taken.longest
    taken_ms = []
    for _ in range(repeats):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
            [plan] = cursor.fetchone()[0]
        taken_ms.append(plan["Planning Time"] + plan["Execution Time"])
    return taken_ms


def _cursor_in(text: str) -> str:
    """The cursor of the link to the next page."""
    _, _, rest = text.partition("cursor=")
    return rest.partition('"')[0]
