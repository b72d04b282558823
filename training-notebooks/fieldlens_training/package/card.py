"""What the model card says: ids of texts whose words the app has, and how training was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..data.tasks import CHEST, MALARIA, task_of
from ..training.recipes import RECIPES, Recipe

LICENCE = "Apache-2.0"
"""Of the weights."""


@dataclass(frozen=True)
class About:
    """What of a task's card no measurement changes.

    Ids are those of ``src/lib/tasks/<task>/words.ts``; ``data`` is the training data as its
    publisher names it.
    """

    intended_use: str
    warnings: tuple[str, ...]
    limits: tuple[str, ...]
    data: dict[str, str]


HEAT_MAP = "heat-map"
"""The limit of a package whose heat map passed its tests; ``explanation.measure`` adds it."""

CARDS = {
    CHEST.id: About(
        intended_use="triage-children",
        warnings=("not-for-adults", "one-hospital"),
        limits=(
            "two-classes",
            "never-shown",
            "test-series",
            "low-score",
            "prevalence",
            "artefacts",
            "reader-labels",
        ),
        data={
            "name": "Labeled Optical Coherence Tomography (OCT) and Chest X-Ray Images for "
            "Classification, chest X-rays, training folder",
            "licence": "CC-BY-4.0",
            "citation": "Kermany D, Zhang K, Goldbaum M (2018), Mendeley Data, "
            "doi:10.17632/rscbjbr9sj.2; Kermany et al., Cell 172(5):1122-1131, 2018.",
        },
    ),
    MALARIA.id: About(
        intended_use="triage-cells",
        warnings=("cut-out-cells", "one-hospital"),
        limits=(
            "parasite-only",
            "other-species",
            "low-score",
            "look-alikes",
            "prevalence",
            "wrong-labels",
        ),
        data={
            "name": "Malaria cell images, thin smears, part for training",
            "licence": "us-government-work",
            "citation": "Rajaraman et al., PeerJ 6:e4568, 2018; US National Library of Medicine.",
        },
    ),
}
"""By the task's id."""

DATA_SETS = {
    (CHEST.id, "test"): {
        "id": "kermany-test",
        "role": "test",
        "images": "../shared/data/chest_xray/test",
    },
    (MALARIA.id, "test"): {
        "id": "nlm-test",
        "role": "test",
        "images": "../shared/data/malaria/test",
    },
    (CHEST.id, "adult"): {
        "id": "nih-adults",
        "role": "external",
        "images": "../shared/data/adult_chest",
    },
}
"""The data sets whose figures come from ``npm run evaluate``, by task and command's word."""


@dataclass(frozen=True)
class Provenance:
    """How the weights of a package came about."""

    training_images: int
    training_patients: int
    validation_images: int
    validation_patients: int
    bias: float
    runs_tried: int


def write_card(about: About, recipe: Recipe, provenance: Provenance) -> dict:
    """The manifest's card of a network that a recipe trained."""
    teachers = [{"id": name} | describe(RECIPES[name]) for name in recipe.teachers]
    return card_of(about, describe(recipe), provenance, teachers)


def card_of(
    about: About, training: dict, provenance: Provenance, teachers: Sequence[dict] = ()
) -> dict:
    """The manifest's card; subgroups are added when figures are published.

    ``training`` and each of ``teachers`` say how weights came about, as ``describe`` does.
    """
    p = provenance
    return {
        "intendedUse": about.intended_use,
        "warnings": list(about.warnings),
        "limits": list(about.limits),
        "trainingData": about.data | {"images": p.training_images, "patients": p.training_patients},
        "training": training
        | {
            "validation": {"images": p.validation_images, "patients": p.validation_patients},
            "bias": round(p.bias, 3),
            "teachers": list(teachers),
            "runsTried": p.runs_tried,
        },
        "subgroups": [],
    }


def describe(recipe: Recipe) -> dict:
    """A recipe as the manifest has it."""
    stages = [
        {"epochs": stage.epochs, "size": stage.size}
        | ({"taught": stage.distillation} if stage.distillation else {})
        | ({"lastLayer": True} if stage.frozen else {})
        for stage in recipe.stages
    ]
    return {
        "network": recipe.architecture,
        "start": "earlier-version" if recipe.package else recipe.initialisation,
        "stages": stages,
        "emaDecay": recipe.ema_decay,
        "labelSmoothing": recipe.label_smoothing,
        **({"mixed": recipe.mix} if recipe.mix else {}),
        "changes": list(task_of(recipe.task).changes),
    }
