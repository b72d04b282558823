"""A package is given the finder, and its vectors say what each step makes of a film."""

import base64
import json
import shutil
import zlib
from pathlib import Path

import numpy as np
import pytest

from fieldlens_training.data.tasks import task_of
from fieldlens_training.package.graph_model import GraphModel
from fieldlens_training.package.manifest import check_manifest, read_manifest
from fieldlens_training.regions.lung_crop import crop_lungs
from fieldlens_training.regions.package_region import TASK, add_region, find, reference_films

ROOT = Path(__file__).resolve().parents[3]
FINDER = ROOT / "training-notebooks/runs/lung-finder/package"
SHIPPED = ROOT / "static/models/pneumonia-resnet34"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    folder = tmp_path_factory.mktemp("package") / SHIPPED.name
    shutil.copytree(SHIPPED, folder)
    add_region(folder, FINDER)
    return folder


def test_the_manifest_is_one_that_the_app_takes(package):
    manifest = read_manifest(package)
    check_manifest(manifest, package / "manifest.json")
    assert manifest["region"]["crop"]["size"] == manifest["classifier"]["input"]["width"]
    for file in manifest["files"]:
        assert (package / file["path"]).stat().st_size == file["bytes"]


def test_adding_it_again_changes_nothing(package):
    before = (package / "manifest.json").read_text()
    add_region(package, FINDER)
    assert (package / "manifest.json").read_text() == before


def test_the_vectors_are_the_crops_of_their_films(package):
    def unpacked(text, side):
        values = zlib.decompress(base64.b64decode(text), -15)
        return np.frombuffer(values, np.uint8).reshape(side, side)

    manifest = read_manifest(package)
    size = manifest["region"]["crop"]["size"]
    finder, output = GraphModel(FINDER), manifest["region"]["output"]["mask"]
    films = reference_films(task_of(TASK))
    assert [v["id"] for v in manifest["referenceVectors"]] == list(films)
    for vector in manifest["referenceVectors"]:
        film = unpacked(vector["film"], 224)
        assert (film == films[vector["id"]]).all()
        crop = crop_lungs(film, find(finder, output, film), size)
        assert (unpacked(vector["pixels"], size) == crop).all()


def test_the_app_s_tests_have_the_same_films_and_boxes(package):
    kept = json.loads((ROOT / "tests/unit/fixtures/finder.json").read_text())["references"]
    vectors = read_manifest(package)["referenceVectors"]
    assert [(v["id"], v["film"], v["crop"]) for v in vectors] == [
        (v["id"], v["film"], v["crop"]) for v in kept
    ]
