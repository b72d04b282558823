"""Several processes that train one network together, started by ``torchrun``."""

from __future__ import annotations

import os
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel


@dataclass(frozen=True)
class Peers:
    """This process's place among ``count`` processes; alone it is 0 of 1."""

    rank: int
    count: int
    device: torch.device

    @classmethod
    def alone(cls) -> Peers:
        """One process on the CPU."""
        return cls(0, 1, torch.device("cpu"))

    @classmethod
    def join(cls) -> Peers:
        """Join the others where ``torchrun`` started this process; else stay alone."""
        rank, count = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        cuda = torch.cuda.is_available()
        local = int(os.environ.get("LOCAL_RANK", 0))
        device = torch.device(f"cuda:{local}" if cuda else "cpu")
        if cuda:
            torch.cuda.set_device(device)
        if count > 1 and not dist.is_initialized():
            dist.init_process_group("nccl" if cuda else "gloo")
        return cls(rank, count, device)

    @property
    def is_first(self) -> bool:
        """Whether this process validates, saves and speaks for all."""
        return self.rank == 0

    def share(self, net: nn.Module) -> nn.Module:
        """``net`` with its gradients averaged over all processes."""
        if self.count == 1:
            return net
        return DistributedDataParallel(net)

    def part_of(self, index: torch.Tensor) -> torch.Tensor:
        """This process's part of a batch's indices."""
        return index[self.rank :: self.count]

    def wait(self) -> None:
        """Wait for the others."""
        if self.count > 1:
            dist.barrier()
