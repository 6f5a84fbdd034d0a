"""Formats whose package is an extra: without it, one line says which package and how to get it."""

import sys

import numpy as np
import pytest
from fixtures.edf_files import Channel, write_edf
from fixtures.refusal import refusal


@pytest.mark.parametrize(("suffix", "package"), [(".nwb", "pynwb"), (".edf", "mne"), (".bdf", "mne"), (".fif", "mne")])
def test_missing_package_is_named(tmp_path, monkeypatch, suffix, package):
    path = tmp_path / f"rec{suffix}"
    if suffix in (".edf", ".bdf"):
        write_edf(path, [Channel("C3", np.arange(800) ** 2 % 999)], 8, kind=suffix[1:].upper())
    else:
        path.write_bytes(b"never opened")
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    words = f"reading {suffix} files needs the package {package}, which is not installed; expected after `make extras`"
    assert refusal(path, at_check=True, dt=None) == f"{words} (with conda: add {package} to envs/simulate.yaml)"


def test_unknown_suffix_names_those_that_are_read(tmp_path):
    path = tmp_path / "rec.mat"
    path.write_text("x")
    known = ".csv, .parquet, .npz, .nwb, .edf, .fif, .bdf, .fif.gz, .pq"
    assert refusal(path, at_check=True) == f"found suffix '.mat'; expected one of {known}: convert the recording"
