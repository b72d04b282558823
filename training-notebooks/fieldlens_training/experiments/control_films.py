"""The films that the control networks see a part of: training, validation, test, and adults."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..data.images import DataError, Item, list_images, load_image
from ..data.tasks import CHEST
from ..regions.outline_mask import FILM_SIZE
from ..regions.outlines import CLASSES
from ..regions.train_reader import split_films
from .control_views import VIEWS

ADULT_AGE = 18
PARTS = ("training", "validation", "test", "adults")


@dataclass(frozen=True)
class Films:
    """Films whose lungs were found, of one part of the data.

    ``films`` uint8 and ``masks`` bool, both ``(n, FILM_SIZE, FILM_SIZE)``; ``labels`` ``(n,)``;
    ``groups`` booleans ``(n,)`` by name (``all``, and of the adults views and ages).
    """

    films: np.ndarray
    masks: np.ndarray
    labels: np.ndarray
    groups: dict[str, np.ndarray]
    _seen: dict[str, np.ndarray] = field(default_factory=dict, repr=False)

    def seen(self, view: str) -> np.ndarray:
        """What a network of that view reads, uint8 ``(n, SIDE, SIDE)``."""
        if view not in self._seen:
            pairs = zip(self.films, self.masks, strict=True)
            self._seen[view] = np.stack([VIEWS[view](*pair) for pair in pairs])
        return self._seen[view]


def load_films(
    data: Path, outlines: dict[str, np.ndarray], fraction: float = 0.12
) -> dict[str, Films]:
    """The parts of ``PARTS``; without the adults where their films are not in ``data``."""
    training, validation = split_films(data, fraction)
    test = list_images(data / "chest_xray", "test", CLASSES, CHEST.patient_of)
    parts = {"training": training, "validation": validation, "test": test}
    parts = {name: _films(data, items, outlines) for name, items in parts.items()}
    if (data / "adult_chest").is_dir():
        parts["adults"] = _adults(data, outlines)
    return parts


def _with_lungs(data: Path, items: list[Item], outlines: dict[str, np.ndarray]) -> list[Item]:
    return [item for item in items if outlines[str(item.path.relative_to(data))].any()]


def _films(data: Path, items: list[Item], outlines: dict[str, np.ndarray]) -> Films:
    kept = _with_lungs(data, items, outlines)
    if not kept:
        raise DataError(f"{data}: no film with an outline of its lungs")
    return Films(
        np.stack([load_image(item.path, FILM_SIZE, 1) for item in kept]),
        np.stack([outlines[str(item.path.relative_to(data))] for item in kept]),
        np.array([item.label for item in kept]),
        {"all": np.ones(len(kept), bool)},
    )


def _adults(data: Path, outlines: dict[str, np.ndarray]) -> Films:
    items = list_images(data / "adult_chest", "", CLASSES, CHEST.patient_of)
    kept = _films(data, items, outlines)
    with (data / "adult_chest" / "views.csv").open() as file:
        rows = {row["stem"]: row for row in csv.DictReader(file)}
    about = [rows[item.path.stem] for item in _with_lungs(data, items, outlines)]
    views = np.array([row["view"] for row in about])
    ages = np.array([int(row["age"]) for row in about])
    groups = {
        "AP": views == "AP",
        "PA": views == "PA",
        f"under {ADULT_AGE}": ages < ADULT_AGE,
        f"{ADULT_AGE} and over": ages >= ADULT_AGE,
    }
    return Films(kept.films, kept.masks, kept.labels, kept.groups | groups)
