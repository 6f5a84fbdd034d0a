"""Labels become categories from 0 with the names that the file has, whatever it writes them as."""

import time

import numpy as np
import pytest
from fixtures.recordings import read

from headroom.readers._labels import label_column, label_spans
from headroom.tasks.decoding import Decoding

CASES = {  # cells: (names, categories)
    ("1", "5", "2", "5"): (["1", "2", "5"], [0, 2, 1, 2]),
    ("10", "9", "10", "9"): (["9", "10"], [1, 0, 1, 0]),
    ("-1", "0", "1", "1.0"): (["-1", "0", "1"], [0, 1, 2, 2]),
    ("rest", "walk", " rest", "none"): (["none", "rest", "walk"], [1, 2, 1, 0]),
    ("0", "1", "left", "1"): (["0", "1", "left"], [0, 1, 2, 1]),
}


@pytest.mark.parametrize("cells", CASES)
def test_names_and_categories(tmp_path, cells):
    path = tmp_path / "rec.csv"
    path.write_text("a,label\n" + "".join(f"{step**2},{cell}\n" for step, cell in enumerate(cells)))
    recording = read(path, dt=1.0)
    names, categories = CASES[cells]
    assert recording.extras["label_names"].tolist() == names
    assert recording.labels.values.ravel().tolist() == categories and recording.labels.values.dtype.kind == "i"


def test_quoted_labels_with_commas_and_columns_left_unread(tmp_path):
    path = tmp_path / "rec.csv"
    path.write_text('note,a,state\n"x, y",1,"up, left"\nz,4,down\n"",9,"up, left"\n')
    recording = read(path, dt=1.0, label="state", ignore=("note",))
    assert recording.states.values.ravel().tolist() == [1, 4, 9]
    assert recording.extras["label_names"].tolist() == ["down", "up, left"]
    assert recording.labels.values.ravel().tolist() == [1, 0, 1]


def test_an_empty_cell_leaves_text_labels_as_they_are(tmp_path):
    path = tmp_path / "rec.csv"
    path.write_text("a,b,label\n1,2,up\n,3,down\n4,9,up\n")
    recording = read(path, dt=1.0, missing="interpolate")
    assert recording.states.values[0, :, 0].tolist() == [1, 2.5, 4]
    assert recording.labels.values.ravel().tolist() == [1, 0, 1]


@pytest.mark.parametrize("labels", [["3", "", "3", "4"], ["run", "NaN", "run", "sit"]])
def test_samples_without_a_label(tmp_path, labels):
    path = tmp_path / "rec.csv"
    rows = [f"{trial},{step**2},{labels[2 * trial + step]}" for trial in range(2) for step in range(2)]
    path.write_text("\n".join(["trial,a,label", *rows]) + "\n")
    whole = read(path, dt=1.0, unlabelled="other")
    assert whole.extras["label_names"].tolist() == [labels[0], labels[3], "other"]
    assert whole.labels.values.ravel().tolist() == [0, 2, 0, 1]
    assert read(path, dt=1.0, missing="drop").extras["trial"].tolist() == [1]


def test_labels_of_an_npz_by_trial_and_as_text(tmp_path):
    path = tmp_path / "rec.npz"
    np.savez(path, values=np.random.default_rng(0).standard_normal((3, 5, 2)), dt=0.1, labels=["go", "stop", "go"])
    recording = read(path)
    assert recording.labels.values[..., 0].tolist() == [[0] * 5, [1] * 5, [0] * 5]
    assert recording.extras["label_names"].tolist() == ["go", "stop"]


def test_the_decoding_task_gets_the_names(tmp_path):
    path = tmp_path / "rec.csv"
    path.write_text("a,label\n" + "".join(f"{step**2},{'rest' if step < 30 else 'walk'}\n" for step in range(60)))
    recording = read(path, dt=1.0)
    assert Decoding(window=4).target(recording, recording.states).names == ("rest", "walk")


@pytest.mark.parametrize("text", [False, True])
def test_calcium_imaging_as_published(tmp_path, text):
    """A frame number, 431 neurons and the label of every frame: one entry reads it, in seconds."""
    rng = np.random.default_rng(0)
    fluorescence, label = rng.standard_normal((3000, 431)).round(6), rng.integers(0, 3, 3000)
    names = np.array(["none", "contra", "ipsi"]) if text else np.arange(3).astype(str)
    path = tmp_path / "calcium.csv"
    rows = (f"{frame}," + ",".join(map(repr, row)) + f",{names[label[frame]]}" for frame, row in enumerate(fluorescence.tolist()))
    path.write_text("\n".join([",".join(["frame", *(f"neuron_{n}" for n in range(431)), "behaviour"]), *rows]))
    started = time.process_time()
    recording = read(path, dt=0.0333, ignore=("frame",), label="behaviour")
    assert time.process_time() - started < 3
    assert np.array_equal(recording.states.values[0], fluorescence) and recording.states.dt == 0.0333
    assert (recording.extras["label_names"][recording.labels.values[0, :, 0]] == names[label]).all()


def test_label_column_reads_numbers_where_all_are():
    assert label_column(np.array(["1", "", "2.0"])).tolist()[::2] == [1, 2]
    assert label_column(np.array(["1", "n/a", "x"])).tolist() == ["1", "", "x"]


def test_label_spans_say_where_two_labels_meet():
    labels, twice = label_spans(10, [(0, 4, "a"), (3, 6, "b"), (8, 20, "a"), (-5, 0, "b")])
    assert twice == (3, "a", "b")
    assert labels.tolist() == ["a"] * 3 + ["b"] * 3 + [""] * 2 + ["a"] * 2
