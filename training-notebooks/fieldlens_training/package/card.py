"""What the model card says in words: for whom, for what, and what it cannot do."""

from __future__ import annotations

from dataclasses import dataclass

from ..data.tasks import CHEST, MALARIA
from ..networks.network import IMAGENET
from ..training.recipes import RECIPES, Recipe


@dataclass(frozen=True)
class About:
    """The words of a task's card that no measurement changes.

    ``changes`` names the random changes of training; ``images`` what the images are called.
    """

    name: str
    licence: str
    intended_use: str
    warning: str
    limits: tuple[str, ...]
    data: dict[str, str]
    changes: str
    images: str


CARDS = {
    CHEST.id: About(
        name="Pneumonia in children",
        licence="Apache-2.0 for the weights; trained on data under CC BY 4.0 (Kermany et al. 2018)",
        intended_use="Sorting frontal chest X-rays of children aged 1 to 5 years by the "
        "likelihood of pneumonia, so that the likely ones are looked at first. It helps a trained "
        "reader to order the work; it is not a diagnosis, and every film still has to be read.",
        warning="Never use it for adults: on films of adults from another hospital it is no "
        "better than chance. Its figures come from one hospital in Guangzhou, China; films of "
        "another hospital or machine may be judged worse, so measure it on your own films first.",
        limits=(
            "It knows two classes, normal and pneumonia. A film with another disease gets a "
            "score for pneumonia all the same.",
            "It was never shown newborns, children under 1 year or over 5 years, adults, lateral "
            "films or other parts of the body.",
            "All its films come from one hospital. The test films come from other series of the "
            "same hospital, and already there more normal films are called than in validation.",
            "A low score does not rule out pneumonia: early, small or hidden shadows are missed.",
            "The score is a probability only where pneumonia is about as frequent as in its data "
            "(three films in four); elsewhere it orders films but does not count them.",
            "Letters, tubes, clothes and photographs of films on a light box lower its accuracy.",
            "The heat map shows where the score came from, coarsely. It does not outline disease.",
            "Labels were given by readers of the films, without laboratory proof for each child.",
        ),
        data={
            "name": "Labeled Optical Coherence Tomography (OCT) and Chest X-Ray Images for "
            "Classification, chest X-rays, training folder",
            "licence": "CC BY 4.0",
            "citation": "Kermany D, Zhang K, Goldbaum M (2018), Mendeley Data, "
            "doi:10.17632/rscbjbr9sj.2; Kermany et al., Cell 172(5):1122-1131, 2018.",
        },
        changes="histogram, spectrum, tone, sharpness, noise, JPEG, geometry, borders and letters",
        images="films",
    ),
    MALARIA.id: About(
        name="Malaria in red blood cells",
        licence="Apache-2.0 for the weights; trained on public-domain data (US NLM)",
        intended_use="Sorting pictures of single red blood cells, cut out of Giemsa-stained thin "
        "blood smears, by the likelihood that a malaria parasite is in them, so that the likely "
        "ones are looked at first. It helps a trained microscopist; it is not a diagnosis, and "
        "the slide still has to be read.",
        warning="It reads single cells that were already cut out, on black, and nothing else: "
        "no whole microscope field, no thick smear. Its cells come from one hospital in "
        "Chittagong, Bangladesh, one microscope camera and one species (P. falciparum); with "
        "another stain or camera measure it on your own cells first.",
        limits=(
            "It says whether a parasite is likely in a cell. It does not say which species, "
            "which stage, nor how many parasites are in the blood.",
            "Parasites of other species (P. vivax, P. ovale, P. malariae, P. knowlesi) were not "
            "in its training; what it says of them is unknown.",
            "A low score does not rule out malaria: a patient may have few infected cells, and "
            "small rings at the rim of a cell are missed.",
            "Platelets on a cell, dirt and drops of stain look like parasites to it.",
            "The score is a probability only where half of the cells are infected, as in its "
            "data. In a patient's blood nearly all cells are healthy: most of the few cells that "
            "are flagged there may be healthy ones.",
            "Some of its labels are wrong, by the eye of other readers; its figures carry that.",
            "The heat map shows where the score came from, coarsely. It outlines no parasite.",
        ),
        data={
            "name": "Malaria cell images, thin smears, part for training",
            "licence": "public domain (US government work)",
            "citation": "Rajaraman et al., PeerJ 6:e4568, 2018; US National Library of Medicine.",
        },
        changes="stain (HED space), colour, sharpness, noise, rotation, mirror image, zoom and "
        "mixing of images",
        images="cells",
    ),
}
"""By the task's id."""

DATA_SETS = {
    ("chest-xray-pneumonia", "test"): {
        "name": "Test",
        "images": "../shared/data/chest_xray/test",
        "description": "One half of the published test split, by patient: other series of the "
        "same hospital, opened for this figure alone.",
        "role": "test",
    },
    ("malaria-cell", "test"): {
        "name": "Test",
        "images": "../shared/data/malaria/test",
        "description": "Cells of patients that the model never saw, from the same hospital, "
        "opened for this figure alone.",
        "role": "test",
    },
    ("chest-xray-pneumonia", "adult"): {
        "name": "Adults, another hospital",
        "images": "../shared/data/adult_chest",
        "description": "Frontal films of adults, NIH ChestX-ray14 (Wang et al. 2017), labels "
        "mined from reports. Not the intended use: it shows that the model is blind there.",
        "role": "external",
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
    """The manifest's card; subgroups are added when figures are published."""
    p = provenance
    training = (
        f"{describe(recipe)} Chosen on {p.validation_images} {about.images} of "
        f"{p.validation_patients} other patients, plain and under simulated shift. A bias of "
        f"{p.bias:+.3f} on the log-odds, fitted there together with the temperature, is part of "
        "the last layer. Made with fieldlens_training (PyTorch, MONAI)."
    )
    if recipe.teachers:
        taught = " ".join(
            f"Its teacher {name}: {RECIPES[name].architecture} "
            f"{_initialisation(RECIPES[name])}, {describe(RECIPES[name])}"
            for name in recipe.teachers
        )
        training = f"{training} {taught}"
    return {
        "intendedUse": about.intended_use,
        "limits": list(about.limits),
        "warning": about.warning,
        "trainingData": about.data | {"images": p.training_images, "patients": p.training_patients},
        "initialisation": _initialisation(recipe)
        + (
            "; learned in part from a network that began with ImageNet weights"
            if recipe.teachers
            else ""
        ),
        "training": training,
        "runsTried": p.runs_tried,
        "subgroups": [],
    }


def describe(recipe: Recipe) -> str:
    """A recipe in words."""
    changes = CARDS[recipe.task].changes
    stages = ", then ".join(
        f"{stage.epochs} at {stage.size} px"
        + (f" ({stage.distillation:.0%} of the aim from the teacher)" if stage.distillation else "")
        + (" (last layer only)" if stage.frozen else "")
        for stage in recipe.stages
    )
    mixed = f", {recipe.mix:.0%} of the batches mixed up" if recipe.mix else ""
    return (
        f"{sum(stage.epochs for stage in recipe.stages)} epochs: {stages}; AdamW with one "
        f"learning-rate cycle a stage, averaged weights (EMA {recipe.ema_decay}), label smoothing "
        f"{recipe.label_smoothing}, classes weighted{mixed}, random changes of {changes}."
    )


def _initialisation(recipe: Recipe) -> str:
    return "from ImageNet weights" if recipe.initialisation == IMAGENET else "from random weights"
