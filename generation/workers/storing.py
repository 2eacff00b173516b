"""From the engine's rasters to files: encoding and writing, never on the engine thread."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from generation.contracts import Raster, RenderPlan
from generation.engine.images import decode, encode_png, encode_webp
from generation.jobs.records import Claim, StoredPicture
from generation.models import Image
from generation.models.image import RENDITION_SIDES_PX

WEBP_QUALITY = 86
SAMPLER_TITLES = {"euler": "Euler", "dpmpp_2m": "DPM++ 2M"}


def store_pictures(claim: Claim, pictures: Sequence[Raster]) -> list[StoredPicture]:
    """Writes every picture as PNG and in two WebP sizes, several at a time: the codecs release the GIL.

    Effects: files under content-hash names; a crash afterwards leaves only files that no row names.
    """
    with ThreadPoolExecutor(max_workers=len(pictures)) as pool:
        return list(pool.map(partial(_store, claim), claim.plan.seeds, pictures))


def load_source(claim: Claim) -> Raster | None:
    """The picture that the job starts from; None for a job that starts from noise."""
    if claim.source_name is None or not claim.plan.needs_source:
        return None
    with default_storage.open(claim.source_name) as file:
        return decode(file.read())


def _store(claim: Claim, seed: int, picture: Raster) -> StoredPicture:
    png = encode_png(
        picture,
        parameters=parameters_text(claim.plan, claim.prompt, seed),
        extra={"mjweb": json.dumps({"prompt": claim.prompt, "seed": seed, "plan": asdict(claim.plan)})},
    )
    image = Image(sha256=hashlib.sha256(png).hexdigest())
    for side_px in RENDITION_SIDES_PX:
        webp = encode_webp(picture, long_side_px=side_px, quality=WEBP_QUALITY)
        default_storage.save(image.rendition_name(side_px), ContentFile(webp))
    default_storage.save(image.original_name, ContentFile(png))
    return StoredPicture(
        seed=seed,
        width_px=picture.width_px,
        height_px=picture.height_px,
        sha256=image.sha256,
        size_bytes=len(png),
    )


def parameters_text(plan: RenderPlan, prompt: str, seed: int) -> str:
    """The `parameters` text that other tools read from a PNG: prompt, negative prompt, one line of numbers.

    Source: the text that AUTOMATIC1111's web UI writes.
    """
    words = " ".join(part.text for part in plan.parts) or prompt
    numbers = {
        "Steps": plan.stages[0].steps,
        "Sampler": SAMPLER_TITLES[plan.sampler],
        "CFG scale": plan.guidance,
        "Seed": seed,
        "Size": f"{plan.width_px}x{plan.height_px}",
        "Model": plan.checkpoint,
    }
    if plan.needs_source:
        numbers["Denoising strength"] = plan.stages[0].strength
    lines = [words]
    if plan.negative_prompt:
        lines.append(f"Negative prompt: {plan.negative_prompt}")
    lines.append(", ".join(f"{name}: {value}" for name, value in numbers.items()))
    return "\n".join(lines)
