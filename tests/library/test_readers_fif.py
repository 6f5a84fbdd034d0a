"""FIF files as MNE writes them: one recording or epochs, with the values, unit, names, clock and labels that they hold."""

import numpy as np
import pytest
from fixtures.recordings import read

mne = pytest.importorskip("mne")
RATE = 200.0


@pytest.fixture
def values():
    return np.random.default_rng(4).standard_normal((4, 1000)) * 1e-5


def recording(values, kinds=("eeg", "eeg", "eeg", "stim"), first=0):
    names = [f"{kind.upper()} {index}" for index, kind in enumerate(kinds)]
    return mne.io.RawArray(values, mne.create_info(names, RATE, list(kinds)), first_samp=first, verbose="ERROR")


@pytest.mark.parametrize("name", ["rec_raw.fif", "rec_raw.fif.gz"])
def test_a_recording_keeps_every_digit(tmp_path, values, name):
    path = tmp_path / name
    recording(values).save(path, fmt="double", verbose="ERROR")
    signal = read(path).states
    assert (signal.channels, signal.unit, signal.dt) == (("EEG 0", "EEG 1", "EEG 2"), "V", 1 / RATE)
    assert np.array_equal(signal.values[0].T, values[:3])


def test_channels_by_type_and_bad_ones(tmp_path, values):
    path = tmp_path / "rec_raw.fif"
    raw = recording(values, ("eeg", "mag", "eeg", "mag"))
    raw.info["bads"] = ["EEG 2"]
    raw.save(path, fmt="double", verbose="ERROR")
    assert read(path, channels=("eeg",)).states.channels == ("EEG 0",)
    assert read(path, channels=("EEG 2", "EEG 0")).states.channels == ("EEG 2", "EEG 0"), "by name, a bad one too"
    fields = read(path, channels=("mag",)).states
    assert fields.unit == "T" and np.array_equal(fields.values[0].T, values[[1, 3]])


@pytest.mark.parametrize("first", [0, 400])
@pytest.mark.parametrize("dated", [False, True])
def test_annotations_label_the_samples_that_they_last_for(tmp_path, values, first, dated):
    """MNE counts an annotation's onset from the start of the acquisition, which lies before the first saved sample."""
    path = tmp_path / "rec_raw.fif"
    raw = recording(values, first=first)
    if dated:
        raw.set_meas_date(1_600_000_000)
    raw.set_annotations(mne.Annotations([0, 2], [2, 3], ["walk", "rest"]), verbose="ERROR")
    raw.save(path, fmt="double", verbose="ERROR")
    found = read(path, label="annotations")
    assert found.extras["label_names"].tolist() == ["rest", "walk"]
    assert found.labels.values.ravel().tolist() == [1] * 400 + [0] * 600


def test_trigger_channel_as_label(tmp_path, values):
    path = tmp_path / "rec_raw.fif"
    values[3] = np.repeat([0, 4], 500)
    recording(values).save(path, fmt="double", verbose="ERROR")
    found = read(path, label="STIM 3")
    assert found.labels.values.ravel().tolist() == [0] * 500 + [1] * 500
    assert found.extras["label_names"].tolist() == ["0", "4"]


def test_samples_under_a_bad_annotation_are_missing(tmp_path, values):
    path = tmp_path / "rec_raw.fif"
    raw = recording(values)
    raw.set_annotations(mne.Annotations([1], [0.5], ["BAD_movement"]), verbose="ERROR")
    raw.save(path, fmt="double", verbose="ERROR")
    filled = read(path, missing="interpolate").extras["interpolated"][0]
    assert np.flatnonzero(filled[:, 0]).tolist() == list(range(200, 300)) and filled.all(axis=1).sum() == 100


def test_epochs_are_trials_and_their_events_labels(tmp_path, values):
    path = tmp_path / "rec-epo.fif"
    events = np.array([[step, 0, code] for step, code in ((100, 2), (300, 1), (500, 2), (700, 1))])
    epochs = mne.Epochs(recording(values), events, {"face": 1, "house": 2}, 0, 0.495, baseline=None, preload=True, verbose="ERROR")
    epochs.save(path, fmt="double", verbose="ERROR")
    found = read(path, label="events")
    expected = np.stack([values[:3, step : step + 100].T for step in events[:, 0]])
    assert np.array_equal(found.states.values, expected) and found.states.dt == 1 / RATE
    assert found.extras["label_names"].tolist() == ["face", "house"]
    assert found.labels.values[:, 0, 0].tolist() == [1, 0, 1, 0] and (np.ptp(found.labels.values, axis=1) == 0).all()
    assert found.extras["trial"].tolist() == [0, 1, 2, 3]
