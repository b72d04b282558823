"""What the notebook of smears measures: cells found, read one by one, and counted by slide.

Nothing is chosen here. Fields are those of the halves on which the finder's constants were chosen
(``regions/cells/marked.py``), cells of Chittagong those of validation patients; the other halves
and ``malaria/test`` have their published figures in ``docs/smears.md`` and ``docs/results.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..data.images import Item
from ..data.tasks import MALARIA
from ..evaluation import metrics
from ..evaluation.slide_share import Rate, Share, counted_share, field_worth, true_share
from ..regions.cells.cell_reader import CellReader, CellScores
from ..regions.cells.find import FoundCells, find_cells
from ..regions.cells.marked import SOURCES, MarkedField, half_of, read_table
from ..regions.cells.measure import figures, overlap
from ..training.recipes import RECIPES, load_split

PLYMOUTH = "falciparum_plymouth"
LEAST_OVERLAP = 0.5


@dataclass(frozen=True)
class Cells:
    """Single cells of one laboratory: pictures, labels (1 infected) and who they are from."""

    name: str
    pictures: list[np.ndarray]
    labels: np.ndarray
    patients: list[str]


@dataclass(frozen=True)
class ReadField:
    """A field whose whole red cells were read; ``labels`` 1, 0 or -1 where nobody marked one."""

    path: Path
    scores: CellScores
    labels: np.ndarray


def finding_rows(data: Path, most: int) -> list[dict]:
    """How well cells are found, a row a source, on at most ``most`` fields of the first half."""
    rows = []
    for name, source in SOURCES.items():
        found = figures(half_of(source(data), 0)[:most])
        count = {"fields": int(found["fields"]), "marks": int(found["marks"])}
        shares = {key: found[key] for key in ("recall", "precision", "f1", "countError")}
        rows.append({"source": name, **count, "without a mark": int(found["unmarked"]), **shares})
    return rows


def load_cells(data: Path, most: int, seed: int = 0) -> list[Cells]:
    """At most ``most`` single cells of each class, of Chittagong and of Plymouth's other slide."""
    rng = np.random.default_rng(seed)
    _, validation = load_split(RECIPES["malaria-resnet34"], data / "malaria")
    folder = data / "smears" / PLYMOUTH / "cells"
    elsewhere = [
        Item(path, label, "slide 57546", "")
        for label, kind in enumerate(MALARIA.folders)
        for path in sorted((folder / kind).iterdir())
    ]
    return [
        picked("Chittagong, validation patients", validation, most, rng),
        picked("Plymouth, one slide", elsewhere, most, rng),
    ]


def picked(name: str, items: Sequence[Item], most: int, rng: np.random.Generator) -> Cells:
    """Some of the cells, drawn within each class."""
    chosen: list[Item] = []
    for label in (0, 1):
        own = [item for item in items if item.label == label]
        chosen += [own[i] for i in sorted(rng.permutation(len(own))[:most])]
    pictures = [load_picture(item.path) for item in chosen]
    labels = np.array([item.label for item in chosen])
    return Cells(name, pictures, labels, [item.patient for item in chosen])


def load_picture(path: Path) -> np.ndarray:
    """uint8 ``(h, w, 3)``, at its own size."""
    return MarkedField(path, []).picture()


def cell_rows(reader: CellReader, cells: Sequence[Cells]) -> list[dict]:
    """AUC, what is recognised, and both rates at each operating point of the package."""
    rows = []
    for part in cells:
        scores = reader.read_single(part.pictures)
        points = {p["id"]: p["threshold"] for p in reader.manifest["operatingPoints"]}
        area, rates = metrics.intervals(
            part.labels, scores.probabilities, part.patients, points, folds=500
        )
        row = {
            "cells": part.name,
            "n": len(part.labels),
            "not recognised": float(1 - scores.recognised.mean()),
            "AUC": float(area["value"]),
        }
        for point in points:
            pair = (rates[point][name]["value"] for name in ("sensitivity", "specificity"))
            row[f"{point}: sensitivity, specificity"] = ", ".join(f"{value:.3f}" for value in pair)
        rows.append(row)
    return rows


def read_fields(reader: CellReader, data: Path, source: str, most: int) -> list[ReadField]:
    """Find and read the cells of at most ``most`` fields of a source."""
    fields = SOURCES[source](data)
    # Plymouth's five fields are one slide: all of them make its count.
    chosen = fields if source == PLYMOUTH else half_of(fields, 0)
    marked = labels_of(data) if source == PLYMOUTH else {}
    found = []
    for field in chosen[:most]:
        picture = field.picture()
        cells = find_cells(picture)
        whole = [i for i, c in enumerate(cells.cells) if c.kind == "red" and not c.is_cut]
        scores = reader.read_field(picture, cells, whole)
        found.append(ReadField(field.path, scores, label_each(cells, whole, marked, field)))
    return found


def labels_of(data: Path) -> dict[str, list[tuple[tuple[int, ...], int]]]:
    """The marked boxes of Plymouth's fields by file name, each with 1 for an infected cell."""
    boxes: dict[str, list[tuple[tuple[int, ...], int]]] = {}
    for row in read_table(data / "smears" / PLYMOUTH / "boxes.csv"):
        x, y, width, height = (int(row[name]) for name in ("x", "y", "width", "height"))
        entry = ((x, y, x + width, y + height), int(row["label"] != "healthy"))
        boxes.setdefault(row["field"], []).append(entry)
    return boxes


def label_each(
    found: FoundCells,
    cells: Sequence[int],
    marked: dict[str, list[tuple[tuple[int, ...], int]]],
    field: MarkedField,
) -> np.ndarray:
    """What is marked of each cell: that of the box which overlaps it most, -1 without one."""
    labels = []
    for index in cells:
        near = [
            (overlap(box, found.cells[index]), label)
            for box, label in marked.get(field.path.name, [])
        ]
        share, label = max(near, default=(0.0, -1))
        labels.append(label if share >= LEAST_OVERLAP else -1)
    return np.array(labels)


def expected_rates(manifest: dict, point: str) -> tuple[Rate, Rate]:
    """Sensitivity and specificity that the manifest expects of the next patient's cells."""
    sets = {entry["role"]: entry for entry in manifest["metrics"]}
    entry = sets.get("test", sets["validation"])
    expected = entry["operatingPoints"][point]["nextPatient"]
    sure, clear = expected["sensitivity"], expected["specificity"]
    return Rate(sure["mean"], sure["trials"]), Rate(clear["mean"], clear["trials"])


def slide_rows(name: str, fields: Sequence[ReadField], manifest: dict) -> list[dict]:
    """The slide's count at each operating point, and, where cells are labelled, by the labels."""
    trials = np.array([int(field.scores.recognised.sum()) for field in fields])
    rows = []
    for point in manifest["operatingPoints"]:
        hits = np.array([suspected(field, point["threshold"]) for field in fields])
        worth = field_worth(hits, trials)
        rates = expected_rates(manifest, point["id"])
        share = true_share(int(hits.sum()), int(trials.sum()), worth, *rates)
        rows.append(row_of(name, f"model, {point['id']}", hits, trials, share))
    marked = [field.labels[field.labels >= 0] for field in fields]
    if all(len(labels) for labels in marked):
        hits, trials = (np.array([f(labels) for labels in marked]) for f in (np.sum, len))
        rows.append(row_of(name, "labels", hits, trials, counted_share(hits, trials)))
    return rows


def suspected(field: ReadField, threshold: float) -> int:
    """Recognised cells from a threshold on."""
    return int((field.scores.recognised & (field.scores.probabilities >= threshold)).sum())


def row_of(name: str, by: str, hits: np.ndarray, trials: np.ndarray, share: Share) -> dict:
    """One line of the table of slides."""
    return {
        "slide": name,
        "by": by,
        "fields": len(trials),
        "cells": int(trials.sum()),
        "infected or suspected": int(hits.sum()),
        "share, %": f"{100 * share.value:.2f}",
        "95 % interval, %": f"{100 * share.low:.2f} to {100 * share.high:.2f}",
    }
