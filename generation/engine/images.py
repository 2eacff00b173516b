"""Rasters to files and back: lossless originals with their parameters inside, small WebP pictures for pages.

Pillow only, no tensors: encoding is called from other threads than the engine's.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Final

from PIL import Image, ImageOps, PngImagePlugin

from generation.contracts import SAMPLER_TITLES, SCHEDULE_TITLES, Raster, RenderPlan
from mjweb.common.saying import sayable

PNG_LEVEL: Final = 1
PNG_STRATEGY: Final = 3
"""zlib's run-length strategy (Z_RLE). With level 1 it takes a fifth of the time of Pillow's default settings on painted
pictures and a quarter on grainy ones. The files are no larger: filtered rows repeat a byte more often than a phrase.
`bench/engine_png.py`."""
MAX_DECODED_PIXELS: Final = 64_000_000
"""Larger pictures are refused unread: a few kilobytes can unfold to gigabytes."""


class PictureUnreadableError(ValueError):
    """The bytes are no picture, or one that is too large; the message is a sentence for people."""


def to_image(raster: Raster) -> Image.Image:
    """A raster as a Pillow image in mode RGB."""
    return Image.frombytes("RGB", (raster.width_px, raster.height_px), raster.rgb)


def to_raster(image: Image.Image) -> Raster:
    """Any Pillow image as a raster; transparency is dropped."""
    rgb = image.convert("RGB")
    return Raster(rgb.width, rgb.height, rgb.tobytes())


def decode(data: bytes) -> Raster:
    """The pixels of a PNG, JPEG, WebP or GIF file, turned upright.

    Raises:
        PictureUnreadableError: No picture, a broken one, or one of more than 64 million pixels.
    """
    try:
        return _read(data)
    except PictureUnreadableError:
        raise
    except Exception as error:  # decoders raise whatever a damaged file leads them to
        raise PictureUnreadableError(sayable("The file is not a picture that can be read.")) from error


def _read(data: bytes) -> Raster:
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP", "GIF")) as image:
        if image.width * image.height > MAX_DECODED_PIXELS:
            raise PictureUnreadableError(sayable("The picture has too many pixels."))
        return to_raster(ImageOps.exif_transpose(image))


def fit(raster: Raster, width_px: int, height_px: int) -> Raster:
    """Resample to a size by Lanczos; what another aspect ratio leaves over is cut off evenly."""
    if (raster.width_px, raster.height_px) == (width_px, height_px):
        return raster
    return to_raster(ImageOps.fit(to_image(raster), (width_px, height_px), Image.Resampling.LANCZOS))


def encode_png(raster: Raster, *, parameters: str, extra: Mapping[str, str] | None = None) -> bytes:
    """A lossless PNG that says how it was made.

    Args:
        raster: The picture.
        parameters: The text that other tools read, see `parameters_text`; any characters.
        extra: More text chunks by keyword (1 to 79 Latin-1 characters), such as `mjweb` with the plan as JSON.
    """
    chunks = PngImagePlugin.PngInfo()
    for keyword, text in {"parameters": parameters, **(extra or {})}.items():
        chunks.add_text(keyword, text)
    out = io.BytesIO()
    to_image(raster).save(out, "PNG", compress_level=PNG_LEVEL, compress_type=PNG_STRATEGY, pnginfo=chunks)
    return out.getvalue()


def encode_webp(raster: Raster, *, long_side_px: int, quality: int = 80) -> bytes:
    """A small copy for pages, its longer side at most `long_side_px`; never enlarged.

    quality: 0 to 100.
    """
    image = to_image(raster)
    image.thumbnail((long_side_px, long_side_px), Image.Resampling.LANCZOS)
    return _webp(image, quality=quality, method=2)


def grid_webp(rasters: Sequence[Raster], *, columns: int = 2, tile_px: int | None = None, quality: int = 70) -> bytes:
    """Previews side by side in one picture, row by row.

    tile_px: longer side of each tile; None keeps the size of the first raster.
    """
    width, height = rasters[0].width_px, rasters[0].height_px
    scale = 1.0 if tile_px is None else tile_px / max(width, height)
    tile = (max(1, round(width * scale)), max(1, round(height * scale)))
    columns = min(columns, len(rasters))
    sheet = Image.new("RGB", (tile[0] * columns, tile[1] * -(-len(rasters) // columns)))
    for number, raster in enumerate(rasters):
        image = to_image(raster)
        if image.size != tile:
            image = image.resize(tile, Image.Resampling.BICUBIC)
        sheet.paste(image, (tile[0] * (number % columns), tile[1] * (number // columns)))
    return _webp(sheet, quality=quality, method=0)


def parameters_text(plan: RenderPlan, index: int) -> str:
    """How picture number `index` (from 0) was made, in the form that AUTOMATIC1111's tools read and write."""
    several = len(plan.parts) > 1
    prompt = " AND ".join(f"{part.text} :{part.weight:g}" if several else part.text for part in plan.parts)
    first, last = plan.stages[0], plan.stages[-1]
    facts = {
        "Steps": first.steps,
        "Sampler": SAMPLER_TITLES[plan.sampler],
        "CFG scale": f"{plan.guidance:g}",
        "Seed": plan.seeds[index],
        "Size": f"{first.width_px}x{first.height_px}",
        "Model": plan.checkpoint,
    }
    if plan.schedule != "model":
        facts["Schedule type"] = SCHEDULE_TITLES[plan.schedule]
    if plan.eta != 1:
        facts["Eta"] = f"{plan.eta:g}"
    if plan.guidance_rescale:
        facts["CFG rescale"] = f"{plan.guidance_rescale:g}"
    if plan.guidance_interval != (0.0, 1.0):
        facts["CFG interval"] = "{:g} to {:g}".format(*plan.guidance_interval)
    if first.strength < 1:
        facts["Denoising strength"] = f"{first.strength:g}"
    elif last is not first:
        facts["Denoising strength"] = f"{last.strength:g}"
    if last is not first:
        facts["Hires resize"] = f"{last.width_px}x{last.height_px}"
        facts["Hires steps"] = last.steps
    facts |= _changed(plan)
    negative = [f"Negative prompt: {plan.negative_prompt}"] if plan.negative_prompt else []
    return "\n".join([prompt, *negative, ", ".join(f"{key}: {value}" for key, value in facts.items())])


def _changed(plan: RenderPlan) -> dict[str, object]:
    """What was done to the pictures beyond their prompt; other tools have names for the first two."""
    facts: dict[str, object] = {}
    if plan.seamless:
        facts["Tiling"] = True
    if plan.repaint is not None:
        facts["Mask blur"] = plan.repaint.feather_px
    facts |= {name: value for name, value in (("Chaos", plan.chaos), ("Weird", plan.weird)) if value}
    if plan.stages[-1].stop < 1:
        facts["Stop"] = f"{plan.stages[-1].stop:g}"
    return facts


def _webp(image: Image.Image, *, quality: int, method: int) -> bytes:
    """method: 0 is fastest, 6 smallest."""
    out = io.BytesIO()
    image.save(out, "WEBP", quality=quality, method=method)
    return out.getvalue()
