"""Writes and checks a package's ``manifest.json``.

The contract is ``src/lib/models/manifest.ts``; ``schemas/manifest.schema.json`` is made
from it. Nothing is written that the app would refuse.
"""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import numpy as np
import torch
from jsonschema.exceptions import best_match

from ..data.colours import LEAST, RADIUS, TARGET
from ..data.images import to_values
from ..data.reference_images import pack, reference_images
from ..data.tasks import TASKS, Task
from ..evaluation.assess import Assessment
from ..evaluation.metrics import reliability_bins
from ..evaluation.recognition import Recognition
from ..quantisation.fold import DISTANCE, INPUT, LOGITS
from .export import Exported, file_entry
from .graph_model import GraphModel

SCHEMA = Path(__file__).resolve().parents[3] / "schemas" / "manifest.schema.json"
SCHEMA_VERSION = "2.0"

MOST_PACKAGE_BYTES = 256 * 1024 * 1024
MOST_UNPACKED_OF_ONE = 1032
"""Bytes that deflate makes of one at most (RFC 1951: 258 bytes of two bits)."""


EVEN_COLOURS = {"target": list(TARGET), "radius": RADIUS, "least": LEAST}
"""How the colours are made even where the task asks for it (``data.colours``)."""


class ManifestError(Exception):
    """A manifest breaks the contract; the message names the file and the field."""


def input_rule(size: int, task: Task) -> dict:
    """How the app makes the network's input from an image."""
    return {
        "name": INPUT,
        "width": size,
        "height": size,
        "channels": task.channels,
        "resize": "squash",
        "filter": "pillow-bicubic",
        "mean": list(task.mean),
        "std": list(task.std),
        **({} if task.even is None else {"evenColours": EVEN_COLOURS}),
        "layout": "NHWC",
    }


def build_manifest(
    identity: dict[str, str],
    exported: Exported,
    size: int,
    task: Task,
    found: Assessment,
    known: Recognition,
    entries: list[dict],
    stored: dict,
    card: dict,
) -> dict:
    """Put a package's manifest together.

    ``identity``: ``id``, ``version``, ``licence``; ``entries``: figures by data set;
    ``stored``: see ``storage.storage_entry``.
    """
    files = [file_entry(path) for path in exported.files]
    return {
        "$schema": "../../../schemas/manifest.schema.json",
        "schemaVersion": SCHEMA_VERSION,
        "id": identity["id"],
        "version": identity["version"],
        "task": task.id,
        "licence": identity["licence"],
        "files": files,
        "totalBytes": sum(entry["bytes"] for entry in files),
        "region": None,
        "classifier": {
            "files": [entry["path"] for entry in files],
            "input": input_rule(size, task),
            "outputs": {
                "logits": LOGITS,
                "distance": DISTANCE,
                "classes": list(task.file.classes),
                "positiveClass": 1,
            },
            "storage": stored,
        },
        **measured_fields(found, entries),
        "defaultOperatingPoint": "sensitive",
        "recognition": known.entry(),
        "referenceVectors": reference_vectors(exported.files[0].parent, size, task),
        "card": card,
    }


def measured_fields(found: Assessment, entries: list[dict]) -> dict:
    """The manifest's fields that validation gives."""
    validation = next(e for e in entries if e["role"] == "validation")
    points = [
        {
            "id": point.id,
            "threshold": point.threshold,
            "chosen": point.chosen,
            "validation": {
                key: validation["operatingPoints"][point.id][key]
                for key in ("sensitivity", "specificity")
            },
        }
        for point in found.points
    ]
    return {
        "calibration": {
            "method": "temperature",
            "temperature": found.temperature,
            "expectedCalibrationErrorBefore": round(found.error_before, 6),
            "expectedCalibrationErrorAfter": round(found.error_after, 6),
            "bins": reliability_bins(found.labels, found.plain),
        },
        "operatingPoints": points,
        "metrics": entries,
    }


def reference_vectors(folder: Path, size: int, task: Task) -> list[dict]:
    """Generated inputs with the outputs of the package in ``folder``, read back from disk."""
    model, even = GraphModel(folder), task.even
    vectors = []
    for name, image in reference_images(size, task).items():
        values = to_values(torch.from_numpy(image[None]))
        if even is not None:
            values = even(values)
        found = model.run(task.standardise(values).permute(0, 2, 3, 1).numpy())
        shown = values[0, 0] if task.channels == 1 else values[0].permute(1, 2, 0)
        pixels = np.rint(shown.numpy() * 255).astype(np.uint8)
        vector = {
            "id": name,
            "pixels": pack(pixels),
            LOGITS: [round(float(v), 6) for v in found[LOGITS][0]],
        }
        if DISTANCE in found:
            vector[DISTANCE] = round(float(found[DISTANCE][0, 0]), 6)
        vectors.append(vector)
    return vectors


def check_manifest(manifest: dict, path: Path, schema: Path = SCHEMA) -> None:
    """Raise ``ManifestError`` where the app would refuse ``manifest``."""
    try:
        rules = json.loads(schema.read_text())
    except (OSError, ValueError) as error:
        raise ManifestError(f"{schema}: cannot be read ({error})") from error
    fault = best_match(jsonschema.Draft7Validator(rules).iter_errors(manifest))
    if fault is not None:
        raise ManifestError(f"{path}: {fault.json_path}: {fault.message[:200]}")
    if contradiction := _contradiction(manifest):
        raise ManifestError(f"{path}: {contradiction}")


def _contradiction(m: dict) -> str | None:
    """The rules between fields of ``findContradiction`` in ``manifest-rules.ts``."""
    return (
        _file_fault(m) or _network_fault(m) or _task_fault(m) or _vector_fault(m) or _point_fault(m)
    )


def _file_fault(m: dict) -> str | None:
    total = sum(file["bytes"] for file in m["files"])
    unpacked = sum(file.get("unpackedBytes", file["bytes"]) for file in m["files"])
    names = [file["path"] for file in m["files"]]
    if total != m["totalBytes"]:
        return f"totalBytes is {m['totalBytes']}, but the files add up to {total}"
    for i, file in enumerate(m["files"]):
        if ("encoding" in file) != ("unpackedBytes" in file):
            return f"files.{i}.unpackedBytes goes with encoding: both or neither"
        if file.get("unpackedBytes", 0) > MOST_UNPACKED_OF_ONE * file["bytes"]:
            return f"files.{i}.unpackedBytes is more than {file['bytes']} bytes can hold"
    if unpacked > MOST_PACKAGE_BYTES:
        return f"files unpack to more than {MOST_PACKAGE_BYTES} bytes"
    if len(set(names)) != len(names):
        return "files names a file twice"
    if m["classifier"]["files"][0] != "model.json":
        return "classifier.files.0 must be model.json"
    used = m["classifier"]["files"] + (m["region"] or {"files": []})["files"]
    if sorted(used) != sorted(names):
        return "files are not those of the networks, each once"
    return None


def _network_fault(m: dict) -> str | None:
    for field in ("classifier", "region"):
        rule = (m[field] or {"input": {"channels": 0, "mean": [], "std": []}})["input"]
        if not len(rule["mean"]) == len(rule["std"]) == rule["channels"]:
            return f"{field}.input.mean needs one mean and one std a channel"
    outputs, region = m["classifier"]["outputs"], m["region"]
    if (m["recognition"] is not None) != ("distance" in outputs):
        return "recognition goes with outputs.distance: both or neither"
    if region is None:
        return "recognition.shape goes with region" if "shape" in (m["recognition"] or {}) else None
    low, high = region["crop"]["percentiles"]
    if low >= high:
        return "region.crop.percentiles must rise"
    sides = {m["classifier"]["input"][side] for side in ("width", "height")}
    if sides != {region["crop"]["size"]}:
        return "region.crop.size is not the side of the classifier's input"
    return None


def _task_fault(m: dict) -> str | None:
    if m["task"] not in TASKS:
        return f"task is none of {', '.join(TASKS)}"
    task, outputs = TASKS[m["task"]], m["classifier"]["outputs"]
    if m["classifier"]["input"]["channels"] != task.channels:
        return f"classifier.input.channels is {task.channels} for {task.id}"
    if sorted(outputs["classes"]) != sorted(task.file.classes):
        return f"classifier.outputs.classes must be {', '.join(task.file.classes)}"
    if outputs["classes"].index(task.file.classes[1]) != outputs["positiveClass"]:
        return f"classifier.outputs.positiveClass must be of {task.file.classes[1]}"
    return None


def _vector_fault(m: dict) -> str | None:
    steps = {
        "distance": ("distance" in m["classifier"]["outputs"], "outputs.distance"),
        "film": (m["region"] is not None, "region"),
        "crop": (m["region"] is not None, "region"),
    }
    for i, vector in enumerate(m["referenceVectors"]):
        for step, (is_there, other) in steps.items():
            if (step in vector) != is_there:
                return f"referenceVectors.{i}.{step} goes with {other}: in every vector or in none"
    return None


def _point_fault(m: dict) -> str | None:
    if m["defaultOperatingPoint"] not in {point["id"] for point in m["operatingPoints"]}:
        return "defaultOperatingPoint is not one of operatingPoints"
    thresholds = [point["threshold"] for point in m["operatingPoints"]]
    if thresholds != sorted(thresholds):
        return "operatingPoints are not of rising threshold"
    return None


def read_manifest(folder: Path) -> dict:
    """Read ``folder/manifest.json``; ``ManifestError`` names it when it cannot be read."""
    path = Path(folder) / "manifest.json"
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise ManifestError(f"{path}: cannot be read ({error})") from error


def write_manifest(manifest: dict, folder: Path) -> Path:
    """Check ``manifest``, then write it whole or not at all."""
    path = Path(folder) / "manifest.json"
    check_manifest(manifest, path)
    _write_json(path, manifest)
    return path


def list_packages(models: Path) -> Path:
    """Write ``models/index.json``: the ids of the packages in ``models``."""
    ids = sorted(path.parent.name for path in Path(models).glob("*/manifest.json"))
    _write_json(models / "index.json", {"models": ids})
    return models / "index.json"


def _write_json(path: Path, content: dict) -> None:
    part = path.with_suffix(".part")
    text = json.dumps(content, indent="\t", ensure_ascii=False, allow_nan=False)
    part.write_text(text + "\n", encoding="utf-8")
    part.replace(path)
