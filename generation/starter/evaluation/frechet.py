"""How far generated pictures are from real ones as a whole: the Fréchet distance of two clouds of features.

Like FID (Heusel et al. 2017), but in the features of the attribute classifier: a network trained on photographs sees
little in such pictures. Compare values of equally many pictures only, since few samples make it larger.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def frechet_distance(one: Floats, other: Floats) -> float:
    """Squared 2-Wasserstein distance of the normal distributions fitted to two sets of rows, (samples, channels).

    |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), and the trace of the last root is that of (C1^(1/2) C2 C1^(1/2))^(1/2).
    """
    means = float(((one.mean(0) - other.mean(0)) ** 2).sum())
    first, second = (np.atleast_2d(np.cov(rows, rowvar=False)) for rows in (one, other))
    root = _root(first)
    shared = np.linalg.eigvalsh(root @ second @ root).clip(0)
    return max(0.0, means + float(np.trace(first) + np.trace(second)) - 2 * float(np.sqrt(shared).sum()))


def _root(covariance: Floats) -> Floats:
    """The symmetric square root of a covariance."""
    values, vectors = np.linalg.eigh(covariance)
    scaled: Floats = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    return scaled
