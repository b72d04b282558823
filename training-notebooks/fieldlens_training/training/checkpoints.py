"""A training run on the disk: written after every epoch, so that a later one goes on from it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from torch import nn

from ..data.images import DataError
from .recipes import Recipe, recipe_of

LAST = "last.pt"
"""The checkpoint of a run's last epoch, in the run's folder."""


@dataclass
class Progress:
    """Where a run stands; saved with every checkpoint."""

    epoch: int = 0
    history: list[dict] = field(default_factory=list)


@dataclass
class Run:
    """All that changes while a network trains."""

    recipe: Recipe
    net: nn.Module
    averaged: nn.Module
    optimiser: torch.optim.Optimizer
    generator: torch.Generator
    progress: Progress = field(default_factory=Progress)

    def resume(self, path: Path, device: torch.device) -> None:
        """Go on from a checkpoint; ``DataError`` for one that another recipe made."""
        saved = torch.load(path, map_location=device, weights_only=False)
        if not _continues(saved["recipe"], self.recipe, saved["progress"].epoch):
            raise DataError(f"{path}: made by another recipe; choose another run folder")
        self.net.load_state_dict(saved["net"])
        self.averaged.load_state_dict(saved["averaged"])
        self.optimiser.load_state_dict(saved["optimiser"])
        self.generator.set_state(saved["generator"].cpu())
        torch.set_rng_state(saved["global_generator"].cpu())  # drawn from by MixStyle
        self.progress = saved["progress"]

    def save(self, folder: Path, stage: int | None) -> None:
        """Write ``last.pt`` and ``history.json``.

        ``stage`` is the number, from 1 on, of the stage that ends here, if one does: what ships
        could be made of is then kept as ``stage<number>.pt``, too.
        """
        state = {
            "recipe": asdict(self.recipe),
            "net": self.net.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "generator": self.generator.get_state(),
            "global_generator": torch.get_rng_state(),
            "progress": self.progress,
        }
        write(state, folder / LAST)
        if stage is not None:
            kept = {k: state[k] for k in ("recipe", "averaged", "progress")}
            write(kept, folder / f"stage{stage}.pt")
        (folder / "history.json").write_text(json.dumps(self.progress.history, indent=1))


def write(state: dict, path: Path) -> None:
    """Write beside, then rename: an interruption never leaves half a checkpoint."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def _continues(saved: dict, recipe: Recipe, epochs: int) -> bool:
    """Whether ``recipe`` says the same of the first ``epochs`` as the saved recipe."""
    saved, asked = asdict(recipe_of(saved)), asdict(recipe)

    def rest(r: dict) -> dict:
        return {k: v for k, v in r.items() if k not in ("stages", "teachers")}

    done, before = 0, 0
    for stage in saved["stages"]:
        if before >= epochs:
            break
        before += stage["epochs"]
        done += 1
    same = saved["stages"][:done] == asked["stages"][:done]
    if any(stage["taught"] for stage in saved["stages"][:done]):
        same = same and saved["teachers"] == asked["teachers"]
    return same and rest(saved) == rest(asked)
