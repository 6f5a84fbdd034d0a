"""Noise drawn anew in every epoch: by seed and epoch alone, as the signal states it, for training only."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from fixtures.heads import lead_field, source

from headroom.core.errors import HeadroomError
from headroom.core.protocols import Workspace
from headroom.core.randomness import streams
from headroom.core.recording import Recording
from headroom.models.component_network import ComponentNetwork
from headroom.models.evoked_convolution import EvokedConvolution
from headroom.networks import engine
from headroom.networks.fresh_noise import FreshNoise
from headroom.networks.training import Training
from headroom.networks.windows import standardised
from headroom.observations.eeg_background import EegBackground
from headroom.splits.by_trial import ByTrial
from headroom.tasks.inference import Inference

FEW = Training(steps=12, batch_size=16, validate_every=4)


@pytest.fixture(scope="module")
def dataset():
    signal = source(trials=60, samples=240)
    recording = Recording(signal, np.stack([signal.values[:, -1, 0], signal.values.std(axis=(1, 2))], axis=1), ("end", "size"))
    seen = EegBackground(filtered=True, level=30.0).with_lead_field(lead_field()).apply(signal, streams(0, "noise"))
    return ByTrial().apply(Inference().examples(recording, seen), Inference().target(recording, seen), recording)


def drawn(dataset, epoch, seed=0):
    """What training and validation would see in an epoch, in mV."""
    train, valid = standardised((dataset.train, dataset.valid), torch.device("cpu"))
    FreshNoise(dataset.train, train, seed)(epoch)
    scale = dataset.train.scale
    return [(part.seen(torch.arange(len(part))).numpy() * scale.sd + scale.mean) for part in (train, valid)]


def test_it_depends_on_seed_and_epoch_alone(dataset):
    first, again, next_one, other = (drawn(dataset, *key)[0] for key in ((3, 0), (3, 0), (4, 0), (3, 1)))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, next_one) and not np.array_equal(first, other)


def test_validation_keeps_its_own(dataset):
    _, valid = drawn(dataset, 3)
    np.testing.assert_allclose(valid, dataset.valid.windows(), rtol=1e-4, atol=1e-3)


def test_it_has_the_sd_and_the_memory_that_the_signal_states(dataset):
    signal = dataset.train.inputs
    clean = signal.clean[dataset.train.trial]
    noise = np.concatenate([drawn(dataset, epoch)[0] - clean for epoch in range(12)])[..., 0]
    assert noise.std() == pytest.approx(signal.noise_sd[0], rel=0.03)
    for lag in (1, 10, 100):
        assert (noise[:, lag:] * noise[:, :-lag]).mean() / noise.var() == pytest.approx(signal.noise_memory[lag], abs=0.05)


@pytest.mark.parametrize("model", [ComponentNetwork(fresh_noise=True, training=FEW), EvokedConvolution(fresh_noise=True, training=FEW)])
def test_training_with_it_repeats_and_resumes_bit_for_bit(model, dataset, tmp_path, monkeypatch):
    def fit(folder=None):
        return model.fit(dataset.train, dataset.valid, dataset.target, Workspace(0, checkpoints=folder))[0].state()

    whole = fit()
    monkeypatch.setattr(engine, "CHECKPOINT_SECONDS", 0.0)

    class Stopped(Exception):
        pass

    save, count = engine._save, []

    def stop(run, folder):
        save(run, folder)
        count.append(1)
        if len(count) == 7:
            raise Stopped

    monkeypatch.setattr(engine, "_save", stop)
    with pytest.raises(Stopped):
        fit(tmp_path)
    resumed = fit(tmp_path)
    assert {name: array.tobytes() for name, array in resumed.items()} == {name: array.tobytes() for name, array in whole.items()}
    plain = replace(model, fresh_noise=False).fit(dataset.train, dataset.valid, dataset.target, Workspace(0))[0].state()
    assert any(not np.array_equal(plain[name], whole[name]) for name in whole)


def test_a_recording_without_a_noise_free_signal_has_none(dataset):
    def blind(part):
        return replace(part, inputs=replace(part.inputs, clean=None, noise_sd=None, noise_memory=None))

    with pytest.raises(HeadroomError, match="fresh_noise: found no noise-free signal"):
        EvokedConvolution(fresh_noise=True, training=FEW).fit(blind(dataset.train), blind(dataset.valid), dataset.target, Workspace(0))


def test_noise_that_channels_share_is_refused(dataset):
    one = dataset.train.inputs
    values, clean = (np.repeat(array, 2, axis=2) for array in (one.values, one.clean))
    double = replace(one, channels=("a", "b"), noise_sd=np.ones(2), values=values, clean=clean)
    scale = replace(dataset.train.scale, mean=np.zeros(2), sd=np.ones(2))
    examples = replace(dataset.train, inputs=double, scale=scale)
    with pytest.raises(HeadroomError, match="found noise with a memory on 2 channels; expected one channel"):
        FreshNoise(examples, standardised((examples,), torch.device("cpu"))[0], 0)
