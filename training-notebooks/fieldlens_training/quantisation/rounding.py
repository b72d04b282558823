"""Rounds weights with feedback: the weights after it compensate each rounding error.

Frantar et al. 2022, "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained
Transformers", after Hassibi and Stork 1993 (Optimal Brain Surgeon). It
minimises the change of a layer's output on training images, ``|W x - Q x|^2``, not the change of
its weights.
"""

from __future__ import annotations

from copy import copy

import torch
import torch.nn.functional as F

from .fold import INPUT, Classifier, Convolution, Layer, last_use, run_layer, sources_of
from .quantise import Quantised, grid_for, quantise

POSITIONS_A_COLUMN, LEAST_POSITIONS = 4, 8192
"""Places of a kernel that are measured: so many a column of the weight, and at least so many."""
DAMPING = 0.01
"""Added to the diagonal, as a share of its mean: bounds the influence of a rare input."""
BLOCK = 128


@torch.no_grad()
def round_plan(
    plan: list[Layer], steps: dict[str, float], x: torch.Tensor
) -> tuple[list[Layer], dict[str, Quantised]]:
    """Quantise the convolutions in ``steps`` with feedback, the other weights as they are.

    ``x`` are normalised training images; each layer is rounded for the output of
    the rounded layers before it. Returns what ``quantise_plan`` returns.
    """
    rounded, levels = [copy(layer) for layer in plan], {}
    values, last = {INPUT: x}, last_use(plan)
    for i, layer in enumerate(rounded):
        if isinstance(layer, Convolution) and layer.name in steps:
            moments = second_moments(layer, values[layer.source])
            levels[layer.name] = round_with_feedback(layer.weight, moments, steps[layer.name])
        elif isinstance(layer, Convolution | Classifier):
            levels[layer.name] = quantise(layer.weight.numpy())
        if isinstance(layer, Convolution | Classifier):
            layer.weight = torch.from_numpy(levels[layer.name].values())
        values[layer.name] = run_layer(layer, values)
        for name in sources_of(layer):
            if last[name] == i:
                values.pop(name, None)
    return rounded, levels


def second_moments(layer: Convolution, x: torch.Tensor, seed: int = 0) -> torch.Tensor:
    """``E[p p^T]`` of the patches ``p`` that ``layer`` reads from ``x``, float64 ``(d, d)``.

    ``d`` is input channels x height x width of the kernel, in the order of the weight.
    """
    kernel = layer.weight.shape[2:]
    side = layer.weight[0].numel()
    wanted = max(POSITIONS_A_COLUMN * side, LEAST_POSITIONS)
    g = torch.Generator().manual_seed(seed)
    total, seen = torch.zeros(side, side, dtype=torch.float64), 0
    for part in x.split(16):
        patches = F.unfold(part, kernel, padding=layer.padding, stride=layer.stride)
        patches = patches.transpose(1, 2).reshape(-1, side)
        kept = min(len(patches), -(-wanted * len(part) // len(x)))
        patches = patches[torch.randperm(len(patches), generator=g)[:kept]]
        total += (patches.T @ patches).double()
        seen += len(patches)
    return total / seen


def round_with_feedback(weight: torch.Tensor, moments: torch.Tensor, step: float) -> Quantised:
    """Quantise ``weight`` ``(out, ...)`` with ``step``; ``moments`` as ``second_moments``."""
    grid = grid_for(weight.numpy(), step)
    left = weight.reshape(len(weight), -1).double()
    side = left.shape[1]
    diagonal = moments.diagonal()
    damped = moments + torch.eye(side, dtype=moments.dtype) * max(
        DAMPING * float(diagonal.mean()), 1e-12
    )
    # The columns of the strongest inputs first, while other columns are left to compensate them.
    order = torch.argsort(diagonal, descending=True)
    left = left[:, order].contiguous()
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(damped[order][:, order]))
    spread = torch.linalg.cholesky(inverse, upper=True).float()
    left = left.float()
    levels = torch.empty_like(left)
    for start in range(0, side, BLOCK):
        end = min(start + BLOCK, side)
        block, errors = left[:, start:end].clone(), torch.empty(len(left), end - start)
        for i in range(end - start):
            row = spread[start + i, start + i : end]
            found = (block[:, i] / grid.scale).round().add(grid.zero).clamp(0, grid.top)
            levels[:, start + i] = found
            errors[:, i] = (block[:, i] - (found - grid.zero) * grid.scale) / row[0]
            block[:, i:] -= errors[:, i : i + 1] * row
        left[:, end:] -= errors @ spread[start:end, end:]
    back = torch.empty_like(levels)
    back[:, order] = levels
    return grid.quantised(back.reshape(weight.shape).to(torch.uint8).numpy())
