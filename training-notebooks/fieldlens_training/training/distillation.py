"""Teachers: the networks, and what is learnt from their opinion of an image."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from ..data.images import DataError
from ..data.tasks import task_of
from ..networks.network import build_network
from .checkpoints import LAST
from .recipes import RECIPES, Recipe

TEMPERATURE = 2.0
"""Softens teacher and pupil alike before they are compared (Hinton et al. 2015)."""


def load_teachers(recipe: Recipe, runs: Path) -> list[nn.Module]:
    """The averaged networks of the recipe's teachers; ``DataError`` for one not trained."""
    teachers = []
    for name in recipe.teachers:
        path = runs / name / LAST
        if not path.exists():
            raise DataError(f"{path}: the teacher of {recipe.name} is missing; train {name} first")
        other = RECIPES[name]
        net = build_network(other.architecture, task_of(other.task).channels)
        net.load_state_dict(torch.load(path, map_location="cpu", weights_only=False)["averaged"])
        teachers.append(net.eval().requires_grad_(False).to(memory_format=torch.channels_last))
    return teachers


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
