"""The training engine: budgets, early stopping, clipping, divergence, and where it runs."""

import copy
import json
from math import ceil, isnan

import pytest
import torch
from fixtures.training import Dropping, Exploding, Plain, bits, objective, train

from headroom.core.errors import Diverged, HeadroomError
from headroom.core.randomness import stream
from headroom.networks.device import prepare
from headroom.networks.training import Training


def loss_of(module, count, seed):
    with torch.inference_mode():
        return objective(count, seed).loss(module.eval(), torch.arange(count)).item()


@pytest.mark.parametrize(
    ("training", "steps"),
    [
        (Training(epochs=3), 12),
        (Training(epochs=3, steps=7), 7),
        (Training(epochs=None, steps=9), 9),
        (Training(epochs=2, batch_size=1000), 2),
    ],
)
def test_budget_is_steps_or_else_passes(training, steps):
    assert training.budget(100) == steps
    _, history = train(training, module=Plain)
    assert history[-1]["step"] == steps
    assert history[-1]["epoch"] == ceil(steps / training.steps_per_epoch(100))


def test_settings_that_contradict_each_other_are_named():
    assert Training().problems() == []
    assert "both null" in Training(epochs=None).problems()[0]
    assert "warmup_steps is 0" in Training(schedule="warmup").problems()[0]
    assert "not below steps = 10" in Training(steps=10, schedule="warmup", warmup_steps=10).problems()[0]


def test_every_example_is_seen_once_an_epoch():
    seen = []

    class Noting(Plain):
        def forward(self, windows):
            seen.extend(windows[:, 0, 0].tolist() if self.training else [])
            return super().forward(windows)

    train(Training(epochs=2), module=Noting)
    assert len(seen) == 200
    assert sorted(seen[:100]) == sorted(seen[100:])
    assert len(set(seen[:100])) == 100
    assert seen[:100] != seen[100:]


def test_early_stopping_restores_the_best_weights_and_not_a_view_of_the_last():
    training = Training(steps=2000, validate_every=5, patience=6, learning_rate=0.3)
    module, history = train(training, module=Plain)
    losses = [row["valid_loss"] for row in history]
    assert len(losses) < 400
    assert losses.index(min(losses)) == len(losses) - 1 - 6
    assert loss_of(module, 64, 2) == pytest.approx(min(losses), rel=1e-5)
    assert losses[-1] > min(losses) * 1.001


def test_without_patience_the_whole_budget_is_spent_and_the_best_still_kept():
    module, history = train(Training(steps=200, validate_every=5, learning_rate=0.3), module=Plain)
    assert history[-1]["step"] == 200
    assert loss_of(module, 64, 2) == pytest.approx(min(row["valid_loss"] for row in history), rel=1e-5)


def test_without_validation_the_last_weights_stay():
    short, _ = train(Training(steps=30, patience=1), valid=0, module=Plain)
    _, history = train(Training(steps=30), valid=0, module=Plain)
    assert all(isnan(row["valid_loss"]) for row in history)
    assert history[-1]["step"] == 30
    by_hand = adam_by_hand(30)
    torch.testing.assert_close(short.head.weight, by_hand.head.weight, rtol=1e-4, atol=1e-6)


def adam_by_hand(steps):
    """The same fit, written out."""
    prepare("cpu", 0, 1)
    module, examples = Plain(), objective(100, 1)
    optimiser = torch.optim.Adam(module.parameters(), lr=1e-3)
    for step in range(steps):
        epoch, place = divmod(step, 4)
        order = torch.from_numpy(stream(0, "batches", epoch).permutation(100))
        optimiser.zero_grad()
        examples.loss(module, order[32 * place : 32 * (place + 1)]).backward()
        optimiser.step()
    return module


def test_clipping_bounds_the_step_and_the_history_keeps_the_norm_before_it():
    class Steep(Plain):
        def forward(self, windows):
            return 100 * super().forward(windows)

    loose, tight = (train(Training(steps=1, clip=clip), valid=0, module=Steep) for clip in (None, 1e-12))
    assert loose[1][0]["gradient_norm"] == pytest.approx(tight[1][0]["gradient_norm"], rel=1e-6)
    assert tight[1][0]["gradient_norm"] > 100
    prepare("cpu", 0, 1)
    start = copy.deepcopy(Steep().head.weight)
    assert (loose[0].head.weight - start).abs().max() > 50 * (tight[0].head.weight - start).abs().max()  # Adam's epsilon shows below 1e-8


def test_same_seed_same_bits_and_another_seed_others():
    training = Training(steps=20)
    assert bits(*train(training)) == bits(*train(training))
    assert bits(*train(training)) != bits(*train(training, seed=1))


def test_history_holds_no_times_and_can_be_a_table():
    _, history = train(Training(steps=10, validate_every=5))
    names = ["epoch", "step", "train_loss", "valid_loss", "learning_rate", "gradient_norm", "diverged"]
    assert [list(row) for row in history] == [names, names]
    assert json.loads(json.dumps(history)) == history


def test_report_lines_tell_place_losses_and_time_left():
    lines = []
    train(Training(steps=10, validate_every=5), report=lines.append)
    assert len(lines) == 2
    assert lines[0].startswith("epoch 2/3 step 5/10: train ")
    assert all(words in lines[0] for words in ("valid ", "learning rate 0.001", "steps/s", "s left"))


def test_divergence_names_epoch_step_learning_rate_and_gradient_norm():
    with pytest.raises(Diverged, match=r"training loss (inf|nan) at epoch 3, after step 11 of 50: learning rate 0.001, gradient norm \d"):
        train(Training(steps=50), module=lambda: Exploding(after=11))


def test_divergence_can_be_recorded_and_keeps_the_best_weights():
    lines = []
    training = Training(steps=50, validate_every=5, on_divergence="record")
    module, history = train(training, module=lambda: Exploding(after=11), report=lines.append)
    assert [row["step"] for row in history] == [5, 10, 11]
    assert [row["diverged"] for row in history] == [0, 0, 1]
    assert "the best weights so far are kept" in lines[-1]
    module.left = 1
    best = min(row["valid_loss"] for row in history[:-1])
    assert loss_of(module, 64, 2) == pytest.approx(best, rel=1e-5)


def test_weights_that_overflow_in_the_last_step_are_noticed():
    class Overflowing(Plain):
        def forward(self, windows):
            answer = super().forward(windows)
            answer.register_hook(lambda gradient: gradient * float("nan")) if answer.requires_grad else None
            return answer

    with pytest.raises(Diverged, match="gradient norm nan"):
        train(Training(steps=1), valid=0, module=Overflowing)


def test_dropout_is_off_while_validating():
    module, history = train(Training(steps=8, validate_every=8), module=Dropping)
    assert loss_of(module, 64, 2) == pytest.approx(history[-1]["valid_loss"], rel=1e-5)


def test_a_device_that_is_not_there_is_an_error_that_lists_those_that_are():
    with pytest.raises(HeadroomError, match=r"device: abacus is not available.*available: auto, .*cpu"):
        prepare("abacus", 0, 1)
    assert prepare("auto", 0, 1).type in ("cuda", "mps", "cpu")
    prepare("cpu", 0, 2)
    assert torch.get_num_threads() == 2
    prepare("cpu", 0, 1)
    assert torch.get_num_threads() == 1
