"""The networks that read the lungs alone, and how they are measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from monai.networks.nets.resnet import ResNet, ResNetBlock
from sklearn.metrics import roc_auc_score
from torch import nn

from ..data.tasks import CHEST
from ..networks.network import build_network

MEAN, STD = 0.36, 0.31
"""The input is ``(value - MEAN) / STD`` with values 0 to 1; about the crops' own statistics."""
LUNGS = CHEST.read_with((MEAN,), (STD,))
"""The task of the films, as a network that reads the lungs alone sees it."""
SLIM = "slim"
"""A small residual network for quick comparisons; never shipped."""


def build_reader(architecture: str) -> nn.Module:
    """A network for one grey channel and two classes; ``slim``, or of ``build_network``."""
    if architecture != SLIM:
        return build_network(architecture, 1)
    net: Any = ResNet(
        ResNetBlock,
        [2, 2, 2, 2],
        [24, 48, 96, 160],
        spatial_dims=2,
        n_input_channels=1,
        num_classes=2,
        conv1_t_stride=2,
        bias_downsample=False,
    )
    net.layer4[0].conv1.stride = (1, 1)
    net.layer4[0].downsample[0].stride = (1, 1)
    return net


def normalised(values: torch.Tensor) -> torch.Tensor:
    """Values 0 to 1, ``(n, 1, side, side)``, to the network's input."""
    return LUNGS.normalise(values).contiguous(memory_format=torch.channels_last)


@torch.inference_mode()
def log_odds(net: nn.Module, crops: np.ndarray, batch: int = 64) -> np.ndarray:
    """Log-odds of pneumonia of uint8 crops ``(n, side, side)``."""
    net.eval()
    found = []
    for start in range(0, len(crops), batch):
        values = torch.from_numpy(crops[start : start + batch]).unsqueeze(1).float() / 255
        with torch.autocast("cpu", torch.bfloat16):
            logits = net(normalised(values)).float()
        found.append((logits[:, 1] - logits[:, 0]).numpy())
    return np.concatenate(found)


def threshold_at(labels: np.ndarray, scores: np.ndarray, sensitivity: float = 0.99) -> float:
    """The highest threshold at which at least that share of the positives is called."""
    positives = np.sort(scores[labels == 1])
    missed = int(np.floor((1 - sensitivity) * len(positives) + 1e-9))
    return float(positives[missed])


def figures(labels: np.ndarray, scores: np.ndarray, threshold: float) -> dict[str, float]:
    """AUC, and sensitivity and specificity at a threshold (called where the score reaches it)."""
    called = scores >= threshold
    return {
        "n": len(labels),
        "auc": round(float(roc_auc_score(labels, scores)), 5),
        "sensitivity": round(float(called[labels == 1].mean()), 4),
        "specificity": round(float((~called[labels == 0]).mean()), 4),
    }
