"""CSV recordings that cannot be used: each is refused with one line that names the place, what was found and what was expected."""

import pytest
from fixtures.refusal import refusal

from headroom.simulators.recording import Recording

GOOD = "time,a,b\n0.0,1,5\n0.1,2,6\n0.2,4,5\n0.3,3,7\n"
LONG = "a,b\n" + "1,2\n3,4\n" * 20

SEEN_BEFORE_ANY_JOB = {  # name: (text, settings, message after the path)
    "semicolons": ("a;b\n1,5;2,5\n", {}, "row 1: found columns separated by semicolons; expected commas, and points in decimal numbers"),
    "tabs": ("a\tb\n1\t2\n", {}, "row 1: found columns separated by tabs; expected commas, and points in decimal numbers"),
    "decimal_comma": ('a,b\n"1,5",2\n', {}, "row 2, column 'a': found '1,5'; expected a decimal point instead of the comma"),
    "bare_decimal_commas": (
        "a,b\n1,5,2,5\n",
        {},
        "row 2: found 4 cells; expected 2 as in the header (are there decimal commas? write points)",
    ),
    "no_header": ("1,2\n3,4\n", {}, "row 1: found numbers (1, 2); expected a header row with the names of the columns"),
    "no_rows": ("a,b\n", {}, "found a header and no rows; expected one row per sample"),
    "blank_lines_only": ("\n\n\n", {}, "found no text; expected a header row and one row per sample"),
    "zero_bytes": ("", {}, "found an empty file (0 bytes); expected a recording"),
    "duplicate_columns": ("a,b,a\n1,2,3\n", {}, "row 1: columns 1 and 3 are both 'a'; expected two names"),
    "text_column": (
        "a,state\n1,up\n2,down\n",
        {},
        "row 2, column 'state': found 'up'; expected a number; a column of text is left out by `ignore: [state]`",
    ),
    "unknown_channel": (
        GOOD,
        {"channels": ("voltage", "a")},
        "no channel 'voltage' (channels); the file has: 'a', 'b'",
    ),
    "misspelt_time": (
        GOOD,
        {"time": "tine"},
        "no column 'tine' (time); the file has: 'time', 'a', 'b'; did you mean 'time'?",
    ),
    "unknown_trials": (GOOD, {"trial": "sweep"}, "no column 'sweep' (trial); the file has: 'time', 'a', 'b'"),
    "unknown_ignored": (GOOD, {"ignore": ("frame",)}, "no channel 'frame' (ignore); the file has: 'a', 'b', 'time'"),
    "date_as_time": (
        "time,a\n2024-01-01 10:00:00,1\n",
        {},
        "row 2, column 'time': found '2024-01-01 10:00:00'; expected a number of seconds (dates are read from Parquet)",
    ),
    "only_time": ("time\n0\n1\n", {}, "found only the columns 'time'; expected at least one channel"),
    "no_interval": ("a,b\n1,2\n3,4\n", {"dt": None}, "no sampling interval; expected dt [s] in config.yaml, or time stamps in the file"),
    "open_quote": ('a,b\n1,"2\n3,4\n', {}, "row 3: unexpected end of data; expected plain cells between commas"),
    "ragged_short": ("a,b\n1,2\n3\n", {}, "row 3: found 1 cell; expected 2 as in the header"),
}

SEEN_WHEN_READ = {
    "ragged_far_down": (LONG + "5\n", {}, "row 42: found 1 cell; expected 2 as in the header"),
    "word_far_down": (
        LONG + "5,off\n",
        {},
        "row 42, column 'b': found 'off'; expected a number; a column of text is left out by `ignore: [b]`",
    ),
    "empty_cell": ("a,b\n1,2\n\n3,\n", {}, "row 4, column 'b': found NaN or nothing; expected none, or set missing: interpolate or drop"),
    "infinite": ("a,b\n1,2\n-inf,4\n", {}, "row 3, column 'a': found -inf; expected none, or set missing: interpolate or drop"),
    "gap_in_time": (
        "time,a\n0.0,1\n0.1,2\n0.2,4\n0.6,3\n",
        {},
        "row 5: found a gap of 3 samples before it; expected none, or set missing: interpolate or drop",
    ),
    "gap_above_recording": (
        "time,a\n0.0,1\n0.1,2\n0.2,4\n900.2,3\n",
        {"missing": "interpolate"},
        "row 5: found gaps of 8999 samples among 4; expected fewer missing than recorded",
    ),
    "value_missing_at_start": (
        "a,b\n1,\n2,3\n4,5\n",
        {"missing": "interpolate"},
        "trial 0, column 'b': the value at its start is missing; "
        "expected one on each side to interpolate between: cut the trial or set missing: drop",
    ),
    "nothing_left": (
        "a,b\n1,\n2,3\n",
        {"missing": "drop"},
        "missing: drop leaves no trial: found something missing in every one; set missing: interpolate, or correct the file",
    ),
    "time_goes_back": (
        "time,a\n0.0,1\n0.1,2\n0.0,4\n0.1,3\n",
        {},
        "row 4: found time stamp 0 after 0.1; expected later ones within a trial (trials need a column of trial numbers)",
    ),
    "irregular_time": (
        "time,a\n0.0,1\n0.1,2\n0.2,3\n0.302,4\n0.4,5\n",
        {},
        "row 5: found 0.102 s since the time stamp before; expected 0.1 s within 1 %: resample the recording",
    ),
    "time_missing": ("time,a\n0.0,1\n,2\n0.2,3\n", {}, "row 3: found time stamp nan; expected seconds"),
    "time_contradicts_dt": (
        GOOD,
        {"dt": 0.05},
        "dt in config.yaml: found 0.05 s, but from the time stamps it is 0.1 s; correct one of them",
    ),
    "time_in_milliseconds": (
        "time,a\n0,1\n1,2\n2,3\n",
        {"dt": 0.001},
        "dt in config.yaml: found 0.001 s, but from the time stamps it is 1 s (is that in ms?); correct one of them",
    ),
    "trials_unequal": (
        "trial,a\n1,1\n1,2\n1,3\n2,4\n2,5\n",
        {},
        "found 2 samples in trial 2 and 3 in trial 1; expected equal lengths, or set unequal_trials: trim",
    ),
    "trial_too_short": ("trial,a\n1,1\n1,2\n2,4\n", {"unequal_trials": "trim"}, "trial 2: found 1 sample; expected at least 2"),
    "trials_interleaved": (
        "trial,a\n1,1\n2,2\n1,3\n2,4\n",
        {},
        "row 4: found trial 1 a second time; expected all rows of a trial together",
    ),
    "trial_no_whole_number": ("trial,a\n1,1\n1.5,2\n", {}, "row 3: found trial number 1.5; expected a whole number"),
    "label_no_whole_number": ("label,a\n0,1\n0.5,2\n", {}, "row 3, 'label': found label 0.5; expected a whole number, or text"),
    "label_missing": (
        "label,a\n0,1\n,2\n",
        {},
        "row 3, 'label': found no label; expected one, or set unlabelled: <category of such samples>",
    ),
    "text_label_missing": (
        "label,a\nrest,1\nNaN,2\n",
        {"missing": "interpolate"},
        "row 3, 'label': found no label; expected one, or set unlabelled: <category of such samples>",
    ),
    "too_many_labels": (
        "label,a\n" + "".join(f"{0.5 * step},{step**2}\n" for step in range(0, 2004, 2)),
        {},
        "'label': found 1002 different labels; expected at most 1000 categories",
    ),
    "time_stamp_twice": (
        "time,a\n0.0,1\n0.1,2\n0.1,4\n0.2,3\n",
        {},
        "row 4: found time stamp 0.1 twice; expected later ones within a trial (trials need a column of trial numbers)",
    ),
    "frame_number": (
        "frame,a\n" + "".join(f"{step},{step**2}\n" for step in range(200)),
        {},
        "column 'frame': found a counter (0, 1, 2, ...); expected a measurement: "
        "set `ignore: [frame]`, `time: frame` if these are seconds, or name it among `channels`",
    ),
    "index_of_pandas": (
        ",a\n" + "".join(f"{step},{step**2}\n" for step in range(200)),
        {},
        "column 'column 1': found a counter (0, 1, 2, ...); expected a measurement: "
        "set `ignore: [column 1]`, `time: column 1` if these are seconds, or name it among `channels`",
    ),
    "unnamed_time": (
        "x,a\n" + "".join(f"{step * 0.0333:.4f},{step**2}\n" for step in range(200)),
        {},
        "column 'x': found a counter (0, 0.0333, 0.0666, ...); expected a measurement: "
        "set `ignore: [x]`, `time: x` if these are seconds, or name it among `channels`",
    ),
    "constant_channel": ("a,b\n1,7\n2,7\n", {}, "column 'b': found 7 in every sample; set constant: drop to leave it out"),
    "all_constant": ("a,b\n1,7\n1,7\n", {"constant": "drop"}, "column 'a': found 1 in every sample; expected one that changes"),
}


@pytest.mark.parametrize("name", SEEN_BEFORE_ANY_JOB)
def test_csv_refused_before_any_job(tmp_path, name):
    text, settings, expected = SEEN_BEFORE_ANY_JOB[name]
    path = tmp_path / "bad.csv"
    path.write_text(text)
    assert refusal(path, at_check=True, **settings) == expected


@pytest.mark.parametrize("name", SEEN_WHEN_READ)
def test_csv_refused_when_read(tmp_path, monkeypatch, name):
    text, settings, expected = SEEN_WHEN_READ[name]
    path = tmp_path / "bad.csv"
    path.write_text(text)
    if text.startswith("time,"):
        settings = {"dt": None, **settings}
    assert refusal(path, at_check=True, **settings) == expected, "a small file is read whole before any job starts"
    monkeypatch.setattr("headroom.simulators.recording.SMALL", 0)
    Recording(**{"file": str(path), "dt": 0.1, **settings}).check()  # of a large one the beginning is enough
    assert refusal(path, **settings) == expected


def test_settings_that_use_a_column_twice_are_a_problem():
    recording = Recording(file="x.csv", channels=("a", "b", "a"), time="b")
    assert recording.problems() == [f"column {name!r} is named twice; expected one part for each column" for name in "ab"]


def test_a_series_is_asked_of_formats_that_have_some():
    assert Recording(file="x.csv", series="lfp").problems() == ["series is 'lfp', and x.csv has no series; expected one of .npz, .nwb"]
    assert Recording(file="x.nwb", series="lfp").problems() == []
