"""Trains a network on the lungs alone: ``python -m fieldlens_training.regions.train_reader``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import OneCycleLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ..data.images import DataError, Item, list_images, split_by_patient
from ..data.tasks import CHEST
from ..networks.network import channels_last
from ..networks.warm_start import start_from_weights
from ..package.graph_model import GraphModel
from ..training.checkpoints import LAST
from ..training.distillation import distilled_loss
from ..training.parallel import Peers
from ..training.resumable import ResumableLoop
from .crop_changes import CropChanges, change_crops
from .crops import LOOSE_MARGIN, LooseCrops, loose_crops
from .found import read_outlines
from .lung_crop import MARGIN
from .outlines import CLASSES
from .reader import build_reader, normalised
from .reader_validation import Validation

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
    are empty for random weights. ``bank`` is the input side whose loose crops are changed, 0 for
    the largest of ``sizes``: wear is simulated at the finer resolution. ``teacher`` is a file of
    ``regions.teach`` from which it learns with the weight ``distillation`` in 0..1 (see
    ``training.distillation``); empty for none.
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
    bank: int = 0
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


def taught(file: Path, data: Path, items: list[Item]) -> torch.Tensor:
    """The teachers' softened probabilities ``(n, 2)`` of the films, of a file of ``teach``.

    Raises ``DataError`` where the file lacks one of the films.
    """
    with np.load(file) as saved:
        said = dict(zip(saved["paths"].tolist(), saved["probabilities"].tolist(), strict=True))
    names = [str(item.path.relative_to(data)) for item in items]
    if missing := [name for name in names if name not in said]:
        raise DataError(f"{file}: says nothing of {missing[0]}")
    positive = torch.tensor([said[name] for name in names], dtype=torch.float32)
    return torch.stack([1 - positive, positive], dim=1)


class ReaderRun(ResumableLoop):
    """The loop with loose crops of lungs, simulated changes, input sizes and a teacher."""

    def __init__(
        self,
        data: Path,
        outlines: dict[str, np.ndarray],
        folder: Path,
        recipe: ReaderRecipe,
        changes: CropChanges,
        say: Callable[[str], None],
    ) -> None:
        peers = Peers.join()
        self.recipe, self.changes = recipe, changes
        training, held = split_films(data, recipe.validation_fraction)
        side = round(
            (recipe.bank or recipe.largest) * (100 + 2 * LOOSE_MARGIN) / (100 + 2 * MARGIN)
        )
        self.bank = prepared(folder.parent, data, training, outlines, side)
        self.validation = Validation(data, held, outlines) if peers.is_first else None
        self.labels = torch.from_numpy(self.bank.labels)
        counts = torch.bincount(self.labels, minlength=2)
        self.weights = len(self.labels) / (2 * counts.float())
        self.steps = len(self.bank) // recipe.batch
        net = start(recipe, self.bank)
        optimiser = torch.optim.AdamW(
            net.parameters(), lr=recipe.rate, weight_decay=recipe.decay, fused=True
        )
        super().__init__(
            net,
            optimiser,
            OneCycleLR(
                optimiser,
                recipe.rate,
                epochs=recipe.epochs,
                steps_per_epoch=self.steps,
                pct_start=0.2,
            ),
            AveragedModel(
                net, multi_avg_fn=get_ema_multi_avg_fn(recipe.averaging), use_buffers=True
            ),
            folder,
            {"recipe": asdict(recipe), "changes": asdict(changes)},
            say,
            peers,
        )
        self.shared = peers.share(net)
        self.soft = taught(Path(recipe.teacher), data, training) if recipe.teacher else None

    def on_epoch_start(self, epoch: int) -> None:
        own = 1000 * self.recipe.seed + epoch + 500 * self.peers.rank
        torch.manual_seed(own)  # MixStyle draws from it
        self.generator = torch.Generator().manual_seed(own)
        self.size = self.recipe.size_of(epoch)

    def batches(self, epoch: int) -> Iterator[torch.Tensor]:
        drawn = torch.Generator().manual_seed(1000 * self.recipe.seed + epoch)
        order, size = torch.randperm(len(self.bank), generator=drawn), self.recipe.batch
        for step in range(self.steps):
            yield self.peers.part_of(order[step * size : (step + 1) * size])

    def loss(self, index: torch.Tensor) -> torch.Tensor:
        g, recipe = self.generator, self.recipe
        rows = 2 * index + torch.randint(0, 2, (len(index),), generator=g)
        values = change_crops(
            torch.from_numpy(self.bank.films[rows.numpy()]),
            torch.from_numpy(self.bank.masks[rows.numpy()]),
            self.size,
            g,
            self.changes,
        )
        x = normalised(values)
        with torch.autocast("cpu", torch.bfloat16):
            logits = self.shared(x)
        soft = None if self.soft is None else self.soft[index]
        aims = F.one_hot(self.labels[index], 2).float()
        aims = aims * (1 - recipe.smoothing) + recipe.smoothing / 2
        return distilled_loss(logits.float(), aims, self.weights, soft, recipe.distillation)

    def measure(self, epoch: int, average: nn.Module) -> dict[str, Any]:
        assert self.validation is not None
        shifted = (epoch + 1) % SHIFTED_EVERY == 0 or epoch + 1 == self.recipe.epochs
        measured = self.validation.measure(average, self.size, shifted)
        return {"size": self.size, "validation": measured}


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
    ReaderRun(data, outlines, run, recipe, changes, say).train(recipe.epochs)
    return run / LAST


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
