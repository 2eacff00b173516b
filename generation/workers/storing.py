"""From the engine's rasters to files: encoding and writing, never on the engine thread."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from generation.contracts import Raster
from generation.engine.images import decode, encode_png, encode_webp, parameters_text
from generation.errors import PictureGoneError
from generation.jobs.glimpses import glimpse_of
from generation.jobs.records import Claim, SeenPicture, StoredPicture
from generation.models import Image
from generation.models.image import RENDITION_SIDES_PX
from generation.workers.judging import Judge, best
from mjweb.common.saying import sayable

WEBP_QUALITY = 92
"""Below it blocks show in small pictures, which pages enlarge; a picture of 128 px then takes 2 kB instead of 1.5."""


def store_pictures(claim: Claim, pictures: Sequence[Raster], judge: Judge) -> list[StoredPicture]:
    """Writes the pictures that are kept as PNG and in two WebP sizes, several at a time: the codecs release the GIL.

    Effects: files under content-hash names; a crash afterwards leaves only files that no row names.
    """
    seen = judge.look(claim.plan, pictures)
    kept = best(seen, claim.plan.keep)
    with ThreadPoolExecutor(max_workers=len(kept)) as pool:
        return list(pool.map(lambda number: _store(claim, number, pictures[number], seen[number]), kept))


def load_sources(claim: Claim) -> tuple[Raster, ...]:
    """The pictures that the job's plan has a use for, in its order; none for a job that starts from noise.

    Raises:
        PictureGoneError: one of them was deleted meanwhile.
    """
    count = len(claim.plan.source_uses)
    names = claim.source_names[:count]
    if len(names) < count or not all(names):
        raise PictureGoneError(sayable("A picture that this job starts from is gone."))
    return tuple(_load(name) for name in names)


def load_mask(claim: Claim) -> Raster | None:
    """The mask of a plan that needs one; it stands behind the pictures that the plan has a use for.

    Raises:
        PictureGoneError: it was deleted meanwhile.
    """
    if not claim.plan.needs_mask:
        return None
    names = claim.source_names[len(claim.plan.source_uses) :]
    if not names or not names[0]:
        raise PictureGoneError(sayable("The mask of this job is gone."))
    return _load(names[0])


def _load(name: str) -> Raster:
    try:
        with default_storage.open(name) as file:
            return decode(file.read())
    except FileNotFoundError as error:
        raise PictureGoneError(sayable("The file of a picture that this job starts from is gone.")) from error


def _store(claim: Claim, index: int, picture: Raster, seen: SeenPicture) -> StoredPicture:
    seed = claim.plan.seeds[index]
    png = encode_png(
        picture,
        parameters=parameters_text(claim.plan, index),
        extra={"mjweb": json.dumps({"prompt": claim.prompt, "seed": seed, "plan": asdict(claim.plan)})},
    )
    image = Image(sha256=hashlib.sha256(png).hexdigest())
    longest = max(picture.width_px, picture.height_px)  # a small picture is the same in every size
    sides = {min(side_px, longest) for side_px in RENDITION_SIDES_PX}
    webps = {side_px: encode_webp(picture, long_side_px=side_px, quality=WEBP_QUALITY) for side_px in sides}
    for side_px in RENDITION_SIDES_PX:
        default_storage.save(image.rendition_name(side_px), ContentFile(webps[min(side_px, longest)]))
    default_storage.save(image.original_name, ContentFile(png))
    return StoredPicture(
        seed=seed,
        width_px=picture.width_px,
        height_px=picture.height_px,
        sha256=image.sha256,
        size_bytes=len(png),
        seen=seen,
        glimpse=glimpse_of(webps[min(sides)]),
    )
