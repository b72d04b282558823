"""Writes slides of known parasitaemia: cells of one patient each, pasted into fields.

``python -m fieldlens_training.regions.cells.synthetic_slides --out ../out/synthetic`` writes
``<share>-<patient>/fields/*.jpg`` and ``boxes.csv`` with a label, which
``npm run evaluate -- --smears`` reads. The cells are those of ``malaria/test``: nothing is chosen
on them. ``npm run slides`` draws many more slides from the scores alone.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image

from ...data.images import DataError, Item
from ...data.tasks import MALARIA
from .pasted import paste

SHARES = (0.0, 0.0002, 0.001, 0.005, 0.02, 0.1)
SIZE = (1500, 900)
SIDE = 98
CELLS = 100
LABELS = ("healthy", "infected")


def write_slide(
    folder: Path, cells: list[Item], share: float, fields: int, rng: np.random.Generator
) -> None:
    """Write one slide of ``fields`` fields; each cell is infected with the chance ``share``."""
    by_class = [[item.path for item in cells if item.label == label] for label in (0, 1)]
    (folder / "fields").mkdir(parents=True, exist_ok=True)
    with (folder / "boxes.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["field", "x", "y", "width", "height", "label"])
        for number in range(1, fields + 1):
            labels = (rng.random(CELLS) < share).astype(int)
            paths = [by_class[label][rng.integers(len(by_class[label]))] for label in labels]
            pictures = [np.asarray(Image.open(path).convert("RGB")) for path in paths]
            field = paste(pictures, SIZE, SIDE, rng)
            name = f"field-{number:02}.jpg"
            Image.fromarray(field.picture).save(folder / "fields" / name, quality=92)
            for box, label in zip(field.boxes, labels, strict=True):
                table.writerow([name, *box, LABELS[label]])


def patients_of(items: list[Item], least: int) -> list[str]:
    """Patients with at least ``least`` cells of both classes, in the order of their names."""
    counts = Counter((item.patient, item.label) for item in items)
    names = sorted({item.patient for item in items})
    return [name for name in names if min(counts[name, 0], counts[name, 1]) >= least]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data/malaria"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fields", type=int, default=5)
    parser.add_argument("--patients", type=int, default=1, help="slides of each share")
    parser.add_argument("--shares", type=float, nargs="+", default=list(SHARES))
    arguments = parser.parse_args()
    items = MALARIA.list(arguments.data, "test")
    names = patients_of(items, least=20)
    if len(names) < arguments.patients:
        raise DataError(f"{arguments.data}: {len(names)} patients have enough cells of both kinds")
    rng = np.random.default_rng(5)
    for share in arguments.shares:
        for name in rng.choice(names, arguments.patients, replace=False):
            own = [item for item in items if item.patient == name]
            folder = arguments.out / f"{share:g}-{name}"
            write_slide(folder, own, share, arguments.fields, rng)
            print(folder, flush=True)


if __name__ == "__main__":
    main()
