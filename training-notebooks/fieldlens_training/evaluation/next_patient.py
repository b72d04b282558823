"""What a rate will be for a patient who was never measured.

A sensitivity or a specificity differs from patient to patient: by stain, light, and by what lies
in the blood. Its pooled interval tells how sure its mean is, not how far one patient may be from
it. Here the rates of patients come from a beta distribution whose parameters are unknown, and the
rate of the next patient is predicted (Gelman et al. 2013, "Bayesian Data Analysis", third edition,
section 5.3: the prior is uniform in the mean and in ``(a + b) ** -0.5``). ``src/lib/smears/`` uses
it for the count of a slide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaln

MEANS = np.linspace(-12, 12, 481)
"""Log-odds of the mean that are added up."""
SPREADS = (np.arange(200) + 0.5) / 200
"""``(a + b) ** -0.5`` likewise: from 1, where patients have nothing in common, towards 0."""


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
    posterior, means, sizes = hyperparameters(hits, trials)
    mean = float((posterior * means).sum())
    within = float((posterior * means * (1 - means) / (sizes + 1)).sum())
    between = float((posterior * (means - mean) ** 2).sum())
    return NextRate(len(trials), mean, mean * (1 - mean) / (within + between) - 1)


def hyperparameters(
    hits: np.ndarray, trials: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Posterior weights on a grid, which sum to 1, with the grid's means and ``a + b``."""
    means = 1 / (1 + np.exp(-MEANS))[:, None]
    sizes = SPREADS[None] ** -2
    a, b = means * sizes, (1 - means) * sizes
    # The grid is even in the log-odds, the prior in the mean.
    weight = np.log(means * (1 - means)) + np.zeros_like(a)
    counts, times = np.unique(np.stack([hits, trials]), axis=1, return_counts=True)
    for k, n, many in zip(*counts, times, strict=True):
        weight += many * (betaln(a + k, b + n - k) - betaln(a, b))
    weight = np.exp(weight - weight.max())
    return weight / weight.sum(), means + np.zeros_like(a), sizes + np.zeros_like(a)


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
