"""How well cells are found: ``python -m fieldlens_training.regions.cells.measure``.

Found red cells and marks are paired one to one, the best pairs first: boxes by their
intersection over union, at least ``LEAST_OVERLAP``; a centre with the nearest middle of a box
within one typical radius. A found cell that the picture's edge cuts off is not counted: it may be
paired, but is no false one. Precision is that against the marks: where these miss cells, it is
too low.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .find import FoundCell, FoundCells, find_cells
from .marked import SOURCES, MarkedField, half_of

LEAST_OVERLAP = 0.5


@dataclass(frozen=True)
class Matches:
    """Marks that were found, marks that were missed, counted cells without a mark."""

    found: int
    missed: int
    unmarked: int


def overlap(box: tuple[int, ...], cell: FoundCell) -> float:
    """Intersection over union of two boxes."""
    width = min(box[2], cell.right) - max(box[0], cell.left)
    height = min(box[3], cell.bottom) - max(box[1], cell.top)
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    areas = (box[2] - box[0]) * (box[3] - box[1])
    areas += (cell.right - cell.left) * (cell.bottom - cell.top)
    return both / (areas - both)


def nearness(centre: tuple[int, ...], cell: FoundCell, radius: float) -> float:
    """1 at the middle of the cell's box, 0 a radius away."""
    across = (cell.left + cell.right) / 2 - centre[0]
    down = (cell.top + cell.bottom) / 2 - centre[1]
    return max(0.0, 1 - np.hypot(across, down) / radius)


def match(marks: list[tuple[int, ...]], found: FoundCells) -> Matches:
    """Pair marks and red cells, the best pairs first."""
    cells = [cell for cell in found.cells if cell.kind == "red"]
    pairs = []
    for i, mark in enumerate(marks):
        for j, cell in enumerate(cells):
            if len(mark) == 4:
                score = overlap(mark, cell)
                fits = score >= LEAST_OVERLAP
            else:
                score = nearness(mark, cell, found.radius or 1)
                fits = score > 0
            if fits:
                pairs.append((-score, i, j))
    taken: tuple[set[int], set[int]] = (set(), set())
    for _, i, j in sorted(pairs):
        if i not in taken[0] and j not in taken[1]:
            taken[0].add(i)
            taken[1].add(j)
    unmarked = sum(not cell.is_cut for j, cell in enumerate(cells) if j not in taken[1])
    return Matches(len(taken[0]), len(marks) - len(taken[0]), unmarked)


def figures(fields: list[MarkedField]) -> dict[str, float]:
    """Recall, precision and F1 over all fields, median error of the count a field (a share)."""
    matches = [match(field.marks, find_cells(field.picture())) for field in fields]
    found = sum(each.found for each in matches)
    missed = sum(each.missed for each in matches)
    unmarked = sum(each.unmarked for each in matches)
    errors = [
        abs(each.unmarked - each.missed) / (each.found + each.missed)
        for each in matches
        if each.found + each.missed
    ]
    return {
        "fields": len(fields),
        "marks": found + missed,
        "unmarked": unmarked,
        "recall": round(found / max(1, found + missed), 4),
        "precision": round(found / max(1, found + unmarked), 4),
        "f1": round(2 * found / max(1, 2 * found + missed + unmarked), 4),
        "countError": round(float(np.median(errors)), 4) if errors else 0.0,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--published", action="store_true", help="the second halves")
    arguments = parser.parse_args()
    for name, source in SOURCES.items():
        fields = half_of(source(arguments.data), int(arguments.published))
        print(json.dumps({name: figures(fields)}), flush=True)


if __name__ == "__main__":
    main()
