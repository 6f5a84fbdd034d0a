"""Damage at random: whatever happens to a file, it is read as finite numbers or refused with one line."""

import io
import struct

import numpy as np
import pytest
from fixtures.edf_files import Channel, write_edf
from fixtures.nwb_files import write_nwb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headroom.core.errors import BadRecording
from headroom.core.randomness import streams
from headroom.simulators.recording import Recording

ROWS = [f"{step // 10},{step % 10 / 10:.1f},{step**2 % 7},{0.37 * step:.2f},{step // 5}" for step in range(40)]
TABLE = "\n".join(["trial,time,a,b,label", *ROWS]).encode()
DAMAGES = st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 12), st.binary(max_size=3)), min_size=1, max_size=3)
"""Where, how many bytes go, and what comes in their place."""


def archive() -> bytes:
    """An NPZ with every key."""
    memory = io.BytesIO()
    values = np.arange(24.0).reshape(2, 4, 3)
    np.savez_compressed(memory, values=values, dt=0.1, unit="mV", channels=["a", "b", "c"], labels=np.zeros((2, 4), int))
    return memory.getvalue()


def table() -> bytes:
    """A Parquet file with trials, time stamps and labels."""
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    memory = io.BytesIO()
    columns = {"trial": [0] * 20 + [1] * 20, "time": [0.1 * (step % 20) for step in range(40)], "a": [step**2 / 7 for step in range(40)]}
    parquet.write_table(pyarrow.table({**columns, "label": ["rest", "walk"] * 20}), memory)
    return memory.getvalue()


def written(path, fill) -> bytes:
    """The bytes that `fill` writes to a path."""
    fill(path)
    return path.read_bytes()


def write_edf_file(path) -> None:
    write_edf(path, [Channel(name, np.arange(400) ** 2 % 997) for name in "ab"], 4, [(0, 2, "rest"), (2, 2, "walk")])


def write_fif(path) -> None:
    mne = pytest.importorskip("mne")
    raw = mne.io.RawArray(np.random.default_rng(0).standard_normal((2, 300)), mne.create_info(2, 100.0, "eeg"), verbose="ERROR")
    raw.set_annotations(mne.Annotations([0, 1], [1, 2], ["rest", "walk"])).save(path, verbose="ERROR")


def write_series(path) -> None:
    pynwb = pytest.importorskip("pynwb")
    values = np.random.default_rng(0).standard_normal((300, 2))
    write_nwb(path, lambda file: file.add_acquisition(pynwb.TimeSeries(name="v", data=values, unit="mV", rate=100.0)))


def refused(path, content: bytes, damages: list[tuple[int, int, bytes]], **more: object) -> bool:
    """Whether the damaged file is refused; anything but a clear refusal or finite values fails the test."""
    damaged = bytearray(content)
    for place, gone, new in damages:
        place %= len(damaged) or 1
        damaged[place : place + gone] = new
    path.write_bytes(damaged)
    try:
        lenient = {"missing": "interpolate", "unequal_trials": "trim", "constant": "drop", **more}
        states = Recording(file=str(path), **lenient).simulate(streams(0)).states
    except BadRecording as error:
        assert str(error).startswith(f"{path}: ") and len(str(error).splitlines()) == 1
        return True
    assert np.isfinite(states.values).all() and states.dt > 0
    return False


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damages=DAMAGES)
def test_damaged_csv(tmp_path, damages):
    refused(tmp_path / "damaged.csv", TABLE, damages)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damages=DAMAGES)
def test_damaged_npz(tmp_path, damages):
    refused(tmp_path / "damaged.npz", archive(), damages)


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damages=DAMAGES)
def test_damaged_parquet(tmp_path, damages):
    refused(tmp_path / "damaged.parquet", table(), damages)


LABELLED = {"label": "annotations", "unlabelled": "none"}
FEW = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(
    ("name", "fill", "more"), [("rec.edf", write_edf_file, LABELLED), ("rec_raw.fif", write_fif, LABELLED), ("rec.nwb", write_series, {})]
)
def test_damaged_files_of_other_libraries(tmp_path, name, fill, more):
    whole = written(tmp_path / name, fill)
    assert not refused(tmp_path / name, whole, [], **more)

    @FEW
    @given(damages=DAMAGES)
    def damaged(damages):
        refused(tmp_path / name, whole, damages, **more)

    damaged()


def test_a_fif_whose_tags_run_in_a_circle_does_not_hang(tmp_path):
    path = tmp_path / "circle_raw.fif"
    content = bytearray(written(path, write_fif))
    first_next = struct.calcsize(">iIi")
    content[first_next : first_next + 4] = struct.pack(">i", 36)
    content[36 + first_next : 36 + first_next + 4] = struct.pack(">i", 36)
    path.write_bytes(content)
    with pytest.raises(BadRecording, match="found a tag that follows itself, at byte 36; expected an intact FIF file"):
        Recording(file=str(path)).check()


def test_undamaged_files_are_read(tmp_path):
    assert not refused(tmp_path / "whole.parquet", table(), [])
    assert not refused(tmp_path / "whole.csv", TABLE, [])
    assert not refused(tmp_path / "whole.npz", archive(), [])
