"""Logits of uint8 images, and the AUC under each simulated change of acquisition."""

from __future__ import annotations

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import nn

from ..data.images import to_values
from ..data.tasks import Change, Task


@torch.no_grad()
def predict(
    net: nn.Module,
    pixels: np.ndarray,
    task: Task,
    change: Change | None = None,
    batch: int = 64,
    autocast: bool = True,
    seed: int = 0,
) -> np.ndarray:
    """Logits ``(n, classes)`` of uint8 images ``(n, h, w)`` or ``(n, h, w, 3)``.

    ``change`` is applied to each batch of values first (see ``Task.shifts``).
    """
    net.eval()
    g = torch.Generator().manual_seed(seed)
    device = next(net.parameters()).device
    out = []
    for start in range(0, len(pixels), batch):
        x = to_values(torch.from_numpy(pixels[start : start + batch]))
        if change is not None:
            x = change(x, g)
        x = task.normalise(x).to(device, memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16, enabled=autocast):
            out.append(net(x).float().cpu())
    return torch.cat(out).numpy()


def shifted_auc(
    net: nn.Module, pixels: np.ndarray, labels: np.ndarray, task: Task
) -> dict[str, float]:
    """AUC on the images under each simulated change of acquisition, by name."""
    return {
        name: float(roc_auc_score(labels, score(predict(net, pixels, task, change))))
        for name, change in task.shifts.items()
    }


def score(logits: np.ndarray) -> np.ndarray:
    """Log-odds of the positive class from two logits, shape ``(n,)``."""
    return logits[:, 1] - logits[:, 0]
