"""What networks say about themselves: real gates, complete attributions, components and filters as their weights have them."""

import numpy as np
import pytest
import torch
from fixtures.tiny import tiny_dataset

from headroom.core.errors import HeadroomError
from headroom.core.protocols import Workspace
from headroom.models.graph_forecaster import GraphForecaster
from headroom.models.lstm import Lstm
from headroom.models.ridge_var import RidgeVar
from headroom.models.temporal_convolution import TemporalConvolution
from headroom.networks import explain
from headroom.networks.recurrent import Recurrent
from headroom.networks.training import Training
from headroom.scores.evaluation import Entry
from headroom.scores.explanations import COLUMNS, explanations

SHORT = Training(steps=20, validate_every=10)


def entry(model, dataset, seeds=(0,)):
    fits = {seed: model.fit(dataset.train, dataset.valid, dataset.target, Workspace(seed))[0] for seed in seeds}
    return Entry("it", model.role, fits)


@pytest.fixture(scope="module")
def dataset():
    return tiny_dataset()


def test_gates_worked_out_from_the_weights_give_the_states_that_torch_gives():
    torch.manual_seed(0)
    module, windows = Recurrent(3, 7, 1, 1, 3, residual=False), torch.randn(5, 20, 3)
    with torch.no_grad():
        found = explain.gates(module, windows)
        torch.testing.assert_close(found["state"], module.layers(windows)[0], atol=1e-6, rtol=1e-5)
    assert all(((found[name] > 0) & (found[name] < 1)).all() for name in ("input", "forget", "output"))


def test_attributions_to_one_window_sum_to_what_the_window_changes():
    torch.manual_seed(1)
    module, window = Recurrent(3, 7, 1, 1, 3, residual=False).eval(), torch.rand(1, 15, 3)
    shift = module(window)[0, 0] - module(torch.zeros_like(window))[0, 0]
    straight = torch.nn.Flatten()
    linear = torch.nn.Sequential(straight, torch.nn.Linear(45, 3), torch.nn.Unflatten(1, (1, 3)))
    found = explain.integrated_gradients(linear, window, [1])[1]
    expected = (linear[1].weight[1].unflatten(0, (15, 3)) * window[0]).abs()
    np.testing.assert_allclose(found, expected.detach().numpy(), rtol=1e-5)
    from captum.attr import IntegratedGradients

    parts = IntegratedGradients(lambda seen: module(seen)[:, 0]).attribute(window, target=2, n_steps=explain.STEPS)
    assert parts.sum().item() == pytest.approx(shift[2].item(), rel=1e-3)
    np.testing.assert_allclose(explain.integrated_gradients(module, window, [2])[2], parts[0].abs().detach().numpy(), rtol=1e-4, atol=1e-7)


def test_components_and_what_they_leave_out_make_up_the_states_variance():
    torch.manual_seed(2)
    module, windows = Recurrent(3, 9, 1, 1, 3, residual=False), torch.randn(6, 20, 3)
    with torch.no_grad():
        found, states = explain.hidden(module, windows), module.layers(windows)[0].double().numpy()
    whole = ((states - states.mean(axis=(0, 1))) ** 2).sum()
    assert sum((values**2).sum() for values in found.values()) == pytest.approx(whole)
    parts = [(found[f"component {number}"] ** 2).sum() for number in (1, 2, 3)]
    assert parts == sorted(parts, reverse=True)


@pytest.mark.parametrize("what", ["integrated_gradients", "gates", "hidden", "filters"])
def test_the_table_has_a_row_for_every_entry(what, dataset):
    (frame, *more) = explanations(entry(Lstm(hidden=4, training=SHORT), dataset, (3, 4)), [what], dataset.test)
    for other in more:
        assert set(other["seed"]) == {3}
    assert list(frame.columns) == list(COLUMNS) and np.isfinite(frame["value"]).all()
    assert not frame.duplicated(["name", "row", "column"]).any()
    if what != "filters":
        assert frame["row"].max() == pytest.approx((dataset.test.length - 1) * dataset.test.inputs.dt) and frame["row"].min() == 0


def test_a_graph_is_told_of_every_seed_and_is_the_weights(dataset):
    fitted = entry(GraphForecaster(lags=4, hidden=4, training=SHORT), dataset, (0, 1))
    frames = list(explanations(fitted, ["graph"], dataset.test))
    assert [set(frame["seed"]) for frame in frames] == [{0}, {1}]
    weights = fitted.fits[1].state()["weights.messages.weights"][0]
    table = frames[1].pivot(index="row", columns="column", values="value").to_numpy()
    np.testing.assert_allclose(table, weights)


def test_filters_of_convolutions_are_their_root_mean_square(dataset):
    fitted = entry(TemporalConvolution(training=SHORT), dataset)
    frame = next(iter(explanations(fitted, ["filters"], dataset.test)))
    weights = fitted.fits[0].state()["weights.enter.weight"]
    np.testing.assert_allclose(frame["value"], np.sqrt((weights.astype(float) ** 2).mean(axis=0)).ravel())


@pytest.mark.parametrize(
    ("model", "what", "words"),
    [
        (TemporalConvolution(training=SHORT), "gates", "no LSTM"),
        (Lstm(hidden=4, training=SHORT), "graph", "learns no graph"),
        (Lstm(hidden=4, training=SHORT), "dreams", "found 'dreams'; expected one of"),
        (RidgeVar(), "filters", "only networks can"),
    ],
)
def test_what_a_model_cannot_say_is_refused_in_one_line(model, what, words, dataset):
    with pytest.raises(HeadroomError, match=words):
        list(explanations(entry(model, dataset), [what], dataset.test))
