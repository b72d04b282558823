"""Trains a network by a recipe; every epoch is a checkpoint that a later run resumes from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.metrics import roc_auc_score
from torch import nn

from ..data.images import Item, load_all
from ..data.tasks import task_of
from ..networks.network import build_network, channels_last, head_of
from ..networks.predict import predict, score, shifted_auc
from ..networks.warm_start import start_from_weights
from .batches import class_weights, mix_up, shuffled_batches
from .checkpoints import LAST, read_run, save_run
from .distillation import distilled_loss, load_teachers, softened_mean
from .loop import Loop
from .parallel import Peers
from .recipes import Recipe, Stage, load_split, stage_of
from .schedule import moving_average, one_cycle

MEASURED = 256
"""Images on which a start from a package measures the norms."""
SHIFTED_EVERY = 4
"""Epochs between two measurements under simulated shift, within a stage."""


def train(
    recipe: Recipe,
    data: Path,
    folder: Path,
    say: Callable[[str], None] = print,
    weights: Mapping[str, np.ndarray] | None = None,
) -> Path:
    """Run ``recipe`` on ``data`` (holding ``train/<CLASS>/``); return the last checkpoint.

    ``folder`` receives ``last.pt`` after every epoch (weights, averaged weights, optimiser,
    schedule, generators), ``stage<number>.pt`` after every stage and ``history.json``. A run
    that was interrupted resumes from ``last.pt``; a finished one returns at once, and one whose
    recipe got more stages goes on with them. Teachers are looked for beside ``folder``. Under
    ``torchrun`` every process takes its share of each batch. ``say`` receives each epoch's
    record as a line of JSON. ``weights`` are those of the recipe's ``package``, by their names.

    Raises ``DataError`` for data that cannot be read, a teacher that was not trained, and a
    checkpoint of another recipe.
    """
    folder.mkdir(parents=True, exist_ok=True)
    last = folder / LAST
    saved = read_run(last, recipe) if last.exists() else None
    done = len(saved["history"]) if saved else 0
    total = sum(stage.epochs for stage in recipe.stages)
    if done < total:
        run = RecipeRun(recipe, data, folder, say)
        if weights is not None and not saved:
            run.begin_with(weights)
        if saved:
            run.restore(saved)
        run.run(done, total)
    return last


class RecipeRun(Loop):
    """The loop with a recipe's stages, distillation, mixup, validation and checkpoints.

    ``history`` holds the record of every finished epoch.
    """

    def __init__(
        self, recipe: Recipe, data: Path, folder: Path, say: Callable[[str], None]
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.folder, self.say = recipe, folder, say
        self.task, self.peers = task_of(recipe.task), Peers.join()
        classes, smooth = len(self.task.classes), recipe.label_smoothing
        net = build_network(
            recipe.architecture, self.task.channels, classes, initialisation=recipe.initialisation
        )
        channels_last(net, self.peers.device)
        super().__init__(
            net, torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=recipe.weight_decay)
        )
        self.average = moving_average(net, recipe.ema_decay)
        self.generator = torch.Generator().manual_seed(recipe.seed + 7919 * self.peers.rank)
        self.history: list[dict] = []
        self.stage: Stage | None = None
        self.size = 0
        self.teachers: list[nn.Module] = []
        if any(stage.distillation for stage in recipe.stages):
            self.teachers = [t.to(self.peers.device) for t in load_teachers(recipe, folder.parent)]
        self.training, self.validation = load_split(recipe, data)
        labels = _labels(self.training)
        one_hot = F.one_hot(torch.from_numpy(labels), classes)
        self.targets = one_hot * (1 - smooth) + smooth / classes
        self.weights = class_weights(labels, classes).to(self.peers.device)
        self.validation_labels = _labels(self.validation)

    def begin_with(self, weights: Mapping[str, np.ndarray]) -> None:
        """Load a package's weights; the norms are measured on changed training images."""
        recipe, stage = self.recipe, self.recipe.stages[0]
        g = torch.Generator().manual_seed(recipe.seed)
        chosen = torch.randperm(len(self.training), generator=g)[:MEASURED].tolist()
        presized = round(stage.size * recipe.presize)
        pixels = load_all([self.training[i] for i in chosen], presized, self.task.channels)
        x = self.task.augment(torch.from_numpy(pixels), stage.size, g, stage.strength)
        x = self.task.normalise(x).to(self.peers.device, memory_format=torch.channels_last)
        start_from_weights(self.net, weights, x, head=True)
        self.average.module.load_state_dict(self.net.state_dict())

    def restore(self, saved: dict) -> None:
        """Take over the state that ``checkpoints.save_run`` wrote after an epoch."""
        self.history = saved["history"]
        stage, before = stage_of(self.recipe, len(self.history))
        inside = len(self.history) > before
        if inside:
            self.begin_stage(stage)
        self.net.load_state_dict(saved["net"])
        self.average.module.load_state_dict(saved["averaged"])
        self.average.n_averaged.fill_(saved["averaged_steps"])
        self.optimiser.load_state_dict(saved["optimiser"])
        if inside:
            self.schedule.load_state_dict(saved["schedule"])
        self.generator.set_state(saved["generator"].cpu())
        torch.set_rng_state(saved["global_generator"].cpu())  # MixStyle draws from it

    def state(self) -> dict:
        """All that changes from epoch to epoch: tensors, numbers, texts, lists and dicts."""
        return {
            "recipe": asdict(self.recipe),
            "net": self.net.state_dict(),
            "averaged": self.average.module.state_dict(),
            "averaged_steps": int(self.average.n_averaged),
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "generator": self.generator.get_state(),
            "global_generator": torch.get_rng_state(),
            "history": self.history,
        }

    def on_epoch_start(self, epoch: int) -> None:
        stage, _ = stage_of(self.recipe, epoch)
        if stage.size != self.size:
            self.size = stage.size
            presized = round(stage.size * self.recipe.presize)
            pixels = load_all(self.training, presized, self.task.channels)
            self.pixels = torch.from_numpy(pixels)
            self.validation_pixels = load_all(self.validation, stage.size, self.task.channels)
        if stage is not self.stage:
            self.begin_stage(stage)

    def begin_stage(self, stage: Stage) -> None:
        """Freeze or unfreeze, and begin the stage's learning-rate cycle."""
        self.stage = stage
        self.net.requires_grad_(not stage.frozen)
        head_of(self.net).requires_grad_(True)
        self.shared = self.peers.share(self.net)
        steps = max(1, len(self.training) // self.recipe.batch)
        self.schedule = one_cycle(self.optimiser, stage.peak_rate, stage.epochs * steps)

    def batches(self, epoch: int) -> Iterator[torch.Tensor]:
        order = torch.Generator().manual_seed(1000 * self.recipe.seed + epoch)
        for index in shuffled_batches(len(self.training), self.recipe.batch, order):
            yield self.peers.part_of(index)

    def loss(self, index: torch.Tensor) -> torch.Tensor:
        stage, g, device = self.stage, self.generator, self.peers.device
        assert stage is not None
        x = self.task.augment(self.pixels[index], stage.size, g, stage.strength)
        targets = self.targets[index]
        if torch.rand((), generator=g) < self.recipe.mix:
            x, targets = mix_up(x, targets, g)
        x = self.task.normalise(x).to(device, memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16):
            soft = softened_mean(self.teachers, x) if stage.distillation else None
            logits = self.shared(x)
        return distilled_loss(
            logits.float(), targets.to(device), self.weights, soft, stage.distillation
        )

    def on_epoch_end(self, epoch: int, row: dict) -> None:
        if self.peers.is_first:
            stage, before = stage_of(self.recipe, epoch)
            ends = epoch + 1 == before + stage.epochs
            measured = epoch + 1 - before
            row |= {"size": stage.size, **self.validate(ends or measured % SHIFTED_EVERY == 0)}
            self.history.append(row)
            save_run(
                self.state(), self.folder, self.recipe.stages.index(stage) + 1 if ends else None
            )
            self.say(json.dumps(row))
        self.peers.wait()

    def validate(self, under_shifts: bool) -> dict:
        """Figures of the averaged network on the validation images."""
        net, pixels, labels = self.average.module, self.validation_pixels, self.validation_labels
        logits = predict(net, pixels, self.task)
        loss = F.cross_entropy(torch.from_numpy(logits), torch.from_numpy(labels))
        figures: dict = {
            "validation_loss": float(loss),
            "validation_accuracy": float((logits.argmax(1) == labels).mean()),
            "validation_auc": float(roc_auc_score(labels, score(logits))),
        }
        if under_shifts:
            figures["shifted_auc"] = shifted_auc(net, pixels, labels, self.task)
        return figures


def _labels(items: Sequence[Item]) -> np.ndarray:
    return np.array([item.label for item in items])
