"""Weights of which only the proportions count, as the smallest whole numbers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Final

MAX_WEIGHT: Final = 1_000_000
MAX_DIGITS: Final = 40  # longer ones are out of every range, and arithmetic with them would only cost time


def smallest_whole(weights: Sequence[Fraction]) -> list[int] | None:
    """The smallest whole numbers of the same proportion; None where one is beyond `MAX_WEIGHT`.

    weights: at least one, none is 0.
    """
    scale = lcm(*(weight.denominator for weight in weights))
    whole = [int(weight * scale) for weight in weights]
    common = gcd(*whole)
    reduced = [weight // common for weight in whole]
    return reduced if max(map(abs, reduced)) <= MAX_WEIGHT else None
