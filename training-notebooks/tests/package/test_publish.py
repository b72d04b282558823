"""The figures of an evaluation are published in the manifest, or refused by name."""

import csv
import json

import numpy as np
import pytest

from fieldlens_training.__main__ import main
from fieldlens_training.data.images import DataError
from fieldlens_training.evaluation import metrics
from fieldlens_training.package.manifest import (
    SCHEMA_VERSION,
    check_manifest,
    read_manifest,
)
from fieldlens_training.package.publish import publish


def write_evaluation(
    folder, version="1.0.0", model="tiny", unknown=None, backend="wasm", moved=(), count=60
):
    """``unknown``: how many images are not recognised; None of a model without a rule.

    ``moved``: places of the images whose score is 0 and whose category is another.
    """
    rng = np.random.default_rng(4)
    folder.mkdir()
    rows, labels, scores = [], [], []
    for i in range(count):
        label = i % 3 > 0
        germ = "virus" if i % 3 == 1 else "bacteria"
        name = f"PNEUMONIA/person{i // 6}_{germ}_{i}.jpeg" if label else f"NORMAL/IM-{i:04d}.jpeg"
        score = float(np.round(np.clip(rng.normal(0.35 + 0.3 * label, 0.2), 0, 1), 6))
        category = "not recognised" if i < (unknown or 0) else "likely"
        if i in moved:
            score, category = 0.0, "not seen"
        rows.append([name, score, category, "balanced", model, version, backend, "t", ""])
        labels.append(int(label))
        scores.append(score)
    rows.append(["NORMAL/notes.txt", "", "", "", "", "", "", "t", "not an image"])
    head = "path,score,category,operating_point,model,model_version,backend,time,reason"
    with (folder / "results.csv").open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([head.split(","), *rows])
    area = metrics.auc(np.array(labels), np.array(scores))
    share = None if unknown is None else {"count": unknown, "share": unknown / count}
    said = {"n": count, "auc": area, "notRecognised": share}
    (folder / "metrics.json").write_text(json.dumps(said))
    return folder


def test_an_evaluation_is_published_with_intervals_and_subgroups(shipped, tmp_path):
    folder = write_evaluation(tmp_path / "evaluation", unknown=2)
    publish(shipped, "tiny", folder, "test", folds=200)
    publish(shipped, "tiny", folder, "test", folds=200)
    manifest = read_manifest(shipped / "tiny")
    check_manifest(manifest, shipped)
    (entry,) = [e for e in manifest["metrics"] if e["role"] == "test"]
    assert (entry["n"], entry["positives"]) == (60, 40)
    assert entry["auc"]["low"] < entry["auc"]["value"] < entry["auc"]["high"]
    assert (entry["id"], entry["unreadable"], entry["backend"]) == ("kermany-test", 1, "wasm")
    assert entry["command"].startswith("npm run evaluate -- --model tiny")
    assert entry["notRecognised"]["count"] == 2
    groups = manifest["card"]["subgroups"]
    assert [(g["id"], g["dataSet"], g["measure"], g["n"]) for g in groups] == [
        ("bacterial", "kermany-test", "sensitivity", 20),
        ("viral", "kermany-test", "sensitivity", 20),
    ]


def test_the_share_that_is_not_recognised_is_published_with_the_rule(shipped, tmp_path):
    folder = shipped / "tiny"
    found = write_evaluation(tmp_path / "found", unknown=3)
    assert publish(shipped, "tiny", found, "test", folds=50)["notRecognised"] == {
        "count": 3,
        "share": 0.05,
    }
    assert read_manifest(folder)["metrics"][-1]["notRecognised"]["count"] == 3
    old = write_evaluation(tmp_path / "old")
    with pytest.raises(DataError, match="another rule"):
        publish(shipped, "tiny", old, "test", folds=50)
    said = json.loads((found / "metrics.json").read_text())
    (found / "metrics.json").write_text(json.dumps(said | {"notRecognised": {"count": 2}}))
    with pytest.raises(DataError, match=r"3 images not recognised.*disagree"):
        publish(shipped, "tiny", found, "test", folds=50)


def test_it_is_published_how_far_int8_agrees(shipped, tmp_path):
    manifest = read_manifest(shipped / "tiny")
    thresholds = {p["id"]: p["threshold"] for p in manifest["operatingPoints"]}
    exact = write_evaluation(tmp_path / "exact", unknown=0)
    scores = np.array(_column(exact, "score")[:60], dtype=float)
    moved = [int(i) for i in np.argsort(scores)[-2:]]
    whole = write_evaluation(tmp_path / "whole", unknown=0, backend="int8", moved=moved)
    entry = publish(shipped, "tiny", exact, "test", folds=50, integer=whole)
    found = entry["int8"]
    assert found["sameCategory"] == 58
    assert found["decisionsChanged"] == dict.fromkeys(thresholds, 2)
    areas = [_area(folder) for folder in (exact, whole)]
    assert list(found["auc"].values()) == pytest.approx(areas, abs=1e-6)
    assert found["command"].endswith("--backend int8")
    after = read_manifest(shipped / "tiny")
    check_manifest(after, shipped)
    assert after["schemaVersion"] == SCHEMA_VERSION
    # Published again without it the entry says nothing that was not measured.
    assert "int8" not in publish(shipped, "tiny", exact, "test", folds=50)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"backend": "wasm"}, "must be read with --backend int8"),
        ({"version": "0.9.0"}, r"made with version 0\.9\.0"),
        ({"count": 54}, "not of the same images"),
    ],
)
def test_whole_numbers_of_something_else_are_refused(shipped, tmp_path, changes, message):
    exact = write_evaluation(tmp_path / "exact", unknown=0)
    whole = write_evaluation(tmp_path / "whole", unknown=0, **{"backend": "int8", **changes})
    with pytest.raises(DataError, match=message):
        publish(shipped, "tiny", exact, "test", folds=50, integer=whole)


def test_exporting_the_same_weights_again_keeps_what_was_published(shipped, recipe, data, tmp_path):
    publish(shipped, "tiny", write_evaluation(tmp_path / "evaluation", unknown=0), "test", folds=50)
    inputs = ["tiny", "--data", str(data), "--runs", str(tmp_path / "runs")]
    assert main(["export", *inputs, "--out", str(shipped)]) == 0
    assert [e["role"] for e in read_manifest(shipped / "tiny")["metrics"]][-1] == "test"
    assert main(["export", *inputs, "--out", str(shipped), "--size", "40"]) == 0
    manifest = read_manifest(shipped / "tiny")
    assert "test" not in [e["role"] for e in manifest["metrics"]]
    assert manifest["card"]["subgroups"] == []


def test_figures_of_another_version_or_model_are_not_published(shipped, tmp_path):
    old = write_evaluation(tmp_path / "old", version="0.9.0")
    with pytest.raises(DataError, match=r"made with version 0\.9\.0"):
        publish(shipped, "tiny", old, "test")
    other = write_evaluation(tmp_path / "other", model="malaria")
    with pytest.raises(DataError, match=r"line 2 is of model malaria"):
        publish(shipped, "tiny", other, "test")
    (old / "metrics.json").write_text(json.dumps({"n": 59, "auc": 0.5}))
    with pytest.raises(DataError, match="disagree"):
        publish(shipped, "tiny", old, "test")
    with pytest.raises(DataError, match="missing: is no result"):
        publish(shipped, "tiny", tmp_path / "missing", "test")


def _column(folder, name):
    with (folder / "results.csv").open(newline="", encoding="utf-8-sig") as file:
        return [row[name] for row in csv.DictReader(file)]


def _area(folder):
    return json.loads((folder / "metrics.json").read_text())["auc"]
