"""A training loop that is written to the disk after every epoch and goes on from there."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler
from torch.optim.swa_utils import AveragedModel

from .checkpoints import LAST, write
from .loop import Loop
from .parallel import Peers


class ResumableLoop(Loop):
    """The loop with its state in ``folder``.

    ``last.pt`` holds ``net``, ``average``, ``optimiser``, ``schedule`` and the log, all but the
    last as ``state_dict``; ``run.json`` holds ``settings`` and the log. ``say`` receives each
    epoch's record as a line of JSON. Of several processes the first measures and writes.
    """

    def __init__(
        self,
        net: nn.Module,
        optimiser: Optimizer,
        schedule: LRScheduler,
        average: AveragedModel,
        folder: Path,
        settings: dict[str, Any],
        say: Callable[[str], None],
        peers: Peers,
    ) -> None:
        super().__init__(net, optimiser, schedule, average)
        self.folder, self.settings, self.say, self.peers = folder, settings, say, peers
        self.averaged = average
        self.parts = {"net": net, "average": average, "optimiser": optimiser, "schedule": schedule}
        self.log: list[dict[str, Any]] = []

    @abstractmethod
    def measure(self, epoch: int, average: nn.Module) -> dict[str, Any]:
        """What is recorded of the averaged network after ``epoch`` (from 0)."""

    def train(self, epochs: int) -> list[dict[str, Any]]:
        """Run what is left of ``epochs``; returns the log of all of them."""
        last = self.folder / LAST
        if last.is_file():
            state = torch.load(last, weights_only=True)
            for name, part in self.parts.items():
                part.load_state_dict(state[name])
            self.log = json.loads(state["log"])
        self.run(len(self.log), epochs)
        return self.log

    def on_epoch_end(self, epoch: int, row: dict) -> None:
        if self.peers.is_first:
            row["loss"] = round(row["loss"], 4)
            row["seconds"] = round(row["seconds"], 1)
            row |= self.measure(epoch, self.averaged)
            self.log.append(row)
            state = {name: part.state_dict() for name, part in self.parts.items()}
            write(state | {"log": json.dumps(self.log)}, self.folder / LAST)
            record = json.dumps(self.settings | {"log": self.log}, indent=1)
            (self.folder / "run.json").write_text(record + "\n")
            self.say(json.dumps(row))
        self.peers.wait()
