"""The manifest is complete and keeps the contract."""

import json

import numpy as np
import pytest

from fieldlens_training.data.images import load_all
from fieldlens_training.data.reference_images import unpack
from fieldlens_training.evaluation import metrics
from fieldlens_training.evaluation.calibration import probability
from fieldlens_training.package.graph_model import GraphModel
from fieldlens_training.package.manifest import (
    ManifestError,
    check_manifest,
    read_manifest,
    write_manifest,
)
from fieldlens_training.training import recipes


def test_an_exported_package_is_complete_and_keeps_the_contract(shipped):
    manifest = read_manifest(shipped / "tiny")
    check_manifest(manifest, shipped)
    assert json.loads((shipped / "index.json").read_text()) == {"models": ["tiny"]}
    names = {path.name for path in (shipped / "tiny").iterdir()}
    assert names == {file["path"] for file in manifest["files"]} | {"manifest.json"}
    assert [p["id"] for p in manifest["operatingPoints"]] == ["sensitive", "balanced", "specific"]
    promised = manifest["operatingPoints"][0]["validation"]["sensitivity"]["value"]
    assert promised >= 0.99
    assert [e["role"] for e in manifest["metrics"]] == ["validation", "shift"]
    assert len(manifest["referenceVectors"]) >= 3
    rule = manifest["classifier"]["input"]
    sides = rule["height"], rule["width"]
    for vector in manifest["referenceVectors"]:
        assert unpack(vector["pixels"], sides).shape == sides


def test_the_packages_probabilities_are_those_that_were_measured(shipped, recipe, data):
    manifest = read_manifest(shipped / "tiny")
    _, validation = recipes.load_split(recipe, data)
    rule = manifest["classifier"]["input"]
    pixels = load_all(validation, rule["height"], 1)
    x = ((pixels / 255 - rule["mean"][0]) / rule["std"][0])[..., None]
    logits = GraphModel(shipped / "tiny").run(x)["logits"]
    scores = probability(logits[:, 1] - logits[:, 0], manifest["calibration"]["temperature"])
    labels = np.array([item.label for item in validation])
    entry = next(e for e in manifest["metrics"] if e["role"] == "validation")
    for point in manifest["operatingPoints"]:
        measured = entry["operatingPoints"][point["id"]]["confusion"]
        assert metrics.confusion(labels, scores, point["threshold"]) == measured
    error = metrics.expected_calibration_error(labels, scores)
    assert error == pytest.approx(
        manifest["calibration"]["expectedCalibrationErrorAfter"], abs=1e-3
    )


def test_contradictions_are_refused_by_name(shipped):
    manifest = read_manifest(shipped / "tiny")
    names = manifest["classifier"]["files"]
    outputs = manifest["classifier"]["outputs"]

    def classifier(**changes):
        return {"classifier": manifest["classifier"] | changes}

    for change, message in (
        ({"totalBytes": 5}, "totalBytes is 5"),
        ({"defaultOperatingPoint": "bold"}, "defaultOperatingPoint"),
        (classifier(files=names[::-1]), r"classifier\.files\.0 must be model\.json"),
        (classifier(files=[*names[:-1], "other.bin"]), "not those of the networks"),
        (classifier(outputs=outputs | {"positiveClass": 0}), r"positiveClass must be of pneumonia"),
        (classifier(outputs=outputs | {"classes": ["well", "ill"]}), "must be normal, pneumonia"),
        ({"task": "malaria-cell"}, "channels is 3 for malaria-cell"),
        ({"task": "moles"}, "task is none of"),
        ({"id": "Not an id"}, r"\$\.id"),
        ({"card": {}}, r"\$\.card"),
    ):
        with pytest.raises(ManifestError, match=message):
            check_manifest({**manifest, **change}, shipped / "manifest.json")


def test_a_rule_for_other_images_goes_with_its_distance(shipped):
    full = read_manifest(shipped / "tiny")
    path = shipped / "manifest.json"
    outputs = {k: v for k, v in full["classifier"]["outputs"].items() if k != "distance"}
    classifier = full["classifier"] | {"outputs": outputs}
    vectors = full["referenceVectors"]
    bare = [{k: v for k, v in vector.items() if k != "distance"} for vector in vectors]
    without = {"recognition": None, "classifier": classifier, "referenceVectors": bare}
    check_manifest(full | without, path)
    for missing, message in (
        ({"recognition": None}, r"recognition goes with outputs\.distance"),
        ({"classifier": classifier}, r"recognition goes with outputs\.distance"),
        ({"referenceVectors": [*vectors[:1], *bare[1:]]}, r"Vectors\.1\.dist"),
        ({"recognition": full["recognition"] | {"threshold": 0}}, r"\$\.recognition"),
        (without | {"referenceVectors": vectors}, r"referenceVectors\.0\.distance"),
    ):
        with pytest.raises(ManifestError, match=message):
            check_manifest(full | missing, path)


def test_a_refused_manifest_leaves_the_old_one(shipped):
    manifest = read_manifest(shipped / "tiny")
    with pytest.raises(ManifestError):
        write_manifest({**manifest, "totalBytes": 1}, shipped / "tiny")
    assert read_manifest(shipped / "tiny") == manifest
