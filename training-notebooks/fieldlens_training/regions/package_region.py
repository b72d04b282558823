"""Puts the finder into a package whose classifier reads crops.

``python -m fieldlens_training.regions.package_region runs/lung-finder/package PACKAGE`` copies
the finder's files beside the classifier's, and writes the manifest anew: its ``region``, and
reference vectors with the film, the crop's box and the crop.

``... package_region runs/lung-finder/package --references tests/unit/fixtures/finder.json``
writes the films and boxes alone, which the app's tests hold its finder to.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch

from ..data.images import to_values
from ..data.reference_images import pack, reference_images
from ..data.tasks import Task, task_of
from ..package.export import file_entry
from ..package.graph_model import GraphModel
from ..package.manifest import read_manifest, write_manifest
from ..quantisation.fold import DISTANCE, LOGITS
from . import lung_crop, outline_mask
from .found import finder_input
from .lung_crop import Box, crop_lungs, grown, tight_box
from .network import normalise
from .outline_mask import FILM_SIZE, levels_of, outline_of

PREFIX = "finder-"
"""Of the finder's files in a package."""
FINDS = "lungs"
TASK = "chest-xray-pneumonia"


def reference_films(task: Task) -> dict[str, np.ndarray]:
    """Generated working films with lungs in them, uint8 ``(FILM_SIZE, FILM_SIZE)``, by id.

    Their greys go in steps of 16, so that they take few bytes of a manifest.
    """
    films = {k: film & 0xF0 for k, film in reference_images(FILM_SIZE, task).items()}
    clear, cloudy = films["clear-lungs"], films["cloudy-lungs"]
    return {
        "clear-lungs": clear,
        "cloudy-lungs": cloudy,
        "dark-mirrored-lungs": np.ascontiguousarray(clear[:, ::-1] // 2 + 16),
    }


def find(finder: GraphModel, output: str, film: np.ndarray) -> np.ndarray:
    """The lungs of a working film, bool ``(FILM_SIZE, FILM_SIZE)``."""
    x = normalise(torch.from_numpy(finder_input(film[None])))
    logits = finder.run(x.permute(0, 2, 3, 1).numpy())[output]
    return outline_of(levels_of(logits[0, :, :, 0]))


def find_references(finder: GraphModel, output: str, task: Task) -> list[tuple[dict, np.ndarray]]:
    """Films with the crop's box, as the manifest has them, and each film's lungs."""
    found = []
    for name, film in reference_films(task).items():
        mask = find(finder, output, film)
        box = box_entry(grown(tight_box(mask)))
        found.append(({"id": name, "film": pack(film), "crop": box}, mask))
    return found


def region_vectors(
    finder: GraphModel, output: str, classifier: GraphModel, size: int, task: Task
) -> list[dict]:
    """Films with what each step of the package makes of them, computed from its own files."""
    vectors, films = [], reference_films(task)
    for vector, mask in find_references(finder, output, task):
        pixels = crop_lungs(films[vector["id"]], mask, size)
        x = task.normalise(to_values(torch.from_numpy(pixels[None].copy()))).permute(0, 2, 3, 1)
        found = classifier.run(x.numpy())
        vector["pixels"] = pack(pixels)
        vector[LOGITS] = [round(float(v), 6) for v in found[LOGITS][0]]
        if DISTANCE in found:
            vector[DISTANCE] = round(float(found[DISTANCE][0, 0]), 6)
        vectors.append(vector)
    return vectors


def box_entry(box: Box) -> dict[str, int]:
    """A box as the manifest writes it."""
    return {"x": box.left, "y": box.top, "width": box.width, "height": box.height}


def region_entry(finder: dict, files: list[str], size: int) -> dict:
    """The manifest's ``region``; ``finder`` is what ``finder_package`` wrote of it."""
    film, side = finder["film"], finder["input"]["width"] // 2
    return {
        "files": files,
        "input": finder["input"]
        | {"resize": film["resize"], "filter": film["filter"], "layout": "NHWC"},
        "output": {
            "mask": finder["output"],
            "width": side,
            "height": side,
            "finds": FINDS,
            "leastPiece": outline_mask.LEAST_SHARE,
        },
        "crop": {
            "workingSize": FILM_SIZE,
            "smoothing": lung_crop.SMOOTHING,
            "margin": lung_crop.MARGIN,
            "dilation": lung_crop.REACH,
            "percentiles": [lung_crop.LOW, lung_crop.HIGH],
            "size": size,
        },
        "activations": finder["activations"],
    }


def copy_files(finder: Path, files: list[dict], folder: Path) -> list[Path]:
    """Copy the finder's files into a package, under names of their own."""
    copies = []
    for file in files:
        copies.append(folder / f"{PREFIX}{file['path']}")
        shutil.copyfile(finder / file["path"], copies[-1])
    return copies


def add_region(folder: Path, finder_folder: Path) -> dict:
    """Give the package in ``folder`` the finder; returns its new manifest.

    Raises ``ManifestError`` where the app would refuse it.
    """
    manifest = read_manifest(folder)
    rule = manifest["classifier"]["input"]
    task = task_of(manifest["task"]).read_with(rule["mean"], rule["std"])
    finder = read_finder(finder_folder)
    size = manifest["classifier"]["input"]["width"]
    copies = copy_files(finder_folder, finder["files"], folder)
    own = [f for f in manifest["files"] if f["path"] in manifest["classifier"]["files"]]
    manifest["files"] = own + [file_entry(path) for path in copies]
    manifest["totalBytes"] = sum(file["bytes"] for file in manifest["files"])
    manifest["region"] = region_entry(finder, [path.name for path in copies], size)
    manifest["referenceVectors"] = region_vectors(
        GraphModel(finder_folder), finder["output"], GraphModel(folder), size, task
    )
    write_manifest(manifest, folder)
    return manifest


def read_finder(folder: Path) -> dict:
    """What ``finder_package`` wrote of the finder in ``folder``."""
    return json.loads((folder / "region.json").read_text())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("finder", type=Path)
    parser.add_argument("package", type=Path, nargs="?")
    parser.add_argument("--references", type=Path)
    arguments = parser.parse_args()
    if arguments.references:
        output = read_finder(arguments.finder)["output"]
        found = find_references(GraphModel(arguments.finder), output, task_of(TASK))
        text = json.dumps({"references": [vector for vector, _ in found]}, indent="\t")
        arguments.references.write_text(text + "\n")
    if arguments.package:
        manifest = add_region(arguments.package, arguments.finder)
        print(f"{manifest['id']} {manifest['version']}: {manifest['totalBytes']} bytes")


if __name__ == "__main__":
    main()
