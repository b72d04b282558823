"""What the program is taught: one task a kind of image."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from ..augment import cells, xray
from .images import DataError, Item, cell_patient_of, film_patient_of, list_images

Change = Callable[[torch.Tensor, torch.Generator], torch.Tensor]


@dataclass(frozen=True)
class Task:
    """A kind of image with its two classes; the second class is the positive one.

    ``classes`` are their ids and names in the app, ``negatives`` and ``positives`` what their
    images are called in a sentence. ``folders`` are the class folders' names, ``patient_of``
    reads ``(patient, series)`` from a file name. ``mean`` and ``std`` are the training images'
    statistics (0..1), rounded, one a channel. ``augment(pixels, size, generator, strength)``
    is the training-time change of a uint8 batch; ``shifts`` are the simulated changes of
    acquisition for validation.
    """

    id: str
    folders: tuple[str, str]
    classes: tuple[tuple[str, str], tuple[str, str]]
    negatives: str
    positives: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    patient_of: Callable[[str], tuple[str, str]]
    augment: Callable[[torch.Tensor, int, torch.Generator, float], torch.Tensor]
    shifts: dict[str, Change]

    @property
    def channels(self) -> int:
        """1 for grey, 3 for colour."""
        return len(self.mean)

    def normalise(self, x: torch.Tensor) -> torch.Tensor:
        """Map values 0..1 of shape ``(n, channels, h, w)`` to the network's input."""
        shape = (1, -1, 1, 1)
        return (x - torch.tensor(self.mean).view(shape)) / torch.tensor(self.std).view(shape)

    def list(self, root, split: str) -> list[Item]:
        """List the labelled images of ``root/split``; see ``data.list_images``."""
        return list_images(root, split, self.folders, self.patient_of)


CHEST = Task(
    "chest-xray-pneumonia",
    ("NORMAL", "PNEUMONIA"),
    (("normal", "Normal"), ("pneumonia", "Pneumonia")),
    "normal films",
    "pneumonias",
    (0.48,),
    (0.23,),
    film_patient_of,
    xray.augment_batch,
    xray.SHIFTS,
)
MALARIA = Task(
    "malaria-cell",
    ("Uninfected", "Parasitized"),
    (("uninfected", "Healthy"), ("parasitized", "Infected")),
    "healthy cells",
    "infected cells",
    (0.53, 0.42, 0.45),
    (0.34, 0.27, 0.29),
    cell_patient_of,
    cells.augment_batch,
    cells.SHIFTS,
)
TASKS = {task.id: task for task in (CHEST, MALARIA)}


def task_of(identifier: str) -> Task:
    """The task of that id; ``DataError`` for an unknown one."""
    if identifier not in TASKS:
        raise DataError(f"{identifier}: no such task (known: {', '.join(TASKS)})")
    return TASKS[identifier]
