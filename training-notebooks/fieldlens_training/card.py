"""What the model card says in words: for whom, for what, and what it cannot do."""

from __future__ import annotations

from dataclasses import dataclass

from .training import Recipe

CHEST = {
    "intendedUse": "Sorting frontal chest X-rays of children aged 1 to 5 years by the "
    "likelihood of pneumonia, so that the likely ones are looked at first. It helps a trained "
    "reader to order the work; it is not a diagnosis, and every film still has to be read.",
    "warning": "Never use it for adults: on films of adults from another hospital it is no "
    "better than chance. Its figures come from one hospital in Guangzhou, China; films of "
    "another hospital or machine may be judged worse, so measure it on your own films first.",
    "limits": [
        "It knows two classes, normal and pneumonia. A film with another disease gets a score "
        "for pneumonia all the same.",
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
    ],
    "trainingData": {
        "name": "Labeled Optical Coherence Tomography (OCT) and Chest X-Ray Images for "
        "Classification, chest X-rays, training folder",
        "licence": "CC BY 4.0",
        "citation": "Kermany D, Zhang K, Goldbaum M (2018), Mendeley Data, "
        "doi:10.17632/rscbjbr9sj.2; Kermany et al., Cell 172(5):1122-1131, 2018.",
    },
    "initialisation": "random (no ImageNet weights)",
}

WEIGHTS_LICENCE = (
    "Apache-2.0 for the weights; trained on data under CC BY 4.0 (Kermany et al. 2018)"
)

DATA_SETS = {
    "test": {
        "name": "Test",
        "description": "One half of the published test split, by patient: other series of the "
        "same hospital, opened for this figure alone.",
        "role": "test",
    },
    "adult": {
        "name": "Adults, another hospital",
        "description": "Frontal films of adults, NIH ChestX-ray14 (Wang et al. 2017), labels "
        "mined from reports. Not the intended use: it shows that the model is blind there.",
        "role": "external",
    },
}
"""The data sets whose figures come from ``npm run evaluate``, by the command's word."""


@dataclass(frozen=True)
class Provenance:
    """How the weights of a package came about."""

    training_images: int
    training_patients: int
    validation_images: int
    validation_patients: int
    epochs: int
    sizes: tuple[int, ...]
    bias: float
    runs_tried: int


def chest_card(recipe: Recipe, provenance: Provenance, subgroups: list[dict]) -> dict:
    """The manifest's card of a pneumonia model."""
    p = provenance
    sizes = ", then ".join(f"{size} px" for size in p.sizes)
    training = (
        f"{p.epochs} epochs at {sizes}, AdamW with one learning-rate cycle a stage, averaged "
        f"weights (EMA {recipe.ema_decay}), label smoothing {recipe.label_smoothing}, classes "
        "weighted, MixStyle, and strong random changes of histogram, spectrum, tone, "
        "sharpness, noise, JPEG, geometry, borders and letters. Chosen on "
        f"{p.validation_images} films of {p.validation_patients} other patients, plain and "
        f"under simulated shift. A bias of {p.bias:+.3f} on the log-odds, fitted there together "
        "with the temperature, is part of the last layer. Made with fieldlens_training (PyTorch, "
        "MONAI)."
    )
    data = CHEST["trainingData"] | {"images": p.training_images, "patients": p.training_patients}
    return {
        "intendedUse": CHEST["intendedUse"],
        "limits": CHEST["limits"],
        "warning": CHEST["warning"],
        "trainingData": data,
        "initialisation": CHEST["initialisation"],
        "training": training,
        "runsTried": p.runs_tried,
        "subgroups": subgroups,
    }
