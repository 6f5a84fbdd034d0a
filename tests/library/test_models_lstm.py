"""The LSTM and what the engine hands it."""

import numpy as np
import pytest
import torch
from fixtures.tiny import tiny_dataset

from headroom.core.protocols import Workspace
from headroom.models.lstm import Lstm
from headroom.models.persistence import Persistence
from headroom.networks.recurrent import Recurrent
from headroom.networks.training import Training
from headroom.networks.windows import digest, standardised


def fit(model, dataset, seed=0):
    return model.fit(dataset.train, dataset.valid, dataset.target, Workspace(seed))[0]


def test_windows_on_the_device_are_the_examples_standardised():
    dataset = tiny_dataset()
    train, valid = standardised((dataset.train, dataset.valid), torch.device("cpu"))
    assert train.inputs is train.track is valid.inputs  # one copy of the signal
    for windows, examples in ((train, dataset.train), (valid, dataset.valid)):
        index, scale = np.array([5, 0, len(examples) - 1]), examples.scale
        for gathered, expected in (
            (windows.seen, (examples.windows(index) - scale.mean) / scale.sd),
            (windows.asked, (examples.targets(index) - scale.track_mean) / scale.track_sd),
            (windows.dense, (examples.dense(index) - scale.track_mean) / scale.track_sd),
        ):
            np.testing.assert_allclose(gathered(torch.from_numpy(index)).numpy(), expected, atol=1e-5)


def test_other_data_have_another_digest():
    one, same, other = (standardised((tiny_dataset(offsets=offsets).train,), torch.device("cpu")) for offsets in ((1, 3), (1, 3), (1, 2)))
    assert digest(one) == digest(same) != digest(other)
    assert digest([*one, *one]) != digest(one), "shared tensors are read once and count twice"


@pytest.mark.parametrize("residual", [False, True])
def test_dense_predictions_see_nothing_that_comes_later(residual):
    torch.manual_seed(0)
    module = Recurrent(channels=2, hidden=8, layers=2, offsets=3, targets=2, residual=residual)
    windows = torch.randn(4, 10, 2)
    dense = module.dense(windows)
    assert dense.shape == (4, 10, 3, 2)
    for step in (0, 4, 9):
        torch.testing.assert_close(dense[:, step], module(windows[:, : step + 1]), rtol=1e-5, atol=1e-6)


def test_residual_head_adds_to_the_last_sample():
    module = Recurrent(channels=2, hidden=8, layers=1, offsets=3, targets=2, residual=True)
    torch.nn.init.zeros_(module.head.weight)
    torch.nn.init.zeros_(module.head.bias)
    windows = torch.randn(4, 10, 2)
    torch.testing.assert_close(module(windows), windows[:, -1:].expand(4, 3, 2))


@pytest.mark.parametrize("model", [Lstm(), Lstm(residual=True), Lstm(loss="dense")], ids=["last", "residual", "dense"])
def test_learns_sinusoids(model):
    dataset = tiny_dataset()
    learner = type(model)(residual=model.residual, loss=model.loss, training=Training(steps=400, learning_rate=5e-3))
    truth = dataset.test.targets()
    floor = ((fit(Persistence(), dataset).predict(dataset.test).point - truth) ** 2).mean()
    assert ((fit(learner, dataset).predict(dataset.test).point - truth) ** 2).mean() < 0.1 * floor


def test_settings_of_the_training_are_checked_with_the_model():
    assert Lstm().problems() == []
    assert Lstm(training=Training(epochs=None)).problems() == ["training: epochs and steps are both null; give one of them"]
