"""The manifest is complete, keeps the contract, and takes the figures of an evaluation."""

import base64
import csv
import json

import numpy as np
import pytest
import torch

from fieldlens_training.__main__ import main
from fieldlens_training.data import tasks
from fieldlens_training.data.images import DataError, load_all, to_values
from fieldlens_training.data.reference_images import pack, reference_images, resize_cases, unpack
from fieldlens_training.evaluation import metrics
from fieldlens_training.evaluation.calibration import probability
from fieldlens_training.experiments import quantisation_study
from fieldlens_training.package import activation_ranges
from fieldlens_training.package.graph_model import GraphModel
from fieldlens_training.package.manifest import (
    SCHEMA,
    SCHEMA_VERSION,
    ManifestError,
    check_manifest,
    read_manifest,
    write_manifest,
)
from fieldlens_training.package.publish import publish
from fieldlens_training.training import recipes
from fieldlens_training.training.record import record_run


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


def test_an_exported_package_is_complete_and_keeps_the_contract(shipped):
    manifest = read_manifest(shipped / "tiny")
    check_manifest(manifest, shipped)
    assert json.loads((shipped / "index.json").read_text()) == {"models": ["tiny"]}
    names = {path.name for path in (shipped / "tiny").iterdir()}
    assert names == {file["path"] for file in manifest["files"]} | {"manifest.json"}
    assert [p["id"] for p in manifest["operatingPoints"]] == ["sensitive", "balanced", "specific"]
    promised = manifest["operatingPoints"][0]["validation"]["sensitivity"]["value"]
    assert promised >= 0.99
    assert [e["role"] for e in manifest["metrics"]] == ["validation", "shift"]
    assert len(manifest["referenceVectors"]) >= 3
    rule = manifest["classifier"]["input"]
    sides = rule["height"], rule["width"]
    for vector in manifest["referenceVectors"]:
        assert unpack(vector["pixels"], sides).shape == sides


def test_the_packages_probabilities_are_those_that_were_measured(shipped, recipe, data):
    manifest = read_manifest(shipped / "tiny")
    _, validation = recipes.load_split(recipe, data)
    rule = manifest["classifier"]["input"]
    pixels = load_all(validation, rule["height"], 1)
    x = ((pixels / 255 - rule["mean"][0]) / rule["std"][0])[..., None]
    logits = GraphModel(shipped / "tiny").run(x)["logits"]
    scores = probability(logits[:, 1] - logits[:, 0], manifest["calibration"]["temperature"])
    labels = np.array([item.label for item in validation])
    entry = next(e for e in manifest["metrics"] if e["role"] == "validation")
    for point in manifest["operatingPoints"]:
        measured = entry["operatingPoints"][point["id"]]["confusion"]
        assert metrics.confusion(labels, scores, point["threshold"]) == measured
    error = metrics.expected_calibration_error(labels, scores)
    assert error == pytest.approx(
        manifest["calibration"]["expectedCalibrationErrorAfter"], abs=1e-3
    )


def test_contradictions_are_refused_by_name(shipped):
    manifest = read_manifest(shipped / "tiny")
    names = manifest["classifier"]["files"]
    outputs = manifest["classifier"]["outputs"]

    def classifier(**changes):
        return {"classifier": manifest["classifier"] | changes}

    for change, message in (
        ({"totalBytes": 5}, "totalBytes is 5"),
        ({"defaultOperatingPoint": "bold"}, "defaultOperatingPoint"),
        (classifier(files=names[::-1]), r"classifier\.files\.0 must be model\.json"),
        (classifier(files=[*names[:-1], "other.bin"]), "not those of the networks"),
        (classifier(outputs=outputs | {"positiveClass": 0}), r"positiveClass must be of pneumonia"),
        (classifier(outputs=outputs | {"classes": ["well", "ill"]}), "must be normal, pneumonia"),
        ({"task": "malaria-cell"}, "channels is 3 for malaria-cell"),
        ({"task": "moles"}, "task is none of"),
        ({"id": "Not an id"}, r"\$\.id"),
        ({"card": {}}, r"\$\.card"),
    ):
        with pytest.raises(ManifestError, match=message):
            check_manifest({**manifest, **change}, shipped / "manifest.json")


def test_a_rule_for_other_images_goes_with_its_distance(shipped):
    full = read_manifest(shipped / "tiny")
    path = shipped / "manifest.json"
    outputs = {k: v for k, v in full["classifier"]["outputs"].items() if k != "distance"}
    classifier = full["classifier"] | {"outputs": outputs}
    vectors = full["referenceVectors"]
    bare = [{k: v for k, v in vector.items() if k != "distance"} for vector in vectors]
    without = {"recognition": None, "classifier": classifier, "referenceVectors": bare}
    check_manifest(full | without, path)
    for missing, message in (
        ({"recognition": None}, r"recognition goes with outputs\.distance"),
        ({"classifier": classifier}, r"recognition goes with outputs\.distance"),
        ({"referenceVectors": [*vectors[:1], *bare[1:]]}, r"Vectors\.1\.dist"),
        ({"recognition": full["recognition"] | {"threshold": 0}}, r"\$\.recognition"),
        (without | {"referenceVectors": vectors}, r"referenceVectors\.0\.distance"),
    ):
        with pytest.raises(ManifestError, match=message):
            check_manifest(full | missing, path)


def test_a_refused_manifest_leaves_the_old_one(shipped):
    manifest = read_manifest(shipped / "tiny")
    with pytest.raises(ManifestError):
        write_manifest({**manifest, "totalBytes": 1}, shipped / "tiny")
    assert read_manifest(shipped / "tiny") == manifest


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


def _column(folder, name):
    with (folder / "results.csv").open(newline="", encoding="utf-8-sig") as file:
        return [row[name] for row in csv.DictReader(file)]


def _area(folder):
    return json.loads((folder / "metrics.json").read_text())["auc"]


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


def test_generated_images_are_packed_without_loss():
    for task in (tasks.CHEST, tasks.MALARIA):
        for pixels in reference_images(64, task).values():
            assert pixels.dtype == np.uint8
            assert np.array_equal(unpack(pack(pixels), pixels.shape), pixels)


def test_the_fixture_of_the_app_is_what_pillow_gives():
    path = SCHEMA.parents[1] / "tests" / "unit" / "fixtures" / "pillow.json"
    if not path.exists():
        pytest.skip("the app's tests are not here")
    assert json.loads(path.read_text())["cases"] == resize_cases()


def test_ranges_are_added_and_nothing_else_changes(shipped, data, monkeypatch):
    monkeypatch.setattr(activation_ranges, "PLAIN", 6)
    monkeypatch.setattr(activation_ranges, "SHIFTED", 3)
    before = read_manifest(shipped / "tiny")
    arguments = ["ranges", "tiny", "--data", str(data), "--out", str(shipped)]
    assert main([*arguments, "--package-version", "1.0.1"]) == 0
    after = read_manifest(shipped / "tiny")
    found = after["classifier"].pop("activations")
    assert after == before | {"version": "1.0.1"}
    assert found["images"] == 6 + 2 * 3
    model = GraphModel(shipped / "tiny")
    read = {n["input"][0] for n in model.nodes.values() if n["op"] == "_FusedConv2D"}
    assert set(found["ranges"]) == read - {"input"}


def test_no_value_that_was_measured_is_beyond_its_range(shipped, data):
    folder = shipped / "tiny"
    items, _ = recipes.load_split(recipes.RECIPES["tiny"], data)
    size = read_manifest(folder)["classifier"]["input"]["width"]
    pixels = load_all(items[:4], size, 1)
    x = tasks.CHEST.normalise(to_values(torch.from_numpy(pixels)))
    model = activation_ranges.ObservedModel(folder)
    model.run(x.permute(0, 2, 3, 1).numpy())
    for name, largest in model.ranges.items():
        assert largest.ndim == 1 and largest.max() > 0, name
        packed = activation_ranges.pack(largest)
        codes = np.frombuffer(base64.b64decode(packed["channels"]), np.uint8).astype(float)
        unpacked = activation_ranges.unpack(packed)
        assert len(codes) == len(largest)
        assert (unpacked * 1.000001 >= largest).all()
        near = largest > packed["largest"] * 2**-15
        assert (unpacked[near] <= largest[near] * 1.05).all()
