"""The commands of the package, and the record of a run."""

import pytest

from fieldlens_training.__main__ import main
from fieldlens_training.experiments import quantisation_study
from fieldlens_training.training.record import record_run


def test_the_commands_name_what_is_wrong(shipped, data, tmp_path, capsys):
    bad = tmp_path / "bad.pt"
    bad.write_bytes(b"no checkpoint")
    inputs = ["tiny", "--data", str(data), "--out", str(tmp_path / "out")]
    assert main(["export", *inputs, "--checkpoint", str(bad)]) == 2
    assert f"{bad}: is no checkpoint" in capsys.readouterr().err
    assert main(["train", "tiny", "--data", str(tmp_path / "none"), "--runs", str(tmp_path)]) == 2
    assert str(tmp_path / "none" / "train") in capsys.readouterr().err


def test_sizes_and_losses_are_printed_as_tables(shipped, data, tmp_path, capsys):
    inputs = ["tiny", "--data", str(data), "--runs", str(tmp_path / "runs")]
    assert main(["sizes", *inputs, "--sizes", "32", "40"]) == 0
    assert "mean of shifts" in capsys.readouterr().out
    assert main(["quantisation", *inputs, "--size", "32"]) == 0
    assert quantisation_study.SHIPPED in capsys.readouterr().out


def test_a_run_is_recorded_once(shipped, recipe, tmp_path):
    client_of = pytest.importorskip("mlflow").MlflowClient
    store = tmp_path / "mlruns"
    for _ in range(2):
        run = record_run(recipe, tmp_path / "runs" / "tiny", store)
    client = client_of(tracking_uri=store.as_uri())
    experiment = client.get_experiment_by_name("tiny").experiment_id
    assert [r.info.run_id for r in client.search_runs([experiment])] == [run]
    assert len(client.get_metric_history(run, "validation_auc")) == 3
