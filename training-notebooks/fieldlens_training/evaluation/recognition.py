"""Fits how a model tells images that are not of its kind: a distance to its training images.

Lee et al. 2018 ("A Simple Unified Framework for Detecting Out-of-Distribution Samples")
measure a Mahalanobis distance in the features of several depths; here it is taken in a
principal component analysis of pooled maps, with what the components leave out counted by
its mean variance. The deep maps know what the network looks for, the middle ones what a
picture looks like: upside-down, inverted and out-of-distribution pictures differ most there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ..data.images import to_values
from ..data.out_of_distribution import folder_images, out_of_distribution_sets
from ..data.tasks import CHEST, MALARIA, Task
from ..quantisation.fold import DISTANCE, FARTHEST, Distance, Layer, measure, run_plan, stage_ends
from ..quantisation.quantise import Quantised, quantise
from .shape import Shape, fit_shape, weighed

Statistics = tuple[tuple[int, str], ...]
STATISTICS: dict[str, Statistics] = {
    CHEST.id: ((2, "mean"), (3, "mean"), (4, "mean"), (2, "tilt"), (3, "tilt")),
    MALARIA.id: ((1, "mean"), (1, "spread"), (2, "mean"), (2, "spread")),
}
"""By task: stages and what is taken of their last maps.

Chosen on validation images and generated pictures. For films the first stage would notice
some more adults, but also refuse every film with a black border; for cells the late stages
know only parasites, so that a chest X-ray looks like a healthy cell to them.
"""
COMPONENTS = 64
TRAINING_IMAGES = {CHEST.id: 1500, MALARIA.id: 5000}
"""By task, what the distance is fitted on; cells differ more, by stain and by slide."""
MOST_BYTES = 190_000
LEAST_VARIANCE = 0.01
"""Of a value whose variance over the training images is 1; keeps 16-bit floats in range."""
KEEPS = 0.99
"""Share of the validation images that must be recognised."""

METHOD = "mahalanobis-pca"
"""Mahalanobis distance in a principal component analysis of the training images' pooled maps at
several depths (Lee et al. 2018), what the components leave out counted by its mean variance."""


@dataclass(frozen=True)
class Read:
    """What is read of pictures: ``pixels`` uint8, and numbers ``(n, k)`` of the region's shape."""

    pixels: np.ndarray
    shape: np.ndarray | None = None


@dataclass(frozen=True)
class Region:
    """What a network reads of whole pictures.

    ``whole`` are the validation pictures, uint8; ``read`` gives what is read of pictures of
    that size, leaving out those in which there is nothing to read: they are not recognised.
    ``training`` are the shapes of what is read of the training pictures. ``statistics`` are
    those of ``fit_distance`` where they are not the task's.
    """

    whole: np.ndarray
    read: Callable[[np.ndarray], Read]
    training: np.ndarray | None = None
    statistics: Statistics | None = None


@dataclass(kw_only=True)
class Rule:
    """From which distance on a picture is not recognised, and what was found with it.

    ``shape`` is the second distance, of the region's place and size, where there is one.
    """

    threshold: float
    validation: dict
    rejected: list[dict]
    outside: list[dict]
    shape: Shape | None = None

    def entry(self) -> dict:
        """The manifest's ``recognition`` without the distance's size."""
        return {
            "method": METHOD,
            "threshold": self.threshold,
            **({"shape": self.shape.entry()} if self.shape else {}),
            "validation": self.validation,
            "rejected": self.rejected,
            "outside": self.outside,
        }


@dataclass(kw_only=True)
class Recognition(Rule):
    """A rule with its distance as a layer and the layer's stored basis."""

    layer: Distance
    levels: Quantised

    def bytes(self) -> int:
        """What it adds to a package."""
        floats = sum(t.numel() for t in (self.layer.mean, self.layer.scale, self.layer.precision))
        return int(self.levels.levels.size + 4 * floats)

    def entry(self) -> dict:
        """The manifest's ``recognition``."""
        return super().entry() | {"bytes": self.bytes()}


def fit_distance(
    plan: list[Layer], training: np.ndarray, task: Task, taken: Statistics | None = None
) -> tuple[Distance, Quantised]:
    """The distance layer of uint8 training images, its basis as it will be read back.

    ``taken`` are stages and what is taken of their last maps, those of the task by default.
    """
    ends = stage_ends(plan)
    statistics = tuple((ends[stage], what) for stage, what in taken or STATISTICS[task.id])
    pooled = _run(plan, training, task, lambda p, x: _measured(p, x, statistics)).double()
    mean, deviation = pooled.mean(0), pooled.std(0).clamp_min(1e-6)
    z = ((pooled - mean) / deviation).clamp(-FARTHEST, FARTHEST)
    count, values = z.shape
    k = min(COMPONENTS, (MOST_BYTES - 8 * values) // values, count - 1)
    _, _, directions = torch.linalg.svd(z, full_matrices=False)
    levels = quantise(directions[:k].T.contiguous().numpy())
    basis = torch.from_numpy(levels.values())
    # The variances are those of the basis as stored, so that rounding it costs nothing.
    within = z @ basis.double()
    left = z - within @ basis.double().T
    variance_left = max(float(left.square().sum(1).mean()) / (values - k), LEAST_VARIANCE)
    layer = Distance(
        DISTANCE,
        statistics,
        mean.float(),
        (1 / deviation).float(),
        basis,
        (1 / within.square().mean(0).clamp_min(LEAST_VARIANCE) / values).float(),
        # Each of the values left out counts 1 on average, like each component.
        float(np.float32(1 / variance_left / values)),
    )
    return layer, levels


def distances(plan: list[Layer], pixels: np.ndarray, task: Task) -> np.ndarray:
    """Distance of uint8 images by a plan that has one, shape ``(n,)``."""
    found = _run(plan, pixels, task, lambda p, x: run_plan(p, x, (DISTANCE,))[DISTANCE])
    return found[:, 0].numpy()


def recognise(
    plan: list[Layer],
    training: np.ndarray,
    validation: np.ndarray,
    task: Task,
    shared: Path | None,
    say: Callable[[str], None] = print,
    region: Region | None = None,
) -> Recognition:
    """Fit on training images, choose the threshold on validation, measure on other pictures.

    Puts the layer into ``plan``. ``training`` and ``validation`` are what the network reads;
    ``shared`` is the folder of all data sets, without which only validation is measured.
    ``region`` says what the network reads of a whole picture, where that is a part of it.
    """
    region = region or Region(validation, Read)
    layer, levels = fit_distance(plan, training, task, region.statistics)
    plan.insert(len(plan) - 1, layer)
    rule = judge(
        lambda pixels: distances(plan, pixels, task), validation, task, shared, say, region
    )
    return Recognition(layer=layer, levels=levels, **vars(rule))


def judge(
    measured: Callable[[np.ndarray], np.ndarray],
    validation: np.ndarray,
    task: Task,
    shared: Path | None,
    say: Callable[[str], None],
    region: Region,
) -> Rule:
    """Choose the threshold of a distance on validation, and measure it on other pictures.

    ``measured`` gives the distance of the uint8 pictures that the network reads, ``(n,)``; see
    ``recognise`` for the rest.
    """
    own = measured(validation)
    shape = None
    if region.training is not None:
        seen = region.read(region.whole).shape
        if seen is None or len(seen) != len(own):
            raise ValueError("shapes are of other pictures than those that are read")
        shape = weighed(fit_shape(region.training), own, seen)
        own = shape.joined(own, seen)
    known = np.sort(own)
    # The highest distance that may be flagged is the first of the last 1 %.
    first = int(np.floor(KEEPS * len(known) + 1e-9))
    threshold = float(f"{(known[first - 1] + known[min(first, len(known) - 1)]) / 2:.6g}")

    def share(kind: str, pixels: np.ndarray) -> dict:
        read, near = region.read(pixels), 0
        if len(read.pixels):
            found = measured(read.pixels)
            if shape is not None and read.shape is not None:
                found = shape.joined(found, read.shape)
            near = (found <= threshold).sum()
        flagged = 1 - float(near) / len(pixels)
        say(f"not recognised, {kind}: {flagged:.3f} of {len(pixels)}")
        return {"id": kind, "n": len(pixels), "share": round(flagged, 4)}

    rejected, outside = [], []
    size = region.whole.shape[1]
    if shared is not None:
        sets = out_of_distribution_sets(task, region.whole, shared, size)
        rejected = [share(kind, pixels) for kind, pixels in sets.items()]
        if task.id == CHEST.id:
            adults = folder_images(shared / "adult_chest", size, task.channels)
            outside = [share("adults", adults)]
    return Rule(
        threshold=threshold,
        validation={"n": len(known), "flagged": round(float((known > threshold).mean()), 4)},
        rejected=rejected,
        outside=outside,
        shape=shape,
    )


def _measured(
    plan: list[Layer], x: torch.Tensor, statistics: tuple[tuple[str, str], ...]
) -> torch.Tensor:
    names = tuple(dict.fromkeys(name for name, _ in statistics))
    return measure(run_plan(plan, x, names), statistics)


def _run(plan: list[Layer], pixels: np.ndarray, task: Task, read, batch: int = 64) -> torch.Tensor:
    out = []
    for start in range(0, len(pixels), batch):
        x = task.normalise(to_values(torch.from_numpy(pixels[start : start + batch])))
        out.append(read(plan, x))
    return torch.cat(out)
