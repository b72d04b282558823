"""What a rate will be for a patient who was never measured.

A sensitivity or a specificity differs from patient to patient: by stain, light, and by what lies
in the blood. Its pooled interval tells how sure its mean is, not how far one patient may be from
it. Here the log-odds of patients' rates are normal, the hits of each are binomial, and the rate of
the next patient is predicted over all means and spreads that fit (random effects; Higgins, Thompson
and Spiegelhalter 2009, "A re-evaluation of random-effects meta-analysis", section 5). Few patients
tell little of the spread, so its prior is the half-normal of scale 1 that Röver et al. (2021, "On
weakly informative prior distributions for the heterogeneity parameter in Bayesian random-effects
meta-analysis") advise for log-odds; that of the mean is uniform in the rate. ``src/lib/smears/``
uses it for the count of a slide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.special import expit, log_expit

LOG_ODDS = np.linspace(-12, 12, 481)
"""Of a patient's rate, added up."""
MEANS = np.linspace(-10, 10, 101)
"""Means of the log-odds, likewise."""
SPREADS = np.linspace(0.05, 3.05, 31)
"""Standard deviations between patients, likewise."""
SPREAD_SCALE = 1.0
"""Of the half-normal prior."""


@dataclass(frozen=True)
class NextRate:
    """The rate of the next patient: the beta distribution of this mean and of ``trials`` trials.

    Its variance is ``mean * (1 - mean) / (trials + 1)``; ``patients`` were measured.
    """

    patients: int
    mean: float
    trials: float

    def entry(self) -> dict[str, float]:
        """As the manifest says it."""
        return {
            "patients": self.patients,
            "mean": round(self.mean, 6),
            "trials": float(f"{self.trials:.5g}"),
        }


def next_rate(hits: np.ndarray, trials: np.ndarray) -> NextRate | None:
    """The next patient's rate from the ``hits`` of ``trials`` of each patient, both ``(n,)``.

    Patients without a trial say nothing; None where fewer than two have any.
    """
    measured = trials > 0
    hits, trials = hits[measured], trials[measured]
    if len(trials) < 2:
        return None
    weights, rates = next_log_odds(hits, trials), expit(LOG_ODDS)
    mean = float(weights @ rates)
    variance = float(weights @ (rates - mean) ** 2)
    return NextRate(len(trials), mean, mean * (1 - mean) / variance - 1)


def next_log_odds(hits: np.ndarray, trials: np.ndarray) -> np.ndarray:
    """Weights of ``LOG_ODDS`` for the next patient's rate, which sum to 1."""
    normal = _normal()
    weight = -((SPREADS / SPREAD_SCALE) ** 2)[None] / 2
    weight = weight + (log_expit(MEANS) + log_expit(-MEANS))[:, None]
    counts, times = np.unique(np.stack([hits, trials]), axis=1, return_counts=True)
    for k, n, many in zip(*counts, times, strict=True):
        likelihood = k * log_expit(LOG_ODDS) + (n - k) * log_expit(-LOG_ODDS)
        most = likelihood.max()
        weight = weight + many * np.log(normal @ np.exp(likelihood - most) + 1e-300)
    posterior = np.exp(weight - weight.max())
    return np.tensordot(posterior / posterior.sum(), normal, 2)


@cache
def _normal() -> np.ndarray:
    """Of each mean and spread the weights of ``LOG_ODDS``, ``(101, 21, 481)``."""
    apart = (LOG_ODDS - MEANS[:, None, None]) / SPREADS[:, None]
    density = np.exp(-(apart**2) / 2)
    return density / density.sum(axis=-1, keepdims=True)


def next_patient(
    labels: np.ndarray, scores: np.ndarray, patients: Sequence[str], threshold: float
) -> dict[str, dict] | None:
    """Sensitivity and specificity of the next patient at a threshold, as the manifest has them.

    ``labels`` 0 or 1, ``scores`` and ``patients`` of each image, all of length n. None where either
    cannot be told.
    """
    who = np.unique(np.asarray(patients).astype(str), return_inverse=True)[1]
    called = np.asarray(scores) >= threshold
    rates = {}
    for name, label in (("sensitivity", 1), ("specificity", 0)):
        chosen = np.asarray(labels) == label
        right = chosen & (called == bool(label))
        rate = next_rate(
            np.bincount(who[right], minlength=who.max() + 1),
            np.bincount(who[chosen], minlength=who.max() + 1),
        )
        if rate is None:
            return None
        rates[name] = rate.entry()
    return rates
