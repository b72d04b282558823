"""Trains the lung finder: ``python -m fieldlens_training.regions.train_finder``."""

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
from monai.losses import DiceLoss
from torch import nn
from torch.nn import functional
from torch.optim.lr_scheduler import OneCycleLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ..data.images import load_image
from ..networks.network import channels_last
from .agreement import dice, find, summary
from .changes import Changes, change
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
    seed: int = 0
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


def batches(count: int, size: int, generator: np.random.Generator) -> list[np.ndarray]:
    """Random batches of indices; the last incomplete one is left out."""
    order = generator.permutation(count)
    return [order[i : i + size] for i in range(0, count - size + 1, size)]


def validate(net: nn.Module, films: np.ndarray, masks: np.ndarray) -> dict[str, float]:
    """Agreement on films at the network's size with outlines at 224 px."""
    return summary(dice(find(net, films, MASK_SIZE) > 0, masks > 127))


def train(
    data: Path, run: Path, recipe: Recipe, say: Callable[[str], None] = print
) -> dict[str, Any]:
    """Train, or go on from ``run/last.pt``; writes it after each epoch and returns the log."""
    run.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(recipe.seed)
    training, validation = split_outlined(data, seed=0)
    pairs = load_pairs(data, training, SOURCE_SIZE, SOURCE_SIZE)
    held = load_pairs(data, validation, recipe.size, MASK_SIZE)
    out_of_distribution = load_out_of_distribution(data) if recipe.out_of_distribution else None
    steps = len(pairs) // recipe.batch
    net = channels_last(LungFinder(recipe.widths))
    average = AveragedModel(
        net, multi_avg_fn=get_ema_multi_avg_fn(recipe.averaging), use_buffers=True
    )
    optimiser = torch.optim.AdamW(net.parameters(), lr=recipe.rate, weight_decay=recipe.decay)
    schedule = OneCycleLR(optimiser, recipe.rate, epochs=recipe.epochs, steps_per_epoch=steps)
    parts = {"net": net, "average": average, "optimiser": optimiser, "schedule": schedule}
    log: list[dict[str, Any]] = []
    if (run / "last.pt").is_file():
        state = torch.load(run / "last.pt", weights_only=True)
        for name, part in parts.items():
            part.load_state_dict(state[name])
        log = json.loads(state["log"])
    changes = Changes()
    for epoch in range(len(log), recipe.epochs):
        torch.manual_seed(1000 * recipe.seed + epoch)
        generator = np.random.default_rng([recipe.seed, epoch])
        start, losses = time.monotonic(), []
        net.train()
        for chosen in batches(len(pairs), recipe.batch, generator):
            films = torch.from_numpy(pairs.films[chosen]).unsqueeze(1).float() / 255
            masks = torch.from_numpy(pairs.masks[chosen]).unsqueeze(1).float() / 255
            if out_of_distribution is not None:
                for index in np.flatnonzero(
                    generator.random(len(chosen)) < recipe.out_of_distribution
                ):
                    films[index, 0] = (
                        torch.from_numpy(
                            out_of_distribution[generator.integers(len(out_of_distribution))]
                        ).float()
                        / 255
                    )
                    masks[index] = 0
            films, masks = change(films, masks, recipe.size, changes)
            inputs = normalise(films[:, 0] * 255).to(memory_format=torch.channels_last)
            with torch.autocast("cpu", torch.bfloat16):
                logits = net(inputs)
            loss = loss_of(logits, masks)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            average.update_parameters(net)
            losses.append(loss.item())
        entry = {"epoch": epoch + 1, "loss": float(np.mean(losses))}
        entry["validation"] = validate(average, held.films, held.masks)
        entry["seconds"] = round(time.monotonic() - start, 1)
        log.append(entry)
        state = {name: part.state_dict() for name, part in parts.items()}
        state["log"] = json.dumps(log)
        torch.save(state, run / "next.pt")
        (run / "next.pt").replace(run / "last.pt")
        record = {"recipe": asdict(recipe), "changes": asdict(changes), "log": log}
        (run / "run.json").write_text(json.dumps(record, indent=1) + "\n")
        say(json.dumps(entry))
    return {"log": log}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    recipe = Recipe(epochs=arguments.epochs, seed=arguments.seed)
    train(arguments.data, arguments.folder, recipe, lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
