"""A reader of lungs becomes a package that the app takes."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from fieldlens_training.data.images import changed, list_images, to_values
from fieldlens_training.data.tasks import CHEST
from fieldlens_training.package.graph_model import GraphModel
from fieldlens_training.package.manifest import check_manifest
from fieldlens_training.regions.crop_changes import CropChanges
from fieldlens_training.regions.crops import load_films
from fieldlens_training.regions.found import find_outlines, load_finder
from fieldlens_training.regions.outlines import CLASSES
from fieldlens_training.regions.reader import LUNGS
from fieldlens_training.regions.ship_reader import LungReader, ship, stages_of
from fieldlens_training.regions.train_reader import ReaderRecipe, load_reader, split_films, train

from .drawn import draw_data

FINDER = Path(__file__).resolve().parents[2] / "runs/lung-finder"
SIZE = 64


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return draw_data(tmp_path_factory.mktemp("drawn"), 40)


@pytest.fixture(scope="module")
def run(data, tmp_path_factory):
    items = list_images(data / "chest_xray", "train", CLASSES, CHEST.patient_of)
    found = find_outlines(load_finder(FINDER / "finder.pt"), load_films(items))
    outlines = {
        str(item.path.relative_to(data)): each.mask for item, each in zip(items, found, strict=True)
    }
    first = tmp_path_factory.mktemp("first")
    recipe = ReaderRecipe("slim", ((1, 48),), batch=8)
    train(data, outlines, first, recipe, CropChanges(), lambda _: None)
    second = tmp_path_factory.mktemp("second")
    recipe = ReaderRecipe("slim", ((1, 48), (2, SIZE)), batch=8, checkpoint=str(first / "last.pt"))
    train(data, outlines, second, recipe, CropChanges(), lambda _: None)
    return second


@pytest.fixture(scope="module")
def package(data, run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "lungs-slim"
    manifest = ship(data, run, FINDER, folder, "1.0.0", None, say=lambda _: None)
    return folder, manifest


def test_the_app_would_take_it(package):
    folder, manifest = package
    assert json.loads((folder / "manifest.json").read_text()) == manifest
    check_manifest(manifest, folder / "manifest.json")
    assert manifest["region"]["crop"]["size"] == SIZE
    assert manifest["classifier"]["input"]["mean"] == list(LUNGS.mean)
    assert json.loads((folder.parent / "index.json").read_text()) == {"models": ["lungs-slim"]}


def test_the_card_says_how_the_weights_came_about(package, run):
    training = package[1]["card"]["training"]
    assert training["stages"] == [{"epochs": 2, "size": 48}, {"epochs": 2, "size": SIZE}]
    assert training["start"] == "random"
    assert stages_of(run)[0] == "random"


def test_the_stored_network_answers_as_the_trained_one(package, data, run):
    folder, manifest = package
    net, _ = load_reader(run)
    _, held = split_films(data, 0.12)
    crops = LungReader(load_finder(FINDER / "finder.pt"), SIZE).read(load_films(held))
    x = LUNGS.normalise(to_values(torch.from_numpy(crops)))
    logits = GraphModel(folder).run(x.permute(0, 2, 3, 1).numpy())["logits"]
    exact = net(x).detach().numpy()
    stored = logits[:, 1] - logits[:, 0] - manifest["card"]["training"]["bias"]
    assert np.abs(stored - (exact[:, 1] - exact[:, 0])).max() < 0.2


def test_a_film_under_a_change_stays_a_film(data):
    items = list_images(data / "chest_xray", "train", CLASSES, CHEST.patient_of)[:5]
    films = load_films(items)
    assert np.array_equal(changed(films, CHEST.shifts["none"]), films)
    darker = changed(films, CHEST.shifts["darker"])
    assert darker.dtype == np.uint8 and darker.shape == films.shape
    assert darker.mean() < films.mean() - 5


def test_a_film_without_lungs_is_not_read():
    reader = LungReader(load_finder(FINDER / "finder.pt"), SIZE)
    flat = np.full((2, 224, 224), 90, np.uint8)
    crops, seen = reader.crops(flat)
    assert not seen.any() and not crops.any()
    assert len(reader.read(flat)) == 0
