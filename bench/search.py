"""Search in a large gallery: how near the index comes to comparing every picture, and what that takes.

And how well the starter's CLIP finds scenes by their captions.
"""

from __future__ import annotations

import struct
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import mean, median
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from bench.seeded import seeded_gallery
from bench.table import Line, span
from tests.generation.workers.watching import cpu_s

ENCODER: Final = "clip-of-bench"
DIMENSIONS: Final = 192
CLUSTERS: Final = 2000
SPREAD: Final = 0.5
"""Length of what tells pictures of one cluster apart; of its middle it is 1."""
SHAPE: Final = np.sqrt(np.clip(1 - np.arange(DIMENSIONS) * 3 / DIMENSIONS, 0, 1))
"""How far directions lie apart in each dimension: as those of the starter's CLIP, whose variance falls to nothing in
a third of its dimensions (10,000 scenes, effective dimension 52). Without any shape there is no way from cluster to
cluster that is better than others, and no graph finds the right one among thousands."""
NEAREST: Final = 10
AT_ONCE: Final = 10_000
RECALL, P50_MS, FASTER, FOUND = 0.95, 10, 50, 0.8
SCENES: Final = 10_000
ASKED: Final = 200
Floats = npt.NDArray[np.float32]


def run(*, quick: bool) -> Iterator[Line]:
    """The index in a process of its own, for Django is set up once per process; then the captions."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        yield from process.submit(measure, quick=quick).result()
    yield from relevance(scenes_count=300 if quick else SCENES, asked=50 if quick else ASKED)


# --- the index


def measure(*, quick: bool, publications: int = 0) -> list[Line]:
    """Recall and time of the nearest ten, among all and among a tenth and a hundredth of them."""
    publications, repeats = publications or (3_000 if quick else 1_000_000), 5 if quick else 100
    print(f"seeding {publications:,} publications with directions", file=sys.stderr)
    with seeded_gallery(publications):
        middles = _random(CLUSTERS, np.random.default_rng(1))
        _fill(middles)
        build_s = _index()
        return [
            Line(name=f"index of {publications:,} directions of {DIMENSIONS} numbers, built", value=build_s, unit="s"),
            *_lines(publications, middles, repeats),
        ]


def _random(count: int, rng: np.random.Generator) -> Floats:
    return _unit(rng.standard_normal((count, DIMENSIONS), dtype=np.float32) * SHAPE)


def _unit(rows: Floats) -> Floats:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _around(middles: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Directions in random clusters."""
    return _unit(middles[rng.integers(len(middles), size=count)] + _random(count, rng) * SPREAD)


def _fill(middles: Floats) -> None:
    """A direction for every picture, by the binary form of COPY."""
    from django.db import connection  # noqa: PLC0415 - there is no Django before it is set up

    rng = np.random.default_rng(2)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM generation_embedding")
        cursor.execute("SELECT image_id FROM gallery_publication")
        ids = [row[0].bytes for row in cursor.fetchall()]
        statement = "COPY generation_embedding (image_id, encoder, direction, prompt_score) FROM STDIN BINARY"
        with cursor.copy(statement) as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
            for start in range(0, len(ids), AT_ONCE):
                some = ids[start : start + AT_ONCE]
                copy.write(b"".join(map(_record, some, _around(middles, len(some), rng).astype(">f2"))))
            copy.write(b"\xff\xff")
        cursor.execute("VACUUM (ANALYZE) generation_embedding")


def _record(image: bytes, direction: npt.NDArray[Any]) -> bytes:
    values = struct.pack(">HH", DIMENSIONS, 0) + direction.tobytes()
    fields = (image, ENCODER.encode(), values, struct.pack(">d", 0.3))
    return struct.pack(">h", len(fields)) + b"".join(struct.pack(">i", len(field)) + field for field in fields)


def _index() -> float:
    from generation.jobs.direction_indexes import index_directions  # noqa: PLC0415

    begun_at = time.perf_counter()
    assert index_directions(ENCODER, at_most=None)
    return time.perf_counter() - begun_at


def _lines(publications: int, middles: Floats, repeats: int) -> Iterator[Line]:
    from django.contrib.auth.models import AnonymousUser  # noqa: PLC0415

    from gallery.models import Publication  # noqa: PLC0415

    questions = _around(middles, repeats, np.random.default_rng(3))
    listed = Publication.objects.listed_for(AnonymousUser())
    kinds = {
        "all": listed,
        "a tenth": listed.filter(random_key__lt=0.1),
        "a hundredth": listed.filter(random_key__lt=0.01),
    }
    for kind, shown in kinds.items():
        name = f"{NEAREST} nearest of {kind} of {publications:,}"
        yield from _compared(name, shown, questions, is_narrow=shown is not listed)


def _compared(name: str, shown: Any, questions: Floats, *, is_narrow: bool) -> list[Line]:
    """Each question to the product's own search, and to a scan of everything; they take turns."""
    from gallery.search._rankings import by_direction  # noqa: PLC0415
    from generation.jobs.directions import Direction  # noqa: PLC0415

    recalls: list[float] = []
    ours_ms: list[float] = []
    busy_ms: list[float] = []
    theirs_ms: list[float] = []
    for number, question in enumerate(questions):
        direction = Direction(ENCODER, tuple(map(float, question)))
        busy_before = _busy_ms()
        found, took_ms = _timed(lambda one=direction: by_direction(shown, one, count=NEAREST, is_narrow=is_narrow))
        ours_ms.append(took_ms)
        busy_ms.append(_busy_ms() - busy_before)
        if number % 5 == 0:
            exact, exact_ms = _timed(lambda one=direction: _scanned(shown, one))
            recalls.append(len(set(found) & set(exact)) / NEAREST)
            theirs_ms.append(exact_ms)
    ours, theirs = median(ours_ms), median(theirs_ms)
    busy = f"{span(ours_ms)}; {mean(busy_ms):.3g} ms of processor time each"
    return [
        Line(name=f"{name}: recall", value=mean(recalls), unit="x", goal=RECALL, spread=span(recalls)),
        Line(name=f"{name}: p50", value=ours, unit="ms", goal=P50_MS, better="less", spread=busy),
        Line(
            name=f"{name}: a scan of everything ÷ the index",
            value=theirs / ours,
            unit="x",
            ours=f"{ours:.3g} ms",
            theirs=f"{theirs:.3g} ms",
            goal=FASTER,
        ),
    ]


def _busy_ms() -> float:
    """Processor time of this process and of its connection, which a busy machine does not change; in steps of 10 ms."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    return (time.process_time() + cpu_s(pid)) * 1000


def _timed(ask: Callable[[], Any]) -> tuple[Any, float]:
    begun_at = time.perf_counter()
    answer = ask()
    return answer, (time.perf_counter() - begun_at) * 1000


def _scanned(shown: Any, direction: Any) -> list[Any]:
    """The same without any index of directions: the distance of every picture, then the least ten."""
    from django.db import connection, transaction  # noqa: PLC0415
    from django.db.models import F  # noqa: PLC0415
    from django.db.models.functions import Cast  # noqa: PLC0415
    from pgvector.django import CosineDistance, HalfVectorField  # noqa: PLC0415

    from generation.models import Embedding  # noqa: PLC0415

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")
        values = Cast(F("direction"), HalfVectorField(dimensions=DIMENSIONS))
        distance = CosineDistance(values, list(direction.values))
        rows = Embedding.objects.filter(encoder=ENCODER, image__in=shown.order_by().values("image"))
        near = rows.annotate(distance=distance).order_by("distance").values_list("image__publication__pk", flat=True)
        return list(near[:NEAREST])


# --- what the starter's CLIP finds


def relevance(*, scenes_count: int, asked: int) -> Iterator[Line]:
    """Captions of scenes that no training row has, and the share of them whose picture is among the first ten.

    A picture of the very same caption counts as right as well.
    """
    from generation.starter.evaluation.held_out import ask  # noqa: PLC0415 - it draws: not every machine can

    print(f"drawing {scenes_count:,} scenes", file=sys.stderr)
    held = ask("held", scenes_count, 128)
    directions, questions = _embedded(held.pictures, held.prompts[:asked])
    ranks = [_rank(directions @ question, held.prompts, number) for number, question in enumerate(questions)]
    name = f"captions whose picture is among the first %s of {scenes_count:,}"
    found = mean(rank < NEAREST for rank in ranks)
    spread = f"{asked} captions; first {mean(rank < 1 for rank in ranks):.0%}, of 50 {mean(r < 50 for r in ranks):.0%}"
    yield Line(name=name % NEAREST, value=found, unit="x", goal=FOUND, spread=spread)


def _embedded(pictures: npt.NDArray[np.uint8], texts: Sequence[str]) -> tuple[Floats, Floats]:
    from generation.contracts import Raster  # noqa: PLC0415
    from generation.engine.embeddings import load_clip  # noqa: PLC0415
    from generation.starter import WEIGHTS_DIR  # noqa: PLC0415

    clip = load_clip(WEIGHTS_DIR / "clip")
    side_px = pictures.shape[1]
    rasters = [Raster(side_px, side_px, picture.tobytes()) for picture in pictures]
    return clip.embed_pictures(rasters, quick=True).numpy(), clip.embed_texts(texts).numpy()


def _rank(cosines: Floats, captions: Sequence[str], number: int) -> int:
    """How many pictures of other captions are nearer than the nearest of this one's."""
    same = np.array([caption == captions[number] for caption in captions])
    return int((cosines[~same] > cosines[same].max()).sum())
