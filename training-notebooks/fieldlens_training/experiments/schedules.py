"""Learning-rate schedules by name, stepped after every batch."""

from __future__ import annotations

import math
from collections.abc import Callable

from torch import nn
from torch.optim import SGD, Optimizer
from torch.optim.lr_scheduler import (
    CosineAnnealingLR,
    ExponentialLR,
    LambdaLR,
    LRScheduler,
    PolynomialLR,
    StepLR,
)

from ..training.schedule import one_cycle

LEAST = 0.01
"""What exponential, natural exponential and staircase decay to, as a share of the first rate."""

Builder = Callable[[Optimizer, float, int, int], LRScheduler]
"""Of an optimiser, its peak rate, all steps of the run and the steps of an epoch."""

SCHEDULES: dict[str, Builder] = {
    "constant": lambda o, peak, total, epoch: LambdaLR(o, lambda step: 1.0),
    # Two falls to a tenth each.
    "step": lambda o, peak, total, epoch: StepLR(o, max(1, math.ceil(total / 3)), 0.1),
    "exponential": lambda o, peak, total, epoch: ExponentialLR(o, LEAST ** (1 / total)),
    # exp(-k t) with the k of one e-fold an epoch, as TensorFlow's natural_exp_decay is used.
    "natural exponential": lambda o, peak, total, epoch: LambdaLR(
        o, lambda step: math.exp(-step / epoch)
    ),
    "cosine": lambda o, peak, total, epoch: CosineAnnealingLR(o, total),
    "polynomial": lambda o, peak, total, epoch: PolynomialLR(o, total, power=2.0),
    "one-cycle": lambda o, peak, total, epoch: one_cycle(o, peak, total),
    # The exponential one, held still within each epoch.
    "staircase": lambda o, peak, total, epoch: LambdaLR(
        o, lambda step: LEAST ** (step // epoch * epoch / total)
    ),
}
"""By name. ``step // epoch`` counts whole epochs."""


def build_schedule(
    name: str, optimiser: Optimizer, peak: float, total: int, epoch: int
) -> LRScheduler:
    """The schedule ``name`` for ``total`` steps in all, ``epoch`` of them an epoch."""
    return SCHEDULES[name](optimiser, peak, total, epoch)


def rates(name: str, peak: float, total: int, epoch: int) -> list[float]:
    """The learning rate of every step, for a plot."""
    optimiser = SGD([nn.Parameter()], lr=peak)
    schedule = build_schedule(name, optimiser, peak, total, epoch)
    found = []
    for _ in range(total):
        found.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    return found
