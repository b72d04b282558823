"""A training run on the disk: written after every epoch, so that a later one resumes from it.

A checkpoint holds tensors, numbers, texts, lists and dictionaries, no pickled classes: it is
read with ``weights_only=True`` and cannot run code.
"""

from __future__ import annotations

import json
import pickle
from dataclasses import asdict
from pathlib import Path

import torch

from ..data.images import DataError
from .recipes import Recipe, recipe_of

LAST = "last.pt"
"""The checkpoint of a run's last epoch, in the run's folder."""

SHIPPED = ("recipe", "averaged", "history")
"""What a package can be made of, kept of every finished stage."""


def read_checkpoint(path: Path) -> dict:
    """The contents of a checkpoint, on the CPU.

    ``recipe`` is a dictionary (see ``recipe_of``), ``averaged`` the averaged weights,
    ``history`` one record an epoch. Raises ``DataError`` naming the path where the file cannot
    be read or is something else.
    """
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
        if all(name in saved for name in SHIPPED):
            return saved
        fault = "a part is missing"
    except (OSError, TypeError, RuntimeError, pickle.UnpicklingError) as error:
        fault = str(error)
    raise DataError(f"{path}: is no checkpoint of a training run ({fault})")


def read_run(path: Path, recipe: Recipe) -> dict:
    """A checkpoint to resume from; ``DataError`` for one that another recipe made."""
    saved = read_checkpoint(path)
    if not _continues(saved["recipe"], recipe, len(saved["history"])):
        raise DataError(f"{path}: made by another recipe; choose another run folder")
    return saved


def save_run(state: dict, folder: Path, stage: int | None) -> None:
    """Write ``last.pt`` and ``history.json``.

    ``stage`` is the number, from 1 on, of the stage that ends here, if one does: then
    ``stage<number>.pt`` is written too, with what a package can be made of.
    """
    write(state, folder / LAST)
    if stage is not None:
        write({name: state[name] for name in SHIPPED}, folder / f"stage{stage}.pt")
    (folder / "history.json").write_text(json.dumps(state["history"], indent=1))


def write(state: dict, path: Path) -> None:
    """Write beside, then rename: an interruption never leaves half a checkpoint."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def _continues(saved: dict, recipe: Recipe, epochs: int) -> bool:
    """Whether ``recipe`` says the same of the first ``epochs`` as the saved recipe."""
    earlier, asked = asdict(recipe_of(saved)), asdict(recipe)

    def rest(r: dict) -> dict:
        return {k: v for k, v in r.items() if k not in ("stages", "teachers")}

    done, before = 0, 0
    for stage in earlier["stages"]:
        if before >= epochs:
            break
        before += stage["epochs"]
        done += 1
    same = earlier["stages"][:done] == asked["stages"][:done]
    if any(stage["distillation"] for stage in earlier["stages"][:done]):
        same = same and earlier["teachers"] == asked["teachers"]
    return same and rest(earlier) == rest(asked)
