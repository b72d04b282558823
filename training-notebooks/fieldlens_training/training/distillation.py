"""Distillation: a network learns from the outputs of larger ones, its teachers.

Hinton et al. 2015, "Distilling the Knowledge in a Neural Network".
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from ..data.images import DataError
from ..data.tasks import task_of
from ..networks.network import build_network, channels_last
from .checkpoints import LAST, read_checkpoint
from .recipes import RECIPES, Recipe

TEMPERATURE = 2.0
"""Divides the logits of teacher and student before they are compared."""


def load_teachers(recipe: Recipe, runs: Path) -> list[nn.Module]:
    """The averaged networks of the recipe's teachers; ``DataError`` for one not trained."""
    teachers = []
    for name in recipe.teachers:
        path = runs / name / LAST
        if not path.exists():
            raise DataError(f"{path}: the teacher of {recipe.name} is missing; train {name} first")
        other = RECIPES[name]
        net = build_network(other.architecture, task_of(other.task).channels)
        net.load_state_dict(read_checkpoint(path)["averaged"])
        teachers.append(channels_last(net.eval().requires_grad_(False)))
    return teachers


@torch.no_grad()
def softened_mean(teachers: Sequence[nn.Module], x: torch.Tensor) -> torch.Tensor:
    """The teachers' mean softened probabilities ``(n, classes)`` of normalised images ``x``."""
    softened = [F.softmax(teacher(x).float() / TEMPERATURE, dim=1) for teacher in teachers]
    return torch.stack(softened).mean(0)


def distilled_loss(
    logits: torch.Tensor,
    targets: torch.Tensor,
    weights: torch.Tensor,
    soft: torch.Tensor | None = None,
    distillation: float = 0.0,
) -> torch.Tensor:
    """Cross-entropy with soft targets, mixed with the divergence from the teachers.

    ``logits`` and ``targets`` (class probabilities) are ``(n, classes)``, ``weights`` one a
    class; ``soft`` is what ``softened_mean`` gives. ``distillation`` in 0..1 is the weight of
    the divergence, which is Kullback and Leibler's times the squared temperature.
    """
    share = (targets * weights).sum(dim=1, keepdim=True)
    labelled = F.cross_entropy(logits, targets * weights, reduction="sum") / share.sum()
    if soft is None:
        return labelled
    softened = F.log_softmax(logits / TEMPERATURE, dim=1)
    divergence = F.kl_div(softened, soft, reduction="batchmean") * TEMPERATURE**2
    return (1 - distillation) * labelled + distillation * divergence
