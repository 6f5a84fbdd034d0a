"""Whether posteriors are what they claim to be: calibration by ranks, expected coverage and TARP, and their claimed errors.

Simulation-based calibration: Talts et al. (2018). Expected coverage: Hermans et al. (2022). TARP: Lemos et al. (2023).
"""

from typing import NamedTuple

import numpy as np

LEVELS = (0.5, 0.8, 0.9, 0.95)
"""Central intervals whose coverage is judged."""
ERROR = 0.05
"""Chance that right ranks fail, over all parameters."""
COVERAGE, DISTANCE = 0.04, 0.05
"""Largest differences from expected coverage that pass: of any parameter's interval, and of TARP's regions."""
BAND = 1.358
"""Of Kolmogorov's test at .05, over the square root of the number of recordings."""
RMS_Z = (0.85, 1.2)
"""Where the root mean square of error over claimed SD has to lie."""


class Checked(NamedTuple):
    """Of one posterior; arrays are by parameter."""

    p: np.ndarray  # of Kolmogorov's and Smirnov's test that ranks are even
    covered: np.ndarray  # (parameter, level)
    distance: float  # largest difference of TARP's coverage from the expected one

    @property
    def even_ranks(self) -> bool:
        """Whether simulation-based calibration passes (Bonferroni over parameters)."""
        return bool((self.p * len(self.p) >= ERROR).all())

    @property
    def apart(self) -> float:
        """Largest difference of any interval's coverage from its level."""
        return float(np.abs(self.covered - np.array(LEVELS)).max())


class Claimed(NamedTuple):
    """Squared error less claimed variance, as a share of the parameter's variance (parameter,), and what follows."""

    excess: np.ndarray
    low: np.ndarray
    high: np.ndarray
    rms_z: np.ndarray

    @property
    def accepted(self) -> np.ndarray:
        """Whether the interval holds 0 and errors are as large as claimed."""
        return np.asarray((self.low <= 0) & (self.high >= 0) & (self.rms_z >= RMS_Z[0]) & (self.rms_z <= RMS_Z[1]))


def checked(ranks: np.ndarray, distances: np.ndarray) -> Checked:
    """From ranks (recording, parameter) and distances (recording,), all shares of draws."""
    from scipy.stats import kstest

    p = np.array([kstest(one, "uniform").pvalue for one in ranks.T])
    covered = np.stack([(np.abs(2 * ranks - 1) <= level).mean(axis=0) for level in LEVELS], axis=1)
    return Checked(p, covered, float(kstest(distances, "uniform").statistic))


def claimed(truth: np.ndarray, mean: np.ndarray, sd: np.ndarray) -> Claimed:
    """From truths, posterior means and SDs (recording, parameter); intervals are 95 % normal ones over recordings."""
    error, count = (mean - truth) ** 2, len(truth)
    scatter = truth.var(axis=0)
    excess = (error - sd**2) / np.where(scatter > 0, scatter, 1.0)
    reach = 1.96 * excess.std(axis=0, ddof=1) / np.sqrt(count)
    with np.errstate(divide="ignore", invalid="ignore"):
        rms_z = np.sqrt(np.where(sd > 0, error / sd**2, np.where(error > 0, np.inf, 0.0)).mean(axis=0))
    return Claimed(excess.mean(axis=0), excess.mean(axis=0) - reach, excess.mean(axis=0) + reach, rms_z)
