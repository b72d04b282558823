"""Eight-bit weights in TensorFlow.js's format, and the correction of biases for their error.

The format stores ``q`` in 0..255 with ``value = q * scale + min`` for each tensor.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np
import torch

from .fold import (
    INPUT,
    Classifier,
    Convolution,
    Layer,
    last_use,
    run_layer,
    sources_of,
)

LEVELS = 255


@dataclass(frozen=True)
class Quantised:
    """uint8 levels of a tensor's shape, with the affine map back to values."""

    levels: np.ndarray
    scale: float
    minimum: float

    def values(self) -> np.ndarray:
        """The float32 values that TensorFlow.js computes: in float64, rounded once."""
        return (self.levels.astype(np.float64) * self.scale + self.minimum).astype(np.float32)


@dataclass(frozen=True)
class Grid:
    """The values that a tensor's weights are rounded to: ``(level - zero) * scale``."""

    scale: float
    zero: int
    top: int = LEVELS

    def quantised(self, levels: np.ndarray) -> Quantised:
        """``levels`` with this grid's map back to values."""
        return Quantised(levels, self.scale, -self.zero * self.scale)


def grid_for(weight: np.ndarray, step: float | None = None, top: int = LEVELS) -> Grid:
    """A grid over ``weight``'s range, zero among its values.

    ``step`` is at least the range over ``top``, which is also what it is where none is given.
    Where that leaves levels over they lie on both sides.
    """
    low, high = min(float(weight.min()), 0.0), max(float(weight.max()), 0.0)
    scale = max((high - low) / top, step or 0.0)
    if scale == 0:
        return Grid(1.0, 0, top)
    spare = int(top - (high - low) / scale)
    return Grid(scale, round(-low / scale) + spare // 2, top)


def quantise(weight: np.ndarray, top: int = LEVELS, step: float | None = None) -> Quantised:
    """Round one tensor to levels 0 to ``top`` of its grid (see ``grid_for``)."""
    weight = np.asarray(weight, dtype=np.float64)
    grid = grid_for(weight, step, top)
    levels = np.clip(np.rint(weight / grid.scale) + grid.zero, 0, top).astype(np.uint8)
    return grid.quantised(levels)


def quantise_plan(plan: list[Layer]) -> tuple[list[Layer], dict[str, Quantised]]:
    """Quantise every convolution and the classifier; biases stay float32.

    Returns a plan with the dequantised weights, and the levels by layer name, in the
    plan's own layout ``(out, in, ...)``.
    """
    out, levels = [], {}
    for layer in plan:
        layer = copy(layer)
        if isinstance(layer, Convolution | Classifier):
            levels[layer.name] = quantise(layer.weight.numpy())
            layer.weight = torch.from_numpy(levels[layer.name].values())
        out.append(layer)
    return out, levels


@torch.no_grad()
def correct_biases(plan: list[Layer], quantised: list[Layer], x: torch.Tensor) -> None:
    """Shift the biases of ``quantised`` so that each channel's mean is as in ``plan``.

    Nagel et al. 2019, section 4.2, with the means measured on ``x`` (normalised training
    images) layer by layer, before the ReLU. Changes ``quantised`` in place.
    """
    exact, coarse, last = {INPUT: x}, {INPUT: x}, last_use(plan)
    for i, (layer, other) in enumerate(zip(plan, quantised, strict=True)):
        if isinstance(layer, Convolution) and isinstance(other, Convolution):
            wanted, found = _before_relu(layer, exact), _before_relu(other, coarse)
            shift = (wanted - found).mean(dim=(0, 2, 3))
            other.bias = other.bias + shift
            found += shift.view(1, -1, 1, 1)
            exact[layer.name] = wanted.relu_() if layer.relu else wanted
            coarse[layer.name] = found.relu_() if layer.relu else found
        else:
            exact[layer.name] = run_layer(layer, exact)
            coarse[layer.name] = run_layer(other, coarse)
        if isinstance(other, Classifier):
            other.bias = other.bias + (exact[layer.name] - coarse[layer.name]).mean(0)
        for name in sources_of(layer):
            if last[name] == i:
                exact.pop(name, None)
                coarse.pop(name, None)


def _before_relu(layer: Convolution, values: dict[str, torch.Tensor]) -> torch.Tensor:
    linear = copy(layer)
    linear.relu = False
    return run_layer(linear, values)
