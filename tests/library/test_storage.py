"""What travels between stages arrives as it was."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headroom.core.dataset import Dataset
from headroom.core.examples import Examples, Scale, Target
from headroom.core.files import write_manifest
from headroom.core.randomness import stream, streams
from headroom.core.recording import Recording
from headroom.core.signal import Signal
from headroom.core.storage import load, save


def carried(thing, folder):
    save(folder / "thing.npz", thing)
    write_manifest(folder / "make.manifest.json", "make", [folder / "thing.npz"])
    return load(folder / "thing.npz")


def signal(rng, noise=True):
    values = rng.standard_normal((3, 50, 2))
    return Signal(values, 0.25, ("left", "right"), "uV", clean=values + 1 if noise else None, noise_sd=np.ones(2) if noise else None)


def test_a_recording_arrives(tmp_path):
    rng = np.random.default_rng(0)
    before = Recording(signal(rng), rng.random((3, 1)), ("rate",), labels=signal(rng, noise=False), extras={"phase": rng.random((3, 50))})
    after = carried(before, tmp_path)
    np.testing.assert_array_equal(after.states.clean, before.states.clean)
    np.testing.assert_array_equal(after.extras["phase"], before.extras["phase"])
    assert (after.parameter_names, after.states.channels, after.states.unit) == (("rate",), ("left", "right"), "uV")
    assert after.stimulus is None and after.labels.clean is None


def test_a_dataset_keeps_one_copy_of_its_signal(tmp_path):
    one = signal(np.random.default_rng(1))
    examples = Examples(one, one, np.array([0, 1]), np.array([3, 4]), 10, (1, 5), Scale(*np.ones((4, 2))))
    after = carried(Dataset(examples, examples, examples, Target("ahead", one.channels, "uV")), tmp_path)
    assert after.train.inputs.values is after.test.track.values
    np.testing.assert_array_equal(after.test.windows(), examples.windows())
    np.testing.assert_array_equal(after.test.targets(clean=True), examples.targets(clean=True))
    assert (tmp_path / "thing.npz").stat().st_size < 3 * one.values.nbytes + 6000


@given(length=st.integers(1, 10), offset=st.integers(0, 20), start=st.integers(0, 20))
def test_windows_and_targets_are_where_they_should_be(length, offset, start):
    count = np.arange(60.0)
    one = Signal(np.stack([count, 100 + count])[:, :, None], 1.0, ("count",))
    examples = Examples(one, one, np.array([0, 1]), np.array([start, start]), length, (offset,))
    assert examples.windows()[1, :, 0].tolist() == [100 + start + step for step in range(length)]
    assert examples.targets()[:, 0, 0].tolist() == [start + length - 1 + offset, 100 + start + length - 1 + offset]
    assert examples.dense()[0, :, 0, 0].tolist() == [start + step + offset for step in range(length)]


def test_streams_depend_on_their_names_alone():
    first = stream(1, "simulate", "kuramoto", 3).standard_normal(5)
    stream(1, "something", "else").standard_normal(100)
    np.testing.assert_array_equal(streams(1, "simulate", "kuramoto")(3).standard_normal(5), first)
    for other in ((2, "simulate", "kuramoto", 3), (1, "simulate", "kuramoto", 4), (1, "simulate", "kuramoto3")):
        assert not np.allclose(stream(*other).standard_normal(5), first)


@pytest.mark.parametrize("harm", [{"dt": 0.0}, {"channels": ("one",)}, {"clean": np.zeros((1, 2, 2))}])
def test_a_signal_that_makes_no_sense_is_refused(harm):
    good = {"values": np.zeros((1, 3, 2)), "dt": 0.1, "channels": ("a", "b")}
    with pytest.raises(ValueError, match=r"dt|channels|shape"):
        Signal(**good | harm)
