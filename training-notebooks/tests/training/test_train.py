"""A run can be interrupted anywhere and comes out the same."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from fieldlens_training.data import tasks
from fieldlens_training.data.images import DataError
from fieldlens_training.networks.network import build_network
from fieldlens_training.training import checkpoints, distillation, recipes, schedule
from fieldlens_training.training import train as training
from fieldlens_training.training.checkpoints import read_checkpoint
from fieldlens_training.training.recipes import Stage, stage_of
from fieldlens_training.training.train import train


class Interrupted(Exception):
    pass


def averaged(path):
    return read_checkpoint(path)["averaged"]


@pytest.fixture(autouse=True)
def _few_shifts(monkeypatch):
    for task in (tasks.CHEST, tasks.MALARIA):
        quick = replace(task, shifts={"none": lambda x, g: x})
        monkeypatch.setitem(tasks.TASKS, task.id, quick)


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
    assert (tmp_path / "broken" / "stage1.pt").exists()


def test_a_finished_run_returns_at_once(recipe, data, tmp_path, monkeypatch):
    last = train(recipe, data, tmp_path / "run", say=lambda _: None)
    monkeypatch.setattr(training, "load_split", lambda *_: pytest.fail("data was opened"))
    assert train(recipe, data, tmp_path / "run") == last


def test_an_interrupted_save_keeps_the_old_checkpoint(tmp_path, monkeypatch):
    path = tmp_path / "last.pt"
    checkpoints.write({"epoch": 1}, path)

    def dies_half_way(state, target):
        target.write_bytes(b"half a checkpoint")
        raise Interrupted

    monkeypatch.setattr(checkpoints.torch, "save", dies_half_way)
    with pytest.raises(Interrupted):
        checkpoints.write({"epoch": 2}, path)
    assert torch.load(path) == {"epoch": 1}


def test_a_checkpoint_of_another_recipe_is_refused_by_name(recipe, data, tmp_path):
    short = replace(recipe, stages=(Stage(32, 1, 2e-3),))
    train(short, data, tmp_path / "run", say=lambda _: None)
    with pytest.raises(DataError, match=r"last\.pt: made by another recipe"):
        train(recipe, data, tmp_path / "run")


def test_a_checkpoint_with_a_class_in_it_is_refused(tmp_path):
    path = tmp_path / "last.pt"
    torch.save({"recipe": Stage(32, 1, 1e-3), "averaged": {}, "history": []}, path)
    with pytest.raises(DataError, match=r"last\.pt: is no checkpoint"):
        read_checkpoint(path)
    torch.save({"averaged": {}}, path)
    with pytest.raises(DataError, match="a part is missing"):
        read_checkpoint(path)


def test_the_rate_rises_to_its_peak_and_falls_to_a_thousandth():
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    cycle, rates = schedule.one_cycle(optimiser, 0.5, 101), []
    for _ in range(101):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        cycle.step()
    assert rates[0] == pytest.approx(0.5 / 25) and rates[-1] == pytest.approx(0.5 / 1000)
    top = rates.index(max(rates))
    assert max(rates) == pytest.approx(0.5, rel=1e-3) and top in (19, 20)
    assert rates[:top] == sorted(rates[:top]) and rates[top:] == sorted(rates[top:], reverse=True)
    for short in (1, 2, 5):
        assert schedule.one_cycle(optimiser, 0.5, short)


def test_the_averaged_weights_follow_with_a_decay_that_grows():
    net = torch.nn.BatchNorm1d(1)
    average = schedule.moving_average(net, 0.998)
    expected = 0.0
    for n, value in enumerate((4.0, 8.0, -2.0, 5.0)):
        with torch.no_grad():
            net.weight.fill_(value)
            net.num_batches_tracked.fill_(n)
        average.update_parameters(net)
        decay = min(0.998, (1 + n) / (10 + n)) if n else 0.0  # PyTorch copies the first
        expected = decay * expected + (1 - decay) * value
    assert average.module.weight.item() == pytest.approx(expected, abs=1e-6)
    assert int(average.module.num_batches_tracked) == 3


def test_stages_follow_each_other(recipe):
    assert stage_of(recipe, 1) == (recipe.stages[0], 0)
    assert stage_of(recipe, 2) == (recipe.stages[1], 2)
    with pytest.raises(ValueError, match="past the recipe's end"):
        stage_of(recipe, 3)


def test_changes_keep_shape_and_range():
    g = torch.Generator().manual_seed(1)
    pixels = torch.from_numpy(np.random.default_rng(0).integers(0, 256, (8, 40, 40), np.uint8))
    changed = tasks.CHEST.augment(pixels, 32, g, 1.0)
    assert changed.shape == (8, 1, 32, 32)
    assert changed.min() >= 0 and changed.max() <= 1
    assert torch.isfinite(changed).all()


def test_changes_of_cells_keep_shape_and_range_and_some_cells_on_black():
    g = torch.Generator().manual_seed(1)
    pixels = torch.zeros((8, 40, 40, 3), dtype=torch.uint8)
    pixels[:, 12:28, 12:28] = torch.tensor([200, 150, 160], dtype=torch.uint8)
    changed = tasks.MALARIA.augment(pixels, 32, g, 1.0)
    assert changed.shape == (8, 3, 32, 32)
    assert changed.min() >= 0 and changed.max() <= 1
    assert torch.isfinite(changed).all()
    corners = changed[:, :, 0, 0].amax(1)
    assert 0 < (corners == 0).sum() < 8 and changed[:, :, 16, 16].max() > 0.2
    for name, change in tasks.MALARIA.shifts.items():
        shifted = change(pixels.permute(0, 3, 1, 2) / 255, g)
        assert shifted.shape == (8, 3, 40, 40) and torch.isfinite(shifted).all(), name


def test_a_finished_run_goes_on_with_the_stages_that_its_recipe_got(recipe, data, tmp_path):
    first = replace(recipe, stages=recipe.stages[:1])
    train(first, data, tmp_path / "run", say=lambda _: None)
    train(recipe, data, tmp_path / "run", say=lambda _: None)
    history = json.loads((tmp_path / "run" / "history.json").read_text())
    assert [row["size"] for row in history] == [32, 32, 48]


def test_a_student_needs_its_teacher_and_follows_it(recipe, data, tmp_path, monkeypatch):
    teacher = replace(recipe, name="teacher", seed=2)
    student = replace(
        recipe,
        teachers=("teacher",),
        stages=tuple(replace(stage, distillation=1.0) for stage in recipe.stages),
    )
    monkeypatch.setitem(recipes.RECIPES, "teacher", teacher)
    with pytest.raises(DataError, match="teacher of tiny is missing"):
        train(student, data, tmp_path / "tiny", say=lambda _: None)
    train(teacher, data, tmp_path / "teacher", say=lambda _: None)
    train(student, data, tmp_path / "tiny", say=lambda _: None)
    (net,) = distillation.load_teachers(student, tmp_path)
    assert not any(p.requires_grad for p in net.parameters())


def test_a_run_without_a_teacher_goes_on_with_one(recipe, data, tmp_path, monkeypatch):
    monkeypatch.setitem(recipes.RECIPES, "teacher", replace(recipe, name="teacher", seed=2))
    train(recipes.RECIPES["teacher"], data, tmp_path / "teacher", say=lambda _: None)
    train(recipe, data, tmp_path / "run", say=lambda _: None)
    more = (*recipe.stages, Stage(48, 1, 1e-3, distillation=0.5))
    longer = replace(recipe, teachers=("teacher",), stages=more)
    last = train(longer, data, tmp_path / "run", say=lambda _: None)
    assert len(read_checkpoint(last)["history"]) == 4


def test_the_loss_is_that_of_pytorch_and_pulls_towards_the_teacher():
    torch.manual_seed(0)
    logits, labels = torch.randn(6, 2), torch.tensor([0, 1, 1, 0, 1, 1])
    weights = torch.tensor([2.0, 0.75])
    hard = torch.nn.functional.one_hot(labels, 2).float()
    found = distillation.distilled_loss(logits, hard, weights)
    assert found == pytest.approx(
        float(torch.nn.functional.cross_entropy(logits, labels, weight=weights)), abs=1e-6
    )
    own = torch.softmax(logits / distillation.TEMPERATURE, 1)
    assert distillation.distilled_loss(logits, hard, weights, own, 1.0) == pytest.approx(
        0, abs=1e-6
    )


def test_a_frozen_stage_changes_the_last_layer_alone(recipe, data, tmp_path):
    torch.manual_seed(recipe.seed)
    before = build_network(recipe.architecture, 1).state_dict()
    frozen = replace(recipe, stages=(Stage(32, 1, 1e-3, frozen=True),))
    last = train(frozen, data, tmp_path / "run", say=lambda _: None)
    after = read_checkpoint(last)["net"]
    weights = [name for name in before if name.endswith("weight") and "running" not in name]
    assert [n for n in weights if not torch.equal(before[n], after[n])] == ["fc.weight"]


def test_colour_cells_are_trained_on_by_patient(recipe, tmp_path):
    rng = np.random.default_rng(3)
    for folder, level in (("Uninfected", 190), ("Parasitized", 120)):
        (tmp_path / "train" / folder).mkdir(parents=True)
        for i in range(24):
            pixels = rng.normal(level, 30, (30, 34, 3)).clip(0, 255).astype(np.uint8)
            name = f"C{i % 8 + 1}P1ThinF_cell_{i}.png"
            Image.fromarray(pixels).save(tmp_path / "train" / folder / name)
    cells = replace(recipe, task=tasks.MALARIA.id, mix=1.0)
    training_items, validation_items = recipes.load_split(cells, tmp_path)
    patients = [{i.patient for i in items} for items in (training_items, validation_items)]
    assert not patients[0] & patients[1] and len(patients[0] | patients[1]) == 8
    last = train(cells, tmp_path, tmp_path / "run", say=lambda _: None)
    assert averaged(last)["conv1.weight"].shape[1] == 3


PEERS = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[3:]
import torch
torch.set_num_threads(1)
from tests import conftest
from fieldlens_training.networks import network
from fieldlens_training.training import recipes, train
network.ARCHITECTURES["tiny"] = conftest.tiny
recipe = recipes.Recipe("tiny", "tiny", (recipes.Stage(32, 1, 1e-3),), batch=8,
                         validation_fraction=0.3)
train.train(recipe, Path(sys.argv[1]), Path(sys.argv[2]), say=print)
"""


def test_two_processes_train_one_network(data, tmp_path):
    script = tmp_path / "peers.py"
    script.write_text(PEERS)
    root = Path(__file__).resolve().parents[2]
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    arguments = [script, data, tmp_path / "run", root]
    done = subprocess.run(
        [*launch, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count('"epoch": 1') == 1
    assert len(read_checkpoint(tmp_path / "run" / "last.pt")["history"]) == 1
