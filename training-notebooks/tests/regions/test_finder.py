"""The finder's size, its file, its training and what it finds on drawn films."""

import json

import numpy as np
import pytest
import torch

from fieldlens_training.regions.agreement import dice, summary
from fieldlens_training.regions.found import (
    Found,
    find_outlines,
    load_finder,
    read_outlines,
    save_finder,
    write_outlines,
)
from fieldlens_training.regions.network import LungFinder, multiplications
from fieldlens_training.regions.outlines import load_pairs, split_outlined
from fieldlens_training.regions.quality import Quality
from fieldlens_training.regions.train_finder import Recipe, train

from .drawn import draw_data

SMALL = Recipe(epochs=2, batch=4, size=64, widths=(4, 8, 8, 8))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return draw_data(tmp_path_factory.mktemp("drawn"))


def test_the_shipped_size_is_within_its_budget():
    net = LungFinder()
    assert sum(p.numel() for p in net.parameters()) < 500_000
    assert multiplications() < 200e6
    assert net.eval()(torch.zeros(1, 1, 112, 112)).shape == (1, 1, 56, 56)


def test_dice_is_twice_the_overlap_over_the_sum():
    first = np.array([[[1, 1, 0, 0]], [[0, 0, 0, 0]]], bool)
    second = np.array([[[0, 1, 1, 1]], [[0, 0, 0, 0]]], bool)
    assert dice(first, second).tolist() == [2 / 5, 1]


def test_the_worst_are_named():
    found = summary(np.concatenate([np.full(98, 0.96), [0.5, 0.7]]))
    assert found["worst_2_percent"] == pytest.approx(0.6)
    assert found["lowest"] == 0.5


def test_no_patient_is_in_both_parts(data):
    training, validation = split_outlined(data, 0.25)
    assert training and validation
    assert not {i.patient for i in training} & {i.patient for i in validation}


def test_films_and_outlines_belong_together(data):
    items, _ = split_outlined(data, 0.25)
    pairs = load_pairs(data, items, 112, 112)
    inside = np.array([f[m > 200].mean() for f, m in zip(pairs.films, pairs.masks, strict=True)])
    outside = np.array([f[m < 50].mean() for f, m in zip(pairs.films, pairs.masks, strict=True)])
    assert (outside - inside > 20).all()


def test_a_run_that_was_cut_goes_on_as_if_it_had_not(data, tmp_path):
    whole = train(data, tmp_path / "whole", SMALL)["log"]
    stopped = tmp_path / "stopped"

    class Stop(Exception):
        pass

    def stop_after_one(_line):
        raise Stop

    with pytest.raises(Stop):
        train(data, stopped, SMALL, say=stop_after_one)
    resumed = train(data, stopped, SMALL)["log"]
    assert [e["loss"] for e in resumed] == [e["loss"] for e in whole]
    assert json.loads((stopped / "run.json").read_text())["recipe"]["batch"] == 4


def test_it_learns_to_find_drawn_lungs(data, tmp_path):
    recipe = Recipe(epochs=25, batch=8, size=64, widths=(4, 8, 8, 8), rate=1e-2, averaging=0.8)
    log = train(data, tmp_path / "run", recipe, say=lambda line: None)["log"]
    assert log[-1]["validation"]["mean"] > 0.85


def test_a_saved_finder_finds_the_same(tmp_path):
    torch.manual_seed(1)
    net = LungFinder((4, 8, 8, 8))
    for _ in range(3):
        net(torch.randn(4, 1, 64, 64))
    films = np.random.default_rng(0).integers(0, 256, (3, 224, 224)).astype(np.uint8)
    save_finder(net.half().float(), tmp_path / "finder.pt")
    before = find_outlines(net.eval(), films)
    after = find_outlines(load_finder(tmp_path / "finder.pt"), films)
    for one, other in zip(before, after, strict=True):
        assert np.array_equal(one.mask, other.mask)


def test_outlines_are_kept_by_path(tmp_path):
    mask = np.zeros((224, 224), bool)
    mask[3:9, 100:] = True
    write_outlines(["a/b.png"], [Found(mask, Quality(("one-lung",)))], tmp_path / "o.npz")
    assert np.array_equal(read_outlines(tmp_path / "o.npz")["a/b.png"], mask)
