"""Harmonic regression: frequencies, extrapolation in absolute time, and trials that it has not seen."""

import numpy as np
import pytest
from fixtures.tiny import tiny_dataset, tiny_signal

from headroom.core.dataset import Dataset
from headroom.core.errors import HeadroomError
from headroom.core.protocols import Workspace
from headroom.core.recording import Recording
from headroom.core.signal import Signal
from headroom.models._frequencies import Segment, pursue
from headroom.models.harmonic import Harmonic
from headroom.splits.by_trial import ByTrial
from headroom.tasks.forecasting import Forecasting

ANGULAR = np.array([0.31, 0.77])  # of fixtures.tiny, radians per sample


def fit(dataset: Dataset, model=None):
    return (model or Harmonic()).fit(dataset.train, dataset.valid, dataset.target, Workspace(0))


def test_frequencies_are_found_to_the_precision_that_noise_allows():
    rng = np.random.default_rng(0)
    times, noise = np.arange(500), 0.5
    errors = []
    for _ in range(40):
        values = np.sin(2 * np.pi * 0.0831 * times[:, None] + rng.uniform(0, 6, 3)) + noise * rng.normal(size=(500, 3))
        (found,) = pursue([Segment(times, values - values.mean(axis=0))], 1)
        errors.append(found[0] - 0.0831)
    bound = np.sqrt(6 * noise**2 / (3 * np.pi**2 * 500 * (500**2 - 1)))  # Cramer-Rao (Rife & Boorstyn 1974), amplitude 1, 3 series
    assert 0.7 * bound < np.std(errors) < 1.4 * bound
    assert abs(np.mean(errors)) < 0.5 * bound


def test_close_frequencies_are_told_apart():
    times = np.arange(400)
    truth = np.array([0.0500, 0.0555])  # 2.2 resolutions apart
    values = np.sin(2 * np.pi * np.outer(times, truth)) @ np.ones((2, 1))
    *_, found = pursue([Segment(times, values)], 2)
    np.testing.assert_allclose(np.sort(found), truth, atol=2e-5)


def test_as_many_sinusoids_as_there_are():
    model, history = fit(tiny_dataset())
    assert len(model.frequencies) == 2
    np.testing.assert_allclose(np.sort(model.frequencies) * 2 * np.pi, ANGULAR, atol=1e-3)
    assert len(history) == Harmonic().most


def test_extrapolates_far_beyond_its_window():
    dataset = tiny_dataset(tiny_signal(samples=400), offsets=(1, 40))
    truth, point = dataset.test.targets(), fit(dataset)[0].predict(dataset.test).point
    assert ((truth - point) ** 2).mean() < 1.3 * 0.1**2  # the noise variance, and little else


def test_unseen_trials_are_read_off_their_windows():
    signal = tiny_signal(trials=10)
    recording = Recording(signal, np.empty((10, 0)))
    task = Forecasting(window=30, offsets=(1, 5))
    dataset = ByTrial().apply(task.examples(recording, signal), task.target(recording, signal), recording)
    model, _ = fit(dataset)
    trained = np.unique(dataset.train.trial)
    assert not np.intersect1d(dataset.test.trial, trained).size
    assert np.array_equal(np.flatnonzero(model.known), trained)
    assert ((model.predict(dataset.test).point - dataset.test.targets()) ** 2).mean() < 2 * 0.1**2


def test_gaps_between_training_windows_are_not_read():
    dataset = tiny_dataset(tiny_signal(samples=400))
    middle = (dataset.train.start > 90) & (dataset.train.start < 150)
    train = dataset.train.take(~middle)
    values = train.inputs.values.copy()
    values[:, 112:145] = 1e6
    spoilt = Signal(values, 0.01, ("a", "b"))
    holed = Dataset(
        type(train)(spoilt, spoilt, train.trial, train.start, 12, (1, 3), train.scale), dataset.valid, dataset.test, dataset.target
    )
    np.testing.assert_allclose(np.sort(fit(holed)[0].frequencies) * 2 * np.pi, ANGULAR, atol=1e-3)


def test_constant_training_samples_are_an_error_that_says_so():
    dataset = tiny_dataset(Signal(np.full((1, 200, 2), 3.0), 0.01, ("a", "b")))
    with pytest.raises(HeadroomError, match="harmonic: the training samples are constant"):
        fit(dataset)
