"""NWB recordings that cannot be used."""

import numpy as np
import pytest
from fixtures.nwb_files import write_nwb
from fixtures.refusal import refusal

pynwb = pytest.importorskip("pynwb")
VALUES = np.random.default_rng(0).standard_normal((500, 2))


def series(name="vm", data=VALUES, unit="mV", **more):
    clock = {} if "timestamps" in more else {"rate": 100.0, "starting_time": 0.0}
    return pynwb.TimeSeries(name=name, data=data, unit=unit, **(clock | more))


def holding(*many, trials=()):
    def fill(file):
        for one in many:
            file.add_acquisition(one)
        for start, stop in trials:
            file.add_trial(start_time=float(start), stop_time=float(stop))

    return fill


BAD_FILES = {  # name: (what the file holds, settings, message after the path)
    "several_series": (
        lambda: holding(series("a"), series("b", VALUES[:, 0])),
        {},
        "found 2 series: 'a' (500 x 2), 'b' (500); expected one: name it by `series` (or a pattern: one a trial)",
    ),
    "no_series": (holding, {}, "found no series of numbers along time; expected a TimeSeries in acquisition or processing"),
    "unknown_series": (
        lambda: holding(series("lfp")),
        {"series": "lpf"},
        "no series 'lpf' (series); the file has: 'lfp'; did you mean 'lfp'?",
    ),
    "empty_pattern": (lambda: holding(series("lfp")), {"series": "sweep_*"}, "no series 'sweep_*' (series); the file has: 'lfp'"),
    "sweeps_of_two_units": (
        lambda: holding(series("s_1"), series("s_2", unit="pA")),
        {"series": "s_*"},
        "series 's_2': found unit pA; expected mV as in 's_1'",
    ),
    "sweeps_of_two_rates": (
        lambda: holding(series("s_1"), series("s_2", rate=50.0)),
        {"series": "s_*"},
        "series 's_2': found sampling rate 50.0; expected 100.0 as in 's_1'",
    ),
    "sweeps_of_two_lengths": (
        lambda: holding(series("s_1"), series("s_2", VALUES[:400])),
        {"series": "s_*"},
        "found 400 samples in trial 1 and 500 in trial 0; expected equal lengths, or set unequal_trials: trim",
    ),
    "trial_outside": (
        lambda: holding(series(), trials=[(0, 1), (4.5, 5.5)]),
        {},
        "trial 1: found 4.5 s to 5.5 s, samples 450 to 550; expected samples within 0 to 500, or `ignore: [trials]`",
    ),
    "trials_overlap": (
        lambda: holding(series(), trials=[(0, 1), (0.5, 1.5)]),
        {},
        "found trials 0 and 1 that overlap; expected apart, or `ignore: [trials]`",
    ),
    "trial_without_end": (
        lambda: holding(series(), trials=[(0, 1), (2, np.nan)]),
        {},
        "trial 1: found 2 s to nan s; expected a start and a later stop",
    ),
    "unknown_label": (
        lambda: holding(series(), trials=[(0, 1), (2, 3)]),
        {"label": "stimulus"},
        "no column of the trials and no series 'stimulus' (label); the file has: ",
    ),
    "label_of_other_length": (
        lambda: holding(series(), series("state", np.arange(40))),
        {"series": "vm", "label": "state"},
        "label 'state': found 40 samples; expected 500 as in 'vm'",
    ),
    "not_a_number": (
        lambda: holding(series(data=np.where(np.arange(1000).reshape(500, 2) == 301, np.nan, VALUES))),
        {},
        "series 'vm', sample 150, column 'channel 2': found NaN or nothing; expected none, or set missing: interpolate or drop",
    ),
    "irregular": (
        lambda: holding(series(timestamps=np.arange(500) / 100 + 0.002 * (np.arange(500) == 300))),
        {},
        "series 'vm', sample 300: found 0.012 s since the time stamp before; expected 0.01 s within 1 %: resample the recording",
    ),
    "trial_column": (
        lambda: holding(series()),
        {"trial": "sweep"},
        "found trial: sweep in config.yaml; expected none: trials are those of the file's table of trials, or the series of a pattern",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_nwb_refused_before_any_job(tmp_path, name):
    fill, settings, expected = BAD_FILES[name]
    path = write_nwb(tmp_path / "bad.nwb", fill())
    assert refusal(path, at_check=True, **{"dt": None, **settings}) == expected


def test_truncated_nwb_refused(tmp_path):
    path = write_nwb(tmp_path / "cut.nwb", holding(series()))
    path.write_bytes(path.read_bytes()[:-5000])
    message = refusal(path, at_check=True, dt=None)
    assert message.startswith("cannot be read (") and message.endswith("); expected an intact NWB file")


def test_hdf5_that_is_no_nwb_refused(tmp_path):
    import h5py

    path = tmp_path / "other.nwb"
    with h5py.File(path, "w") as file:
        file["values"] = VALUES
    message = refusal(path, at_check=True, dt=None)
    assert message.startswith("cannot be read (") and message.endswith("); expected an intact NWB file")
