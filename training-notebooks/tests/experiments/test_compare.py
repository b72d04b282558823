"""Comparisons: the networks are what they are called, trials resume, the verdict is fair."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from fieldlens_training.__main__ import main
from fieldlens_training.experiments import compare, trial
from fieldlens_training.experiments.schedules import SCHEDULES, rates
from fieldlens_training.experiments.trial import Trial, network_cost, run_trial, some_patients
from fieldlens_training.networks import candidates
from fieldlens_training.networks.candidates import CANDIDATES, Candidate
from tests.generated import write_chest


@pytest.fixture
def films(tmp_path):
    return write_chest(tmp_path / "chest_xray")


@pytest.fixture
def quick(monkeypatch):
    """Two networks of a few weights, and two shifts."""

    def build(width: int):
        return lambda channels, classes: nn.Sequential(
            nn.Conv2d(channels, width, 5, stride=4),
            *(nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(16 * width, classes)),
        )

    for name in list(CANDIDATES):
        monkeypatch.delitem(candidates.CANDIDATES, name)
    for name, width in (("narrow", 2), ("wide", 4)):
        monkeypatch.setitem(CANDIDATES, name, Candidate(name, build(width)))


@pytest.mark.parametrize("size", [32, 64, 96])
@pytest.mark.parametrize("name", list(CANDIDATES))
def test_every_network_takes_small_images_and_learns(name, size):
    torch.manual_seed(0)
    net = CANDIDATES[name].build(1, 2)
    logits = net(torch.randn(2, 1, size, size))
    assert logits.shape == (2, 2)
    logits.square().sum().backward()
    unused = [n for n, p in net.named_parameters() if p.grad is None]
    assert unused == []


def test_the_networks_have_their_layers_and_their_size():
    def convolutions(name: str) -> int:
        return sum(isinstance(m, nn.Conv2d) for m in CANDIDATES[name].build(1, 2).modules())

    counts = {name: convolutions(name) for name in CANDIDATES}
    # VGG16: 13 convolutions and 3 dense layers; AlexNet: 5 and 3; the residual ones count their
    # shortcuts: 34 = 32 + stem + dense, with 3 shortcuts; 50 = 48 + stem + dense, with 4.
    assert counts["VGG16"] == 13 and counts["AlexNet"] == 5
    assert counts["ResNet34"] == 32 + 1 + 3
    assert counts["ResNet50"] == counts["ResNet50V2"] == 48 + 1 + 4
    assert counts["DenseNet201"] == 200
    small = sum(p.numel() for p in CANDIDATES["small CNN"].build(1, 2).parameters())
    assert small == pytest.approx(0.5e6, rel=0.1)


def test_a_pre_activation_block_starts_as_the_identity_of_its_shortcut():
    block = candidates.PreActivation(16, 4, 1)
    nn.init.zeros_(block.body[-1].weight)
    x = torch.randn(2, 16, 5, 5)
    torch.testing.assert_close(block(x), x)


def test_the_cost_of_a_known_network_is_counted():
    net = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1, bias=False), nn.Flatten(), nn.Linear(256, 2))
    cost = network_cost(net, 1, 8, repeats=2)
    assert cost["parameters"] == 36 + 514
    assert cost["multiply_adds"] == 8 * 8 * 36 + 512
    assert cost["milliseconds"] > 0


def test_schedules_are_what_their_names_say():
    found = {name: np.array(rates(name, 1e-2, 90, 30)) / 1e-2 for name in SCHEDULES}
    t = np.arange(90)
    np.testing.assert_allclose(found["constant"], 1)
    np.testing.assert_allclose(found["step"], 0.1 ** (t // 30), rtol=1e-6)
    np.testing.assert_allclose(found["exponential"], 0.01 ** (t / 90), rtol=1e-6)
    np.testing.assert_allclose(found["natural exponential"], np.exp(-t / 30), rtol=1e-6)
    np.testing.assert_allclose(found["cosine"], (1 + np.cos(np.pi * t / 90)) / 2, atol=1e-6)
    np.testing.assert_allclose(found["polynomial"], (1 - t / 90) ** 2, atol=1e-6)
    np.testing.assert_allclose(found["staircase"], 0.01 ** (t // 30 / 3), rtol=1e-6)
    cycle = found["one-cycle"]
    assert np.argmax(cycle) == 17 and cycle[0] == pytest.approx(0.04)
    assert (np.diff(cycle[:18]) > 0).all() and (np.diff(cycle[17:]) < 0).all()


@pytest.mark.parametrize("total", [1, 2, 5, 10])
@pytest.mark.parametrize("name", list(SCHEDULES))
def test_the_shortest_runs_have_a_schedule(name, total):
    assert np.isfinite(rates(name, 1e-3, total, 1)).all()


def run(films, runs, *options: str) -> int:
    arguments = ["compare", "architectures", "--data", str(films), "--runs", str(runs)]
    return main([*arguments, "--size", "32", "--epochs", "2", *options])


def test_an_interrupted_comparison_goes_on_and_comes_out_the_same(
    films, quick, tmp_path, monkeypatch, capsys
):
    assert run(films, tmp_path / "whole") == 0
    whole = capsys.readouterr().out
    assert "minutes in all" in whole
    real, done = compare.run_trial, []

    def dies_at_the_third(*arguments):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(real(*arguments))
        return done[-1]

    monkeypatch.setattr(compare, "run_trial", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        run(films, tmp_path / "broken")
    monkeypatch.setattr(compare, "run_trial", real)
    assert run(films, tmp_path / "broken") == 0
    broken = capsys.readouterr().out
    assert broken.split("| run | epochs |")[1] == whole.split("| run | epochs |")[1]
    assert run(films, tmp_path / "broken") == 0
    assert "minutes in all" not in capsys.readouterr().out


def test_a_result_of_other_settings_is_not_taken(films, quick, tmp_path):
    one = Trial("architectures", "narrow", size=32, epochs=1)
    images = trial.load_images(compare.RECIPE, films, 32)
    first = run_trial(one, images, tmp_path / "a", lambda _: None)
    assert run_trial(one, None, tmp_path / "a") == first
    assert trial.read_result(replace(one, weight_decay=0.0), tmp_path / "a") is None
    (tmp_path / "a" / "result.json").write_text("{ half")
    assert trial.read_result(one, tmp_path / "a") is None


def test_a_trial_is_recorded_with_its_settings_and_figures(films, quick, tmp_path):
    client_of = pytest.importorskip("mlflow").MlflowClient
    assert run(films, tmp_path / "runs", "--seeds", "1", "--networks", "narrow") == 0
    client = client_of(tracking_uri=(tmp_path / "runs" / "mlruns").as_uri())
    experiment = client.get_experiment_by_name("architectures").experiment_id
    (recorded,) = client.search_runs([experiment])
    assert recorded.data.params["network"] == "narrow"
    result = next((tmp_path / "runs").rglob("result.json"))
    auc = json.loads(result.read_text())["figures"]["test_auc"]
    assert recorded.data.metrics["final_test_auc"] == pytest.approx(auc)


def test_the_best_schedule_is_tried_with_things_left_out(films, quick, tmp_path, capsys):
    inputs = ["--data", str(films), "--runs", str(tmp_path), "--networks", "narrow"]
    short = ["--size", "32", "--epochs", "1", "--seeds", "1"]
    assert main(["compare", "schedules", *inputs, *short]) == 0
    out = capsys.readouterr().out
    assert all(f"| {name} |" in out for name in SCHEDULES)
    assert all(f" {left} |" in out for left in compare.LEFT_OUT)
    settings = [json.loads(p.read_text())["trial"] for p in tmp_path.rglob("result.json")]
    assert len(settings) == len(SCHEDULES) + len(compare.LEFT_OUT)
    assert sum(s["clip"] is None for s in settings) == 1
    assert sum(s["weight_decay"] == 0 for s in settings) == 1
    assert sum(not s["weighted"] for s in settings) == 1


def results(**areas: list[float]) -> dict[str, list[dict]]:
    return {name: [{"figures": {"shifted_auc": a}} for a in v] for name, v in areas.items()}


def test_the_verdict_weighs_the_lead_against_the_spread_between_seeds():
    clear = compare.verdict(results(a=[0.90, 0.92], b=[0.80, 0.82]))
    assert clear.startswith("By AUC under simulated shift, a is first (0.9100 ± 0.0141)")
    assert "0.1000 apart, 7.1 times the spread between seeds (0.0141)" in clear
    level = compare.verdict(results(a=[0.90, 0.94], b=[0.89, 0.93]))
    assert "not more than the spread between seeds" in level
    assert "nothing is known of the spread" in compare.verdict(results(a=[0.9], b=[0.8]))


def test_a_subset_keeps_patients_whole_and_both_classes(films):
    training, _ = trial.load_split(compare.RECIPE, films)
    kept = some_patients(training, 0.5)
    left = [item for item in training if item not in kept]
    assert {i.patient for i in kept} & {i.patient for i in left} == set()
    assert {i.label for i in kept} == {0, 1}
    patients = len({i.patient for i in training})
    assert len({i.patient for i in kept}) == pytest.approx(patients / 2, abs=1)
