"""The closed-form forecasters against the formulas that they stand for."""

import numpy as np
import pytest
from fixtures.tiny import tiny_dataset
from hypothesis import given
from hypothesis import strategies as st

from headroom.core.errors import HeadroomError
from headroom.core.protocols import Workspace
from headroom.core.recording import Recording
from headroom.core.signal import Signal
from headroom.models._folds import contiguous
from headroom.models._ridge import Moments, mean_squared_error, path
from headroom.models.dlinear import Dlinear, TrendAndRemainder
from headroom.models.nlinear import Nlinear
from headroom.models.persistence import Persistence
from headroom.models.ridge_ar import RidgeAr
from headroom.models.ridge_var import RidgeVar
from headroom.splits.by_block import ByBlock
from headroom.tasks.forecasting import Forecasting


def autoregressive(coefficients, samples=4000, noise=1.0):
    """x(t) = A x(t - 1) + noise, one trial."""
    rng = np.random.default_rng(0)
    values = np.zeros((1, samples, len(coefficients)))
    for step in range(1, samples):
        values[0, step] = coefficients @ values[0, step - 1] + noise * rng.normal(size=len(coefficients))
    return Signal(values, 0.1, tuple(f"x{i}" for i in range(len(coefficients))))


def fit(model, dataset):
    return model.fit(dataset.train, dataset.valid, dataset.target, Workspace(0))


@given(rows=st.integers(8, 40), features=st.integers(1, 6), penalty=st.sampled_from([1e-3, 0.1, 10.0]), seed=st.integers(0, 99))
def test_path_solves_the_normal_equations(rows, features, penalty, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(1, rows, features)) + 3, rng.normal(size=(1, rows, 2))
    (weights,) = path(Moments.of(x, y), [penalty])
    centred, answers = x[0] - x[0].mean(axis=0), y[0] - y[0].mean(axis=0)
    slopes = np.linalg.solve(centred.T @ centred + rows * penalty * np.eye(features), centred.T @ answers)
    np.testing.assert_allclose(weights.slopes[0], slopes, atol=1e-9)
    direct = ((y - x @ weights.slopes - weights.intercept) ** 2).mean()
    assert mean_squared_error(Moments.of(x, y), weights) == pytest.approx(direct, rel=1e-9)


def test_sums_add_and_subtract():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 20, 3)), rng.normal(size=(2, 20, 1))
    part = Moments.of(x[:, :8], y[:, :8]) + Moments.of(x[:, 8:], y[:, 8:]) - Moments.of(x[:, 15:], y[:, 15:])
    np.testing.assert_allclose(part.xx, Moments.of(x[:, :15], y[:, :15]).xx)
    assert part.rows == 15


def test_ridge_var_finds_the_coefficients_of_a_var():
    coefficients = np.array([[0.5, 0.4], [-0.3, 0.6]])
    dataset = tiny_dataset(autoregressive(coefficients, samples=20_000), window=5, offsets=(1,))
    model, history = fit(RidgeVar(lags=(1, 3, 5), penalties=(1e-6,)), dataset)
    slopes = model.sensitivity(dataset.test)  # (target, length, channel)
    np.testing.assert_allclose(slopes[:, -1], np.abs(coefficients), atol=0.03)
    assert slopes[:, :-1].max(initial=0) < 0.04
    assert len(history) == 3
    point = model.predict(dataset.test).point[:, 0]
    error = ((point - dataset.test.targets()[:, 0]) ** 2).mean()
    assert error == pytest.approx(1.0, rel=0.05)


def test_ridge_ar_looks_at_its_own_channel_only():
    dataset = tiny_dataset(autoregressive(np.array([[0.5, 0.4], [-0.3, 0.6]])), window=5, offsets=(1,))
    slopes = fit(RidgeAr(lags=(5,)), dataset)[0].sensitivity(dataset.test)
    assert slopes[0, :, 1].max() == slopes[1, :, 0].max() == 0
    assert slopes[0, :, 0].max() > 0.3


def test_lags_and_penalty_are_those_of_the_lowest_validation_error():
    dataset = tiny_dataset()
    model, history = fit(RidgeVar(lags=(1, 4, 12, 60), penalties=(1e-6, 1e-2, 10.0)), dataset)
    assert {row["lags"] for row in history} == {1, 4, 12}  # 60 is longer than the window
    best = min(history, key=lambda row: row["valid_loss"])
    again, _ = fit(RidgeVar(lags=(int(best["lags"]),), penalties=(best["penalty"],)), dataset)
    assert again.predict(dataset.test).point.tobytes() == model.predict(dataset.test).point.tobytes()
    errors = (model.predict(dataset.valid).point - dataset.valid.targets()) / dataset.valid.scale.track_sd
    assert (errors**2).mean() == pytest.approx(best["valid_loss"], rel=1e-6)


def test_lags_longer_than_the_window_are_an_error_that_says_so():
    with pytest.raises(HeadroomError, match=r"ridge_var: lags \(40,\) are all longer than the window of 12"):
        fit(RidgeVar(lags=(40,)), tiny_dataset())


def test_folds_share_no_sample_with_what_is_held_out():
    train = tiny_dataset().train
    span, seen = train.length + max(train.offsets), 0
    for held, near in contiguous("ridge_var", train, 4):
        rest = np.setdiff1d(np.arange(len(train)), near)
        same = train.trial[held][:, None] == train.trial[rest]
        assert (np.abs(train.start[held][:, None] - train.start[rest])[same] >= span).all()
        seen += len(held)
    assert seen == len(train)


def test_without_validation_the_folds_judge():
    train = tiny_dataset(valid=False).train
    nobody = train.take(np.zeros(len(train), bool))
    _, history = RidgeVar(lags=(4,), penalties=(1e-3,), folds=3).fit(train, nobody, None, Workspace(0))
    losses = []
    for held, near in contiguous("ridge_var", train, 3):
        rest, fold = train.take(np.setdiff1d(np.arange(len(train)), near)), train.take(held)
        model, _ = RidgeVar(lags=(4,), penalties=(1e-3,)).fit(rest, fold, None, Workspace(0))
        losses.append((((model.predict(fold).point - fold.targets()) / train.scale.track_sd) ** 2).mean())
    assert history[0]["valid_loss"] == pytest.approx(np.mean(losses), rel=1e-9)


def test_folds_of_too_few_windows_are_an_error_that_says_so():
    train = tiny_dataset().train.take(np.arange(10))
    with pytest.raises(HeadroomError, match="10 windows all overlap within 5 folds"):
        list(contiguous("ridge_var", train, 5))


def test_nlinear_follows_a_level_that_it_has_never_seen():
    dataset = tiny_dataset()
    raised = tiny_dataset(Signal(dataset.test.inputs.values + 1000.0, 0.01, ("a", "b")))
    nlinear = fit(Nlinear(), dataset)[0]
    np.testing.assert_allclose(nlinear.predict(raised.test).point, nlinear.predict(dataset.test).point + 1000, atol=1e-6)


def test_trend_is_the_moving_average_with_repeated_ends():
    windows = np.arange(8.0)[None, :, None] ** 2
    trend, remainder = np.split(TrendAndRemainder(3).features(windows)[0, 0], 2)
    padded = np.concatenate([[0.0], windows[0, :, 0], [49.0]])
    np.testing.assert_allclose(trend, np.convolve(padded, np.ones(3) / 3, mode="valid"))
    np.testing.assert_allclose(trend + remainder, windows[0, :, 0])


@pytest.mark.parametrize("model", [RidgeVar(), RidgeAr(), Nlinear(), Dlinear(kernel=5)])
def test_all_beat_persistence_on_sinusoids(model):
    dataset = tiny_dataset()
    truth = dataset.test.targets()
    floor = ((fit(Persistence(), dataset)[0].predict(dataset.test).point - truth) ** 2).mean()
    assert ((fit(model, dataset)[0].predict(dataset.test).point - truth) ** 2).mean() < 0.2 * floor


@pytest.mark.parametrize("model", [RidgeAr(), Nlinear(), Dlinear(), Persistence()])
def test_targets_other_than_the_inputs_are_an_error_that_says_so(model):
    signal, other = autoregressive(np.eye(2) * 0.5, samples=300), autoregressive(np.eye(3) * 0.5, samples=300)
    recording = Recording(signal, np.empty((1, 0)))
    task = Forecasting(window=10)
    examples, target = task.examples(recording, signal), task.target(recording, signal)
    mixed = type(examples)(signal, other, examples.trial, examples.start, examples.length, examples.offsets)
    dataset = ByBlock().apply(mixed, target, recording)
    with pytest.raises(HeadroomError, match="predicts each channel from its own past"):
        fit(model, dataset)


def test_other_offsets_than_those_fitted_are_an_error_that_says_so():
    model = fit(RidgeVar(), tiny_dataset(offsets=(1, 3)))[0]
    with pytest.raises(HeadroomError, match=r"ridge_var: fitted for offsets \(1, 3\), asked for \(2,\)"):
        model.predict(tiny_dataset(offsets=(2,)).test)


def test_shared_coefficients_are_those_of_all_channels_pooled():
    dataset = tiny_dataset()
    shared = RidgeAr(lags=(3,), penalties=(1e-9,), shared=True).fit(dataset.train, dataset.valid, dataset.target, Workspace(0))[0]
    scale = dataset.train.scale
    windows = (dataset.train.windows()[:, ::-1][:, :3] - scale.mean) / scale.sd
    ahead = (dataset.train.targets() - scale.track_mean) / scale.track_sd
    rows = np.concatenate([windows[:, :, channel] for channel in range(windows.shape[2])])
    design = np.column_stack([rows, np.ones(len(rows))])
    asked = np.concatenate([ahead[:, :, channel] for channel in range(ahead.shape[2])])
    expected = np.linalg.lstsq(design, asked, rcond=None)[0]
    np.testing.assert_allclose(shared.weights.slopes[0], expected[:3], atol=1e-6)
    np.testing.assert_allclose(shared.weights.intercept[0, 0], expected[3], atol=1e-6)
