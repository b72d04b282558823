"""Training and measuring a reader of lungs, on drawn films."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from fieldlens_training.data.images import DataError
from fieldlens_training.regions.crop_changes import (
    CropChanges,
    change_crops,
    smooth,
    stretch_greys,
    wobble,
)
from fieldlens_training.regions.crops import exact_crops, loose_crops
from fieldlens_training.regions.lung_crop import smoothed
from fieldlens_training.regions.outlines import load_mask, mask_path
from fieldlens_training.regions.reader import figures, threshold_at
from fieldlens_training.regions.report import balanced_threshold
from fieldlens_training.regions.teach import softened
from fieldlens_training.regions.train_reader import ReaderRecipe, load_reader, split_films, train

from .drawn import draw_data


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return draw_data(tmp_path_factory.mktemp("drawn"))


@pytest.fixture(scope="module")
def outlines(data):
    training, held = split_films(data, 0.25)
    return {
        str(item.path.relative_to(data)): load_mask(mask_path(data, item)) > 127
        for item in training + held
    }


def test_the_threshold_keeps_the_sensitivity():
    scores = np.arange(200.0)
    labels = np.repeat([0, 1], 100)
    at = threshold_at(labels, scores, 0.99)
    assert at == 101
    assert figures(labels, scores, at) == {
        "n": 200,
        "auc": 1.0,
        "sensitivity": 0.99,
        "specificity": 1.0,
    }


def test_the_balanced_threshold_parts_the_classes():
    labels = np.array([0, 0, 1, 0, 1, 1])
    scores = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    # 0.3: all positives, two of three negatives; 0.5: two of three and all.
    assert balanced_threshold(labels, scores) == 0.3


def test_loose_crops_are_smoothed_like_the_film():
    rng = np.random.default_rng(0)
    film = rng.integers(0, 256, (1, 248, 248)).astype(np.uint8)
    loose = smooth(torch.from_numpy(film).unsqueeze(1).float() / 255)[0, 0].numpy()
    assert np.abs(loose * 255 - smoothed(film[0])).max() <= 0.51


def test_surroundings_do_not_reach_the_network(data, outlines):
    items, _ = split_films(data, 0.25)
    bank = loose_crops(data, items[:4], outlines, 80)
    films, masks = torch.from_numpy(bank.films), torch.from_numpy(bank.masks)
    still = CropChanges(coarse=0, sharpness=0, noise=0, jpeg=0)
    far = torch.nn.functional.max_pool2d(masks.float().unsqueeze(1), 31, 1, 15)[:, 0] == 0
    changed = torch.where(far, 255 - films, films)
    assert (changed != films).any()
    first, second = (
        change_crops(some, masks, 64, torch.Generator().manual_seed(5), still)
        for some in (films, changed)
    )
    assert torch.equal(first, second)
    assert first.max() > 0.5


def test_the_stretch_is_that_of_the_mask():
    g = torch.Generator().manual_seed(0)
    films = torch.rand(2, 1, 40, 40) * 0.2 + 0.4
    films[:, :, :10] = 1
    masks = torch.ones_like(films)
    masks[:, :, :10] = 0
    inside = stretch_greys(films, masks, g)[:, :, 10:]
    assert inside.mean() == pytest.approx(0.5, abs=0.03)
    assert (inside == 0).float().mean() < 0.03


def test_the_outline_moves_but_stays_about_the_same():
    g = torch.Generator().manual_seed(0)
    masks = torch.zeros(8, 1, 64, 64)
    masks[:, :, 12:52, 10:54] = 1
    moved = wobble(masks, g, 0.18)
    overlap = 2 * (moved * masks).sum(dim=(1, 2, 3)) / (moved + masks).sum(dim=(1, 2, 3))
    assert (overlap > 0.8).all()
    assert (overlap < 0.999).any()


def test_a_film_without_lungs_is_black(data, outlines):
    items, _ = split_films(data, 0.25)
    name = str(items[0].path.relative_to(data))
    empty = {name: np.zeros((224, 224), bool)}
    assert not exact_crops(data, items[:1], empty, 32).any()


def test_a_cut_run_goes_on_and_is_measured(data, outlines, tmp_path):
    recipe = ReaderRecipe("slim", ((1, 32), (1, 48)), batch=4, validation_fraction=0.25)

    class Stop(Exception):
        pass

    def stop(_line):
        raise Stop

    lines: list[str] = []
    train(data, outlines, tmp_path / "whole", recipe, CropChanges(), lines.append)
    with pytest.raises(Stop):
        train(data, outlines, tmp_path / "cut", recipe, CropChanges(), stop)
    again: list[str] = []
    train(data, outlines, tmp_path / "cut", recipe, CropChanges(), again.append)
    first, record = load_reader(tmp_path / "whole")
    second, _ = load_reader(tmp_path / "cut")
    assert record["log"][-1]["size"] == 48
    for one, other in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_reader_learns_from_another(data, outlines, tmp_path):
    small = ReaderRecipe("slim", ((1, 32),), batch=4, validation_fraction=0.25)
    train(data, outlines, tmp_path / "teacher", small, CropChanges(), lambda _: None)
    items, _ = split_films(data, 0.25)
    said = softened(data, items, outlines, [tmp_path / "teacher"])
    assert said.shape == (len(items),) and ((said > 0) & (said < 1)).all()
    file = tmp_path / "said.npz"
    names = np.array([str(item.path.relative_to(data)) for item in items])
    np.savez(file, paths=names, probabilities=said)
    alone, taught = (
        replace(small, teacher=teacher, distillation=1.0, bank=48, seed=1)
        for teacher in ("", str(file))
    )
    train(data, outlines, tmp_path / "alone", alone, CropChanges(), lambda _: None)
    train(data, outlines, tmp_path / "taught", taught, CropChanges(), lambda _: None)
    nets = [load_reader(tmp_path / name)[0] for name in ("alone", "taught")]
    pairs = zip(nets[0].parameters(), nets[1].parameters(), strict=True)
    assert any(not torch.equal(one, other) for one, other in pairs)
    np.savez(file, paths=names[1:], probabilities=said[1:])
    with pytest.raises(DataError, match="says nothing of"):
        train(data, outlines, tmp_path / "missing", taught, CropChanges(), lambda _: None)
