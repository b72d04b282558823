"""Mixes a run's averaged weights with those that it began with.

``python -m fieldlens_training.package.mean_weights CHECKPOINT --data DATA --share 0.7 --out FILE``
writes a checkpoint that ``export`` takes. A network that learns what its package had not seen
loses a little of what the package had learned; a mean of both weights, element by element, keeps
most of the two (Wortsman et al. 2022,
"Robust fine-tuning of zero-shot models"). The share is chosen on validation patients.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from ..data.images import DataError
from ..training.checkpoints import SHIPPED, read_checkpoint, write
from ..training.recipes import recipe_of
from ..training.train import RecipeRun
from .graph_model import GraphModel


def mixed(
    begun: dict[str, torch.Tensor], trained: dict[str, torch.Tensor], share: float
) -> dict[str, torch.Tensor]:
    """``(1 - share) begun + share trained`` of each floating-point tensor; ``share`` in 0..1."""
    return {
        name: torch.lerp(begun[name], value, share) if value.is_floating_point() else value
        for name, value in trained.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="with train/<CLASS>")
    parser.add_argument("--share", type=float, required=True, help="of the trained weights, 0..1")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    saved = read_checkpoint(arguments.checkpoint)
    recipe = recipe_of(saved["recipe"])
    if not recipe.package:
        raise DataError(f"{arguments.checkpoint}: its recipe begins with no package")
    run = RecipeRun(recipe, arguments.data, arguments.checkpoint.parent, print)
    run.begin_with(GraphModel(Path(recipe.package)).weights)
    begun = run.average.module.state_dict()
    kept = {name: saved[name] for name in SHIPPED}
    write(kept | {"averaged": mixed(begun, saved["averaged"], arguments.share)}, arguments.out)


if __name__ == "__main__":
    main()
