"""A run can be interrupted anywhere and comes out the same."""

import json

import numpy as np
import pytest
import torch

from fieldlens_training import training
from fieldlens_training.training import Stage, stage_of, train


class Interrupted(Exception):
    pass


def averaged(path):
    return torch.load(path, weights_only=False)["averaged"]


@pytest.fixture(autouse=True)
def _few_shifts(monkeypatch):
    monkeypatch.setattr(training.augment, "SHIFTS", {"none": lambda x, g: x})


def stop_after(epochs: int):
    def say(line: str) -> None:
        if json.loads(line)["epoch"] == epochs:
            raise Interrupted

    return say


def test_a_resumed_run_gives_the_weights_of_an_uninterrupted_one(recipe, data, tmp_path):
    whole = train(recipe, data, tmp_path / "whole", say=lambda _: None)
    with pytest.raises(Interrupted):
        train(recipe, data, tmp_path / "broken", say=stop_after(1))
    torch.rand(7)  # whatever else the process did in between
    broken = train(recipe, data, tmp_path / "broken", say=lambda _: None)
    for name, value in averaged(whole).items():
        assert torch.equal(value, averaged(broken)[name]), name
    history = json.loads((tmp_path / "broken" / "history.json").read_text())
    assert [row["epoch"] for row in history] == [1, 2, 3]
    assert [row["size"] for row in history] == [32, 32, 48]
    assert (tmp_path / "broken" / "stage32.pt").exists()


def test_a_finished_run_returns_at_once(recipe, data, tmp_path, monkeypatch):
    last = train(recipe, data, tmp_path / "run", say=lambda _: None)
    monkeypatch.setattr(training, "load_split", lambda *_: pytest.fail("data was opened"))
    assert train(recipe, data, tmp_path / "run") == last


def test_an_interrupted_save_keeps_the_old_checkpoint(tmp_path, monkeypatch):
    path = tmp_path / "last.pt"
    training._save({"epoch": 1}, path)

    def dies_half_way(state, target):
        target.write_bytes(b"half a checkpoint")
        raise Interrupted

    monkeypatch.setattr(training.torch, "save", dies_half_way)
    with pytest.raises(Interrupted):
        training._save({"epoch": 2}, path)
    assert torch.load(path, weights_only=False) == {"epoch": 1}


def test_a_checkpoint_of_another_recipe_is_refused_by_name(recipe, data, tmp_path):
    from dataclasses import replace

    short = replace(recipe, stages=(Stage(32, 1, 1e-3),))
    train(short, data, tmp_path / "run", say=lambda _: None)
    with pytest.raises(ValueError, match=r"last\.pt: made by another recipe"):
        train(recipe, data, tmp_path / "run")


def test_stages_follow_each_other(recipe):
    assert stage_of(recipe, 1) == (recipe.stages[0], 0)
    assert stage_of(recipe, 2) == (recipe.stages[1], 2)
    with pytest.raises(ValueError, match="past the recipe's end"):
        stage_of(recipe, 3)


def test_changes_keep_shape_and_range():
    g = torch.Generator().manual_seed(1)
    pixels = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (8, 40, 40), np.uint8))
    changed = training.augment.augment_batch(pixels, 32, g)
    assert changed.shape == (8, 1, 32, 32)
    assert changed.min() >= 0 and changed.max() <= 1
    assert torch.isfinite(changed).all()
