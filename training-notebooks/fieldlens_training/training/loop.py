"""The training loop. What is trained, and by which data and loss, is a subclass's.

``train.RecipeRun`` trains what ships, ``experiments.trial.TrialRun`` the short runs of the
comparisons.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterable

import numpy as np
import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from torch.optim.swa_utils import AveragedModel


class Loop(ABC):
    """Trains ``net`` epoch by epoch; the methods named ``on_...`` are hooks.

    ``schedule`` is stepped after every batch, ``average`` follows the weights, and gradients
    are clipped to the norm ``clip``; each of the three may be None.
    """

    def __init__(
        self,
        net: nn.Module,
        optimiser: Optimizer,
        schedule: LRScheduler | None = None,
        average: AveragedModel | None = None,
        clip: float | None = 1.0,
    ) -> None:
        self.net = net
        self.optimiser = optimiser
        self.schedule = schedule
        self.average = average
        self.clip = clip

    @abstractmethod
    def batches(self, epoch: int) -> Iterable[torch.Tensor]:
        """The batches of an epoch (from 0), each the indices of its images, ``(n,)``."""

    @abstractmethod
    def loss(self, index: torch.Tensor) -> torch.Tensor:
        """The loss of a batch, a scalar with gradients."""

    def on_epoch_start(self, epoch: int) -> None:  # noqa: B027
        """Hook: before the first batch of an epoch."""

    def on_epoch_end(self, epoch: int, row: dict) -> None:  # noqa: B027
        """Hook: after the last batch. ``row`` is the epoch's record and may be added to.

        It holds ``epoch`` (from 1), ``rate`` of the last batch, the mean ``loss`` and the
        ``seconds`` that the batches took.
        """

    def run(self, first: int, last: int) -> list[dict]:
        """Run the epochs ``first`` to ``last - 1``; returns their records."""
        rows = []
        for epoch in range(first, last):
            self.on_epoch_start(epoch)
            started, losses, rate = time.monotonic(), [], 0.0
            self.net.train()
            for index in self.batches(epoch):
                rate = self.optimiser.param_groups[0]["lr"]
                losses.append(self.step(index))
            row = {"epoch": epoch + 1, "rate": rate, "loss": float(np.mean(losses))}
            row["seconds"] = time.monotonic() - started
            self.on_epoch_end(epoch, row)
            rows.append(row)
        return rows

    def step(self, index: torch.Tensor) -> float:
        """Learn from the images of ``index``; returns their loss."""
        loss = self.loss(index)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if self.clip is not None:
            nn.utils.clip_grad_norm_(self.net.parameters(), self.clip)
        self.optimiser.step()
        if self.schedule is not None:
            self.schedule.step()
        if self.average is not None:
            self.average.update_parameters(self.net)
        return loss.item()
