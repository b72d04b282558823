"""Trains the lung finder: ``python -m fieldlens_training.regions.train_finder``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from monai.losses import DiceLoss
from torch import nn
from torch.nn import functional
from torch.optim.lr_scheduler import OneCycleLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ..data.images import load_image
from ..networks.network import channels_last
from ..training.parallel import Peers
from ..training.resumable import ResumableLoop
from .agreement import dice, find, summary
from .changes import Changes, change
from .found import load_finder
from .invariance import changed_films
from .network import INPUT_SIZE, WIDTHS, LungFinder, normalise
from .outlines import MASK_SIZE, load_pairs, split_outlined

SOURCE_SIZE = 128
"""Films are kept at this size, from which the random changes sample the input."""


@dataclass(frozen=True)
class Recipe:
    """What one training run of the finder is made of."""

    epochs: int = 24
    batch: int = 32
    rate: float = 4e-3
    decay: float = 1e-3
    averaging: float = 0.998
    out_of_distribution: float = 0.03
    """Share of pictures that show no lungs: fields of blood cells, with an empty outline."""
    agreement: float = 1.0
    """Weight of the disagreement between a film and the same with other surroundings."""
    seed: int = 0
    start: str | None = None
    """A file of ``save_finder`` whose weights the run begins with; otherwise random ones."""
    size: int = INPUT_SIZE
    widths: tuple[int, ...] = WIDTHS


def loss_of(logits: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
    """Soft Dice over the batch plus binary cross-entropy, at the masks' resolution."""
    logits = functional.interpolate(
        logits.float(), size=masks.shape[-2:], mode="bilinear", align_corners=False
    )
    overlap = DiceLoss(sigmoid=True, batch=True)(logits, masks)
    return overlap + functional.binary_cross_entropy_with_logits(logits, masks)


def load_out_of_distribution(data: Path) -> np.ndarray:
    """Pictures without lungs: fields of blood cells, uint8 ``(n, side, side)``."""
    paths = sorted((Path(data) / "blood_fields" / "images").iterdir())
    return np.stack([load_image(path, SOURCE_SIZE, 1) for path in paths])


class FinderRun(ResumableLoop):
    """The loop with outlined films, simulated changes and pictures that show no lungs."""

    def __init__(
        self, data: Path, folder: Path, recipe: Recipe, say: Callable[[str], None]
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.changes = recipe, Changes()
        training, validation = split_outlined(data, seed=0)
        self.pairs = load_pairs(data, training, SOURCE_SIZE, SOURCE_SIZE)
        self.held = load_pairs(data, validation, recipe.size, MASK_SIZE)
        self.others = changed_films(
            self.held.films,
            load_pairs(data, validation, recipe.size, recipe.size).masks > 127,
            np.array([item.label for item in self.held.items]),
        )
        self.without_lungs = load_out_of_distribution(data) if recipe.out_of_distribution else None
        net = load_finder(Path(recipe.start)) if recipe.start else LungFinder(recipe.widths)
        net = channels_last(net)
        optimiser = torch.optim.AdamW(net.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
        super().__init__(
            net,
            optimiser,
            OneCycleLR(
                optimiser,
                recipe.rate,
                epochs=recipe.epochs,
                steps_per_epoch=len(self.pairs) // recipe.batch,
            ),
            AveragedModel(
                net, multi_avg_fn=get_ema_multi_avg_fn(recipe.averaging), use_buffers=True
            ),
            folder,
            {"recipe": asdict(recipe), "changes": asdict(self.changes)},
            say,
            Peers.alone(),
        )

    def on_epoch_start(self, epoch: int) -> None:
        torch.manual_seed(1000 * self.recipe.seed + epoch)
        self.generator = np.random.default_rng([self.recipe.seed, epoch])

    def batches(self, epoch: int) -> list[torch.Tensor]:
        """Random batches; the last incomplete one is left out."""
        count, size = len(self.pairs), self.recipe.batch
        order = torch.from_numpy(self.generator.permutation(count))
        return [order[i : i + size] for i in range(0, count - size + 1, size)]

    def loss(self, index: torch.Tensor) -> torch.Tensor:
        chosen = index.numpy()
        films = torch.from_numpy(self.pairs.films[chosen]).unsqueeze(1).float() / 255
        masks = torch.from_numpy(self.pairs.masks[chosen]).unsqueeze(1).float() / 255
        if self.without_lungs is not None:
            draws = self.generator.random(len(chosen))
            for place in np.flatnonzero(draws < self.recipe.out_of_distribution):
                other = self.without_lungs[self.generator.integers(len(self.without_lungs))]
                films[place, 0] = torch.from_numpy(other).float() / 255
                masks[place] = 0
        films, other, masks = change(films, masks, self.recipe.size, self.changes)
        inputs = normalise(torch.cat([films, other])[:, 0] * 255)
        with torch.autocast("cpu", torch.bfloat16):
            logits = self.net(inputs.to(memory_format=torch.channels_last)).float()
        plain, changed = logits.chunk(2)
        apart = functional.binary_cross_entropy_with_logits(changed, plain.detach().sigmoid())
        same = loss_of(logits, torch.cat([masks, masks]))
        return same + self.recipe.agreement * apart

    def measure(self, epoch: int, average: nn.Module) -> dict[str, Any]:
        """Agreement on films at the network's size with outlines at 224 px.

        ``surroundings`` has the agreement of what is found with other surroundings with what is
        found in the film as it is.
        """
        found = find(average, self.held.films, MASK_SIZE) > 0
        others = {
            name: summary(dice(find(average, films, MASK_SIZE) > 0, found))
            for name, films in self.others.items()
        }
        return {
            "validation": summary(dice(found, self.held.masks > 127)),
            "surroundings": others,
        }


def train(
    data: Path, run: Path, recipe: Recipe, say: Callable[[str], None] = print
) -> dict[str, Any]:
    """Train, or go on from ``run/last.pt``; writes it after each epoch and returns the log."""
    run.mkdir(parents=True, exist_ok=True)
    return {"log": FinderRun(data, run, recipe, say).train(recipe.epochs)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    parser.add_argument("--rate", type=float, default=Recipe.rate)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", help="finder.pt to begin with")
    arguments = parser.parse_args()
    recipe = Recipe(
        epochs=arguments.epochs, rate=arguments.rate, seed=arguments.seed, start=arguments.start
    )
    train(arguments.data, arguments.folder, recipe, lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
