"""Chooses the rounding step of each tensor, so that a package has a wanted size.

Weights are entropy coded, so a coarser step means fewer bits: one bit a weight less for twice the
step. Steps in inverse proportion to how much the log-odds depend on a tensor make every tensor's
rounding cost the same (Choi et al. 2017, "Towards the Limit of Network
Quantization", section 4: Hessian-weighted, uniform, entropy coded).
"""

from __future__ import annotations

from copy import copy

import numpy as np
import torch

from .fold import INPUT, LOGITS, Convolution, Layer, run_layer
from .quantise import LEVELS, quantise

BITS = 3.0
"""Entropy a weight of what ships: a ResNet34 is 8.5 MB with it, a ResNet50 9.2 MB."""
FINE_WEIGHTS = 10_000
"""Tensors of at most so many weights keep 255 steps: they are few bytes, and matter most."""
SENSITIVITY_IMAGES = 48
"""Their gradients are taken one image at a time."""


def sensitivities(plan: list[Layer], x: torch.Tensor) -> dict[str, float]:
    """By convolution: mean square of the log-odds' derivative by one of its weights.

    The diagonal of the Gauss-Newton matrix, over the images ``x`` (normalised, ``(n, c, h,
    w)``) taken one by one.
    """
    plan = [copy(layer) for layer in plan]
    found: dict[str, float] = {}
    for layer in plan:
        if isinstance(layer, Convolution):
            layer.weight = layer.weight.clone().requires_grad_()
            found[layer.name] = 0.0
    for image in x.split(1):
        values = {INPUT: image}
        for layer in plan:
            values[layer.name] = run_layer(layer, values)
        logits = values[LOGITS][0]
        (logits[1] - logits[0]).backward()
        for layer in plan:
            if isinstance(layer, Convolution):
                assert layer.weight.grad is not None
                found[layer.name] += float(layer.weight.grad.square().mean()) / len(x)
                layer.weight.grad = None
    return found


def choose_steps(plan: list[Layer], sensitive: dict[str, float], bits: float) -> dict[str, float]:
    """Step by tensor at which the coarse tensors have ``bits`` of entropy a weight.

    Tensors that are not named keep 255 steps.
    """
    coarse = {
        layer.name: layer.weight.numpy()
        for layer in plan
        if isinstance(layer, Convolution) and layer.weight.numel() > FINE_WEIGHTS
    }
    count = sum(weight.size for weight in coarse.values())

    def steps(factor: float) -> dict[str, float]:
        return {
            name: max(factor / max(sensitive[name], 1e-30) ** 0.5, finest(weight))
            for name, weight in coarse.items()
        }

    low, high = -30.0, 30.0
    for _ in range(40):
        middle = (low + high) / 2
        chosen = steps(2.0**middle)
        total = sum(w.size * entropy(quantise(w, step=chosen[n]).levels) for n, w in coarse.items())
        low, high = (middle, high) if total > bits * count else (low, middle)
        if high - low < 1e-3:
            break
    return steps(2.0**high)


def finest(weight: np.ndarray) -> float:
    """The smallest step at which a tensor's range fits 255 of them."""
    return float(max(weight.max(), 0) - min(weight.min(), 0)) / LEVELS


def entropy(levels: np.ndarray) -> float:
    """Bits a symbol (Shannon 1948) of uint8 ``levels``, each counted by itself."""
    share = np.bincount(levels.ravel(), minlength=256) / levels.size
    share = share[share > 0]
    return float(-(share * np.log2(share)).sum())
