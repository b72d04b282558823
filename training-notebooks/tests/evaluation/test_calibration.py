"""Temperature and thresholds keep what they promise on the images that chose them."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from fieldlens_training.evaluation.calibration import (
    fit,
    operating_points,
    probability,
    threshold_for_sensitivity,
    threshold_for_specificity,
    threshold_of_youden,
)
from fieldlens_training.evaluation.metrics import decisions


def draw(n: int = 4000, apart: float = 3.0, seed: int = 0):
    rng = np.random.default_rng(seed)
    labels = (rng.random(n) < 0.6).astype(int)
    return labels, rng.normal(0, 1.2, n) + apart * (labels - 0.5)


def test_bias_and_temperature_undo_a_shift_and_a_scaling_of_the_logits():
    rng = np.random.default_rng(0)
    margins = rng.normal(0, 2, 20000)
    labels = (rng.random(20000) < probability(margins, 1.0)).astype(int)
    assert fit(margins, labels) == pytest.approx((0.0, 1.0), abs=0.05)
    bias, temperature = fit(margins * 3 - 1.5, labels)
    assert (bias, temperature) == pytest.approx((1.5, 3.0), abs=0.15)
    again = probability(margins * 3 - 1.5, temperature, bias)
    np.testing.assert_allclose(again, probability(margins, 1.0), atol=0.02)


def test_the_fit_is_the_one_of_scikit_learn():
    labels, margins = draw(800)
    model = LogisticRegression(C=1e9).fit(margins[:, None], labels)
    bias, temperature = fit(margins, labels)
    expected = model.predict_proba(margins[:, None])[:, 1]
    np.testing.assert_allclose(probability(margins, temperature, bias), expected, atol=1e-3)


def test_thresholds_keep_their_promise_and_are_the_furthest_that_do():
    labels, scores = draw()
    sensitive = threshold_for_sensitivity(labels, scores, 0.99)
    assert decisions(labels, scores, sensitive)["sensitivity"] >= 0.99
    higher = scores[scores >= sensitive].min() + 1e-9
    next_positive = np.sort(scores[(labels == 1) & (scores > higher)])[0]
    assert decisions(labels, scores, next_positive + 1e-9)["sensitivity"] < 0.99
    specific = threshold_for_specificity(labels, scores, 0.98)
    assert decisions(labels, scores, specific)["specificity"] >= 0.98
    below = np.sort(scores[(labels == 0) & (scores < specific)])[-1]
    assert decisions(labels, scores, below)["specificity"] < 0.98 + 1 / 1000


def test_youden_is_the_best_of_all_thresholds():
    labels, scores = draw(500)

    def index(threshold: float) -> float:
        found = decisions(labels, scores, threshold)
        return found["sensitivity"] + found["specificity"]

    assert index(threshold_of_youden(labels, scores)) == pytest.approx(max(map(index, scores)))


@pytest.mark.parametrize("apart", [0.5, 3.0, 20.0])
def test_the_points_are_in_order_and_hold_on_plain_and_shifted_images(apart):
    labels, margins = draw(apart=apart)
    plain = probability(margins, 1.5)
    shifted = {"none": plain, "darker": probability(margins * 0.6 - 0.4, 1.5)}
    points = {p.id: p.threshold for p in operating_points(labels, plain, labels, shifted)}
    assert 0 <= points["sensitive"] <= points["balanced"] <= points["specific"] <= 1
    assert decisions(labels, plain, points["sensitive"])["sensitivity"] >= 0.99
    pool = np.concatenate([*shifted.values()])
    assert decisions(np.tile(labels, 2), pool, points["sensitive"])["sensitivity"] >= 0.99


def test_a_lower_promise_gives_a_higher_threshold_that_keeps_it():
    labels, margins = draw(apart=2.0)
    plain = probability(margins, 1.0)
    usual, lower = (
        operating_points(labels, plain, labels, {"none": plain}, promised)[0]
        for promised in (0.99, 0.95)
    )
    assert lower.threshold > usual.threshold
    assert decisions(labels, plain, lower.threshold)["sensitivity"] >= 0.95
    assert lower.chosen == {"rule": "sensitivity", "atLeast": 0.95}
