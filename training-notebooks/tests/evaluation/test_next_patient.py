"""The rate of the next patient is predicted as often right as it claims."""

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.special import expit

from fieldlens_training.evaluation.next_patient import (
    LOG_ODDS,
    next_log_odds,
    next_patient,
    next_rate,
)


def test_the_prediction_is_that_of_numerical_integration():
    hits, trials = np.array([3, 6, 1, 12]), np.array([40, 60, 50, 70])

    def prior(mean, spread):
        return stats.halfnorm.pdf(spread, scale=1.0) * expit(mean) * expit(-mean)

    def likelihood(mean, spread):
        nodes, weights = np.polynomial.hermite_e.hermegauss(60)
        rates = expit(mean + spread * nodes)[:, None]
        return (weights @ stats.binom.pmf(hits, trials, rates) / weights.sum()).prod()

    def expected_rate(mean, spread):
        nodes, weights = np.polynomial.hermite_e.hermegauss(60)
        return weights @ expit(mean + spread * nodes) / weights.sum()

    def over(value):
        def weighed(spread, mean):
            return value(mean, spread) * prior(mean, spread) * likelihood(mean, spread)

        return integrate.dblquad(weighed, -7, 3, 0, 3.1, epsabs=1e-12, epsrel=1e-3)[0]

    wanted = over(expected_rate) / over(lambda mean, spread: 1.0)
    rate = next_rate(hits, trials)
    assert rate.mean == pytest.approx(wanted, rel=0.02)
    assert next_log_odds(hits, trials) @ expit(LOG_ODDS) == pytest.approx(rate.mean)


def test_its_interval_holds_the_next_patient_as_often_as_it_claims():
    rng = np.random.default_rng(4)
    held = []
    for _ in range(150):
        rates = expit(rng.normal(-3.2, 0.6, 18))
        rate = next_rate(rng.binomial(70, rates), np.full(18, 70))
        a, b = rate.mean * rate.trials, (1 - rate.mean) * rate.trials
        new = expit(rng.normal(-3.2, 0.6, 40))
        held.append(np.mean(stats.beta.cdf(new, a, b) < 0.975))
    assert 0.95 < np.mean(held) < 0.995


def test_groups_that_do_not_differ_are_nearly_as_sure_as_their_trials():
    alike = next_rate(np.full(40, 50), np.full(40, 100))
    assert alike.trials > 300


def test_patients_that_differ_leave_little_whatever_their_images():
    hits, trials = np.array([95, 5] * 10), np.full(20, 100)
    assert next_rate(hits, trials).trials < 3


def test_few_patients_leave_less_than_many():
    few = next_rate(np.array([5, 20, 12]), np.full(3, 100))
    many = next_rate(np.array([5, 20, 12] * 10), np.full(30, 100))
    assert few.trials < many.trials


def test_where_nothing_was_missed_a_miss_is_not_ruled_out():
    assert 0.99 < next_rate(np.full(5, 200), np.full(5, 200)).mean < 1


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
