"""A user's recording comes out of the reader as it went into the file, and whatever was done to it is recorded."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from fixtures.recordings import read

from headroom.core.files import write_manifest
from headroom.core.randomness import streams
from headroom.core.storage import load, save
from headroom.readers import READERS, TWINS
from headroom.simulators.recording import Recording


@pytest.fixture
def values():
    return np.random.default_rng(1).standard_normal((3, 40, 2))


@pytest.fixture
def table(tmp_path, values):
    """The values as CSV with trial numbers, time stamps and labels beside them."""
    path = tmp_path / "rec.csv"
    lines = ["trial,time,left,right,label"]
    for trial, samples in enumerate(values):
        lines += [f"{trial + 5},{0.02 * step:.3f},{a!r},{b!r},{step // 20}" for step, (a, b) in enumerate(samples.tolist())]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_csv_keeps_every_digit(table, values):
    recording = read(table, unit="mV")
    signal = recording.states
    assert np.array_equal(signal.values, values)
    assert (signal.dt, signal.channels, signal.unit) == (0.02, ("left", "right"), "mV")
    assert recording.extras["trial"].tolist() == [5, 6, 7]
    assert recording.labels.channels == ("label",)
    assert recording.labels.values[:, :, 0].tolist() == [[0] * 20 + [1] * 20] * 3


def test_nothing_is_known_of_the_clean_signal(table):
    recording = read(table)
    assert recording.states.clean is None and recording.states.noise_sd is None and recording.parameters.shape == (3, 0)
    assert "interpolated" not in recording.extras


def test_csv_and_npz_give_the_same_recording(tmp_path, table, values):
    path = tmp_path / "rec.npz"
    labels = np.tile(np.arange(40) // 20, (3, 1))
    np.savez(path, values=values, dt=0.02, unit="mV", channels=["left", "right"], labels=labels, trial=[5, 6, 7])
    from_csv, from_npz = read(table, unit="mV"), read(path)
    assert np.array_equal(from_csv.states.values, from_npz.states.values)
    assert np.array_equal(from_csv.labels.values, from_npz.labels.values)
    assert np.array_equal(from_csv.extras["trial"], from_npz.extras["trial"])
    one, other = from_csv.states, from_npz.states
    assert (one.dt, one.channels, one.unit) == (other.dt, other.channels, other.unit)


@pytest.mark.parametrize("shape", [(24,), (12, 2), (3, 4, 2)])
def test_npz_of_every_dimension(tmp_path, shape):
    path = tmp_path / "rec.npz"
    np.savez(path, values=np.arange(24).reshape(shape), dt=0.5)
    signal = read(path).states
    expected = {1: (1, 24, 1), 2: (1, 12, 2), 3: (3, 4, 2)}[len(shape)]
    assert signal.values.shape == expected and signal.values.dtype == np.float64
    assert signal.values.ravel().tolist() == list(range(24))


def test_npz_trials_by_number_and_time_stamps(tmp_path):
    path = tmp_path / "rec.npz"
    np.savez(path, values=np.arange(6.0), trial=[1, 1, 1, 4, 4, 4], time=[0, 0.1, 0.2, 9, 9.1, 9.2])
    recording = read(path)
    assert recording.states.values[..., 0].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert recording.states.dt == 0.1 and recording.extras["trial"].tolist() == [1, 4]


def test_time_stamps_shared_by_the_trials_of_an_npz(tmp_path, values):
    path = tmp_path / "rec.npz"
    np.savez(path, values=values, time=np.arange(40) * 0.004)
    assert read(path).states.dt == 0.004


def test_channels_are_chosen_in_the_order_asked_for(tmp_path, table, values):
    assert np.array_equal(read(table, channels=("right", "left")).states.values, values[..., ::-1])
    path = tmp_path / "rec.npz"
    np.savez(path, values=values, dt=0.02, channels=["left", "right"])
    signal = read(path, channels=("right",)).states
    assert signal.channels == ("right",) and np.array_equal(signal.values, values[..., 1:])


def test_user_names_the_channels_of_an_npz_without_names(tmp_path, values):
    path = tmp_path / "rec.npz"
    np.savez(path, values=values, dt=0.02)
    assert read(path).states.channels == ("channel 1", "channel 2")
    assert read(path, channels=("soma", "dendrite")).states.channels == ("soma", "dendrite")


@pytest.mark.parametrize("text", ["\ufeffa,b\r\n1,2\r\n3,5\r\n", 'a,b\n"1","2"\n3.0,5e0\n', "a, b\n\n1, 2\n3 ,5\n\n", "a,b\n1,2\n3,5"])
def test_csv_as_programs_write_it(tmp_path, text):
    """Byte order mark, carriage returns, quotes, spaces, blank lines, no end of line."""
    path = tmp_path / "rec.CSV"
    path.write_bytes(text.encode())
    signal = read(path, dt=1.0).states
    assert signal.channels == ("a", "b") and signal.values.tolist() == [[[1, 2], [3, 5]]]


def test_column_of_text_beside_the_chosen_channels(tmp_path):
    path = tmp_path / "rec.csv"
    path.write_text("a,comment\n1,start\n2,\n3,end\n")
    assert read(path, dt=1.0, channels=("a",)).states.values.tolist() == [[[1], [2], [3]]]


def test_column_called_time_may_be_a_channel_on_request(tmp_path):
    path = tmp_path / "rec.csv"
    path.write_text("time,a\n3,1\n1,2\n")
    assert read(path, dt=1.0, channels=("time", "a")).states.values.tolist() == [[[3, 1], [1, 2]]]


def test_columns_under_other_names(tmp_path):
    path = tmp_path / "rec.csv"
    path.write_text("sweep,seconds,v,stage\n0,0,1,2\n0,0.5,2,3\n")
    recording = read(path, trial="sweep", time="seconds", label="stage")
    assert recording.states.channels == ("v",) and recording.states.dt == 0.5
    assert recording.labels.channels == ("stage",) and recording.labels.values.ravel().tolist() == [0, 1]
    assert recording.extras["label_names"].tolist() == ["2", "3"]


def test_missing_values_are_interpolated_and_marked(tmp_path):
    path = tmp_path / "rec.csv"
    path.write_text("a,b\n1,0\n,1\nNaN,2\n4,inf\n5,6\n")
    recording = read(path, dt=1.0, missing="interpolate")
    assert recording.states.values[0].T.tolist() == [[1, 2, 3, 4, 5], [0, 1, 2, 4, 6]]
    assert np.argwhere(recording.extras["interpolated"][0]).tolist() == [[1, 0], [2, 0], [3, 1]]


def test_gap_between_time_stamps_is_interpolated_and_marked(tmp_path):
    path = tmp_path / "rec.csv"
    path.write_text("time,a,label\n0.0,1,7\n0.1,2,7\n0.4,5,8\n0.5,6,8\n")
    recording = read(path, missing="interpolate")
    assert recording.states.values.ravel().tolist() == pytest.approx([1, 2, 3, 4, 5, 6])
    assert recording.labels.values.ravel().tolist() == [0, 0, 0, 0, 1, 1]
    assert recording.extras["interpolated"].ravel().tolist() == [False, False, True, True, False, False]


def test_trials_with_something_missing_are_dropped_and_the_others_keep_their_numbers(tmp_path):
    path = tmp_path / "rec.csv"
    path.write_text("trial,time,a\n1,0,1\n1,1,2\n2,0,\n2,1,4\n3,0,5\n3,1,6\n4,0,7\n4,1,8\n4,5,9\n")
    recording = read(path, missing="drop")
    assert recording.states.values[..., 0].tolist() == [[1, 2], [5, 6]]
    assert recording.extras["trial"].tolist() == [1, 3]


def test_unequal_trials_are_trimmed_to_the_shortest(tmp_path):
    path = tmp_path / "rec.csv"
    path.write_text("trial,a,label\n1,1,0\n1,2,0\n1,3,1\n2,4,1\n2,5,1\n")
    recording = read(path, dt=1.0, unequal_trials="trim")
    assert recording.states.values[..., 0].tolist() == [[1, 2], [4, 5]]
    assert recording.labels.values[..., 0].tolist() == [[0, 0], [1, 1]]


def test_constant_channel_is_dropped(tmp_path):
    path = tmp_path / "rec.csv"
    path.write_text("a,dead,b\n1,0,5\n2,0,6\n")
    signal = read(path, dt=1.0, constant="drop").states
    assert signal.channels == ("a", "b") and signal.values.tolist() == [[[1, 5], [2, 6]]]


def test_jitter_below_one_percent_is_no_gap(tmp_path):
    path = tmp_path / "rec.csv"
    path.write_text("time,a\n" + "".join(f"{step / 30:.5f},{step**2}\n" for step in range(300)))
    assert read(path).states.dt == pytest.approx(1 / 30, rel=1e-6)


def test_recording_survives_storage(tmp_path, table):
    recording = read(table)
    target = tmp_path / "stored" / "recording.npz"
    save(target, recording)
    write_manifest(target.with_suffix(".manifest.json"), "simulate", [target])
    loaded = load(target)
    assert np.array_equal(loaded.states.values, recording.states.values)
    assert np.array_equal(loaded.labels.values, recording.labels.values)
    assert loaded.states.channels == recording.states.channels


def test_files_are_the_inputs_of_the_job():
    assert Recording(file="data/rec.csv").files() == ("data/rec.csv",)


def test_every_reader_is_registered_under_its_file_name():
    folder = Path(sys.modules["headroom.readers"].__file__).parent
    files = {f".{path.stem}" for path in folder.glob("*.py") if not path.stem.startswith("_")}
    assert files == set(READERS) and set(TWINS.values()) <= files


def test_check_loads_no_heavy_package(table):
    code = (
        "import sys; from headroom.simulators.recording import Recording\n"
        f"Recording(file={str(table)!r}).check()\n"
        "heavy = {'pandas', 'torch', 'mne', 'pynwb', 'h5py', 'scipy', 'pyarrow', 'matplotlib', 'pydantic', 'yaml'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": "workflow"}, check=True)
    assert done.stdout.strip() == "[]"


def test_row_by_row_reading_stays_fast(tmp_path):
    """One empty cell sends the whole file through the slow path: 200,000 rows of 8 channels (about 1 s)."""
    path = tmp_path / "big.csv"
    row = ",".join(f"{0.1 * k + 0.1:.3f}" for k in range(8))
    lines = ["a,b,c,d,e,f,g,h", *[row, row.replace("0.", "0.9")] * 50_000, ",1,2,3,4,5,6,7", *[row] * 99_999]
    path.write_text("\n".join(lines))
    started = time.process_time()
    recording = read(path, dt=0.001, missing="interpolate")
    assert time.process_time() - started < 5
    assert recording.states.samples == 200_000 and recording.extras["interpolated"].sum() == 1


def test_what_was_filled_in_is_no_target(tmp_path):
    from headroom.tasks.forecasting import Forecasting

    path = tmp_path / "gap.csv"
    values = np.sin(np.arange(100.0))
    path.write_text("time,a,b\n" + "".join(f"{n * 0.01:.2f},{'' if n == 50 else value},{-value}\n" for n, value in enumerate(values)))
    recording = Recording(file=str(path), missing="interpolate").simulate(streams(0, "simulate"))
    examples = Forecasting(window=10, offsets=(1, 5)).examples(recording, recording.states)
    asked = examples.last[:, None] + np.array(examples.offsets)
    assert 50 not in asked and {49, 51} <= set(asked.ravel())
    assert (examples.start <= 50).any() and (examples.last >= 50).any(), "models still see it"
