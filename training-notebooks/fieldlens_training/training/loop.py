"""Trains a network by a recipe; every epoch is a checkpoint that a later run goes on from."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.metrics import roc_auc_score
from torch import nn

from ..data.images import Item, load_all, split_by_patient
from ..data.tasks import Change, Task, task_of
from ..networks.network import build_network, head_of
from .checkpoints import LAST, Run
from .checkpoints import Progress as Progress  # older checkpoints look for it here
from .distillation import ask, load_teachers, loss_of
from .parallel import Peers
from .recipes import Recipe, stage_of


def one_cycle(step: int, total: int, peak: float, warm: float = 0.2) -> float:
    """Learning rate of ``step`` in 0..total-1 (Smith 2018, cosine up and down)."""
    rise = warm * total
    if step < rise:
        return peak * (0.04 + 0.96 * (1 - math.cos(math.pi * step / rise)) / 2)
    return peak * (1e-3 + (1 - 1e-3) * (1 + math.cos(math.pi * (step - rise) / (total - rise))) / 2)


def class_weights(labels: np.ndarray, classes: int) -> torch.Tensor:
    """Weights inverse to class frequency, of mean 1 over the images."""
    counts = np.bincount(labels, minlength=classes)
    return torch.tensor(len(labels) / (classes * counts), dtype=torch.float32)


def batches(count: int, batch: int, g: torch.Generator) -> Iterator[torch.Tensor]:
    """Shuffle the indices 0..count-1 into full batches (a short last one is dropped)."""
    order = torch.randperm(count, generator=g)
    for start in range(0, max(1, count - batch + 1), batch):
        yield order[start : start + batch]


def to_values(pixels: torch.Tensor) -> torch.Tensor:
    """uint8 ``(n, h, w)`` or ``(n, h, w, 3)`` to float ``(n, channels, h, w)`` in 0..1."""
    x = pixels.unsqueeze(1) if pixels.ndim == 3 else pixels.permute(0, 3, 1, 2)
    return x.float().div(255)


@torch.no_grad()
def predict(
    net: nn.Module,
    pixels: np.ndarray,
    task: Task,
    change: Change | None = None,
    batch: int = 64,
    autocast: bool = True,
    seed: int = 0,
) -> np.ndarray:
    """Logits ``(n, classes)`` of uint8 images ``(n, h, w)`` or ``(n, h, w, 3)``.

    ``change`` is applied to each batch of values first (see ``Task.shifts``).
    """
    net.eval()
    g = torch.Generator().manual_seed(seed)
    device = next(net.parameters()).device
    out = []
    for start in range(0, len(pixels), batch):
        x = to_values(torch.from_numpy(pixels[start : start + batch]))
        if change is not None:
            x = change(x, g)
        x = task.normalise(x).to(device, memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16, enabled=autocast):
            out.append(net(x).float().cpu())
    return torch.cat(out).numpy()


def shifted_auc(
    net: nn.Module, pixels: np.ndarray, labels: np.ndarray, task: Task
) -> dict[str, float]:
    """AUC on the images under each simulated change of acquisition, by name."""
    return {
        name: float(roc_auc_score(labels, score(predict(net, pixels, task, change))))
        for name, change in task.shifts.items()
    }


def score(logits: np.ndarray) -> np.ndarray:
    """Log-odds of the positive class from two logits, shape ``(n,)``."""
    return logits[:, 1] - logits[:, 0]


def load_split(recipe: Recipe, data: Path) -> tuple[list[Item], list[Item]]:
    """The recipe's training and validation images, by patient."""
    items = task_of(recipe.task).list(data, "train")
    return split_by_patient(items, recipe.validation_fraction)


def mix_up(
    x: torch.Tensor, targets: torch.Tensor, g: torch.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """Blend each image and its target with another's of the batch (Zhang et al. 2018)."""
    # A generator of its own kind for Beta does not exist in PyTorch: two powers of uniforms
    # give it (Johnk 1964), good for a parameter below 1.
    a, b = torch.rand((2, 64), generator=g).double().pow(1 / 0.2)
    inside = (a + b <= 1).nonzero().flatten()
    i = int(inside[0]) if len(inside) else 0
    share = float(a[i] / (a[i] + b[i]).clamp_min(1e-12))
    order = torch.randperm(len(x), generator=g)
    return torch.lerp(x[order], x, share), torch.lerp(targets[order], targets, share)


def train(recipe: Recipe, data: Path, folder: Path, say: Callable[[str], None] = print) -> Path:
    """Run ``recipe`` on ``data`` (holding ``train/<CLASS>/``); return the last checkpoint.

    ``folder`` receives ``last.pt`` after every epoch (weights, averaged weights, optimiser,
    generators), ``stage<number>.pt`` after every stage and ``history.json``. A run that was
    interrupted goes on from ``last.pt``; a finished one returns at once, and one whose recipe
    got more stages goes on with them. Teachers are looked for beside ``folder``. Under
    ``torchrun`` every process takes its share of each batch.
    """
    folder.mkdir(parents=True, exist_ok=True)
    last = folder / LAST
    task = task_of(recipe.task)
    classes = len(task.classes)
    total_epochs = sum(stage.epochs for stage in recipe.stages)
    peers = Peers.join()
    torch.manual_seed(recipe.seed)
    net = build_network(
        recipe.architecture, task.channels, classes, initialisation=recipe.initialisation
    )
    net.to(peers.device, memory_format=torch.channels_last)
    averaged = deepcopy(net).eval()
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=recipe.weight_decay)
    g = torch.Generator().manual_seed(recipe.seed + 7919 * peers.rank)
    teachers = []
    if any(stage.taught for stage in recipe.stages):
        teachers = [t.to(peers.device) for t in load_teachers(recipe, folder.parent)]
    run = Run(recipe, net, averaged, optimiser, g)
    if last.exists():
        run.resume(last, peers.device)
    progress = run.progress
    if progress.epoch >= total_epochs:
        return last

    training, validation = load_split(recipe, data)
    labels = np.array([item.label for item in training])
    validation_labels = np.array([item.label for item in validation])
    smooth = recipe.label_smoothing
    targets = F.one_hot(torch.from_numpy(labels), classes) * (1 - smooth) + smooth / classes
    weights = class_weights(labels, classes).to(peers.device)
    loaded_size, pixels, validation_pixels, current = 0, None, None, None
    for epoch in range(progress.epoch, total_epochs):
        stage, before = stage_of(recipe, epoch)
        if stage.size != loaded_size:
            loaded_size = stage.size
            presized = round(stage.size * recipe.presize)
            pixels = torch.from_numpy(load_all(training, presized, task.channels))
            validation_pixels = load_all(validation, stage.size, task.channels)
        if stage is not current:
            current = stage
            net.requires_grad_(not stage.frozen)
            head_of(net).requires_grad_(True)
            shared = peers.share(net)
        order = torch.Generator().manual_seed(1000 * recipe.seed + epoch)
        started, losses = time.time(), []
        steps = max(1, len(training) // recipe.batch)
        shared.train()
        for step, chosen in enumerate(batches(len(training), recipe.batch, order)):
            index = peers.part_of(chosen)
            rate = one_cycle((epoch - before) * steps + step, stage.epochs * steps, stage.peak_rate)
            for group in optimiser.param_groups:
                group["lr"] = rate
            x, wanted = task.augment(pixels[index], stage.size, g, stage.strength), targets[index]
            if torch.rand((), generator=g) < recipe.mix:
                x, wanted = mix_up(x, wanted, g)
            x = task.normalise(x).to(peers.device, memory_format=torch.channels_last)
            with torch.autocast(peers.device.type, torch.bfloat16):
                opinion = ask(teachers, x) if stage.taught else None
                logits = shared(x)
            loss = loss_of(logits.float(), wanted.to(peers.device), weights, opinion, stage.taught)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            done = step + epoch * steps
            update_average(averaged, net, min(recipe.ema_decay, (1 + done) / (10 + done)))
            losses.append(loss.item())
        progress.epoch = epoch + 1
        if peers.is_first:
            ends = epoch + 1 == before + stage.epochs
            row = {
                "epoch": epoch + 1,
                "size": stage.size,
                "rate": rate,
                "loss": float(np.mean(losses)),
                **_validate(averaged, validation_pixels, validation_labels, task),
                "seconds": time.time() - started,
            }
            if ends or (epoch - before) % 4 == 3:
                row["shifted_auc"] = shifted_auc(
                    averaged, validation_pixels, validation_labels, task
                )
            progress.history.append(row)
            run.save(folder, recipe.stages.index(stage) + 1 if ends else None)
            say(json.dumps(row))
        peers.wait()
    return last


def _validate(
    net: nn.Module, pixels: np.ndarray, labels: np.ndarray, task: Task
) -> dict[str, float]:
    logits = predict(net, pixels, task)
    loss = F.cross_entropy(torch.from_numpy(logits), torch.from_numpy(labels))
    return {
        "validation_loss": float(loss),
        "validation_accuracy": float((logits.argmax(1) == labels).mean()),
        "validation_auc": float(roc_auc_score(labels, score(logits))),
    }


@torch.no_grad()
def update_average(averaged: nn.Module, net: nn.Module, decay: float) -> None:
    """Move the averaged weights towards the network's (exponential moving average)."""
    for slow, fast in zip(averaged.state_dict().values(), net.state_dict().values(), strict=True):
        if slow.dtype.is_floating_point:
            slow.lerp_(fast, 1 - decay)
        else:
            slow.copy_(fast)
