"""Whether the pictures of one grid differ, as real renders of the same words do."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt


def diversity(grid: npt.NDArray[np.uint8]) -> float:
    """Mean over all pairs of a grid of their root mean square difference, 0 to 1; (pictures, side, side, 3)."""
    values = grid.astype(np.float32) / 255
    pairs = combinations(values, 2)
    return float(np.mean([np.sqrt(np.mean((one - other) ** 2)) for one, other in pairs]))
