"""Batches of training images: their order, the weights of their classes, and mixup."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch


def class_weights(labels: np.ndarray, classes: int) -> torch.Tensor:
    """Weights inverse to class frequency, of mean 1 over the images."""
    counts = np.bincount(labels, minlength=classes)
    return torch.tensor(len(labels) / (classes * counts), dtype=torch.float32)


def mix_up(
    x: torch.Tensor, targets: torch.Tensor, g: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Blend each image and its target with another's of the batch (Zhang et al. 2018)."""
    # A generator of its own kind for Beta does not exist in PyTorch: two powers of uniforms
    # give it (Johnk 1964), good for a parameter below 1.
    a, b = torch.rand((2, 64), generator=g).double().pow(1 / 0.2)
    inside = (a + b <= 1).nonzero().flatten()
    i = int(inside[0]) if len(inside) else 0
    share = float(a[i] / (a[i] + b[i]).clamp_min(1e-12))
    order = torch.randperm(len(x), generator=g)
    return torch.lerp(x[order], x, share), torch.lerp(targets[order], targets, share)


def shuffled_batches(count: int, batch: int, g: torch.Generator) -> Iterator[torch.Tensor]:
    """Shuffle the indices 0..count-1 into full batches (a short last one is dropped).

    Fewer images than ``batch`` make one short batch.
    """
    order = torch.randperm(count, generator=g)
    for start in range(0, max(1, count - batch + 1), batch):
        yield order[start : start + batch]
