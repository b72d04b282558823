"""Measures the kinds of map on a package: ``python -m fieldlens_training.explanation.measure``.

``... measure ../static/models/malaria-resnet34`` prints a table of the candidates on images that
the package calls likely, and writes it as JSON with ``--out``. A package that reads the lungs
alone needs ``--outlines`` of ``regions.found``. Images are of the validation patients;
``--split test`` opens the test half, for a figure that is published.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..data.images import DataError, Item, load_all
from ..data.tasks import CHEST, MALARIA, task_of
from ..experiments.tables import markdown_table
from ..package.card import DATA_SETS, HEAT_MAP
from ..package.manifest import read_manifest, write_manifest
from ..regions.crops import exact_crops
from ..regions.found import read_outlines
from ..training.recipes import RECIPES, load_split
from .candidates import CANDIDATES, OCCLUSION
from .checks import (
    curves,
    evenly,
    interval,
    part_falls,
    random_maps,
    randomised,
    share_supported,
)
from .network import PackageNetwork
from .occlusion import CELLS
from .stained import chance_on_body, is_on_body, stained_bodies

FOLDERS = {CHEST.id: "chest_xray", MALARIA.id: "malaria"}
LIKELY_AT = "balanced"
"""An image is likely from this operating point on, where the default one is chosen."""
LEAST_SHARE = 0.9
"""Of the likely images whose hottest fifth counts most, and of hottest points on a body."""
MOST_CORRELATION = 0.5
"""Mean rank correlation with the map of a network whose last stage is shuffled."""
WANTED = {CHEST.id: 200, MALARIA.id: 300}
SHUFFLED = 30
"""Images whose maps are compared with those of a network with shuffled layers."""


@dataclass(frozen=True)
class Likely:
    """Pictures that the package calls likely, uint8 ``(n, size, size, channels)``."""

    pictures: np.ndarray
    scores: np.ndarray
    labels: np.ndarray


def load_pictures(
    data: Path, items: list[Item], manifest: dict, outlines: Path | None
) -> np.ndarray:
    """What the classifier reads of the images, uint8 ``(n, size, size, channels)``."""
    size, channels = (manifest["classifier"]["input"][key] for key in ("width", "channels"))
    if manifest["region"] is None:
        pictures = load_all(items, size, channels)
    elif outlines is None:
        raise DataError("--outlines: the package reads the lungs alone")
    else:
        pictures = exact_crops(data, items, read_outlines(outlines), size)
    return pictures.reshape(len(items), size, size, channels)


def likely_images(
    network: PackageNetwork,
    manifest: dict,
    data: Path,
    split: str,
    wanted: int,
    outlines: Path | None,
) -> Likely:
    """Likely images of the split, spread evenly over its list; see ``LIKELY_AT``."""
    task = task_of(manifest["task"])
    folder = data / FOLDERS[task.id]
    recipe = RECIPES[manifest["id"]]
    items = task.list(folder, "test") if split == "test" else load_split(recipe, folder)[1]
    # Half of them at least are positive and nearly all of those are likely.
    items = [items[i] for i in evenly(len(items), 4 * wanted)]
    pictures = load_pictures(data, items, manifest, outlines)
    scores = network.read(pictures)
    point = next(p for p in manifest["operatingPoints"] if p["id"] == LIKELY_AT)
    odds = np.log(point["threshold"] / (1 - point["threshold"]))
    found = np.flatnonzero(scores >= odds * manifest["calibration"]["temperature"])
    chosen = found[evenly(len(found), wanted)]
    labels = np.array([item.label for item in items])
    return Likely(pictures[chosen], scores[chosen], labels[chosen])


def measure(
    network: PackageNetwork, likely: Likely, names: list[str], shuffled: int = SHUFFLED
) -> dict[str, Any]:
    """The checks' figures of each kind of map, and whether it may be shown."""
    pictures, scores = likely.pictures, likely.scores
    bodies = [stained_bodies(p) for p in pictures] if pictures.shape[3] == 3 else None
    chance = curves(network, pictures, random_maps(len(pictures)))
    some = evenly(len(pictures), shuffled)
    found: dict[str, Any] = {}
    for name in names:
        candidate = CANDIDATES[name]
        maps = [candidate(network, picture) for picture in pictures]
        falls = part_falls(network, pictures, maps, scores)
        deletion, insertion = curves(network, pictures, maps)
        of_some = [maps[i] for i in some]
        entry: dict[str, Any] = {
            "hottestFifthFirst": round(share_supported(falls), 4),
            "fallsByFifth": [round(float(fall), 3) for fall in falls.mean(axis=0)],
            "deletionBelowRandom": interval(chance[0] - deletion),
            "insertionAboveRandom": interval(insertion - chance[1]),
            "randomised": randomised(network, candidate, pictures[some], of_some),
        }
        if bodies is not None:
            entry["onBody"] = body_figures(pictures, maps, bodies)
        found[name] = entry | {"passes": passes(entry)}
    return found


def body_figures(
    pictures: np.ndarray, maps: list[np.ndarray], bodies: list[np.ndarray]
) -> dict[str, Any]:
    """Of the cells in which a stained body is found: how many hottest points lie on one."""
    with_body = [i for i, body in enumerate(bodies) if body.any()]
    if not with_body:
        return {"n": 0, "share": 0.0, "chance": 0.0}
    return {
        "n": len(with_body),
        "share": round(float(np.mean([is_on_body(maps[i], bodies[i]) for i in with_body])), 4),
        "chance": round(
            float(np.mean([chance_on_body(pictures[i], bodies[i], CELLS) for i in with_body])), 4
        ),
    }


def passes(entry: dict[str, Any]) -> bool:
    """Whether a map of this kind may be shown."""
    return (
        entry["hottestFifthFirst"] >= LEAST_SHARE
        and entry["deletionBelowRandom"]["low"] > 0
        and entry["insertionAboveRandom"]["low"] > 0
        and abs(list(entry["randomised"].values())[-1]) <= MOST_CORRELATION
        and ("onBody" not in entry or entry["onBody"]["share"] >= LEAST_SHARE)
    )


def explanation_entry(
    entry: dict[str, Any], count: int, data_set: str, command: str
) -> dict[str, Any]:
    """The manifest's ``explanation`` from the figures of the occlusion map."""
    return {
        "method": "occlusion",
        "dataSet": data_set,
        "n": count,
        "hottestFifthFirst": entry["hottestFifthFirst"],
        "deletionBelowRandom": entry["deletionBelowRandom"],
        "insertionAboveRandom": entry["insertionAboveRandom"],
        "shuffledCorrelation": list(entry["randomised"].values())[-1],
        **({"onBody": entry["onBody"]} if "onBody" in entry else {}),
        "command": command,
    }


def write_explanation(package: Path, found: dict[str, Any], count: int, split: str) -> None:
    """Put the occlusion map's figures into the manifest, or take them out where it fails."""
    manifest = read_manifest(package)
    manifest.pop("explanation", None)
    limits = manifest["card"]["limits"]
    manifest["card"]["limits"] = [limit for limit in limits if limit != HEAT_MAP]
    if found[OCCLUSION]["passes"]:
        data_set = split if split == "validation" else DATA_SETS[manifest["task"], split]["id"]
        option = "" if split == "validation" else f" --split {split}"
        command = f"python -m fieldlens_training.explanation.measure {package.name}{option}"
        entry = explanation_entry(found[OCCLUSION], count, data_set, command)
        manifest = with_explanation(manifest, entry)
        manifest["card"]["limits"].append(HEAT_MAP)
    write_manifest(manifest, package)


def with_explanation(manifest: dict, entry: dict[str, Any]) -> dict:
    """The manifest with ``explanation`` after ``recognition``."""
    fields: dict[str, Any] = {}
    for key, value in manifest.items():
        fields[key] = value
        if key == "recognition":
            fields["explanation"] = entry
    return fields


def table(found: dict[str, Any]) -> str:
    """One row a kind of map."""
    rows = []
    for name, entry in found.items():
        row = {
            "map": name,
            "hottest fifth counts most": entry["hottestFifthFirst"],
            "deletion below random": entry["deletionBelowRandom"]["mean"],
            "insertion above random": entry["insertionAboveRandom"]["mean"],
        }
        row |= {f"shuffled {key}": value for key, value in entry["randomised"].items()}
        if "onBody" in entry:
            row |= {"on a body": entry["onBody"]["share"], "by chance": entry["onBody"]["chance"]}
        rows.append(row | {"passes": "yes" if entry["passes"] else "no"})
    return markdown_table(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--outlines", type=Path)
    parser.add_argument("--split", choices=("validation", "test"), default="validation")
    parser.add_argument("--images", type=int, help="default: 200 films, 300 cells")
    parser.add_argument("--shuffled", type=int, default=SHUFFLED, help="images for that check")
    parser.add_argument(
        "--candidates", nargs="+", choices=list(CANDIDATES), default=list(CANDIDATES)
    )
    parser.add_argument("--out", type=Path)
    parser.add_argument("--write", action="store_true", help="the figures into the manifest")
    arguments = parser.parse_args()
    manifest = read_manifest(arguments.package)
    rule = manifest["classifier"]["input"]
    network = PackageNetwork(arguments.package, rule["mean"], rule["std"])
    wanted = arguments.images or WANTED[manifest["task"]]
    likely = likely_images(
        network, manifest, arguments.data, arguments.split, wanted, arguments.outlines
    )
    found = measure(network, likely, arguments.candidates, arguments.shuffled)
    print(f"{manifest['id']} {manifest['version']}, {len(likely.scores)} likely images")
    print(table(found))
    if arguments.write:
        write_explanation(arguments.package, found, len(likely.scores), arguments.split)
    if arguments.out:
        about = {
            "model": manifest["id"],
            "version": manifest["version"],
            "split": arguments.split,
            "images": len(likely.scores),
            "positives": int(likely.labels.sum()),
        }
        arguments.out.write_text(json.dumps(about | {"maps": found}, indent=1) + "\n")


if __name__ == "__main__":
    main()
