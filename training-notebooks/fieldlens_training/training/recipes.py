"""The recipes: stages, rates and teachers of each network, and the split that a recipe asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ..data.images import Item, split_by_patient
from ..data.tasks import CHEST, MALARIA, task_of
from ..networks.network import IMAGENET, RANDOM


@dataclass(frozen=True)
class Stage:
    """A part of a run at one input size: one-cycle from ``peak_rate / 25`` to nearly 0.

    ``strength`` scales the augmentation (1: as strong as it gets). ``distillation`` in 0..1 is
    the weight of the loss against the teachers' outputs; the labels' loss gets the rest. With
    ``frozen`` only the last layer is trained.
    """

    size: int
    epochs: int
    peak_rate: float
    strength: float = 1.0
    distillation: float = 0.0
    frozen: bool = False


@dataclass(frozen=True)
class Recipe:
    """Everything but the data that decides a run; part of every checkpoint.

    ``teachers`` are recipes whose runs lie beside this one's; ``mix`` is the share of
    batches that are mixed up (Zhang et al. 2018, Beta(0.2, 0.2)). ``package`` is the folder of
    a package whose weights the network begins with (see ``networks.warm_start``).
    """

    name: str
    architecture: str
    stages: tuple[Stage, ...]
    task: str = CHEST.id
    batch: int = 32
    weight_decay: float = 0.05
    label_smoothing: float = 0.05
    mix: float = 0.0
    ema_decay: float = 0.998
    presize: float = 1.25
    validation_fraction: float = 0.12
    seed: int = 1
    teachers: tuple[str, ...] = ()
    initialisation: str = RANDOM
    package: str = ""


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            "pneumonia-resnet34",
            "resnet34",
            (
                Stage(64, 12, 2e-3),
                Stage(112, 5, 1.2e-3),
                Stage(160, 6, 8e-4, strength=0.7, distillation=0.7),
                Stage(160, 15, 7e-4, strength=0.6, distillation=0.7),
            ),
            teachers=("pneumonia-teacher",),
        ),
        Recipe(
            "pneumonia-resnet50",
            "resnet50",
            (
                Stage(128, 1, 2e-3, strength=0.7, frozen=True),
                Stage(128, 3, 5e-4, strength=0.8, distillation=0.5),
                Stage(160, 3, 3e-4, strength=0.7, distillation=0.5),
            ),
            teachers=("pneumonia-teacher",),
            initialisation=IMAGENET,
        ),
        Recipe(
            "pneumonia-teacher",
            "efficientnet-lite2",
            (Stage(160, 1, 2e-3, strength=0.7, frozen=True), Stage(160, 5, 7e-4, strength=0.7)),
            initialisation=IMAGENET,
            weight_decay=0.02,
        ),
        Recipe(
            "malaria-resnet34",
            "resnet34",
            (Stage(80, 5, 6e-4),),
            task=MALARIA.id,
            batch=64,
            label_smoothing=0.1,
            mix=0.2,
            presize=1.15,
            validation_fraction=0.1,
            package="runs/malaria-resnet34-2.0.0",
        ),
        Recipe(
            "malaria-teacher",
            "efficientnet-lite0",
            (Stage(112, 2, 1e-3, strength=0.7),),
            task=MALARIA.id,
            initialisation=IMAGENET,
            batch=64,
            weight_decay=0.02,
            label_smoothing=0.1,
            mix=0.3,
            presize=1.15,
            validation_fraction=0.1,
        ),
    )
}
"""By name. A teacher is not shipped: a shipped network learns from its outputs."""


def pretrained(recipe: Recipe) -> Recipe:
    """The recipe from ImageNet weights, with a first epoch that trains the last layer alone."""
    first = recipe.stages[0]
    return replace(
        recipe,
        initialisation=IMAGENET,
        stages=(replace(first, epochs=1, distillation=0.0, frozen=True), *recipe.stages),
    )


def recipe_of(saved: dict) -> Recipe:
    """The recipe that a checkpoint carries."""
    return Recipe(
        **saved
        | {
            "stages": tuple(Stage(**stage) for stage in saved["stages"]),
            "teachers": tuple(saved["teachers"]),
        }
    )


def stage_of(recipe: Recipe, epoch: int) -> tuple[Stage, int]:
    """Return the stage that ``epoch`` (from 0) falls in, and the epochs before it."""
    before = 0
    for stage in recipe.stages:
        if epoch < before + stage.epochs:
            return stage, before
        before += stage.epochs
    raise ValueError(f"epoch {epoch} is past the recipe's end")


def load_split(recipe: Recipe, data: Path) -> tuple[list[Item], list[Item]]:
    """The recipe's training and validation images, by patient."""
    items = task_of(recipe.task).list(data, "train")
    return split_by_patient(items, recipe.validation_fraction)
