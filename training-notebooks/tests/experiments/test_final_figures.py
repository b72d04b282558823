"""The final figures come from the browser's files, and the worst mistakes are the worst."""

import json

import pytest

from fieldlens_training.data.images import DataError
from fieldlens_training.data.tasks import CHEST
from fieldlens_training.experiments import final_figures
from tests.generated import write_chest, write_results

ENTRY = {
    "id": "kermany-test",
    "role": "test",
    "n": 24,
    "positives": 12,
    "patients": 12,
    "auc": {"value": 0.9, "low": 0.85, "high": 0.95},
    "operatingPoints": {
        point: {
            name: {"value": value, "low": value - 0.1, "high": 1.0}
            for name in ("accuracy", "sensitivity", "specificity", "precision", "f1")
        }
        for point, value in (("sensitive", 0.99), ("balanced", 0.96))
    },
}


def manifest(**changes) -> dict:
    points = [{"id": "sensitive", "threshold": 0.1}, {"id": "balanced", "threshold": 0.6}]
    base = {"version": "1.0.0", "task": CHEST.id, "metrics": [ENTRY], "operatingPoints": points}
    return base | {"recognition": None, "card": {"subgroups": []}} | changes


@pytest.fixture
def found(tmp_path):
    images = write_chest(tmp_path / "chest_xray") / "test"
    write_results(tmp_path / "out" / "test", images, "pneumonia-resnet34")
    (found,) = final_figures.find_evaluations(tmp_path / "out")
    return found


def test_figures_of_another_version_or_other_images_are_not_the_manifests(found):
    area = {**ENTRY["auc"], "value": found.said["auc"]}
    same = manifest(metrics=[ENTRY | {"auc": area}])
    assert final_figures.published_as(found, {"pneumonia-resnet34": same}) == "kermany-test"
    for change in (
        {"version": "1.0.1"},
        {"metrics": [ENTRY | {"auc": area, "n": 23}]},
        {"metrics": [ENTRY | {"auc": {**area, "value": area["value"] + 0.001}}]},
        {"metrics": []},
    ):
        assert final_figures.published_as(found, {"pneumonia-resnet34": same | change}) is None
    assert final_figures.published_as(found, {}) is None


def test_the_worst_mistakes_come_first(found):
    worst = final_figures.mistakes(found, CHEST, most=3)
    assert [m.label for m in worst[:2]] == [0, 1]
    assert worst[1].path == "test/PNEUMONIA/person0_virus_0.png"
    assert worst[0].distance == pytest.approx(0.9)
    assert worst[2].distance < 0.2


def test_an_image_of_no_class_is_named(found):
    path = found.folder / "results.csv"
    path.write_text(path.read_text("utf-8-sig").replace("test/NORMAL/", "test/other/"))
    with pytest.raises(DataError, match=r"results\.csv: test/other/.* lies in no folder"):
        final_figures.mistakes(found, CHEST)


def test_goals_are_said_to_be_reached_only_when_they_are():
    rows = final_figures.goal_rows({"pneumonia-resnet34": manifest()})
    assert [(r["figure"], r["reached"]) for r in rows] == [
        ("AUC", "no"),
        ("sensitivity at sensitive", "yes"),
        ("specificity at sensitive", "yes"),
        ("accuracy at balanced", "yes"),
    ]
    assert final_figures.goal_rows({"pneumonia-resnet34": manifest(metrics=[])}) == []


def test_ours_stand_beside_the_published_of_the_same_task_only():
    rows = final_figures.comparison_rows({"pneumonia-resnet34": manifest()})
    assert [r["system"].split(" ")[0] for r in rows[:2]] == ["**pneumonia-resnet34"] * 2
    assert "0.900 (0.850 to 0.950)" in rows[0]["AUC"]
    assert not any("Rajaraman" in r["system"] for r in rows)
    assert final_figures.comparison_rows({}) == []


def test_what_is_recognised_is_shown_with_its_shares():
    recognition = {
        "method": "distance",
        "threshold": 3.0,
        "bytes": 1000,
        "validation": {"n": 200, "flagged": 0.01},
        "rejected": [{"id": "noise", "n": 50, "share": 0.98}],
        "outside": [{"id": "adults", "n": 500, "share": 0.4}],
    }
    rows = final_figures.recognition_rows({"a": manifest(recognition=recognition), "b": manifest()})
    assert [(r["model"], r["n"], r["flagged"]) for r in rows] == [
        ("a", 200, "1.0%"),
        ("a", 50, "98.0%"),
        ("a", 500, "40.0%"),
    ]


def test_a_difference_is_said_with_its_direction():
    other = manifest(metrics=[ENTRY | {"auc": {"value": 0.93, "low": 0.92, "high": 0.96}}])
    said = final_figures.difference_text({"a": other, "b": manifest()}, "a", "b")
    assert "0.0300 higher, and the intervals overlap" in said
    far = manifest(metrics=[ENTRY | {"auc": {"value": 0.7, "low": 0.6, "high": 0.8}}])
    assert "0.2000 lower." in final_figures.difference_text({"a": far, "b": manifest()}, "a", "b")
    assert final_figures.difference_text({"a": other}, "a", "b") is None


def test_a_folder_without_packages_is_named(tmp_path):
    with pytest.raises(DataError, match="no package with a manifest"):
        final_figures.read_packages(tmp_path)


def test_a_folder_without_results_is_left_out(tmp_path):
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "metrics.json").write_text(json.dumps({"n": 1}))
    assert final_figures.find_evaluations(tmp_path) == []
