"""Contact sheets: rows of pictures with a line of text above each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

GRID: Final = 4
"""Pictures of one prompt."""
GAP_PX: Final = 4
LINE_PX: Final = 14
PAPER: Final = (24, 24, 28)
INK: Final = (230, 230, 230)
PX_PER_LETTER: Final = 6


def write_sheet(rows: Sequence[npt.NDArray[np.uint8]], lines: Sequence[str], file: Path) -> None:
    """Write a PNG.

    Args:
        rows: Each (pictures, side, side, 3); all pictures alike in size.
        lines: The text above each row, cut to its width.
        file: Where it goes.

    Effects: replaces the file.
    """
    side = rows[0].shape[1]
    width = max(len(row) for row in rows) * (side + GAP_PX) + GAP_PX
    height = len(rows) * (side + GAP_PX + LINE_PX) + GAP_PX
    page = Image.new("RGB", (width, height), PAPER)
    pen = ImageDraw.Draw(page)
    for index, (row, line) in enumerate(zip(rows, lines, strict=True)):
        top = GAP_PX + index * (side + GAP_PX + LINE_PX)
        pen.text((GAP_PX, top), line[: width // PX_PER_LETTER], fill=INK)
        for column, picture in enumerate(row):
            page.paste(Image.fromarray(picture), (GAP_PX + column * (side + GAP_PX), top + LINE_PX))
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".part")
    page.save(beside, "PNG")
    beside.replace(file)
