"""`headroom example recording`: a file that the reader takes, with rhythms where it says."""

import numpy as np
import pytest

from headroom.command._example_recording import drawn
from headroom.command._main import main
from headroom.core.randomness import streams
from headroom.simulators.recording import Recording


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "new" / "mine.csv"
    assert main(["example", "recording", str(path), "--trials", "3", "--samples", "600"]) == 0
    return path


def test_the_reader_takes_it_as_it_is(file):
    recording = Recording(file=str(file), unit="mV").simulate(streams(0))
    assert recording.states.values.shape == (3, 600, 4)
    assert recording.states.channels == ("Fz", "Cz", "Pz", "Oz")
    assert recording.states.dt == pytest.approx(0.004)
    assert recording.labels is not None and len(np.unique(recording.labels.values)) == 2
    assert 0.005 < recording.states.values.std() < 0.05


def test_the_same_options_give_the_same_file_and_a_file_is_not_written_over(file, tmp_path, capsys):
    again = tmp_path / "again.csv"
    assert main(["example", "recording", str(again), "--trials", "3", "--samples", "600"]) == 0
    assert again.read_bytes() == file.read_bytes()
    capsys.readouterr()
    assert main(["example", "recording", str(again)]) == 1
    assert capsys.readouterr().err == f"headroom: {again}: is there already; --force writes over it\n"


def test_the_first_rhythm_is_stronger_where_the_label_says_so():
    values, labels = (np.concatenate(parts) for parts in zip(*(drawn(trial, 4000, 0.004) for trial in range(4)), strict=True))
    assert values[labels == 1, 3].std() > 1.5 * values[labels == 0, 3].std()


def test_its_spectrum_peaks_at_the_rhythms():
    values = np.stack([drawn(trial, 4000, 0.004)[0] for trial in range(8)])
    power = (np.abs(np.fft.rfft(values, axis=1)) ** 2).mean(axis=(0, 2))
    frequency = np.fft.rfftfreq(4000, 0.004)
    slow = (frequency > 3) & (frequency < 15)
    fast = (frequency > 16) & (frequency < 30)
    assert abs(frequency[slow][power[slow].argmax()] - 10) < 1.5
    assert power[fast].mean() > 3 * power[frequency > 60].mean()


@pytest.mark.parametrize("sizes", [["--trials", "0"], ["--samples", "1"]], ids=" ".join)
def test_sizes_that_make_no_recording_are_refused(sizes, tmp_path, capsys):
    assert main(["example", "recording", str(tmp_path / "x.csv"), *sizes]) == 1
    assert "expected at least 1 trial and 2 samples" in capsys.readouterr().err
    assert not (tmp_path / "x.csv").exists()
