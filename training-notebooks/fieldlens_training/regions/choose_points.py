"""Chooses the operating points of a finished package of lungs anew.

``python -m fieldlens_training.regions.choose_points PACKAGE --sensitivity 0.985
--package-version 2.0.2`` changes the manifest alone: the package reads the validation films as
they are and under simulated shift, and the thresholds, with all figures at them, are written
anew. The figures of the test half and of other hospitals' films are out of date then, and are
taken out until they are published again.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from ..data.images import changed, to_values
from ..data.tasks import CHEST, Task, task_of
from ..evaluation.assess import assess_read, validation_entries
from ..package.graph_model import GraphModel
from ..package.manifest import measured_fields, read_manifest, write_manifest
from ..quantisation.fold import LOGITS
from .crops import load_films
from .found import load_finder
from .ship_reader import LungReader
from .train_reader import ReaderRecipe, split_films

BATCH = 64
COMMAND = "python -m fieldlens_training.regions.choose_points"


def margins_of(folder: Path, task: Task) -> Callable[[np.ndarray], np.ndarray]:
    """The log-odds that a package gives of uint8 crops ``(n, size, size)``, as ``(n,)``."""
    model = GraphModel(folder)

    def measured(pixels: np.ndarray) -> np.ndarray:
        found = []
        for start in range(0, len(pixels), BATCH):
            x = task.normalise(to_values(torch.from_numpy(pixels[start : start + BATCH])))
            logits = model.run(x.permute(0, 2, 3, 1).numpy())[LOGITS]
            found.append(logits[:, 1] - logits[:, 0])
        return np.concatenate(found)

    return measured


def choose_points(
    folder: Path,
    data: Path,
    finder: Path,
    sensitivity: float,
    version: str,
    say: Callable[[str], None] = print,
) -> dict:
    """Write the manifest of ``folder`` anew with other operating points; returns it.

    ``sensitivity`` in 0..1 is what ``sensitive`` promises on validation; ``finder`` is the
    ``finder.pt`` that the package's region was made of.
    """
    manifest = read_manifest(folder)
    rule = manifest["classifier"]["input"]
    task = task_of(manifest["task"]).read_with(tuple(rule["mean"]), tuple(rule["std"]))
    smoothing = manifest["region"]["crop"]["smoothing"]
    reader = LungReader(load_finder(finder), rule["width"], smoothing)
    margins = margins_of(folder, task)
    _, held = split_films(data, ReaderRecipe.validation_fraction)
    labels = np.array([item.label for item in held])
    films = load_films(held)
    under = {}
    for name, change in CHEST.shifts.items():
        say(f"reading {len(held)} films: {name}")
        under[name] = margins(reader.crops(films if name == "none" else changed(films, change))[0])
    found = assess_read(
        under["none"],
        np.arange(len(held)),
        under,
        labels,
        [item.patient for item in held],
        temperature=manifest["calibration"]["temperature"],
        sensitivity=sensitivity,
    )
    measured = measured_fields(found, validation_entries(found, COMMAND))
    manifest["operatingPoints"] = measured["operatingPoints"]
    manifest["metrics"] = measured["metrics"]
    manifest["version"] = version
    write_manifest(manifest, folder)
    return manifest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--finder", type=Path, default=Path("runs/lung-finder/finder.pt"))
    parser.add_argument("--sensitivity", type=float, required=True)
    parser.add_argument("--package-version", required=True)
    arguments = parser.parse_args()
    manifest = choose_points(
        arguments.package,
        arguments.data,
        arguments.finder,
        arguments.sensitivity,
        arguments.package_version,
        lambda line: print(line, flush=True),
    )
    print(json.dumps(manifest["operatingPoints"], indent=1))


if __name__ == "__main__":
    main()
