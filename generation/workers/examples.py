"""Paints the pictures that show what prompts mean, with the starter model, as a worker would.

Nothing here loads torch before it is needed: only then are its threads told not to spin.
"""

from __future__ import annotations

import io
import json
import queue
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.conf import settings
from PIL import Image

from generation.contracts import EngineEvent, Raster, Rendered, RenderFailed, RenderRequest
from generation.engine.images import to_image
from generation.engine.threads import keep_threads_from_spinning
from generation.errors import ExampleFailedError
from generation.jobs.examples import (
    MANIFEST,
    WEBP_QUALITY,
    Manifest,
    Painted,
    Painting,
    painting,
    read_manifest,
    stale,
    starter_card,
    weights_digest,
)
from generation.prompts.examples import REFERENCES, Layout, every_example
from generation.starter import WEIGHTS_DIR

if TYPE_CHECKING:
    from generation.engine.loop import Engine

STOP_S: Final = 60.0
GAP_PX: Final = 2
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """painted, kept, removed: files; size_bytes: of all that there are now."""

    painted: int
    kept: int
    removed: int
    size_bytes: int


def paint_examples(folder: Path, *, anew: bool = False, tell: Tell = lambda _done, _of: None) -> Summary:
    """Paints what a folder lacks, and writes down what is in it. The same weights give the same bytes on one machine.

    anew: paint also what is as it would be painted now. tell: hears how many of how many are painted.

    Raises:
        ExampleFailedError: the engine refused or failed one.
    """
    card, weights = starter_card(), weights_digest()
    wanted = {file: painting(example, card) for file, example in every_example().items()}
    before = read_manifest(folder)
    todo = list(wanted.values()) if anew else stale(before, wanted.values(), weights)
    made = {file: entry for file, entry in before["pictures"].items() if file in wanted}
    folder.mkdir(parents=True, exist_ok=True)
    for number, (one, pictures) in enumerate(_all_painted(todo, wanted), 1):
        made[one.example.file] = _write(folder, one, pictures)
        tell(number, len(todo))
    _write_manifest(folder, {"weights": weights, "pictures": {file: made[file] for file in wanted}})
    size_bytes = sum(entry["bytes"] for entry in made.values())
    return Summary(len(todo), len(wanted) - len(todo), _remove_others(folder, wanted), size_bytes)


def _all_painted(
    todo: Sequence[Painting], wanted: Mapping[str, Painting]
) -> Iterator[tuple[Painting, tuple[Raster, ...]]]:
    """Each with its pictures, as they come."""
    if not todo:
        return
    with _engine() as engine:
        named = {one.file: _painted(engine, wanted[one.file], {}) for one in REFERENCES.values()}
        for one in todo:
            yield one, named.get(one.example.file) or _painted(engine, one, named)


@contextmanager
def _engine() -> Iterator[Engine]:
    """An engine with the starter model, as a worker has it."""
    keep_threads_from_spinning()
    from generation.engine.loading import load_family  # noqa: PLC0415 - torch
    from generation.engine.loop import Engine  # noqa: PLC0415 - torch

    engine = Engine(
        lambda _name: load_family(WEIGHTS_DIR), max_rows=settings.MJWEB_MAX_ROWS, preview_interval_s=float("inf")
    )
    engine.start()
    try:
        yield engine
    finally:
        engine.stop(timeout_s=STOP_S)


def _painted(engine: Engine, one: Painting, named: Mapping[str, tuple[Raster, ...]]) -> tuple[Raster, ...]:
    """The pictures of one that are kept."""
    inbox: queue.SimpleQueue[EngineEvent] = queue.SimpleQueue()
    sources = tuple(named[file][0] for file in one.sources)
    engine.submit(RenderRequest(request_id=one.example.file, plan=one.plan, sources=sources), inbox.put)
    while not isinstance(event := inbox.get(), Rendered):
        if isinstance(event, RenderFailed):
            msg = f"“{one.example.prompt}” was not painted: {event.sentence}"
            raise ExampleFailedError(msg)
    return _kept(one.plan.keep, one, event.pictures)


def _kept(keep: int | None, one: Painting, pictures: tuple[Raster, ...]) -> tuple[Raster, ...]:
    """Those that show the prompt best, where more were painted than stay."""
    if keep is None:
        return pictures
    from generation.workers.judging import Judge, best  # noqa: PLC0415 - torch

    judge = Judge(WEIGHTS_DIR / "clip")
    return tuple(pictures[number] for number in best(judge.look(one.plan, pictures), keep))


def _write(folder: Path, one: Painting, pictures: Sequence[Raster]) -> Painted:
    image = _laid_out(pictures, one.example.layout)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=WEBP_QUALITY, method=6)
    (folder / one.example.file).write_bytes(out.getvalue())
    return {
        "prompt": one.example.prompt,
        "value": one.example.caption,
        "seed": one.plan.seeds[0],
        "width": image.width,
        "height": image.height,
        "bytes": len(out.getvalue()),
        "digest": one.digest,
    }


def _laid_out(pictures: Sequence[Raster], layout: Layout) -> Image.Image:
    """One picture, or four of them in two rows; what is between them is left open."""
    images = [to_image(picture) for picture in pictures]
    if layout == "one" or (layout == "grid" and len(images) == 1):
        return images[0]
    gap = GAP_PX if layout == "grid" else 0
    width, height = images[0].width, images[0].height
    sheet = Image.new("RGBA" if gap else "RGB", (2 * width + gap, 2 * height + gap))
    for number in range(4):
        place = (number % 2 * (width + gap), number // 2 * (height + gap))
        sheet.paste(images[number % len(images)], place)
    return sheet


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _remove_others(folder: Path, wanted: Mapping[str, Painting]) -> int:
    """Removes pictures that no example has any more; how many these were."""
    others = [path for path in folder.glob("*.webp") if path.name not in wanted]
    for path in others:
        path.unlink()
    return len(others)
