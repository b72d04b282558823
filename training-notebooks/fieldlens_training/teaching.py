"""What a network learns from its teachers: their opinion of an image, and how they see it."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import nn

from .network import head_of, pooling_of

TEMPERATURE = 2.0
"""Softens teacher and pupil alike before they are compared (Hinton et al. 2015)."""


def with_map(net: nn.Module, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits ``(n, classes)`` and the last map ``(n, channels, h, w)`` before it is pooled."""
    seen: list[torch.Tensor] = []
    hook = pooling_of(net).register_forward_pre_hook(lambda _, given: seen.append(given[0]))
    try:
        logits = net(x)
    finally:
        hook.remove()
    return logits, seen[0]


class Pupil(nn.Module):
    """A network with one projection of its last map into each teacher's channels.

    ``forward`` gives the logits and the projected maps. Only the network is kept at the end.
    """

    def __init__(self, net: nn.Module, teachers: Sequence[nn.Module]) -> None:
        super().__init__()
        self.net = net
        width = head_of(net).in_features
        self.projections = nn.ModuleList(
            nn.Conv2d(width, head_of(teacher).in_features, 1) for teacher in teachers
        )

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
        logits, seen = with_map(self.net, x)
        return logits, [project(seen) for project in self.projections]


@torch.no_grad()
def ask(teachers: Sequence[nn.Module], x: torch.Tensor) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """The teachers' mean softened probabilities ``(n, classes)``, and each one's last map."""
    answers = [with_map(teacher, x) for teacher in teachers]
    softened = [F.softmax(logits.float() / TEMPERATURE, dim=1) for logits, _ in answers]
    return torch.stack(softened).mean(0), [seen for _, seen in answers]


def map_distance(projected: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """1 minus the cosine between two maps ``(n, channels, h, w)``, the mean over places.

    ``wanted`` is first freed of each channel's mean and scale in the batch, since a few loud
    channels would drown the rest; ``projected`` is averaged down to its height and width.
    After FitNets (Romero et al. 2015), with the cosine for the square.
    """
    wanted = wanted.float()
    spread = wanted.std(dim=(0, 2, 3), keepdim=True)
    centred = wanted - wanted.mean(dim=(0, 2, 3), keepdim=True)
    standard = centred / (spread + 0.1 * spread.mean()).clamp_min(1e-6)
    own = F.adaptive_avg_pool2d(projected.float(), standard.shape[2:])
    return (1 - F.cosine_similarity(own, standard, dim=1)).mean()


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
