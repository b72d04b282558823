"""The learning-rate schedule of a stage, and the moving average of the weights."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import OneCycleLR
from torch.optim.swa_utils import AveragedModel

Tensors = tuple[torch.Tensor, ...] | list[torch.Tensor]

RISE = 0.2
"""Share of the steps in which the rate rises."""


def one_cycle(optimiser: Optimizer, peak: float, steps: int) -> OneCycleLR:
    """PyTorch's one-cycle schedule (Smith 2018) over ``steps`` batches.

    The rate rises from ``peak / 25`` to ``peak`` and falls to ``peak / 1000``, both along a
    cosine. Call ``step()`` after every batch, at most ``steps`` times.
    """
    total = max(2, steps)
    return OneCycleLR(
        optimiser,
        peak,
        total_steps=total,
        # PyTorch divides by the length of the rise less one step: keep it above zero.
        pct_start=max(RISE, 1.5 / total),
        div_factor=25,
        final_div_factor=40,
        cycle_momentum=False,
    )


def moving_average(net: nn.Module, decay: float) -> AveragedModel:
    """PyTorch's averaged model with an exponential moving average of weights and buffers.

    Call ``update_parameters(net)`` after every batch. The average is in evaluation mode.
    """
    average = AveragedModel(net, multi_avg_fn=warmed_up_average(decay), use_buffers=True)
    return average.eval()


def warmed_up_average(decay: float) -> Callable[[Tensors, Tensors, torch.Tensor | int], None]:
    """The averaging function of ``AveragedModel`` for a decay that grows to ``decay``.

    After ``n`` batches it is ``min(decay, (1 + n) / (10 + n))``, as TensorFlow's
    ``ExponentialMovingAverage`` has it, so that the random weights of the start are soon
    forgotten. Integer tensors (counts of batches) are copied.
    """

    @torch.no_grad()
    def update(averaged: Tensors, current: Tensors, count: torch.Tensor | int) -> None:
        n = float(count)
        share = 1 - min(decay, (1 + n) / (10 + n))
        if averaged[0].is_floating_point():
            for slow, fast in zip(averaged, current, strict=True):
                slow.lerp_(fast, share)
        else:
            for slow, fast in zip(averaged, current, strict=True):
                slow.copy_(fast)

    return update
