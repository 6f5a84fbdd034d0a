"""Files are whole or not there, and a flipped byte is found in every format."""

import errno
import os

import numpy as np
import pandas
import pytest

from headroom.core import files
from headroom.core.errors import CorruptFile, HeadroomError
from headroom.core.signal import Signal
from headroom.core.storage import load, save
from headroom.core.tables import load_table, save_table
from headroom.core.tensors import load_tensors, save_tensors

SIGNAL = Signal(np.arange(24.0).reshape(2, 4, 3), 0.1, ("a", "b", "c"), "mV")
FORMATS = {
    "signal.npz": (lambda path: save(path, SIGNAL), load),
    "weights.safetensors": (lambda path: save_tensors(path, {"w": np.arange(100.0)}), load_tensors),
    "table.parquet": (lambda path: save_table(path, pandas.DataFrame({"x": np.arange(100.0)})), load_table),
}


@pytest.fixture(params=FORMATS)
def written(request, tmp_path):
    """A file of each format with its manifest, and the function that reads it."""
    write, read = FORMATS[request.param]
    path = tmp_path / request.param
    write(path)
    files.write_manifest(tmp_path / "make.manifest.json", "make", [path])
    return path, read


def test_an_unharmed_file_is_read(written):
    path, read = written
    assert read(path) is not None


@pytest.mark.parametrize("place", [0.05, 0.5, 0.95])
def test_a_flipped_bit_is_found(written, place):
    path, read = written
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 4
    path.write_bytes(content)
    with pytest.raises(CorruptFile, match=rf"{path.name}: differs .* remake it with: headroom check --repair, .*rule make"):
        read(path)


@pytest.mark.parametrize("harm", ["truncated", "emptied", "removed"])
def test_a_harmed_file_is_found(written, harm):
    path, read = written
    if harm == "removed":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: 40 if harm == "truncated" else 0])
    with pytest.raises(CorruptFile, match=path.name):
        read(path)


def test_a_file_without_a_manifest_is_not_read(tmp_path):
    save(tmp_path / "signal.npz", SIGNAL)
    for ask in (load, files.recorded_sum):
        with pytest.raises(CorruptFile, match="no manifest"):
            ask(tmp_path / "signal.npz")


def test_the_recorded_sum_is_what_the_job_wrote_whatever_lies_there_now(written):
    path, _ = written
    before = files.sha256(path)
    path.write_bytes(b"else")
    assert files.recorded_sum(path) == before != files.sha256(path)


def test_an_error_leaves_the_old_file_and_no_part(tmp_path):
    path = tmp_path / "a.txt"
    files.write_text(path, "old")
    with pytest.raises(RuntimeError), files.atomic(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_full_disk_is_said(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    files.write_text(path, "old")

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(HeadroomError, match=r"a\.txt: disk full at .* free more than that"):
        files.write_text(path, "new" * 1000)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_the_same_content_gives_the_same_bytes(tmp_path):
    for name, (write, _) in FORMATS.items():
        (tmp_path / "again").mkdir(exist_ok=True)
        write(tmp_path / name)
        write(tmp_path / "again" / name)
        assert (tmp_path / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_a_pickle_is_never_read(tmp_path):
    path = tmp_path / "signal.npz"
    np.savez(path, header=np.array([{"code": print}], dtype=object))
    files.write_manifest(tmp_path / "make.manifest.json", "make", [path])
    with pytest.raises(ValueError, match="allow_pickle"):
        load(path)
