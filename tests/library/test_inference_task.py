"""The task of inference: one example a recording, its parameters or combinations of them."""

import numpy as np
import pytest

from headroom.core.errors import HeadroomError
from headroom.core.protocols import Workspace
from headroom.core.recording import Recording
from headroom.core.signal import Signal
from headroom.models.train_mean import TrainMean
from headroom.scores.excerpt import excerpt
from headroom.splits.by_trial import ByTrial
from headroom.tasks.inference import Inference

NAMES = ("A_i", "b_e", "a_4")


def recorded(trials=30):
    rng = np.random.default_rng(2)
    signal = Signal(rng.standard_normal((trials, 50, 1)), 0.001, ("source",), "mV")
    return Recording(signal, rng.uniform(1, 2, (trials, 3)), NAMES), signal


def cut(targets=()):
    recording, signal = recorded()
    task = Inference(targets=targets)
    return recording, ByTrial().apply(task.examples(recording, signal), task.target(recording, signal), recording)


def test_an_example_is_a_whole_recording_and_its_parameters():
    recording, signal = recorded()
    examples, target = Inference().examples(recording, signal), Inference().target(recording, signal)
    assert (target.kind, target.names, target.unit) == ("window", NAMES, "mV, 1/s, 1")
    np.testing.assert_array_equal(examples.windows(), signal.values)
    np.testing.assert_array_equal(examples.targets()[:, 0], recording.parameters)


def test_combinations_have_tables_of_their_own():
    assert (Inference().name, Inference(targets=("log(A_i a_4)",)).name) == ("infer", "infer_combinations")


def test_combinations_are_logarithms():
    recording, signal = recorded()
    task = Inference(targets=("log(A_i a_4)", "log(b_e/a_4)", "a_4"))
    asked = task.examples(recording, signal).targets()[:, 0]
    a, b, c = recording.parameters.T
    np.testing.assert_allclose(asked, np.stack([np.log(a * c), np.log(b / c), c], axis=1))
    assert task.target(recording, signal).unit == "1"


def test_recordings_are_dealt_out_whole_and_scaled_by_the_training_ones():
    recording, dataset = cut()
    parts = [set(part.trial.tolist()) for part in (dataset.train, dataset.valid, dataset.test)]
    assert sum(map(len, parts)) == 30 and not parts[0] & parts[1] and not parts[0] & parts[2]
    own = recording.parameters[dataset.train.trial]
    np.testing.assert_allclose(dataset.test.scale.track_mean, own.mean(axis=0))
    np.testing.assert_allclose(dataset.test.scale.track_sd, own.std(axis=0))


def test_the_prior_mean_is_the_mean_of_the_training_recordings():
    recording, dataset = cut()
    fitted, _ = TrainMean().fit(dataset.train, dataset.valid, dataset.target, Workspace(0))
    point = fitted.predict(dataset.test).point
    np.testing.assert_allclose(point[:, 0], np.tile(recording.parameters[dataset.train.trial].mean(axis=0), (len(dataset.test), 1)))


def test_an_excerpt_shows_every_test_recording():
    _, dataset = cut()
    table = excerpt(dataset.test.targets(), dataset.test, dataset.test.offsets)
    targets = table[table["part"] == "target"]
    assert len(targets) == 3 * len(dataset.test)
    assert targets["horizon"].isna().all()
    np.testing.assert_array_equal(targets["prediction"], targets["truth"])


def test_what_is_not_there_is_refused():
    recording, signal = recorded()
    with pytest.raises(HeadroomError, match="found 'C', and no parameter 'C'; expected one of A_i, b_e, a_4"):
        Inference(targets=("C",)).examples(recording, signal)
    with pytest.raises(HeadroomError, match="the recording has none; use erp"):
        Inference().examples(Recording(signal, np.empty((30, 0))), signal)
