"""A slide's share of infected cells, as ``src/lib/statistics/`` of the app counts it.

The model's count is corrected for its false alarms and misses (Rogan and Gladen 1978). The interval
holds all shares for which as many suspected cells are in neither outer 2.5 %: they are
beta-binomial, because the model's rates differ from patient to patient and fields from one another
(Menssen and Schaarschmidt 2019). What cells were counted one by one has Clopper and Pearson's
interval for the trials that the spread between fields leaves (Korn and Graubard 1998).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

TAIL = 0.025


@dataclass(frozen=True)
class Rate:
    """A rate for a patient who was never measured: a beta distribution of ``trials`` trials."""

    value: float
    trials: float

    @property
    def variance(self) -> float:
        return self.value * (1 - self.value) / (self.trials + 1)


@dataclass(frozen=True)
class Share:
    """0..1 with its 95 % interval."""

    value: float
    low: float
    high: float


def field_worth(hits: np.ndarray, trials: np.ndarray) -> float:
    """Independent trials that those of some fields are worth, both ``(fields,)``; all at most."""
    hits, trials = hits[trials > 0], trials[trials > 0]
    found, total, freedom = hits.sum(), trials.sum(), len(trials) - 1
    if found == 0 or found == total or freedom < 1:
        return float(total)
    share = found / total
    spread = ((hits - share * trials) ** 2).sum()
    variance = (freedom + 1) / freedom * spread / total**2
    if variance == 0:
        return float(total)
    independent = share * (1 - share) / variance
    shrink = (stats.t.ppf(1 - TAIL, total - 1) / stats.t.ppf(1 - TAIL, freedom)) ** 2
    return float(min(total, independent * shrink))


def counted_share(hits: np.ndarray, trials: np.ndarray) -> Share:
    """The share of cells that were counted one by one, by field."""
    worth = field_worth(hits, trials)
    share = float(hits.sum() / trials.sum())
    yes, no = share * worth, (1 - share) * worth
    low = 0.0 if yes == 0 else float(stats.beta.ppf(TAIL, yes, no + 1))
    high = 1.0 if no == 0 else float(stats.beta.ppf(1 - TAIL, yes + 1, no))
    return Share(share, low, high)


def root_of(function: Callable[[float], float]) -> float:
    """Where a function of a share is 0, by Brent's method."""
    return float(optimize.root_scalar(function, bracket=(0, 1), method="brentq").root)


def shape(mean: float, correlation: float) -> tuple[float, float]:
    """Parameters of the beta distribution behind a beta-binomial one."""
    size = 1 / correlation - 1
    return mean * size, (1 - mean) * size


def true_share(hits: int, trials: int, worth: float, sensitivity: Rate, specificity: Rate) -> Share:
    """The corrected share of a model's ``hits`` among ``trials`` cells."""
    sure, clear = sensitivity.value, specificity.value
    within = (trials / worth - 1) / (trials - 1)

    def at_most(count: int, share: float) -> float:
        mean = share * sure + (1 - share) * (1 - clear)
        variance = share**2 * sensitivity.variance + (1 - share) ** 2 * specificity.variance
        correlation = variance / (mean * (1 - mean)) + within
        return float(stats.betabinom.cdf(count, trials, *shape(mean, correlation)))

    low = high = 0.0
    if hits > 0 and 1 - at_most(hits - 1, 0) < TAIL:
        low = root_of(lambda p: 1 - at_most(hits - 1, p) - TAIL)
    if at_most(hits, 0) >= TAIL:
        high = root_of(lambda p: at_most(hits, p) - TAIL)
    value = (hits / trials + clear - 1) / (sure + clear - 1)
    return Share(float(np.clip(value, 0, 1)), low, high)
