"""A slide's share against SciPy's own intervals and cases that are counted by hand."""

import numpy as np
import pytest
from scipy import stats

from fieldlens_training.evaluation.slide_share import Rate, counted_share, field_worth, true_share

SURE = Rate(0.9, 200)
CLEAR = Rate(0.99, 150)


def test_one_field_has_the_exact_interval():
    share = counted_share(np.array([7]), np.array([100]))
    exact = stats.binomtest(7, 100).proportion_ci(method="exact")
    assert (share.low, share.high) == pytest.approx((exact.low, exact.high), rel=1e-6)


def test_no_hit_leaves_an_interval_from_nothing():
    share = counted_share(np.array([0, 0]), np.array([60, 40]))
    assert (share.value, share.low) == (0, 0)
    assert share.high == pytest.approx(1 - 0.025 ** (1 / 100), rel=1e-6)


def test_fields_that_differ_are_worth_fewer_trials():
    trials = np.array([100, 100, 100, 100])
    alike = field_worth(np.array([10, 10, 10, 10]), trials)
    unlike = field_worth(np.array([0, 0, 20, 20]), trials)
    assert alike == 400 and unlike < 40


def test_a_share_is_corrected_by_both_rates():
    # 0.05 suspected, of which 0.01 are false alarms: (0.05 - 0.01) / 0.89.
    share = true_share(100, 2000, 2000, SURE, CLEAR)
    assert share.value == pytest.approx(0.04 / 0.89)
    assert share.low < share.value < share.high


def test_fewer_suspected_than_false_alarms_may_be_none():
    share = true_share(10, 2000, 2000, SURE, CLEAR)
    assert share.value == 0 and share.low == 0 < share.high
