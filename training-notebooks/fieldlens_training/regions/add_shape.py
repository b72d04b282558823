"""Adds the lungs' place and size to what a finished package recognises.

``python -m fieldlens_training.regions.add_shape PACKAGE --package-version 2.0.1`` changes the
manifest alone: ``recognition`` gets ``shape`` and another threshold, chosen on validation films as
``ship_reader`` does it. The figures of the test half and of the adults that depend on it are out
of date then, and are taken out until they are published again.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from ..data.images import to_values
from ..data.tasks import Task, task_of
from ..evaluation.recognition import Region, judge
from ..package.graph_model import GraphModel
from ..package.manifest import read_manifest, write_manifest
from ..quantisation.fold import DISTANCE
from .crops import load_films
from .found import load_finder
from .ship_reader import RECOGNITION_IMAGES, LungReader, spread
from .train_reader import ReaderRecipe, split_films

BATCH = 64


def distances_of(folder: Path, task: Task) -> Callable[[np.ndarray], np.ndarray]:
    """The distance that a package gives of uint8 crops ``(n, size, size)``, as ``(n,)``."""
    model = GraphModel(folder)

    def measured(pixels: np.ndarray) -> np.ndarray:
        found = []
        for start in range(0, len(pixels), BATCH):
            x = task.normalise(to_values(torch.from_numpy(pixels[start : start + BATCH])))
            found.append(model.run(x.permute(0, 2, 3, 1).numpy())[DISTANCE][:, 0])
        return np.concatenate(found)

    return measured


def add_shape(
    folder: Path,
    data: Path,
    finder: Path,
    version: str,
    shared: Path | None,
    say: Callable[[str], None] = print,
) -> dict:
    """Write the manifest of ``folder`` anew with ``recognition.shape``; returns it.

    ``finder`` is the ``finder.pt`` that the package's region was made of; ``shared`` the folder
    of all data sets, for what must not be recognised.
    """
    manifest = read_manifest(folder)
    rule = manifest["classifier"]["input"]
    task = task_of(manifest["task"]).read_with(tuple(rule["mean"]), tuple(rule["std"]))
    reader = LungReader(load_finder(finder), rule["width"])
    training, held = split_films(data, ReaderRecipe.validation_fraction)
    films = load_films(held)
    crops = reader.read(films)
    learnt = reader.read_shapes(spread(training, RECOGNITION_IMAGES))
    region = Region(films, reader.read_shapes, learnt.shape)
    judged = judge(distances_of(folder, task), crops, task, shared, say, region)
    manifest["recognition"] = judged.entry() | {"bytes": manifest["recognition"]["bytes"]}
    manifest["version"] = version
    for entry in manifest["metrics"]:
        if entry["role"] in ("test", "external"):
            entry.pop("notRecognised", None)
    write_manifest(manifest, folder)
    return manifest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--finder", type=Path, default=Path("runs/lung-finder/finder.pt"))
    parser.add_argument("--package-version", required=True)
    arguments = parser.parse_args()
    manifest = add_shape(
        arguments.package,
        arguments.data,
        arguments.finder,
        arguments.package_version,
        arguments.data,
        lambda line: print(line, flush=True),
    )
    print(json.dumps(manifest["recognition"], indent=1))


if __name__ == "__main__":
    main()
