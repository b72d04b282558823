"""The review of a training run in a notebook: learning rates, checkpoints, mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from monai.optimizers import LearningRateFinder
from sklearn.metrics import classification_report
from torch.utils.data import DataLoader, TensorDataset

from ..data.images import Item, load_all
from ..data.tasks import task_of
from ..evaluation.calibration import probability
from ..evaluation.metrics import mean_of_shifts
from ..networks.network import build_network, head_of
from ..package.graph_model import GraphModel
from ..package.manifest import read_manifest
from ..training.batches import class_weights
from ..training.recipes import Recipe, Stage
from .plots import show_images


def find_rates(
    recipe: Recipe, stage: Stage, items: Sequence[Item], steps: int = 90, top: float = 0.3
) -> tuple[list[float], list[float]]:
    """The range test of Smith (2017), as MONAI has it: learning rates and smoothed losses.

    The rate rises from batch to batch of the stage's augmented images, on a new network.
    """
    torch.manual_seed(recipe.seed)
    task = task_of(recipe.task)
    g = torch.Generator().manual_seed(recipe.seed)
    labels = np.array([item.label for item in items])
    pixels = torch.from_numpy(load_all(items, round(stage.size * recipe.presize), task.channels))

    def collate(pairs: list) -> tuple[torch.Tensor, torch.Tensor]:
        x = task.augment(torch.stack([p for p, _ in pairs]), stage.size, g, stage.strength)
        return task.normalise(x), torch.stack([label for _, label in pairs])

    loader = DataLoader(
        TensorDataset(pixels, torch.from_numpy(labels)),
        batch_size=min(recipe.batch, len(items)),
        shuffle=True,
        drop_last=True,
        collate_fn=collate,
    )
    net = build_network(
        recipe.architecture,
        task.channels,
        len(task.classes),
        initialisation=recipe.initialisation,
    )
    if stage.frozen:
        net.requires_grad_(False)
        head_of(net).requires_grad_(True)
    loss = torch.nn.CrossEntropyLoss(
        class_weights(labels, len(task.classes)), label_smoothing=recipe.label_smoothing
    )
    optimiser = torch.optim.AdamW(net.parameters(), lr=1e-6, weight_decay=recipe.weight_decay)
    finder = LearningRateFinder(net, optimiser, loss, verbose=False)
    finder.range_test(loader, end_lr=top, num_iter=steps, smooth_f=0.1, diverge_th=4)
    return finder.get_lrs_and_losses(skip_start=min(5, steps // 4), skip_end=0)


def peak_marks(recipe: Recipe) -> dict[str, float]:
    """The peak rates of the recipe's stages, by what they are called in a plot."""
    return {
        f"{number}: {stage.size} px{', head only' if stage.frozen else ''}": stage.peak_rate
        for number, stage in enumerate(recipe.stages, 1)
    }


def stage_rows(recipe: Recipe) -> list[dict]:
    """The recipe's stages as they are run."""
    return [
        {
            "stage": number,
            "input": f"{stage.size} px",
            "epochs": stage.epochs,
            "peak rate": f"{stage.peak_rate:g}",
            "augmentation": f"{stage.strength:.0%}",
            "learns": "last layer" if stage.frozen else "all layers",
            "weight of the teachers' opinion": f"{stage.distillation:.0%}",
        }
        for number, stage in enumerate(recipe.stages, 1)
    ]


def checkpoint_rows(history: list[dict]) -> list[dict]:
    """The epochs that were measured under simulated shift; the last one is what is exported.

    Marks the highest mean under shift, which chooses between runs: inside a run the last
    epoch of averaged weights at a learning rate of nearly 0 is taken, not the luckiest one.
    """
    measured = [row for row in history if "shifted_auc" in row]
    means = [mean_of_shifts(row["shifted_auc"]) for row in measured]
    rows = []
    for row, mean in zip(measured, means, strict=True):
        notes = ["highest under shift"] if mean == max(means) else []
        notes += ["exported"] if row is history[-1] else []
        hardest = min(row["shifted_auc"], key=row["shifted_auc"].get)
        rows.append(
            {
                "epoch": row["epoch"],
                "input": f"{row['size']} px",
                "validation AUC": row["validation_auc"],
                "mean of shifts": mean,
                "hardest shift": f"{hardest} {row['shifted_auc'][hardest]:.4f}",
                "": ", ".join(notes),
            }
        )
    return rows


@dataclass
class Readings:
    """What a package says of labelled images: probabilities, as the app has them.

    ``untempered`` are the probabilities without the manifest's temperature.
    """

    items: list[Item]
    labels: np.ndarray
    scores: np.ndarray
    untempered: np.ndarray
    channels: int


def read_images(folder: Path, items: Sequence[Item], batch: int = 32) -> Readings:
    """Read the items with the package in ``folder``, weights as they are shipped."""
    manifest, model = read_manifest(folder), GraphModel(folder)
    classifier = manifest["classifier"]
    rule, outputs = classifier["input"], classifier["outputs"]
    margins = []
    for start in range(0, len(items), batch):
        pixels = load_all(items[start : start + batch], rule["height"], rule["channels"])
        values = pixels.reshape(len(pixels), rule["height"], rule["width"], -1) / 255
        found = model.run(((values - rule["mean"]) / rule["std"]).astype(np.float32))
        logits, positive = found[outputs["logits"]], outputs["positiveClass"]
        margins.append(logits[:, positive] - logits[:, 1 - positive])
    margin = np.concatenate(margins)
    temperature = manifest["calibration"]["temperature"]
    return Readings(
        list(items),
        np.array([item.label for item in items]),
        probability(margin, temperature),
        probability(margin, 1.0),
        rule["channels"],
    )


def report(found: Readings, threshold: float, classes: Sequence[str]) -> str:
    """scikit-learn's classification report at ``threshold``."""
    called = (found.scores >= threshold).astype(int)
    options: dict[str, Any] = {"labels": [0, 1], "digits": 3, "zero_division": 0}
    names = list(classes)
    return str(classification_report(found.labels, called, target_names=names, **options))


def show_top_losses(found: Readings, classes: Sequence[str], most: int = 12) -> None:
    """The most confident mistakes: label, probability of the positive class."""
    wrong = np.abs(found.labels - found.scores)
    _show(found, np.argsort(-wrong)[:most].tolist(), classes)


def show_predictions(
    found: Readings, classes: Sequence[str], most: int = 18, seed: int = 8
) -> None:
    """A random grid of predictions."""
    drawn = np.random.default_rng(seed).permutation(len(found.items))[:most]
    _show(found, drawn.tolist(), classes)


def _show(found: Readings, chosen: Iterable[int], classes: Sequence[str]) -> None:
    chosen = list(chosen)
    items = [found.items[i] for i in chosen]
    images = list(load_all(items, 128, found.channels))
    titles = [f"{classes[int(found.labels[i])].lower()}\n{found.scores[i]:.3f}" for i in chosen]
    show_images(images, titles)
