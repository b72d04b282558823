"""Makes a package of a trained reader and the finder: ``python -m ...regions.ship_reader``.

The steps are those of ``package.shipping``, on what the app reads: of each film, as it is or
under a simulated change, the finder outlines the lungs anew and the crop is read.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from ..data.images import Item, changed, to_values
from ..data.tasks import CHEST
from ..evaluation.assess import (
    SENSITIVITY,
    PlanNetwork,
    add_bias,
    assess_read,
    validation_entries,
)
from ..evaluation.recognition import Read, Region, Statistics, recognise
from ..networks.predict import predict, score
from ..package.activation_ranges import measure_ranges
from ..package.card import CARDS, LICENCE, Provenance, card_of
from ..package.export import Options, prepare, write_graph
from ..package.manifest import build_manifest, list_packages, read_manifest, write_manifest
from ..package.shipping import CALIBRATION_IMAGES, keep_published
from ..package.storage import Change as Moved
from ..package.storage import storage_entry, too_far
from ..quantisation.fold import classifier_of, fold
from .crops import load_films
from .found import find_outlines, load_finder
from .lung_crop import SMOOTHING, crop_lungs
from .lung_shape import lung_shape
from .package_region import add_region
from .reader import LUNGS
from .train_reader import load_reader, split_films

STATISTICS: Statistics = (
    (1, "mean"),
    (1, "spread"),
    (1, "tilt"),
    (2, "mean"),
    (2, "spread"),
    (2, "tilt"),
)
"""What tells crops of other bodies best (see ``evaluation.recognition``)."""
RECOGNITION_IMAGES = 2000
COMMAND = "python -m fieldlens_training.regions.ship_reader"
CHANGES = (
    "geometry",
    "outline",
    "resolution",
    "sharpness",
    "noise",
    "jpeg",
    "tone",
    "light",
    "patches",
)
"""What ``CropChanges`` does, as the manifest has it."""


@dataclass(frozen=True)
class LungReader:
    """What a network with inputs of ``size`` reads of working films."""

    finder: nn.Module
    size: int
    smoothing: int = SMOOTHING

    def crops(self, films: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Crops uint8 ``(n, size, size)``, black where no lungs were found; and where they were."""
        crops, found = self._crops(films)
        return crops, np.array([mask.any() for mask in found])

    def _crops(self, films: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        found = [each.mask for each in find_outlines(self.finder, films)]
        crops = np.zeros((len(films), self.size, self.size), np.uint8)
        for i, mask in enumerate(found):
            if mask.any():
                crops[i] = crop_lungs(films[i], mask, self.size, self.smoothing)
        return crops, found

    def read_shapes(self, films: np.ndarray) -> Read:
        """Crops of the films in which lungs were found, with the lungs' place and size."""
        crops, found = self._crops(films)
        seen = [i for i, mask in enumerate(found) if mask.any()]
        shapes = [lung_shape(found[i]) for i in seen]
        return Read(crops[seen], np.stack(shapes) if shapes else None)

    def read(self, films: np.ndarray) -> np.ndarray:
        """Crops of the films in which lungs were found."""
        crops, seen = self.crops(films)
        return crops[seen]


def spread(items: Sequence[Item], count: int) -> np.ndarray:
    """Working films of ``count`` items, spread evenly."""
    places = np.linspace(0, len(items) - 1, min(count, len(items))).round().astype(int)
    return load_films([items[i] for i in places])


def calibration_batches(
    reader: LungReader, items: Sequence[Item], plain: int, shifted: int
) -> Iterator[torch.Tensor]:
    """Normalised crops of ``plain`` films as they are, ``shifted`` under each simulated change."""
    of_all = [(plain, None), *((shifted, change) for change in CHEST.shifts.values())]
    for count, change in of_all:
        films = spread(items, count)
        crops = reader.read(films if change is None else changed(films, change))
        for start in range(0, len(crops), 10):
            yield LUNGS.normalise(to_values(torch.from_numpy(crops[start : start + 10])))


def stages_of(run: Path) -> tuple[str, list[dict[str, int]]]:
    """What a run's weights began with, and the epochs at each input side until now.

    A run that goes on from another's checkpoint has that one's stages first.
    """
    record = json.loads((run / "run.json").read_text())
    recipe, stages = record["recipe"], []
    start = "whole-images" if recipe.get("package") else "random"
    if recipe.get("checkpoint"):
        start, stages = stages_of(Path(recipe["checkpoint"]).parent)
    for entry in record["log"]:
        if stages and stages[-1]["size"] == entry["size"]:
            stages[-1]["epochs"] += 1
        else:
            stages.append({"epochs": 1, "size": entry["size"]})
    return start, stages


def training_entry(run: Path, record: dict[str, Any]) -> dict[str, Any]:
    """How the weights came about, as the manifest's card has it."""
    start, stages = stages_of(run)
    return {
        "network": record["recipe"]["architecture"],
        "start": start,
        "stages": stages,
        "emaDecay": record["recipe"]["averaging"],
        "labelSmoothing": record["recipe"]["smoothing"],
        "changes": list(CHANGES),
    }


def ship(
    data: Path,
    run: Path,
    finder: Path,
    folder: Path,
    version: str,
    shared: Path | None,
    runs_tried: int = 1,
    sensitivity: float = SENSITIVITY,
    size: int | None = None,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Write the package ``folder`` complete, its name being the model's id; returns the manifest.

    ``run`` holds the reader's checkpoint, ``finder`` the finder's ``package/`` and ``finder.pt``.
    ``shared`` is the folder of all data sets, for what the model must not recognise;
    ``sensitivity`` in 0..1 is what ``sensitive`` promises on validation. ``size`` is the side of
    the crop that is read; None for the last one of the run. A network often reads crops a little
    larger than those that it learned from better, since random zooming shows these magnified
    (Touvron et al. 2019, "Fixing the train-test resolution discrepancy").
    Figures that were published of the same weights and thresholds are kept.
    """
    net, record = load_reader(run)
    side: int = size or record["log"][-1]["size"]
    reader = LungReader(load_finder(finder / "finder.pt"), side)
    training, held = split_films(data, record["recipe"]["validation_fraction"])
    labels = np.array([item.label for item in held])
    films = load_films(held)
    crops, seen = reader.crops(films)
    say(f"validation: no lungs in {(~seen).sum()} of {len(seen)}")
    say("quantising")
    some = reader.read(spread(training, CALIBRATION_IMAGES))
    plan, levels = prepare(net, some, LUNGS, Options())
    say("measuring on validation, plain and under simulated shift")
    exact = score(predict(PlanNetwork(fold(net)), crops, LUNGS, autocast=False))

    def margins(pixels: np.ndarray) -> np.ndarray:
        return score(predict(PlanNetwork(plan), pixels, LUNGS, autocast=False))

    whole = margins(crops)
    under = {
        name: whole if name == "none" else margins(reader.crops(changed(films, change))[0])
        for name, change in CHEST.shifts.items()
    }
    patients = [item.patient for item in held]
    found = assess_read(
        whole, np.arange(len(whole)), under, labels, patients, sensitivity=sensitivity
    )
    add_bias(classifier_of(plan), found.bias)
    say("fitting what is recognised")
    learnt = reader.read_shapes(spread(training, RECOGNITION_IMAGES))
    known = recognise(
        plan,
        learnt.pixels,
        crops[seen],
        LUNGS,
        shared,
        say,
        Region(films, reader.read_shapes, learnt.shape, STATISTICS),
    )
    earlier = read_manifest(folder) if (folder / "manifest.json").exists() else None
    if folder.exists():
        shutil.rmtree(folder)
    exported = write_graph(plan, levels | {known.layer.name: known.levels}, side, folder)
    change = Moved(exact + found.bias, found.log_odds + found.bias, "float32")
    stored = storage_entry(change, labels, found.temperature, found.points, plan, exported.files)
    if fault := too_far(stored):
        say(f"warning: {fault}")
    provenance = Provenance(
        len(training), len({i.patient for i in training}),
        len(held), len({i.patient for i in held}),
        found.bias, runs_tried,
    )  # fmt: skip
    manifest = build_manifest(
        {"id": folder.name, "version": version, "licence": LICENCE},
        exported,
        side,
        LUNGS,
        found,
        known,
        validation_entries(found, COMMAND),
        stored,
        card_of(CARDS[CHEST.id], training_entry(run, record), provenance),
    )
    # The shape of the region goes with the region, which is added last.
    shape = manifest["recognition"].pop("shape", None)
    write_manifest(manifest, folder)
    say("measuring the maps for the int8 engine")
    activations = measure_ranges(
        folder, lambda plain, shifted: calibration_batches(reader, training, plain, shifted)
    )
    manifest["classifier"]["activations"] = activations
    write_manifest(manifest, folder)
    manifest = add_region(folder, finder / "package")
    if shape is not None:
        manifest["recognition"]["shape"] = shape
    keep_published(manifest, earlier)
    write_manifest(manifest, folder)
    list_packages(folder.parent)
    return manifest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--folder", type=Path, required=True, help="the run")
    parser.add_argument("--finder", type=Path, default=Path("runs/lung-finder"))
    parser.add_argument(
        "--out", type=Path, required=True, help="the package, e.g. static/models/ID"
    )
    parser.add_argument("--package-version", required=True)
    parser.add_argument("--runs-tried", type=int, default=1, help="for the model card")
    parser.add_argument("--sensitivity", type=float, default=SENSITIVITY)
    parser.add_argument("--size", type=int, help="side of the crop that is read")
    arguments = parser.parse_args()
    manifest = ship(
        arguments.data,
        arguments.folder,
        arguments.finder,
        arguments.out,
        arguments.package_version,
        arguments.data,
        arguments.runs_tried,
        arguments.sensitivity,
        arguments.size,
    )
    print(f"{manifest['id']} {manifest['version']}: {manifest['totalBytes']} bytes")
    for entry in manifest["metrics"]:
        print(entry["id"], json.dumps(entry["auc"]), json.dumps(entry["operatingPoints"])[:600])


if __name__ == "__main__":
    main()
