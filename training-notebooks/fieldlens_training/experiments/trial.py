"""A short training run for comparisons: one network, one schedule, one seed, one result.

Every trial sees the same images in the same budget. A finished trial is a small folder
(``result.json``, ``history.json``), so that an interrupted comparison goes on where it was.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from ..data.images import Item, load_all
from ..data.tasks import Task, task_of
from ..evaluation import metrics
from ..evaluation.calibration import threshold_of_youden
from ..networks.candidates import CANDIDATES
from ..networks.network import channels_last
from ..networks.predict import predict, score, shifted_auc
from ..training.batches import class_weights, shuffled_batches
from ..training.loop import Loop
from ..training.recipes import Recipe, load_split
from .schedules import build_schedule


@dataclass(frozen=True)
class Trial:
    """Everything that decides a short run beside the data; ``name`` is the comparison's.

    ``subset`` is the share of the training patients, ``clip`` the largest norm of the
    gradient (None: not clipped), ``weighted`` whether the classes count alike.
    """

    name: str
    network: str
    schedule: str = "one-cycle"
    seed: int = 1
    size: int = 64
    epochs: int = 6
    batch: int = 32
    peak_rate: float = 1e-3
    weight_decay: float = 0.05
    clip: float | None = 1.0
    weighted: bool = True
    strength: float = 0.7
    subset: float = 1.0


@dataclass
class Images:
    """The images of a comparison, loaded once; pixels are uint8, training ones presized."""

    task: Task
    size: int
    pixels: torch.Tensor
    labels: np.ndarray
    validation: tuple[np.ndarray, np.ndarray]
    test: tuple[np.ndarray, np.ndarray]


def load_images(recipe: Recipe, data: Path, size: int, subset: float = 1.0) -> Images:
    """Load the recipe's split and the test images at ``size``; see ``Trial.subset``."""
    task = task_of(recipe.task)
    training, validation = load_split(recipe, data)
    training = some_patients(training, subset)

    def load(items: list[Item]) -> tuple[np.ndarray, np.ndarray]:
        return load_all(items, size, task.channels), np.array([item.label for item in items])

    presized = load_all(training, round(size * recipe.presize), task.channels)
    labels = np.array([item.label for item in training])
    test = task.list(data, "test")
    return Images(task, size, torch.from_numpy(presized), labels, load(validation), load(test))


def some_patients(items: list[Item], share: float, seed: int = 0) -> list[Item]:
    """All images of a random ``share`` of the patients, of each class alike."""
    if share >= 1:
        return items
    rng = np.random.default_rng(seed)
    positive = {item.patient for item in items if item.label}
    kept: set[str] = set()
    for group in (positive, {item.patient for item in items} - positive):
        names = sorted(group)
        kept |= set(rng.permutation(names)[: max(1, round(share * len(names)))])
    return [item for item in items if item.patient in kept]


class TrialRun(Loop):
    """The loop of a trial: no averaged weights, no checkpoints, validation after each epoch."""

    def __init__(self, trial: Trial, images: Images, say: Callable[[dict], None]) -> None:
        torch.manual_seed(trial.seed)
        self.trial, self.images, self.say = trial, images, say
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.generator = torch.Generator().manual_seed(trial.seed)
        classes = len(images.task.classes)
        net = CANDIDATES[trial.network].build(images.task.channels, classes)
        channels_last(net, self.device)
        super().__init__(
            net,
            torch.optim.AdamW(
                net.parameters(), lr=trial.peak_rate, weight_decay=trial.weight_decay
            ),
            clip=trial.clip,
        )
        self.steps = max(1, len(images.labels) // trial.batch)
        self.schedule = build_schedule(
            trial.schedule, self.optimiser, trial.peak_rate, trial.epochs * self.steps, self.steps
        )
        weights = class_weights(images.labels, classes) if trial.weighted else torch.ones(classes)
        self.weights = weights.to(self.device)
        self.targets = torch.from_numpy(images.labels)

    def batches(self, epoch: int) -> Iterator[torch.Tensor]:
        return shuffled_batches(len(self.images.labels), self.trial.batch, self.generator)

    def loss(self, index: torch.Tensor) -> torch.Tensor:
        trial, task = self.trial, self.images.task
        x = task.augment(self.images.pixels[index], trial.size, self.generator, trial.strength)
        x = task.normalise(x).to(self.device, memory_format=torch.channels_last)
        with torch.autocast(self.device.type, torch.bfloat16):
            logits = self.net(x)
        targets = self.targets[index].to(self.device)
        return F.cross_entropy(logits.float(), targets, weight=self.weights)

    def on_epoch_end(self, epoch: int, row: dict) -> None:
        pixels, labels = self.images.validation
        logits = predict(self.net, pixels, self.images.task)
        loss = F.cross_entropy(torch.from_numpy(logits), torch.from_numpy(labels))
        row |= {
            "size": self.trial.size,
            "validation_loss": float(loss),
            "validation_auc": metrics.auc(labels, score(logits)),
            "validation_accuracy": float((logits.argmax(1) == labels).mean()),
        }
        self.say(row)


def final_figures(net: nn.Module, images: Images) -> dict[str, float]:
    """Validation and test after the last epoch; nothing is chosen by the test images.

    Accuracy is at the threshold that is best on validation (Youden), on both.
    """
    (pixels, labels), (test_pixels, test_labels) = images.validation, images.test
    margins = score(predict(net, pixels, images.task))
    test_margins = score(predict(net, test_pixels, images.task))
    threshold = threshold_of_youden(labels, margins)
    return {
        "validation_auc": metrics.auc(labels, margins),
        "shifted_auc": metrics.mean_of_shifts(shifted_auc(net, pixels, labels, images.task)),
        "validation_accuracy": metrics.decisions(labels, margins, threshold)["accuracy"],
        "test_auc": metrics.auc(test_labels, test_margins),
        "test_accuracy": metrics.decisions(test_labels, test_margins, threshold)["accuracy"],
    }


def network_cost(net: nn.Module, channels: int, size: int, repeats: int = 7) -> dict[str, float]:
    """Parameters, MB in float32, multiply-adds of an image, ms an image (batch 1, float32).

    Timed in PyTorch on one thread of this machine's processor: to be compared, not quoted.
    """
    net = net.eval().float().cpu()
    x = torch.zeros(1, channels, size, size)
    parameters = sum(p.numel() for p in net.parameters())
    threads = torch.get_num_threads()
    with torch.no_grad():
        with FlopCounterMode(display=False) as counter:
            net(x)
        torch.set_num_threads(1)
        try:
            times = []
            for _ in range(repeats):
                started = time.perf_counter()
                net(x)
                times.append(time.perf_counter() - started)
        finally:
            torch.set_num_threads(threads)
    return {
        "parameters": parameters,
        "megabytes": parameters * 4 / 1e6,
        "multiply_adds": counter.get_total_flops() / 2,
        "milliseconds": 1000 * float(np.median(times[1:] or times)),
    }


def read_result(trial: Trial, folder: Path) -> dict | None:
    """The result of a finished trial; None where it is not there or of other settings."""
    try:
        saved = json.loads((folder / "result.json").read_text())
    except (OSError, ValueError):
        return None
    return saved if saved.get("trial") == asdict(trial) else None


def run_trial(
    trial: Trial, images: Images, folder: Path, say: Callable[[str], None] = print
) -> dict:
    """Train, measure, write ``folder/result.json`` and ``history.json``; return the result.

    A finished trial of the same settings is read and not run again.
    """
    if (done := read_result(trial, folder)) is not None:
        return done

    def say_epoch(row: dict) -> None:
        say(f"{folder.name} {row['epoch']}/{trial.epochs}: {json.dumps(row)}")

    run = TrialRun(trial, images, say_epoch)
    history = run.run(0, trial.epochs)
    figures = final_figures(run.net, images)
    cost = network_cost(run.net, images.task.channels, trial.size)
    history[-1] |= {f"final_{name}": value for name, value in figures.items()}
    result = {"trial": asdict(trial), "figures": figures, "cost": cost, "history": history}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "history.json").write_text(json.dumps(history, indent=1))
    part = folder / "result.part"
    part.write_text(json.dumps(result, indent=1))
    part.replace(folder / "result.json")
    return result


def estimate_seconds(trial: Trial, images: Images, steps: int = 3) -> dict[str, float]:
    """Seconds of an epoch and of the whole trial, from a few timed steps."""
    # More epochs, so that no schedule ends within the timed steps.
    run = TrialRun(replace(trial, epochs=trial.epochs + steps + 1), images, lambda _: None)
    run.net.train()
    index = torch.arange(min(trial.batch, len(images.labels)))
    run.step(index)
    started = time.perf_counter()
    for _ in range(steps):
        run.step(index)
    step = (time.perf_counter() - started) / steps
    pixels, _ = images.validation
    few = pixels[:64]
    started = time.perf_counter()
    predict(run.net, few, images.task)
    image = (time.perf_counter() - started) / len(few)
    epoch = step * run.steps + image * len(pixels)
    # At the end: validation once more under every shift, and the test images.
    end = image * (len(pixels) * (1 + len(images.task.shifts)) + len(images.test[0]))
    return {"epoch": epoch, "trial": trial.epochs * epoch + end}
