"""Our PNG encoder against Pillow's default settings, on one picture, in turns."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from statistics import median

import numpy as np
from PIL import Image, ImageFilter

from bench.table import Line, span
from generation.contracts import Raster
from generation.engine.images import encode_png

GOAL = 4


def run(*, quick: bool) -> list[Line]:
    """Time of Pillow's `save` ÷ time of ours, and the sizes of the files."""
    picture = _picture(512 if quick else 1024)
    raster = Raster(picture.width, picture.height, picture.tobytes())
    ratios = []
    for _ in range(2 if quick else 7):
        theirs_s, theirs = _timed(lambda: _pillow(picture))
        ours_s, ours = _timed(lambda: encode_png(raster, parameters="a red boat"))
        ratios.append(theirs_s / ours_s)
    return [
        Line(name="Pillow's PNG ÷ ours, time", value=median(ratios), unit="x", spread=span(ratios), goal=GOAL),
        Line(name="our PNG ÷ Pillow's, bytes", value=len(ours) / len(theirs), unit="x", goal=1.15, better="less"),
    ]


def _pillow(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _timed(encode: Callable[[], bytes]) -> tuple[float, bytes]:
    started_at = time.process_time()
    data = encode()
    return time.process_time() - started_at, data


def _picture(side_px: int) -> Image.Image:
    """Soft shapes with edges and a little grain: as hard to compress as what a decoder paints."""
    chance = np.random.default_rng(0)
    blocks = Image.fromarray(chance.integers(0, 256, (side_px // 32, side_px // 32, 3), dtype=np.uint8))
    soft = blocks.resize((side_px, side_px), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(4))
    grain = chance.normal(0, 1.5, (side_px, side_px, 3))
    return Image.fromarray(np.clip(np.asarray(soft) + grain, 0, 255).astype(np.uint8))
