"""Eight-bit weights in the way of the TensorFlow.js format, and the repair of their bias.

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


def quantise(weight: np.ndarray, top: int = LEVELS) -> Quantised:
    """Quantise one tensor over its whole range to levels 0 to ``top``, zero among them."""
    weight = np.asarray(weight, dtype=np.float64)
    low, high = min(weight.min(), 0.0), max(weight.max(), 0.0)
    scale = (high - low) / top
    if scale == 0:
        return Quantised(np.zeros(weight.shape, np.uint8), 1.0, 0.0)
    zero = round(-low / scale)
    levels = np.clip(np.rint(weight / scale) + zero, 0, top).astype(np.uint8)
    return Quantised(levels, scale, -zero * scale)


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
        if isinstance(layer, Convolution):
            shift = _before_relu(layer, exact) - _before_relu(other, coarse)
            other.bias = other.bias + shift.mean(dim=(0, 2, 3))
        exact[layer.name], coarse[layer.name] = run_layer(layer, exact), run_layer(other, coarse)
        if isinstance(layer, Classifier):
            other.bias = other.bias + (exact[layer.name] - coarse[layer.name]).mean(0)
        for name in sources_of(layer):
            if last[name] == i:
                exact.pop(name, None), coarse.pop(name, None)


def _before_relu(layer: Convolution, values: dict[str, torch.Tensor]) -> torch.Tensor:
    linear = copy(layer)
    linear.relu = False
    return run_layer(linear, values)
