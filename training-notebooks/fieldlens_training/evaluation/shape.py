"""A distance of a few numbers that describe what is read, beside that of its maps.

Of a film these are the place and size of the lungs (``regions.lung_shape``). The distance is
Mahalanobis's to the training pictures, ``sqrt((v - mean) P (v - mean))`` with the inverse of the
covariance over the number of values as ``P``, so that it is about 1 for pictures like those.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Shape:
    """``mean`` ``(k,)``, ``precision`` ``(k, k)``, and how much its distance weighs."""

    mean: np.ndarray
    precision: np.ndarray
    weight: float = 0.0

    def distances(self, values: np.ndarray) -> np.ndarray:
        """Of values ``(n, k)``, shape ``(n,)``."""
        apart = values - self.mean
        return np.sqrt(np.maximum(0, np.einsum("ni,ij,nj->n", apart, self.precision, apart)))

    def joined(self, distances: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Distances of the maps and of values ``(n, k)`` together: ``sqrt(d^2 + weight s^2)``."""
        return np.sqrt(distances**2 + self.weight * self.distances(values) ** 2)

    def entry(self) -> dict:
        """The manifest's ``recognition.shape``."""
        return {
            "mean": self.mean.tolist(),
            "precision": self.precision.tolist(),
            "weight": self.weight,
        }


def rounded(values: np.ndarray) -> np.ndarray:
    """To six digits, as a manifest keeps them."""
    return np.vectorize(lambda value: float(f"{value:.6g}"))(values)


def fit_shape(values: np.ndarray) -> Shape:
    """Of the training pictures' values ``(n, k)``."""
    precision = np.linalg.inv(np.cov(values, rowvar=False)) / values.shape[1]
    return Shape(rounded(values.mean(0)), rounded((precision + precision.T) / 2))


def weighed(shape: Shape, distances: np.ndarray, values: np.ndarray) -> Shape:
    """With the weight at which both squared distances vary alike on validation pictures.

    It is chosen without any picture of another kind.
    """
    own = shape.distances(values) ** 2
    weight = float(np.std(distances**2) / np.std(own))
    return Shape(shape.mean, shape.precision, float(f"{weight:.6g}"))
