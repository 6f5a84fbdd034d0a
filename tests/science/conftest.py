"""A system observed and cut into examples, as the pipeline does it."""

import numpy as np
import pytest

from headroom.core.randomness import streams
from headroom.observations.white import White
from headroom.splits.by_block import ByBlock
from headroom.tasks.forecasting import Forecasting


@pytest.fixture
def observe():
    """observe(simulator, level, offsets) -> recording, dataset."""

    def make(simulator, level, offsets=(1,), seed=0):
        recording = simulator.simulate(streams(seed, "simulate"))
        observed = White(level=level).apply(recording.states, streams(seed, "noise"))
        task = Forecasting(offsets=offsets)
        dataset = ByBlock().apply(task.examples(recording, observed), task.target(recording, observed), recording)
        return recording, dataset

    return make


@pytest.fixture
def r2():
    """r2(examples, point) or r2(examples, variance=expected squared error) -> R2 of each offset, pooled over targets."""

    def score(examples, point=None, variance=None):
        truth = examples.targets()
        error = variance if point is None else (truth - point) ** 2
        return 1 - error.sum(axis=(0, 2)) / ((truth - truth.mean(axis=0)) ** 2).sum(axis=(0, 2))

    return score


@pytest.fixture
def autoregression(r2):
    """autoregression(dataset, lags) -> R2 of each offset for least squares on all channels' lags, fitted on train."""

    def score(dataset, lags):
        def design(examples):
            return np.column_stack([examples.windows()[:, -lags:].reshape(len(examples), -1), np.ones(len(examples))])

        wanted = dataset.train.targets().reshape(len(dataset.train), -1)
        weights = np.linalg.lstsq(design(dataset.train), wanted, rcond=None)[0]
        return r2(dataset.test, (design(dataset.test) @ weights).reshape(dataset.test.targets().shape))

    return score
