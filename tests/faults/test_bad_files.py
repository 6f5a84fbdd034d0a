"""Files that are no recording at all, whatever their name says."""

import errno
import os
from pathlib import Path

import pytest
from fixtures.refusal import refusal

OTHER_FORMATS = {
    "excel": (b"PK\x03\x04" + bytes(50), "found a ZIP archive such as an Excel workbook; expected CSV text: save it as CSV (UTF-8)"),
    "old_excel": (b"\xd0\xcf\x11\xe0" + bytes(50), "found an Excel 97 workbook; expected CSV text: save it as CSV (UTF-8)"),
    "utf16": ("a,b\n1,2\n".encode("utf-16"), "found UTF-16 text; expected CSV text: save it as CSV (UTF-8)"),
    "binary": (b"ABF2" + bytes(50), "found binary data; expected CSV text: save it as CSV (UTF-8)"),
    "latin1": ("a,b\n1,2\n3,4 µV\n".encode("latin-1"), "row 3: found byte 0xb5, which is no UTF-8; expected a CSV saved as UTF-8"),
}


@pytest.mark.parametrize("name", OTHER_FORMATS)
def test_other_formats_named_csv_refused(tmp_path, name):
    content, expected = OTHER_FORMATS[name]
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    assert refusal(path, at_check=True) == expected


def test_missing_file_says_where_it_was_looked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    expected = f"no such file in {tmp_path}; expected a path from the project root, or an absolute one"
    assert refusal(Path("data/none.csv"), at_check=True) == expected


def test_folder_refused(tmp_path):
    path = tmp_path / "folder.csv"
    path.mkdir()
    assert refusal(path, at_check=True) == "found a folder; expected the file of one recording"


def test_pipe_refused_without_waiting_for_a_writer(tmp_path):
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    assert refusal(path, at_check=True) == "found no regular file; expected the file of one recording"


def test_unknown_format_lists_the_known(tmp_path):
    path = tmp_path / "cell.abf"
    path.write_bytes(b"ABF2")
    known = ".csv, .parquet, .npz, .nwb, .edf, .fif, .bdf, .fif.gz, .pq"
    assert refusal(path, at_check=True) == f"found suffix '.abf'; expected one of {known}: convert the recording"


def test_unreadable_file_refused(tmp_path):
    path = tmp_path / ("x" * 300 + ".csv")
    assert refusal(path, at_check=True) == "cannot be read: File name too long"


def test_file_without_permission_refused(tmp_path, monkeypatch):
    path = tmp_path / "locked.csv"
    path.write_text("a\n1\n2\n")

    def locked(*_args, **_kwargs):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("builtins.open", locked)  # a mode of 0 does not stop root
    assert refusal(path, at_check=True) == "cannot be read: Permission denied"
