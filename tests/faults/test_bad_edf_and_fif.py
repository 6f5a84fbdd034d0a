"""EDF, BDF and FIF recordings that cannot be used."""

import gzip

import numpy as np
import pytest
from fixtures.edf_files import Channel, write_edf
from fixtures.refusal import refusal

mne = pytest.importorskip("mne")
DIGITAL = np.random.default_rng(0).integers(-30000, 30000, 800)
TWO_RATES = [Channel("C3", DIGITAL), Channel("Temp", DIGITAL[::100], "uV")]
TWO_UNITS = [Channel("C3", DIGITAL), Channel("ECG", DIGITAL[::-1], "mV"), Channel("C4", DIGITAL**2 % 999)]
OVERLAP = [(0, 3, "N1"), (2, 6, "N2")]

BAD_EDFS = {  # name: (channels, notes, kind, settings, message after the path)
    "two_rates": (
        TWO_RATES,
        (),
        "EDF",
        {},
        "found channels of 100 Hz ('C3') and 1 Hz ('Temp'); expected one sampling rate: choose by `channels` or `ignore`",
    ),
    "two_units": (
        TWO_UNITS,
        (),
        "EDF",
        {},
        "found channels of uV ('C3', 'C4') and mV ('ECG'); expected one unit: choose by `channels` or `ignore`",
    ),
    "unknown_channel": (
        TWO_UNITS,
        (),
        "EDF",
        {"channels": ("EKG",)},
        "no channel 'EKG' (channels); the file has: 'C3', 'ECG', 'C4'; did you mean 'ECG'?",
    ),
    "unknown_marker": (TWO_UNITS, (), "EDF", {"label": "STI"}, "no column 'STI' (label); the file has: 'C3', 'ECG', 'C4'"),
    "interrupted": (
        TWO_UNITS[:1],
        (),
        "EDF+D",
        {},
        "found a recording with interruptions (EDF+D); expected a continuous one: export it as EDF+C",
    ),
    "empty_range": (
        [Channel("C3", DIGITAL, low=0, high=0)],
        (),
        "EDF",
        {},
        "channel 'C3': found an empty range of values in the header; leave it out by `ignore: [C3]`",
    ),
    "no_annotations": (
        TWO_UNITS[:1],
        (),
        "EDF+C",
        {"label": "annotations"},
        "found no annotations (label: annotations); expected annotations that last, one category each",
    ),
    "moments": (
        TWO_UNITS[:1],
        [(1, 0, "click")],
        "EDF+C",
        {"label": "annotations"},
        "found 1 annotations without a duration (label: annotations); expected annotations that last, one category each",
    ),
    "two_at_once": (
        TWO_UNITS[:1],
        OVERLAP,
        "EDF+C",
        {"label": "annotations"},
        "sample 200 (at 2 s): found annotations 'N1' and 'N2' together; expected one label",
    ),
    "not_annotated": (
        TWO_UNITS[:1],
        [(0, 3, "N1")],
        "EDF+C",
        {"label": "annotations"},
        "sample 300 (at 3 s), 'annotations': found no label; expected one, or set unlabelled: <category of such samples>",
    ),
    "time_column": (
        TWO_UNITS[:1],
        (),
        "EDF",
        {"time": "t"},
        "found time: t in config.yaml; expected none: its samples follow one clock, as one recording",
    ),
    "other_interval": (
        TWO_UNITS[:1],
        (),
        "EDF",
        {"dt": 0.02},
        "dt in config.yaml: found 0.02 s, but from dt in the file it is 0.01 s; correct one of them",
    ),
    "other_quantity": (
        TWO_UNITS[:1],
        (),
        "EDF",
        {"unit": "pA"},
        "found unit 'uV' in the file and 'pA' in config.yaml; correct one of them",
    ),
}


@pytest.mark.parametrize("name", BAD_EDFS)
def test_edf_refused_before_any_job(tmp_path, name):
    channels, notes, kind, settings, expected = BAD_EDFS[name]
    path = tmp_path / "bad.edf"
    write_edf(path, channels, 8, notes, kind)
    assert refusal(path, at_check=True, **{"dt": None, **settings}) == expected


@pytest.mark.parametrize(
    ("keep", "expected"),
    [
        (slice(None, 1000), "found 488 bytes of samples, its header says 1600; the file is cut short or damaged"),
        (slice(None, 300), "found a header of 300 bytes for 1 signals; the file is cut short or damaged"),
        (slice(None, 100), "header: found b'' as number of signals; expected a number: the file is damaged"),
        (slice(20, None), "found b'        ' at the start; expected an EDF or BDF file"),
    ],
)
def test_truncated_edf_refused(tmp_path, keep, expected):
    path = tmp_path / "cut.edf"
    write_edf(path, TWO_UNITS[:1], 8, kind="EDF")
    path.write_bytes(path.read_bytes()[keep])
    assert refusal(path, at_check=True, dt=None) == expected


def fif(path, kinds=("eeg", "eeg"), **more):
    values = np.random.default_rng(1).standard_normal((len(kinds), 600))
    raw = mne.io.RawArray(values, mne.create_info([f"{kind} {n}" for n, kind in enumerate(kinds)], 100.0, list(kinds)), verbose="ERROR")
    raw.set_annotations(mne.Annotations([1], [1], ["BAD_jump"]) if more.get("bad") else None, verbose="ERROR")
    raw.save(path, overwrite=True, verbose="ERROR")
    return path


def test_fif_of_two_units_refused(tmp_path):
    path = fif(tmp_path / "rec_raw.fif", ("eeg", "mag"))
    found = "found channels in V ('eeg 0', of type eeg) and T ('mag 1', of type mag)"
    assert refusal(path, at_check=True, dt=None) == f"{found}; expected one unit: choose by `channels`, such as [eeg]"


def test_fif_without_measurements_refused(tmp_path):
    path = fif(tmp_path / "rec_raw.fif", ("stim", "stim"))
    assert refusal(path, dt=None) == "found no channel of measurements among 'stim 0', 'stim 1'; expected at least one"


def test_unknown_channel_of_a_fif_refused(tmp_path):
    path = fif(tmp_path / "rec_raw.fif")
    assert refusal(path, dt=None, channels=("meg",)) == "no channel 'meg' (channels); the file has: 'eeg 0', 'eeg 1'"


def test_samples_marked_as_bad_refused(tmp_path):
    path = fif(tmp_path / "rec_raw.fif", bad=True)
    found = "sample 100 (at 1 s, annotated 'BAD_jump'), column 'eeg 0': found NaN or nothing"
    assert refusal(path, dt=None) == f"{found}; expected none, or set missing: interpolate or drop"


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_damaged_fif_refused(tmp_path, pack):
    path = tmp_path / ("bad_raw.fif" if pack is bytes else "bad_raw.fif.gz")
    path.write_bytes(pack(b"no FIF file at all" * 100))
    message = refusal(path, at_check=True, dt=None)
    assert message.startswith("cannot be read (") and message.endswith("); expected an intact FIF file")
