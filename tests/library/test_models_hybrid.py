"""The published decoders of steps: parts that can be left out, causality, losses by their formulas, what they learn and say."""

import os
import signal

import numpy as np
import pytest
import torch
from fixtures.two_states import recording

from headroom.core.errors import HeadroomError, Interrupted
from headroom.core.protocols import Workspace
from headroom.models._frame_statistics import activity_direction, class_shares
from headroom.models.hybrid_decoder import HybridDecoder
from headroom.models.lstm_decoder import LstmDecoder
from headroom.networks.training import Training
from headroom.splits.by_trial import ByTrial
from headroom.tasks.decoding import Decoding

SMALL = {"widths": (8, 16), "hidden": 16, "layers": 1}
BRIEF = Training(optimiser="adamw", steps=150, batch_size=32, learning_rate=5e-3, schedule="one_cycle", clip=1.0, validate_every=150)
SHARES = np.array([0.6, 0.3, 0.1])


def module(length=12, offset=0, channels=5, **settings):
    torch.manual_seed(0)
    return HybridDecoder(**settings)._module(length, offset, SHARES, torch.randn(channels))


def count(network):
    return sum(parameter.numel() for parameter in network.parameters())


def dataset_of(look=0, stay=0.98, window=12):
    made = recording(1.5, stay=stay, trials=12, samples=300)
    task = Decoding(window=window, look=look, stride=2)
    return ByTrial().apply(task.examples(made, made.states), task.target(made, made.states), made)


def accuracy(fitted, dataset):
    return (fitted.predict(dataset.test).point[:, 0].argmax(axis=1) == dataset.test.targets()[:, 0].argmax(axis=1)).mean()


def test_the_published_hybrid_has_the_sizes_of_its_code():
    """From the layers' own formulas: 500 neurons, three classes."""
    body = module(channels=500).body
    kernels = sum(3 * before * after + after for before, after in ((500, 64), (64, 128), (128, 256)))
    norms = sum(3 * 2 * width + 3 for width in (64, 128, 256))
    around = 500 * 256 + 256 + 2 * 256
    recurrence = 2 * 4 * 128 * (256 + 128 + 2) * 2
    attention = 3 * (256 * 256 + 256) + 256 * 256 + 256
    assert count(body) == kernels + norms + around + recurrence + attention
    assert [tuple(head.weight.shape) for head in (module().tasks.classes, module().tasks.sides, module().tasks.activity)] == [
        (3, 256),
        (2, 256),
        (1, 256),
    ]


@pytest.mark.parametrize("part", ["convolution", "normalisation_mix", "recurrence", "bidirectionality", "attention", "multitask"])
@pytest.mark.parametrize("variant", ["published", "described"])
def test_a_part_left_out_takes_its_parameters_along(part, variant):
    whole, less = (count(module(**SMALL, variant=variant, without=parts, many_to_many=True)) for parts in ((), (part,)))
    assert less < whole


def test_the_text_adds_positions_scales_skips_and_variances():
    plain, described = (module(**SMALL, variant=variant) for variant in ("published", "described"))
    added = {name for name, _ in described.named_parameters()} - {name for name, _ in plain.named_parameters()}
    attention = {f"body.attention.{name}" for name in ("position", "scaling.weight", "scaling.bias")}
    skips = {f"body.skips.{place}.{name}" for place in (0, 1) for name in ("weight", "bias")}
    assert added == attention | skips | {"tasks.log_variances"}


@pytest.mark.parametrize("without", [("focal_loss",), ("mixup",), ("class_weights",)])
def test_parts_of_the_training_change_the_loss_and_no_parameter(without):
    windows, labels = torch.randn(16, 12, 5), torch.eye(3)[torch.randint(3, (16, 12))]
    whole, less = (module(**SMALL, without=parts).train() for parts in ((), without))
    losses = []
    for network in (whole, less):
        torch.manual_seed(1)
        losses.append(network.windowed_loss(windows, labels).item())
    assert count(whole) == count(less) and losses[0] != losses[1]


@pytest.mark.parametrize("variant", ["published", "described"])
def test_a_causal_hybrid_sees_no_later_frame(variant):
    network = module(**SMALL, variant=variant, many_to_many=True, causal=True).train()
    windows = torch.randn(32, 12, 5)
    for _ in range(3):
        network.windowed_loss(windows, torch.eye(3)[torch.randint(3, (32, 12))])  # running moments of batch normalisation
    network.eval()
    changed = windows.clone()
    changed[:, 8:] += 1.0
    here, there = network.body(windows), network.body(changed)
    torch.testing.assert_close(here[:, :8], there[:, :8], rtol=0, atol=0)
    assert (here[:, 8:] != there[:, 8:]).any()
    seeing = module(**SMALL, variant=variant, many_to_many=True).eval().body
    assert (seeing(windows)[:, :8] != seeing(changed)[:, :8]).any()


def test_mixup_is_one_number_between_the_losses_of_both_labels():
    network = module(**SMALL, without=("focal_loss", "class_weights", "multitask")).train()
    windows, labels = torch.randn(1, 12, 5).expand(8, -1, -1), torch.eye(3)[torch.randint(3, (8, 12))]
    network.eval()
    torch.manual_seed(5)
    loss = network.windowed_loss(windows, labels)  # all windows are alike, so that mixing changes the labels alone
    torch.manual_seed(5)
    share = float(torch.distributions.Beta(0.2, 0.2).sample())
    partner = torch.randperm(8)
    odds = network(windows)[:, 0]
    both = [torch.nn.functional.cross_entropy(odds, labels[order, -1]) for order in (torch.arange(8), partner)]
    torch.testing.assert_close(loss, share * both[0] + (1 - share) * both[1])
    assert loss.shape == ()


def test_hidden_neurons_are_hidden_for_whole_windows_and_while_training_alone():
    network, windows = module(**SMALL, neuron_dropout=0.5), torch.ones(200, 12, 5)
    torch.manual_seed(0)
    some = network.train()._some(windows)
    assert set(some.unique().tolist()) == {0.0, 2.0} and (some == some[:, :1]).all()
    assert some.mean().item() == pytest.approx(1, abs=0.1)
    assert network.eval()._some(windows) is windows


@pytest.mark.parametrize("look", [0, 5])
@pytest.mark.parametrize(
    "model",
    [
        LstmDecoder(hidden=16, training=BRIEF, dropout=0.1),
        LstmDecoder(hidden=16, training=BRIEF, dropout=0.1, many_to_many=True),
        HybridDecoder(**SMALL, training=BRIEF),
        HybridDecoder(**SMALL, training=BRIEF, variant="described", many_to_many=True),
        HybridDecoder(**SMALL, training=BRIEF, variant="described", many_to_many=True, causal=True),
        HybridDecoder(**SMALL, training=BRIEF, without=("recurrence", "attention")),
        HybridDecoder(**SMALL, training=BRIEF, without=("convolution", "bidirectionality")),
    ],
    ids=["lstm", "lstm_many", "hybrid", "hybrid_many", "hybrid_causal", "cnn", "attention_lstm"],
)
def test_it_learns_states_that_last(model, look):
    """One sample alone tells two states 1.5 SD apart in .77 of all cases; the mean over a window uses more."""
    dataset = dataset_of(look)
    fitted = model.fit(dataset.train, dataset.valid, dataset.target, Workspace(0))[0]
    assert accuracy(fitted, dataset) > 0.82


def test_a_fit_that_was_stopped_ends_with_the_bits_of_one_that_was_not(tmp_path):
    """Mixing, hidden neurons and dropout all draw while training."""
    training = Training(optimiser="adamw", steps=12, validate_every=4, schedule="one_cycle")
    model = HybridDecoder(**SMALL, variant="described", many_to_many=True, neuron_dropout=0.3, training=training)
    parts = (dataset := dataset_of()).train, dataset.valid, dataset.target

    def stop(line):
        if "step 8/" in line:
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(Interrupted):
        model.fit(*parts, Workspace(0, checkpoints=tmp_path, report=stop))
    again, whole = (model.fit(*parts, workspace)[0].state() for workspace in (Workspace(0, checkpoints=tmp_path), Workspace(0)))
    assert {name: array.tobytes() for name, array in again.items()} == {name: array.tobytes() for name, array in whole.items()}


def test_the_activity_is_the_first_component_of_training_frames_with_sd_one():
    train = dataset_of().train
    direction = activity_direction(train)
    frames = (train.inputs.values[train.trial, train.last] - train.scale.mean) / train.scale.sd
    scores = frames @ direction
    assert scores.std() == pytest.approx(1)
    np.testing.assert_allclose(np.corrcoef(scores, frames @ np.linalg.svd(frames, full_matrices=False)[2][0])[0, 1] ** 2, 1, atol=1e-3)
    np.testing.assert_allclose(class_shares(train), train.targets()[:, 0].mean(axis=0))


def test_attention_maps_are_the_means_of_the_trained_weights():
    dataset = dataset_of()
    model = HybridDecoder(**SMALL, variant="described", many_to_many=True, training=Training(steps=10))
    fitted = model.fit(dataset.train, dataset.valid, dataset.target, Workspace(0))[0]
    few = dataset.test.take(np.arange(20))
    found = fitted.explain(few, "attention")
    assert list(found) == [f"head {number}" for number in range(1, 9)]
    windows = torch.from_numpy(((few.windows() - few.scale.mean) / few.scale.sd).astype(np.float32))
    with torch.no_grad():
        expected = fitted.module.body.attention_weights(windows).mean(dim=0)
    np.testing.assert_allclose(np.stack(list(found.values())), expected.numpy(), rtol=1e-5)
    bare = HybridDecoder(**SMALL, without=("attention",), training=Training(steps=2))
    with pytest.raises(HeadroomError, match="no attention"):
        bare.fit(dataset.train, dataset.valid, dataset.target, Workspace(0))[0].explain(few, "attention")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"hidden": 20}, "hidden: found 20; expected multiples of 8"),
        ({"widths": (8, 12)}, "widths: found 12"),
        ({"causal": True}, "causal is true without many_to_many"),
        ({"without": ("convolution", "recurrence")}, "leave it out too"),
    ],
)
def test_settings_that_do_not_go_together_are_named(settings, words):
    assert any(words in problem for problem in HybridDecoder(**settings).problems())
    assert HybridDecoder().problems() == LstmDecoder().problems() == []


@pytest.mark.parametrize(
    "model",
    [
        LstmDecoder(hidden=16, training=Training(steps=10), many_to_many=True),
        HybridDecoder(**SMALL, training=Training(steps=10)),
        HybridDecoder(**SMALL, training=Training(steps=10), variant="described", many_to_many=True, causal=True),
    ],
    ids=["lstm", "hybrid", "hybrid_causal"],
)
def test_the_graph_for_other_programs_answers_alike(model, tmp_path):
    for package in ("onnx", "onnxscript", "onnxruntime"):
        pytest.importorskip(package)
    from headroom.networks.onnx import TOLERANCE, write

    dataset = dataset_of(look=5)
    fitted = model.fit(dataset.train, dataset.valid, dataset.target, Workspace(0))[0]
    assert write(tmp_path / "decoder.onnx", fitted, dataset.test, {}, category=True) <= TOLERANCE
