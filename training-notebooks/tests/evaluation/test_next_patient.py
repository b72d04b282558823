"""The rate of the next patient, against figures of a textbook and limits that must hold."""

import numpy as np
import pytest

from fieldlens_training.evaluation.next_patient import hyperparameters, next_patient, next_rate

# Gelman et al. 2013, "Bayesian Data Analysis", third edition, table 5.1: rats with a tumour.
RATS = """
0/20 0/20 0/20 0/20 0/20 0/20 0/20 0/19 0/19 0/19 0/19 0/18 0/18 0/17 1/20 1/20 1/20 1/20 1/19
1/19 1/18 1/18 2/25 2/24 2/23 2/20 2/20 2/20 2/20 2/20 2/20 1/10 5/49 2/19 5/46 3/27 2/17 7/49
7/47 3/20 3/20 2/13 9/48 10/50 4/20 4/20 4/20 4/20 4/20 4/20 4/20 10/48 4/19 4/19 4/19 5/22
11/46 12/49 5/20 5/20 6/23 5/19 6/22 6/20 6/20 6/20 16/52 15/47 15/46 9/24 4/14
"""


def rats() -> tuple[np.ndarray, np.ndarray]:
    counts = [[int(n) for n in pair.split("/")] for pair in RATS.split()]
    hits, trials = np.array(counts).T
    return hits, trials


def test_the_posterior_is_that_of_the_textbook():
    weights, means, sizes = hyperparameters(*rats())
    assert weights.sum() == pytest.approx(1)
    # Section 5.3: E(a) = 2.4 and E(b) = 14.3.
    assert (weights * means * sizes).sum() == pytest.approx(2.4, abs=0.05)
    assert (weights * (1 - means) * sizes).sum() == pytest.approx(14.3, abs=0.1)


def test_the_next_group_is_less_sure_than_the_mean_and_its_interval_holds_new_groups():
    hits, trials = rats()
    pooled = hits.sum() / trials.sum()
    rate = next_rate(hits, trials)
    assert rate.patients == 71
    assert rate.mean == pytest.approx(pooled, abs=0.02)
    # 71 groups tell the mean as well as 1,700 independent trials, the next group as 15 do.
    assert 8 < rate.trials < 25


def test_groups_that_do_not_differ_are_nearly_as_sure_as_their_trials():
    rate = next_rate(np.full(40, 50), np.full(40, 100))
    assert rate.trials > 500


def test_patients_that_differ_leave_little_whatever_their_images():
    hits, trials = np.array([100, 0] * 10), np.full(20, 100)
    assert next_rate(hits, trials).trials < 3


def test_one_patient_tells_nothing_of_the_next():
    assert next_rate(np.array([5, 0]), np.array([9, 0])) is None


def test_both_rates_are_counted_by_patient():
    labels = np.array([1, 1, 1, 1, 0, 0, 0, 0])
    scores = np.array([0.9, 0.2, 0.9, 0.9, 0.1, 0.7, 0.1, 0.1])
    patients = ["a", "a", "b", "b", "a", "a", "b", "b"]
    found = next_patient(labels, scores, patients, 0.5)
    wanted = next_rate(np.array([1, 2]), np.array([2, 2])).entry()
    assert found == {"sensitivity": wanted, "specificity": wanted}
    assert next_patient(labels, scores, ["a"] * 8, 0.5) is None
