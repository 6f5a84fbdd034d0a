"""The published CNN-LSTM at its published size, its controls and ablations; causal networks are causal."""

import numpy as np
import pytest
import torch

from headroom.core.examples import Examples, Scale
from headroom.core.signal import Signal
from headroom.models.cnn_lstm import CnnLstm
from headroom.models.temporal_convolution import TemporalConvolution
from headroom.networks.neurons import Knots, Messages, Neurons, knots_of
from headroom.networks.recurrent import Recurrent
from headroom.networks.training import Training

PUBLISHED = (150, 100, 1)
KNOTS = Knots(np.linspace(-2, 2, 6))


def count(module):
    return sum(parameter.numel() for parameter in module.parameters())


def test_the_published_network_has_the_published_number_of_parameters():
    assert count(CnnLstm()._module(PUBLISHED)) == 2_188_168


@pytest.mark.parametrize(
    ("settings", "change"),
    [
        ({"without": ("convolution",)}, -(67_650 + 112_650 + 600)),
        ({"without": ("residual",)}, -38_784),
        ({"kernels": (1, 1)}, -(2 + 4) * 150 * 150),
        ({"shuffle_neurons": True}, 0),
    ],
)
def test_controls_and_ablations_change_what_they_say(settings, change):
    assert count(CnnLstm(**settings)._module(PUBLISHED)) - count(CnnLstm()._module(PUBLISHED)) == change


def test_without_recurrence_only_the_last_step_of_the_features_counts():
    module = CnnLstm(hidden=8, without=("recurrence", "convolution"))._module((20, 5, 1)).eval()
    windows = torch.randn(3, 20, 5)
    changed = windows.clone()
    changed[:, :-1] = 0
    torch.testing.assert_close(module(windows), module(changed))


def test_kernels_of_width_one_see_no_neighbours_but_wider_ones_do():
    windows = torch.randn(2, 20, 9)
    changed = windows.clone()
    changed[..., 4] += 1.0
    for kernels, neighbours in (((1, 1), False), ((3, 5), True)):
        module = CnnLstm(hidden=8, kernels=kernels)._module((20, 9, 1)).eval()
        moved = (module.convolutions(windows) - module.convolutions(changed)).abs().amax(dim=(0, 1)) > 0
        assert bool(moved[3]) == neighbours and bool(moved[4])


def test_shuffled_neurons_come_back_to_their_places():
    module = CnnLstm(hidden=8, kernels=(1, 1), shuffle_neurons=True)._module((20, 9, 1)).eval()
    windows = torch.randn(2, 20, 9)
    changed = windows.clone()
    changed[..., 4] += 1.0
    moved = (module.convolutions(windows) - module.convolutions(changed)).abs().amax(dim=(0, 1)) > 0
    assert moved.nonzero().flatten().tolist() == [4]


@pytest.mark.parametrize(
    "module",
    [
        TemporalConvolution(hidden=6)._module(3, 2, 3),
        Recurrent(3, 6, 2, 2, 3, residual=True, norm=True),
        Neurons(4, 8, 2, KNOTS, Messages(3, 2, 4, 2)),
    ],
    ids=["temporal_convolution", "recurrent", "neurons"],
)
def test_dense_predictions_do_not_see_the_future(module):
    module = module.eval()
    torch.nn.init.normal_(module.head.weight)
    windows = torch.randn(2, 30, 3)
    changed = windows.clone()
    changed[:, 20:] += 1.0
    here, there = module.dense(windows), module.dense(changed)
    first = here.shape[1] - 10
    torch.testing.assert_close(here[:, :first], there[:, :first])
    assert (here[:, first:] != there[:, first:]).any()
    torch.testing.assert_close(here[:, -1], module(windows))


def test_messages_go_along_the_graph_and_nowhere_else():
    graph = np.zeros((1, 4, 4), np.float32)
    graph[0, 2, 0] = 1.0  # from neuron 0 to neuron 2
    module = Neurons(5, 8, 1, KNOTS, Messages(4, 3, 4, 2, graph)).eval()
    torch.nn.init.normal_(module.head.weight)
    windows = torch.randn(2, 10, 4)
    changed = windows.clone()
    changed[:, -2:, 0] += 1.0
    moved = (module(windows) - module(changed)).abs().amax(dim=(0, 1)) > 1e-7
    assert moved.tolist() == [True, False, True, False]


def test_knots_are_a_partition_that_is_linear_between_and_goes_on_for_ever():
    values = torch.tensor([-9.0, -2.0, -1.4, 0.0, 1.2, 2.0, 9.0])
    found = KNOTS(values)
    torch.testing.assert_close(found.sum(dim=-1), torch.ones(7))
    torch.testing.assert_close(found @ KNOTS.places, values.clamp(-2, 2))
    assert ((found > 0).sum(dim=-1) <= 2).all()


def test_knots_span_what_training_windows_hold_and_not_what_they_do_not():
    values = np.random.default_rng(0).normal(size=(2, 400, 3))
    values[1] += 50.0  # a trial that no window is of
    signal = Signal(values, 0.001, ("a", "b", "c"), "mV")
    scale = Scale(np.zeros(3), np.ones(3), np.zeros(3), np.ones(3))
    seen = Examples(signal, signal, np.zeros(40, int), np.arange(0, 400, 10), 10, (1,), scale)
    places = knots_of(seen, 24).places
    assert len(places) == 24 and places[0] < -2 and 2 < places[-1] < 4


def test_a_graph_of_its_own_for_every_trial():
    graphs = np.random.default_rng(0).normal(size=(3, 4, 4)).astype(np.float32)
    module = Neurons(5, 8, 1, KNOTS, Messages(4, 3, 4, 2, graphs)).eval()
    torch.nn.init.normal_(module.head.weight)
    window = torch.randn(1, 10, 4).expand(2, -1, -1)
    here = module(window, torch.tensor([0, 2]))
    assert module.by_trial and (here[0] != here[1]).any()


def test_a_warm_up_can_be_given_in_epochs():
    training = Training(schedule="plateau", warmup_epochs=5, batch_size=10)
    assert training.counted(95).warmup_steps == 50
    assert Training(schedule="plateau", warmup_epochs=5, warmup_steps=7).counted(95).warmup_steps == 7
