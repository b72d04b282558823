"""How well found outlines agree with drawn ones."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from .network import normalise


def dice(found: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Dice coefficient of each pair of boolean masks ``(n, height, width)``; 1 if both empty."""
    axes = tuple(range(1, found.ndim))
    both = 2.0 * (found & drawn).sum(axis=axes)
    total = found.sum(axis=axes) + drawn.sum(axis=axes)
    return np.where(total == 0, 1.0, both / np.maximum(total, 1))


def summary(scores: np.ndarray) -> dict[str, float]:
    """Mean, median, the 2nd percentile and the mean of the worst 2 % of Dice scores."""
    ordered = np.sort(scores)
    worst = ordered[: max(1, round(0.02 * len(ordered)))]
    return {
        "n": len(scores),
        "mean": float(scores.mean()),
        "median": float(np.median(scores)),
        "percentile_2": float(np.quantile(scores, 0.02)),
        "worst_2_percent": float(worst.mean()),
        "lowest": float(ordered[0]),
    }


@torch.inference_mode()
def find(net: nn.Module, films: np.ndarray, size: int, batch: int = 64) -> np.ndarray:
    """Logits ``(n, size, size)`` float32 of uint8 films, upsampled bilinearly."""
    net.eval()
    found = []
    for start in range(0, len(films), batch):
        logits = net(normalise(torch.from_numpy(films[start : start + batch])))
        logits = functional.interpolate(
            logits, size=(size, size), mode="bilinear", align_corners=False
        )
        found.append(logits[:, 0].numpy())
    return np.concatenate(found)
