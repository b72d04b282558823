"""Trains a network by a recipe; every epoch is a checkpoint that a later run goes on from."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.metrics import roc_auc_score
from torch import nn

from . import augment
from .data import Item, list_images, load_all, split_by_patient
from .network import build_network

MEAN, STD = 0.48, 0.23
"""Grey statistics of the chest training images (0..1), rounded."""


@dataclass(frozen=True)
class Stage:
    """A part of a run at one input size: one-cycle from ``peak_rate / 25`` to nearly 0.

    ``strength`` is that of the augmentation (see ``augment.augment_batch``).
    """

    size: int
    epochs: int
    peak_rate: float
    strength: float = 1.0


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a run beside the data. Written into its record."""

    name: str
    architecture: str
    stages: tuple[Stage, ...]
    batch: int = 32
    weight_decay: float = 0.05
    label_smoothing: float = 0.05
    ema_decay: float = 0.998
    presize: float = 1.25
    validation_fraction: float = 0.12
    seed: int = 1
    classes: tuple[str, ...] = ("NORMAL", "PNEUMONIA")


RECIPES = {
    "pneumonia-resnet34": Recipe(
        "pneumonia-resnet34",
        "resnet34",
        (Stage(64, 12, 2e-3), Stage(112, 14, 1.2e-3), Stage(144, 12, 6e-4, strength=0.5)),
    ),
}


@dataclass
class Progress:
    """Where a run stands; saved with every checkpoint."""

    epoch: int = 0
    history: list[dict] = field(default_factory=list)


def stage_of(recipe: Recipe, epoch: int) -> tuple[Stage, int]:
    """Return the stage that ``epoch`` (from 0) falls in, and the epochs before it."""
    before = 0
    for stage in recipe.stages:
        if epoch < before + stage.epochs:
            return stage, before
        before += stage.epochs
    raise ValueError(f"epoch {epoch} is past the recipe's end")


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


def normalise(x: torch.Tensor) -> torch.Tensor:
    """Map grey 0..1 to the network's input."""
    return (x - MEAN) / STD


def batches(count: int, batch: int, g: torch.Generator) -> Iterator[torch.Tensor]:
    """Shuffle the indices 0..count-1 into full batches (a short last one is dropped)."""
    order = torch.randperm(count, generator=g)
    for start in range(0, max(1, count - batch + 1), batch):
        yield order[start : start + batch]


@torch.no_grad()
def predict(
    net: nn.Module,
    pixels: np.ndarray,
    change: Callable[[torch.Tensor, torch.Generator], torch.Tensor] | None = None,
    batch: int = 64,
    autocast: bool = True,
    seed: int = 0,
) -> np.ndarray:
    """Logits ``(n, classes)`` of uint8 images ``(n, height, width)``.

    ``change`` is applied to each batch of grey values first (see ``augment.SHIFTS``).
    """
    net.eval()
    g = torch.Generator().manual_seed(seed)
    device = next(net.parameters()).device
    out = []
    for start in range(0, len(pixels), batch):
        x = torch.from_numpy(pixels[start : start + batch]).float().div(255).unsqueeze(1)
        if change is not None:
            x = change(x, g)
        x = normalise(x).to(device, memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16, enabled=autocast):
            out.append(net(x).float().cpu())
    return torch.cat(out).numpy()


def shifted_auc(net: nn.Module, pixels: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """AUC on the images under each simulated change of acquisition, by name."""
    return {
        name: float(roc_auc_score(labels, score(predict(net, pixels, change))))
        for name, change in augment.SHIFTS.items()
    }


def score(logits: np.ndarray) -> np.ndarray:
    """Log-odds of the positive class from two logits, shape ``(n,)``."""
    return logits[:, 1] - logits[:, 0]


def load_split(recipe: Recipe, data: Path) -> tuple[list[Item], list[Item]]:
    """The recipe's training and validation images, by patient."""
    items = list_images(data, "train", recipe.classes)
    return split_by_patient(items, recipe.validation_fraction)


def train(recipe: Recipe, data: Path, folder: Path, say: Callable[[str], None] = print) -> Path:
    """Run ``recipe`` on ``data`` (holding ``train/<CLASS>/``); return the last checkpoint.

    ``folder`` receives ``last.pt`` after every epoch (weights, averaged weights, optimiser,
    generators), ``stage<size>.pt`` after every stage and ``history.json``. A run that was
    interrupted goes on from ``last.pt``; a finished one returns at once.
    """
    folder.mkdir(parents=True, exist_ok=True)
    last = folder / "last.pt"
    total_epochs = sum(stage.epochs for stage in recipe.stages)
    torch.manual_seed(recipe.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = build_network(recipe.architecture, 1, len(recipe.classes))
    net.to(device, memory_format=torch.channels_last)
    averaged = deepcopy(net).eval()
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=recipe.weight_decay)
    g = torch.Generator().manual_seed(recipe.seed)
    progress = Progress()
    if last.exists():
        saved = torch.load(last, weights_only=False)
        if saved["recipe"] != asdict(recipe):
            raise ValueError(f"{last}: made by another recipe; choose another run folder")
        net.load_state_dict(saved["net"])
        averaged.load_state_dict(saved["averaged"])
        optimiser.load_state_dict(saved["optimiser"])
        g.set_state(saved["generator"])
        if "global_generator" in saved:  # drawn from by MixStyle
            torch.set_rng_state(saved["global_generator"])
        progress = saved["progress"]
    if progress.epoch >= total_epochs:
        return last

    training, validation = load_split(recipe, data)
    labels = np.array([item.label for item in training])
    validation_labels = np.array([item.label for item in validation])
    targets = torch.from_numpy(labels)
    weights = class_weights(labels, len(recipe.classes)).to(device)
    loaded_size, pixels, validation_pixels = 0, None, None
    for epoch in range(progress.epoch, total_epochs):
        stage, before = stage_of(recipe, epoch)
        if stage.size != loaded_size:
            loaded_size = stage.size
            pixels = torch.from_numpy(load_all(training, round(stage.size * recipe.presize)))
            validation_pixels = load_all(validation, stage.size)
        started, losses = time.time(), []
        steps = max(1, len(training) // recipe.batch)
        net.train()
        for step, index in enumerate(batches(len(training), recipe.batch, g)):
            rate = one_cycle((epoch - before) * steps + step, stage.epochs * steps, stage.peak_rate)
            for group in optimiser.param_groups:
                group["lr"] = rate
            x = normalise(augment.augment_batch(pixels[index], stage.size, g, stage.strength))
            x = x.to(device, memory_format=torch.channels_last)
            with torch.autocast(device.type, torch.bfloat16):
                logits = net(x)
            loss = F.cross_entropy(
                logits.float(),
                targets[index].to(device),
                weight=weights,
                label_smoothing=recipe.label_smoothing,
            )
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            done = step + epoch * steps
            update_average(averaged, net, min(recipe.ema_decay, (1 + done) / (10 + done)))
            losses.append(loss.item())
        logits = predict(averaged, validation_pixels)
        row = {
            "epoch": epoch + 1,
            "size": stage.size,
            "rate": rate,
            "loss": float(np.mean(losses)),
            "validation_loss": float(
                F.cross_entropy(torch.from_numpy(logits), torch.from_numpy(validation_labels))
            ),
            "validation_accuracy": float((logits.argmax(1) == validation_labels).mean()),
            "validation_auc": float(roc_auc_score(validation_labels, score(logits))),
            "seconds": time.time() - started,
        }
        if epoch + 1 == before + stage.epochs or (epoch - before) % 4 == 3:
            row["shifted_auc"] = shifted_auc(averaged, validation_pixels, validation_labels)
        progress.history.append(row)
        progress.epoch = epoch + 1
        state = {
            "recipe": asdict(recipe),
            "net": net.state_dict(),
            "averaged": averaged.state_dict(),
            "optimiser": optimiser.state_dict(),
            "generator": g.get_state(),
            "global_generator": torch.get_rng_state(),
            "progress": progress,
        }
        _save(state, last)
        if epoch + 1 == before + stage.epochs:
            kept = {k: state[k] for k in ("recipe", "averaged", "progress")}
            _save(kept, folder / f"stage{stage.size}.pt")
        (folder / "history.json").write_text(json.dumps(progress.history, indent=1))
        say(json.dumps(row))
    return last


@torch.no_grad()
def update_average(averaged: nn.Module, net: nn.Module, decay: float) -> None:
    """Move the averaged weights towards the network's (exponential moving average)."""
    for slow, fast in zip(averaged.state_dict().values(), net.state_dict().values(), strict=True):
        if slow.dtype.is_floating_point:
            slow.lerp_(fast, 1 - decay)
        else:
            slow.copy_(fast)


def _save(state: dict, path: Path) -> None:
    """Write beside, then rename: an interruption never leaves half a checkpoint."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)
