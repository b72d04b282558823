"""Trains a network on the lungs alone: ``python -m fieldlens_training.regions.train_reader``."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import OneCycleLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ..augment.xray import SHIFTS
from ..data.images import Item, list_images, split_by_patient
from ..data.tasks import CHEST
from ..networks.network import channels_last
from ..networks.warm_start import start_from_weights
from ..package.graph_model import GraphModel
from ..training.distillation import distilled_loss, softened_mean
from ..training.parallel import Peers
from .crop_changes import CropChanges, change_crops
from .crops import LOOSE_MARGIN, LooseCrops, found_mask, load_films, loose_crops
from .found import read_outlines
from .lung_crop import MARGIN, NoLungsError, crop_lungs
from .outlines import CLASSES
from .reader import build_reader, figures, log_odds, normalised, threshold_at

SHIFTED = ("blurred", "sharpened and noisy", "JPEG")
"""Simulated changes of acquisition that stretching the greys does not undo."""
SHIFTED_EVERY = 3
"""Epochs from one measurement under simulated shift to the next."""
MEASURED = 256
"""Crops on which a warm start measures the norms."""


@dataclass(frozen=True)
class ReaderRecipe:
    """What one training run of a reader is made of.

    ``sizes`` are ``(epochs, input side)`` in their order; ``package`` is the folder of a
    package whose convolutions the network begins with, and with ``head`` its last layer;
    ``checkpoint`` the ``last.pt`` of another run whose averaged weights it begins with. Both
    are empty for random weights. ``teacher`` is the folder of a run whose outputs it learns
    from, with the weight ``distillation`` in 0..1 (see ``training.distillation``); empty for none.
    """

    architecture: str = "resnet34"
    sizes: tuple[tuple[int, int], ...] = ((12, 96),)
    batch: int = 32
    rate: float = 1e-3
    decay: float = 0.05
    averaging: float = 0.998
    smoothing: float = 0.05
    package: str = ""
    head: bool = False
    checkpoint: str = ""
    teacher: str = ""
    distillation: float = 0.6
    validation_fraction: float = 0.12
    seed: int = 0

    @property
    def epochs(self) -> int:
        return sum(epochs for epochs, _ in self.sizes)

    def size_of(self, epoch: int) -> int:
        """Input side in ``epoch`` (from 0)."""
        for epochs, size in self.sizes:
            if epoch < epochs:
                return size
            epoch -= epochs
        return self.sizes[-1][1]

    @property
    def largest(self) -> int:
        return max(size for _, size in self.sizes)


def split_films(data: Path, fraction: float) -> tuple[list[Item], list[Item]]:
    """Training and validation films by patient, as every shipped network split them."""
    items = list_images(Path(data) / "chest_xray", "train", CLASSES, CHEST.patient_of)
    return split_by_patient(items, fraction)


class Validation:
    """Exact crops of the validation films, as they are and under simulated shifts."""

    def __init__(self, data: Path, items: list[Item], outlines: dict[str, np.ndarray]) -> None:
        self.labels = np.array([item.label for item in items])
        self.films = {"none": load_films(items)}
        generator = torch.Generator().manual_seed(0)
        values = torch.from_numpy(self.films["none"]).unsqueeze(1).float() / 255
        for name in SHIFTED:
            shifted = SHIFTS[name](values, generator)[:, 0]
            self.films[name] = (shifted * 255).round().byte().numpy()
        self.masks = []
        for item in items:
            try:
                self.masks.append(found_mask(data, item, outlines))
            except NoLungsError:
                self.masks.append(None)
        self.crops: dict[tuple[str, int], np.ndarray] = {}

    def crop(self, name: str, size: int) -> np.ndarray:
        """Crops of that size under the shift ``name``; black where no lungs were found."""
        if (name, size) not in self.crops:
            blank = np.zeros((size, size), np.uint8)
            self.crops[name, size] = np.stack(
                [
                    blank if mask is None else crop_lungs(film, mask, size)
                    for film, mask in zip(self.films[name], self.masks, strict=True)
                ]
            )
        return self.crops[name, size]

    def measure(self, net: nn.Module, size: int, shifted: bool) -> dict[str, Any]:
        """Figures at the threshold of 99 % sensitivity on the unchanged films.

        Under simulated shift, too, where that is asked for.
        """
        chosen = self.films if shifted else ["none"]
        scores = {name: log_odds(net, self.crop(name, size)) for name in chosen}
        threshold = threshold_at(self.labels, scores["none"])
        return {
            name: figures(self.labels, values, threshold) for name, values in scores.items()
        } | {"threshold": round(threshold, 4)}


def start(recipe: ReaderRecipe, bank: LooseCrops) -> nn.Module:
    """The network before its first step."""
    torch.manual_seed(recipe.seed)
    net = build_reader(recipe.architecture)
    if recipe.package:
        generator = torch.Generator().manual_seed(recipe.seed)
        chosen = torch.randperm(len(bank.films), generator=generator)[:MEASURED].numpy()
        values = change_crops(
            torch.from_numpy(bank.films[chosen]),
            torch.from_numpy(bank.masks[chosen]),
            recipe.size_of(0),
            generator,
            CropChanges(),
        )
        weights = GraphModel(Path(recipe.package)).weights
        start_from_weights(net, weights, normalised(values), recipe.head)
    if recipe.checkpoint:
        net.load_state_dict(averaged_weights(Path(recipe.checkpoint)))
    return channels_last(net)


def averaged_weights(checkpoint: Path) -> dict[str, torch.Tensor]:
    """The averaged network of a ``last.pt``."""
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)["average"]
    weights = {name.removeprefix("module."): value for name, value in saved.items()}
    weights.pop("n_averaged")
    return weights


def load_reader(run: Path) -> tuple[nn.Module, dict[str, Any]]:
    """The averaged network of a run's last checkpoint, and the run's record."""
    record = json.loads((run / "run.json").read_text())
    net = build_reader(record["recipe"]["architecture"])
    net.load_state_dict(averaged_weights(run / "last.pt"))
    return channels_last(net.eval().requires_grad_(False)), record


def prepared(
    cache: Path, data: Path, training: list[Item], outlines: dict[str, np.ndarray], side: int
) -> LooseCrops:
    """The loose crops of the training films, from ``cache`` where they were made before."""
    file = cache / f"crops-{side}.npz"
    if file.is_file():
        with np.load(file) as saved:
            return LooseCrops(saved["films"], saved["masks"], saved["labels"])
    bank = loose_crops(data, training, outlines, side)
    np.savez(file, films=bank.films, masks=bank.masks, labels=bank.labels)
    return bank


def train(
    data: Path,
    outlines: dict[str, np.ndarray],
    run: Path,
    recipe: ReaderRecipe,
    changes: CropChanges,
    say: Callable[[str], None] = print,
) -> Path:
    """Train, or go on from ``run/last.pt``, which is written after each epoch; returns it.

    Under ``torchrun`` every process takes its part of each batch. On a busy machine that is far
    faster than as many threads in one process, which wait for each other in every layer.
    """
    run.mkdir(parents=True, exist_ok=True)
    peers = Peers.join()
    training, held = split_films(data, recipe.validation_fraction)
    side = round(recipe.largest * (100 + 2 * LOOSE_MARGIN) / (100 + 2 * MARGIN))
    bank = prepared(run.parent, data, training, outlines, side)
    validation = Validation(data, held, outlines) if peers.is_first else None
    labels = torch.from_numpy(bank.labels)
    counts = torch.bincount(labels, minlength=2)
    weights = len(labels) / (2 * counts.float())
    steps = len(bank) // recipe.batch
    net = start(recipe, bank)
    average = AveragedModel(
        net, multi_avg_fn=get_ema_multi_avg_fn(recipe.averaging), use_buffers=True
    )
    optimiser = torch.optim.AdamW(
        net.parameters(), lr=recipe.rate, weight_decay=recipe.decay, fused=True
    )
    schedule = OneCycleLR(
        optimiser, recipe.rate, epochs=recipe.epochs, steps_per_epoch=steps, pct_start=0.2
    )
    parts = {"net": net, "average": average, "optimiser": optimiser, "schedule": schedule}
    log: list[dict[str, Any]] = []
    last = run / "last.pt"
    if last.is_file():
        state = torch.load(last, weights_only=True)
        for name, part in parts.items():
            part.load_state_dict(state[name])
        log = json.loads(state["log"])
    shared = peers.share(net)
    teachers = [load_reader(Path(recipe.teacher))[0]] if recipe.teacher else []
    for epoch in range(len(log), recipe.epochs):
        seed = 1000 * recipe.seed + epoch
        torch.manual_seed(seed + 500 * peers.rank)  # MixStyle draws from it
        g = torch.Generator().manual_seed(seed + 500 * peers.rank)
        size, began, losses = recipe.size_of(epoch), time.monotonic(), []
        order = torch.randperm(len(bank), generator=torch.Generator().manual_seed(seed))
        net.train()
        for step in range(steps):
            films = peers.part_of(order[step * recipe.batch : (step + 1) * recipe.batch])
            rows = 2 * films + torch.randint(0, 2, (len(films),), generator=g)
            values = change_crops(
                torch.from_numpy(bank.films[rows.numpy()]),
                torch.from_numpy(bank.masks[rows.numpy()]),
                size,
                g,
                changes,
            )
            x = normalised(values)
            with torch.autocast("cpu", torch.bfloat16):
                logits = shared(x)
                soft = softened_mean(teachers, x) if teachers else None
            aims = F.one_hot(labels[films], 2).float()
            aims = aims * (1 - recipe.smoothing) + recipe.smoothing / 2
            loss = distilled_loss(logits.float(), aims, weights, soft, recipe.distillation)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            average.update_parameters(net)
            losses.append(loss.item())
        if validation is None:
            peers.wait()
            continue
        entry: dict[str, Any] = {"epoch": epoch + 1, "size": size}
        entry["loss"] = round(float(np.mean(losses)), 4)
        shifted = (epoch + 1) % SHIFTED_EVERY == 0 or epoch + 1 == recipe.epochs
        entry["validation"] = validation.measure(average, size, shifted)
        entry["seconds"] = round(time.monotonic() - began, 1)
        log.append(entry)
        state = {name: part.state_dict() for name, part in parts.items()}
        torch.save(state | {"log": json.dumps(log)}, run / "next.pt")
        (run / "next.pt").replace(last)
        record = {"recipe": asdict(recipe), "changes": asdict(changes), "log": log}
        (run / "run.json").write_text(json.dumps(record, indent=1) + "\n")
        say(json.dumps(entry))
        peers.wait()
    return last


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--outlines", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--recipe", type=json.loads, default={}, help="fields as JSON")
    parser.add_argument("--changes", type=json.loads, default={}, help="fields as JSON")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    given = dict(arguments.recipe)
    if "sizes" in given:
        given["sizes"] = tuple(tuple(pair) for pair in given["sizes"])
    train(
        arguments.data,
        read_outlines(arguments.outlines),
        arguments.folder,
        ReaderRecipe(**given),
        CropChanges(**arguments.changes),
        lambda line: print(line, flush=True),
    )


if __name__ == "__main__":
    main()
