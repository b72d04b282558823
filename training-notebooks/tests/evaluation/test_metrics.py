"""The figures are those of scikit-learn, and their intervals behave like intervals."""

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    precision_score,
    recall_score,
    roc_auc_score,
)

from fieldlens_training.evaluation import metrics


@pytest.fixture
def scored():
    rng = np.random.default_rng(1)
    labels = (rng.random(400) < 0.7).astype(int)
    scores = np.round(1 / (1 + np.exp(-(rng.normal(0, 1.3, 400) + 1.5 * labels - 0.7))), 2)
    return labels, scores, np.repeat(np.arange(100), 4)


def test_decisions_are_those_of_scikit_learn(scored):
    labels, scores, _ = scored
    called = scores >= 0.5
    found = metrics.decisions(labels, scores, 0.5)
    assert found["accuracy"] == pytest.approx(accuracy_score(labels, called))
    assert found["sensitivity"] == pytest.approx(recall_score(labels, called))
    assert found["specificity"] == pytest.approx(recall_score(1 - labels, ~called))
    assert found["precision"] == pytest.approx(precision_score(labels, called))
    assert found["f1"] == pytest.approx(f1_score(labels, called))


def test_a_score_on_the_threshold_counts_as_positive():
    cells = metrics.confusion(np.array([0, 1, 1]), np.array([0.2, 0.5, 0.4]), 0.5)
    assert cells == {
        "truePositive": 1,
        "falsePositive": 0,
        "trueNegative": 1,
        "falseNegative": 1,
    }


def test_each_bootstrap_sample_has_the_auc_of_its_images(scored):
    labels, scores, _ = scored
    weights = np.random.default_rng(2).integers(0, 4, (5, len(labels)))
    found = metrics._Ranks(labels, scores).area(weights.astype(float))
    for row, area in zip(weights, found, strict=True):
        expected = roc_auc_score(np.repeat(labels, row), np.repeat(scores, row))
        assert area == pytest.approx(expected)


def test_intervals_hold_the_value_and_widen_when_images_share_patients(scored):
    labels, scores, _ = scored
    order = np.lexsort((scores, labels))  # alike images together: patients of four
    alone, _ = metrics.intervals(labels, scores, np.arange(400), {"p": 0.5})
    shared, points = metrics.intervals(
        labels[order], scores[order], np.repeat(np.arange(100), 4), {"p": 0.5}
    )
    assert alone["low"] < alone["value"] < alone["high"]
    assert shared["high"] - shared["low"] > 1.5 * (alone["high"] - alone["low"])
    for name in metrics.DECISIONS:
        assert points["p"][name]["low"] <= points["p"][name]["value"] <= points["p"][name]["high"]


def test_intervals_are_the_same_every_time(scored):
    assert metrics.intervals(*scored, {"p": 0.4}) == metrics.intervals(*scored, {"p": 0.4})


def test_a_data_set_of_one_class_has_no_auc_and_no_specificity():
    labels, scores = np.ones(6, int), np.linspace(0, 1, 6)
    area, points = metrics.intervals(labels, scores, range(6), {"p": 0.5}, folds=50)
    assert area == {"value": None, "low": None, "high": None}
    assert points["p"]["specificity"]["value"] is None
    assert points["p"]["sensitivity"]["value"] == 0.5
    assert metrics.roc_points(labels, scores) == []


def test_the_thinned_roc_curve_keeps_its_ends_and_its_area():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 3000)
    scores = labels * 0.8 + rng.normal(0, 1, 3000)
    points = np.array(metrics.roc_points(labels, scores))
    assert len(points) <= 200
    assert points[0].tolist() == [0, 0]
    assert points[-1].tolist() == [1, 1]
    assert (np.diff(points, axis=0) >= 0).all()
    area = np.trapezoid(points[:, 1], points[:, 0])
    assert area == pytest.approx(roc_auc_score(labels, scores), abs=2e-3)


def test_the_calibration_error_of_known_bins():
    labels = np.array([0, 0, 1, 1, 1, 1])
    scores = np.array([0.1, 0.1, 0.1, 0.1, 0.9, 1.0])
    assert metrics.expected_calibration_error(labels, scores, 10) == pytest.approx(
        (4 * 0.4 + 2 * 0.05) / 6
    )
    assert sum(b["count"] for b in metrics.reliability_bins(labels, scores)) == 6
