"""What the program is taught: one task a kind of image."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from ..augment import cells, xray
from .images import DataError, Item, list_images
from .task_files import PatientOf, patient_reader, read_task

Change = Callable[[torch.Tensor, torch.Generator], torch.Tensor]


@dataclass(frozen=True)
class Task:
    """A kind of image with its two classes; the second class is the positive one.

    ``classes`` are their ids, ``folders`` their folders' names in the public data set,
    ``patient_of`` reads ``(patient, series)`` from a file name: all three as the app's
    ``task.json`` has them. ``mean`` and ``std`` are the training images' statistics (0..1),
    rounded, one a channel. ``augment(pixels, size, generator, strength)`` is the training-time
    change of a uint8 batch, ``changes`` the ids of what it does, ``shifts`` are the simulated
    changes of acquisition for validation.
    """

    id: str
    folders: tuple[str, ...]
    classes: tuple[str, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    patient_of: PatientOf
    augment: Callable[[torch.Tensor, int, torch.Generator, float], torch.Tensor]
    changes: tuple[str, ...]
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


def _task(
    identifier: str,
    mean: tuple[float, ...],
    std: tuple[float, ...],
    augment: Callable[[torch.Tensor, int, torch.Generator, float], torch.Tensor],
    changes: tuple[str, ...],
    shifts: dict[str, Change],
) -> Task:
    said = read_task(identifier)
    positive = [c["id"] == said["positiveClass"] for c in said["classes"]]
    if positive != [False, True] or len(mean) != said["channels"]:
        raise DataError(f"{identifier}: task.json has other classes or channels than are trained")
    return Task(
        identifier,
        tuple(c["folder"] for c in said["classes"]),
        tuple(c["id"] for c in said["classes"]),
        mean,
        std,
        patient_reader(said["patients"]),
        augment,
        changes,
        shifts,
    )


CHEST = _task(
    "chest-xray-pneumonia",
    (0.48,),
    (0.23,),
    xray.augment_batch,
    (
        "histogram",
        "spectrum",
        "tone",
        "sharpness",
        "noise",
        "jpeg",
        "geometry",
        "borders",
        "letters",
    ),
    xray.SHIFTS,
)
MALARIA = _task(
    "malaria-cell",
    (0.53, 0.42, 0.45),
    (0.34, 0.27, 0.29),
    cells.augment_batch,
    ("stain", "colour", "sharpness", "noise", "rotation", "mirror", "zoom", "mixing"),
    cells.SHIFTS,
)
TASKS = {task.id: task for task in (CHEST, MALARIA)}


def task_of(identifier: str) -> Task:
    """The task of that id; ``DataError`` for an unknown one."""
    if identifier not in TASKS:
        raise DataError(f"{identifier}: no such task (known: {', '.join(TASKS)})")
    return TASKS[identifier]
