"""What a network learns from its teachers: their opinion of an image."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import nn

TEMPERATURE = 2.0
"""Softens teacher and pupil alike before they are compared (Hinton et al. 2015)."""


@torch.no_grad()
def ask(teachers: Sequence[nn.Module], x: torch.Tensor) -> torch.Tensor:
    """The teachers' mean softened probabilities ``(n, classes)``."""
    softened = [F.softmax(teacher(x).float() / TEMPERATURE, dim=1) for teacher in teachers]
    return torch.stack(softened).mean(0)


def loss_of(
    logits: torch.Tensor,
    targets: torch.Tensor,
    weights: torch.Tensor,
    opinion: torch.Tensor | None = None,
    taught: float = 0.0,
) -> torch.Tensor:
    """Cross-entropy with soft targets, and the distance to the teachers' opinion.

    ``targets`` are class probabilities ``(n, classes)``, ``weights`` one a class, ``opinion``
    the teachers' softened probabilities.
    """
    share = (targets * weights).sum(dim=1, keepdim=True)
    labelled = F.cross_entropy(logits, targets * weights, reduction="sum") / share.sum()
    if opinion is None:
        return labelled
    softened = F.log_softmax(logits / TEMPERATURE, dim=1)
    distance = F.kl_div(softened, opinion, reduction="batchmean") * TEMPERATURE**2
    return (1 - taught) * labelled + taught * distance
