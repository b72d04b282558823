"""A package stored in fewer bytes says what it said before, or is not written."""

import numpy as np
import pytest

from fieldlens_training.__main__ import main
from fieldlens_training.package import storage
from fieldlens_training.package.graph_model import GraphModel
from fieldlens_training.package.manifest import check_manifest, read_manifest
from fieldlens_training.quantisation import bit_budget


@pytest.fixture
def command(shipped, data, tmp_path, monkeypatch):
    """Runs ``requantise`` on the tiny package; extra arguments last. Returns the exit code."""
    monkeypatch.setattr(bit_budget, "FINE_WEIGHTS", 200)

    def run(*more: str) -> int:
        arguments = ["requantise", "tiny", "--data", str(data), "--models", str(shipped)]
        return main([*arguments, "--out", str(tmp_path / "out"), *more])

    return run


def weight_bytes(manifest: dict) -> int:
    return sum(file["bytes"] for file in manifest["files"][1:])


def test_it_is_smaller_and_says_the_same(shipped, command, tmp_path):
    assert command("--package-version", "1.1.0", "--bits", "5") == 0
    before, after = read_manifest(shipped / "tiny"), read_manifest(tmp_path / "out" / "tiny")
    check_manifest(after, tmp_path)
    assert after["version"] == "1.1.0"
    assert weight_bytes(after) < weight_bytes(before)
    names = {path.name for path in (tmp_path / "out" / "tiny").iterdir()}
    assert names == {file["path"] for file in after["files"]} | {"manifest.json"}
    for kept in ("region", "defaultOperatingPoint", "task"):
        assert after[kept] == before[kept]
    assert after["classifier"]["input"] == before["classifier"]["input"]
    assert after["calibration"]["temperature"] == before["calibration"]["temperature"]
    assert after["recognition"]["threshold"] == before["recognition"]["threshold"]
    for one, other in zip(before["operatingPoints"], after["operatingPoints"], strict=True):
        assert one["threshold"] == other["threshold"]
    assert [entry["role"] for entry in after["metrics"]] == ["validation", "shift"]
    assert after["classifier"]["storage"]["decisionsChanged"].keys() == {
        "sensitive",
        "balanced",
        "specific",
    }
    assert after["classifier"]["storage"]["logOddsChange"]["largest"] > 0
    for one, other in zip(before["referenceVectors"], after["referenceVectors"], strict=True):
        assert one["pixels"] == other["pixels"]
        np.testing.assert_allclose(one["logits"], other["logits"], atol=0.3)
    assert list((tmp_path / "out").glob("*.part")) == []


def test_the_graph_is_the_same_but_for_weights_and_biases(shipped, command, tmp_path):
    assert command("--package-version", "1.1.0", "--bits", "5") == 0
    before, after = GraphModel(shipped / "tiny"), GraphModel(tmp_path / "out" / "tiny")
    assert before.nodes == after.nodes
    assert before.signature == after.signature
    changed = {n for n, w in before.weights.items() if not np.array_equal(w, after.weights[n])}
    assert changed
    assert {name.split("/")[1] for name in changed} <= {"weight", "bias"}
    assert not any(name.startswith("distance/") for name in changed)


def test_one_that_says_something_else_is_not_written(shipped, command, tmp_path, capsys):
    assert command("--package-version", "1.1.0", "--bits", "0.3") == 2
    assert "use more --bits" in capsys.readouterr().err
    assert list((tmp_path / "out").iterdir()) == []


def test_figures_under_shift_may_stay_and_say_whose_they_are(shipped, command, tmp_path):
    assert command("--package-version", "1.1.0", "--bits", "5", "--keep-shifts") == 0
    before, after = read_manifest(shipped / "tiny"), read_manifest(tmp_path / "out" / "tiny")
    shift, kept = before["metrics"][1], after["metrics"][1]
    assert kept == shift | {"measuredWith": "1.0.0"}
    assert "measuredWith" not in after["metrics"][0]


def test_new_weights_need_a_new_version(command, capsys):
    assert command("--package-version", "1.0.0") == 2
    assert "is version 1.0.0 already" in capsys.readouterr().err


def test_how_far_is_too_far():
    stored = {
        "n": 400,
        "auc": {"before": 0.99, "after": 0.9891},
        "decisionsChanged": {"sensitive": 2, "balanced": 0},
    }
    assert storage.too_far(stored) is None
    assert "AUC" in storage.too_far(stored | {"auc": {"before": 0.99, "after": 0.9889}})
    fault = storage.too_far(stored | {"decisionsChanged": {"sensitive": 0, "balanced": 3}})
    assert "3 of 400" in fault
    assert "balanced" in fault
