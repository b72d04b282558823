"""Fields whose cells people have marked, in two halves.

Rules and their constants are chosen on the first half of each source; the second half is opened
for published figures only. Halves: files by name, every second one, so that neighbouring fields
of a slide are in both; the sources hold too few slides to do it by slide.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from PIL import Image

LEAST_SIDE = 10
"""Pixels: marked boxes that are smaller are mistakes of the marking."""


@dataclass(frozen=True)
class MarkedField:
    """A photograph and what is marked in it: boxes (left, top, right, bottom) or centres (x, y)."""

    path: Path
    marks: list[tuple[int, ...]]

    def picture(self) -> np.ndarray:
        """uint8 ``(height, width, 3)``."""
        return np.asarray(Image.open(self.path).convert("RGB"))


def falciparum_plymouth(data: Path) -> list[MarkedField]:
    """Five fields of one slide, boxes of nearly all cells."""
    folder = data / "smears" / "falciparum_plymouth"
    marks = defaultdict(list)
    for row in read_table(folder / "boxes.csv"):
        x, y, width, height = (int(row[name]) for name in ("x", "y", "width", "height"))
        marks[row["field"]].append((x, y, x + width, y + height))
    return fields_of(folder / "fields", marks)


def chula(data: Path) -> list[MarkedField]:
    """200 fields, centres of some cells."""
    folder = data / "smears" / "chula"
    marks = defaultdict(list)
    for row in read_table(folder / "centres.csv"):
        marks[row["field"]].append((int(row["x"]), int(row["y"])))
    return fields_of(folder / "fields", marks)


def blood_fields(data: Path) -> list[MarkedField]:
    """300 fields, boxes of many red cells."""
    folder = data / "blood_fields"
    marks = {}
    for path in sorted((folder / "images").iterdir()):
        root = ElementTree.parse(folder / "annotations" / f"{path.stem}.xml").getroot()
        boxes = []
        for item in root.iter("object"):
            box = item.find("bndbox")
            if item.findtext("name") != "RBC" or box is None:
                continue
            sides = [int(box.findtext(name, "0")) for name in ("xmin", "ymin", "xmax", "ymax")]
            if sides[2] - sides[0] > LEAST_SIDE and sides[3] - sides[1] > LEAST_SIDE:
                boxes.append(tuple(sides))
        marks[path.name] = boxes
    return fields_of(folder / "images", marks)


SOURCES = {
    "falciparum_plymouth": falciparum_plymouth,
    "chula": chula,
    "blood_fields": blood_fields,
}


def half_of(fields: list[MarkedField], half: int) -> list[MarkedField]:
    """The first half (0), for choosing, or the second (1), for publishing."""
    return fields[half::2]


def read_table(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as stream:
        return list(csv.DictReader(stream))


def fields_of(folder: Path, marks: dict[str, list[tuple[int, ...]]]) -> list[MarkedField]:
    return [MarkedField(path, marks.get(path.name, [])) for path in sorted(folder.iterdir())]
