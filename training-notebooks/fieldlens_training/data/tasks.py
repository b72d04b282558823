"""The tasks: what kind of image is read, and what is told apart in it.

What the app has to know too comes from the task's ``task.json`` (see ``task_files``); what only
training needs is here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from ..augment import cells, xray
from .images import DataError, Item, list_images
from .task_files import TaskFile, read_task_file

Change = Callable[[torch.Tensor, torch.Generator], torch.Tensor]
"""A change of values 0..1 ``(n, channels, h, w)``, drawn from the generator."""


@dataclass(frozen=True)
class Task:
    """A kind of image with its two classes; the second class is the positive one.

    ``names`` are what the classes are called in notebooks. ``mean`` and ``std`` are the training
    images' statistics (0..1), rounded, one a channel. ``even``, where there is one, makes values
    0..1 even before they are read (see ``colours``). ``augment(pixels, size, generator,
    strength)`` is the training-time change of a uint8 batch, ``changes`` the ids of what it does;
    ``shifts`` are the simulated changes of acquisition for validation.
    """

    file: TaskFile
    names: tuple[str, str]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    augment: Callable[[torch.Tensor, int, torch.Generator, float], torch.Tensor]
    changes: tuple[str, ...]
    shifts: dict[str, Change]
    even: Callable[[torch.Tensor], torch.Tensor] | None = None

    @property
    def id(self) -> str:
        """The task's id, as manifests have it."""
        return self.file.id

    @property
    def channels(self) -> int:
        """1 for grey, 3 for colour."""
        return self.file.channels

    @property
    def folders(self) -> tuple[str, str]:
        """Names of the class folders."""
        return self.file.folders

    @property
    def classes(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Id and name of each class."""
        first, second = zip(self.file.classes, self.names, strict=True)
        return first, second

    def patient_of(self, name: str) -> tuple[str, str]:
        """Return ``(patient, series)`` of an image's file name; see ``TaskFile``."""
        return self.file.patient_of(name)

    def normalise(self, x: torch.Tensor) -> torch.Tensor:
        """Map values 0..1 of shape ``(n, channels, h, w)`` to the network's input."""
        return self.standardise(x if self.even is None else self.even(x))

    def standardise(self, x: torch.Tensor) -> torch.Tensor:
        """The last step of ``normalise``: values 0..1 that are even already to the input."""
        shape = (1, -1, 1, 1)
        return (x - torch.tensor(self.mean).view(shape)) / torch.tensor(self.std).view(shape)

    def read_with(self, mean: Sequence[float], std: Sequence[float]) -> Task:
        """The task as a network reads it that has a mean and standard deviation of its own."""
        return replace(self, mean=tuple(mean), std=tuple(std))

    def list(self, root: Path, split: str) -> list[Item]:
        """List the labelled images of ``root/split``; see ``images.list_images``."""
        return list_images(root, split, self.folders, self.patient_of)


CHEST = Task(
    read_task_file("chest-xray-pneumonia"),
    names=("Normal", "Pneumonia"),
    mean=(0.48,),
    std=(0.23,),
    augment=xray.augment_batch,
    changes=(
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
    shifts=xray.SHIFTS,
)
MALARIA = Task(
    read_task_file("malaria-cell"),
    names=("Healthy", "Infected"),
    mean=(0.53, 0.42, 0.45),
    std=(0.34, 0.27, 0.29),
    augment=cells.augment_batch,
    changes=("stain", "colour", "sharpness", "noise", "rotation", "mirror", "zoom", "mixing"),
    shifts=cells.SHIFTS,
)
TASKS = {task.id: task for task in (CHEST, MALARIA)}


def task_of(identifier: str) -> Task:
    """The task of that id; ``DataError`` for an unknown one."""
    if identifier not in TASKS:
        raise DataError(f"{identifier}: no such task (known: {', '.join(TASKS)})")
    return TASKS[identifier]
