"""The learning rate at every step, against torch's own schedulers and by hand."""

import pytest
import torch
from fixtures.training import train

from headroom.networks.schedules import Plateau, learning_rate
from headroom.networks.training import Training


def rates(training, budget):
    return [learning_rate(training, step, budget, Plateau()) for step in range(budget)]


@pytest.mark.parametrize("warmup", [0, 12])
def test_one_cycle_is_torchs_stepped_once_a_batch(warmup):
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    share = warmup / 80 if warmup else 0.3
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimiser, 0.02, total_steps=80, pct_start=share)
    expected = []
    for _ in range(80):
        expected.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        scheduler.step()
    assert rates(Training(schedule="one_cycle", learning_rate=0.02, warmup_steps=warmup), 80) == pytest.approx(expected, rel=1e-9)


def test_one_cycle_of_a_single_step():
    assert rates(Training(schedule="one_cycle", learning_rate=0.02), 1)[0] > 0


def test_warmup_rises_linearly_and_stays():
    training = Training(schedule="warmup", learning_rate=0.5, warmup_steps=4)
    assert rates(training, 7) == pytest.approx([0.125, 0.25, 0.375, 0.5, 0.5, 0.5, 0.5])


def test_plateau_is_torchs_stepped_once_a_validation():
    losses = [1.0, 0.9, 0.9, 0.95, 0.91, 0.8, 0.85, 0.85, 0.85, 0.85, 0.79995, 0.9, 0.9, 0.7, 0.71]
    training = Training(schedule="plateau", learning_rate=1.0, plateau_factor=0.3, plateau_patience=2)
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimiser, factor=0.3, patience=2)
    plateau = Plateau()
    for loss in losses:
        plateau.saw(loss, training)
        scheduler.step(loss)
        assert learning_rate(training, 5, 100, plateau) == pytest.approx(optimiser.param_groups[0]["lr"])
    assert plateau.factor < 0.3


def test_no_schedule_ignores_warm_up_and_plateaus():
    assert rates(Training(warmup_steps=5, learning_rate=0.1), 3) == [0.1] * 3


def test_the_engine_steps_the_cycle_per_batch_and_the_plateau_per_validation():
    cycle = Training(schedule="one_cycle", steps=20, validate_every=1)
    assert [row["learning_rate"] for row in train(cycle)[1]] == pytest.approx(rates(cycle, 20))
    falling = Training(schedule="plateau", steps=40, validate_every=4, plateau_patience=0, learning_rate=1e-12, plateau_factor=0.5)
    seen = [row["learning_rate"] / 1e-12 for row in train(falling)[1]]
    assert seen == pytest.approx([1.0, 1.0] + [0.5**n for n in range(1, 9)])  # nothing improves at such a rate
