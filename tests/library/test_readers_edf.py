"""EDF and BDF files, written byte by byte, come out with the values, unit, names, clock and labels that they hold."""

import numpy as np
import pytest
from fixtures.edf_files import Channel, physical, write_edf
from fixtures.recordings import read

pytest.importorskip("mne")

RATE, SECONDS = 100, 8


@pytest.fixture
def digital():
    return np.random.default_rng(3).integers(-30000, 30000, (3, RATE * SECONDS))


@pytest.mark.parametrize("kind", ["EDF", "EDF+C", "BDF"])
@pytest.mark.parametrize("unit", ["uV", "mV", "V", "mmHg"])
def test_values_come_in_the_unit_of_the_file(tmp_path, digital, kind, unit):
    path = tmp_path / f"rec.{kind[:3].lower()}"
    channels = [Channel(name, row, unit) for name, row in zip(("Fp1", "Fp2", "Cz"), digital, strict=True)]
    write_edf(path, channels, SECONDS, kind=kind)
    signal = read(path).states
    assert (signal.channels, signal.unit, signal.dt) == (("Fp1", "Fp2", "Cz"), unit, 0.01)
    np.testing.assert_allclose(signal.values[0].T, [physical(channel) for channel in channels], rtol=1e-9, atol=1e-9)


def test_channels_of_one_rate_are_read_beside_others(tmp_path, digital):
    path = tmp_path / "rec.edf"
    slow = Channel("Resp", digital[2, ::4], "mV", -10, 10)
    write_edf(path, [Channel("C3", digital[0]), slow], SECONDS)
    signal = read(path, channels=("Resp",)).states
    assert (signal.dt, signal.unit, signal.samples) == (0.04, "mV", RATE * SECONDS // 4)
    np.testing.assert_allclose(signal.values[0, :, 0], physical(slow), rtol=1e-9)
    assert read(path, ignore=("Resp",)).states.channels == ("C3",)


def test_names_that_stand_twice_are_numbered(tmp_path, digital):
    path = tmp_path / "rec.edf"
    write_edf(path, [Channel("T8-P8", row) for row in digital], SECONDS)
    signal = read(path, channels=("T8-P8-2", "T8-P8-0")).states
    np.testing.assert_allclose(signal.values[0].T, [physical(Channel("", digital[index])) for index in (2, 0)], rtol=1e-9)


def test_annotations_label_the_samples_that_they_last_for(tmp_path, digital):
    path = tmp_path / "rec.edf"
    write_edf(path, [Channel("C3", digital[0])], SECONDS, [(0, 3, "wake"), (3, 2.5, "N1"), (5.5, 2.5, "wake")])
    recording = read(path, label="annotations")
    assert recording.extras["label_names"].tolist() == ["N1", "wake"]
    assert recording.labels.values.ravel().tolist() == [1] * 300 + [0] * 250 + [1] * 250


def test_samples_without_annotation_are_of_a_category_on_request(tmp_path, digital):
    path = tmp_path / "rec.edf"
    write_edf(path, [Channel("C3", digital[0])], SECONDS, [(2, 1, "seizure")])
    recording = read(path, label="annotations", unlabelled="background")
    assert recording.extras["label_names"].tolist() == ["seizure", "background"]
    assert recording.labels.values.ravel().tolist() == [1] * 200 + [0] * 100 + [1] * 500


@pytest.mark.parametrize("kind", ["EDF", "BDF"])
def test_marker_channel_as_label(tmp_path, digital, kind):
    path = tmp_path / f"rec.{kind.lower()}"
    codes = np.repeat([5, 9, 5, 12], RATE * SECONDS // 4)
    write_edf(path, [Channel("C3", digital[0]), Channel("Status", codes, "Boolean", -32000, 32000)], SECONDS, kind=kind)
    assert read(path).states.channels == ("C3",), "a marker channel is no measurement"
    recording = read(path, label="Status")
    assert recording.extras["label_names"].tolist() == ["5", "9", "12"]
    assert recording.labels.values[::, ::200, 0].tolist() == [[0, 1, 0, 2]]
    np.testing.assert_allclose(recording.states.values[0, :, 0], physical(Channel("", digital[0])), rtol=1e-9)


def test_another_prefix_is_converted(tmp_path, digital):
    path = tmp_path / "rec.edf"
    write_edf(path, [Channel("C3", digital[0], "uV")], SECONDS)
    signal = read(path, unit="mV").states
    assert signal.unit == "mV"
    np.testing.assert_allclose(signal.values[0, :, 0], physical(Channel("", digital[0])) / 1000, rtol=1e-9)
