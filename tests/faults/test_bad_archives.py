"""NPZ recordings that cannot be used: damaged, of the wrong shape or type, or carrying Python objects."""

import io
import pickle
import zipfile

import numpy as np
import pytest
from fixtures.refusal import refusal

VALUES = np.arange(24.0).reshape(2, 4, 3)
BAD_ARCHIVES = {
    "no_values": ({"data": VALUES}, {}, "no key 'values'; the file has: 'data': numpy.savez(path, values=..., dt=...)"),
    "objects": (
        {"values": np.array([[1.0, None]], dtype=object)},
        {},
        "key 'values': found Python objects, which are never unpickled; expected an array of numbers or text",
    ),
    "complex": ({"values": VALUES * 1j}, {}, "key 'values': found dtype complex128; expected real numbers (float or int)"),
    "text": ({"values": np.array(["1", "2"])}, {}, "key 'values': found dtype <U1; expected real numbers (float or int)"),
    "four_axes": (
        {"values": VALUES[None]},
        {},
        "key 'values': found shape (1, 2, 4, 3); expected one of (time,), (time, channel), (trial, time, channel), none of them empty",
    ),
    "no_samples": (
        {"values": VALUES[:, :0]},
        {},
        "key 'values': found shape (2, 0, 3); expected one of (time,), (time, channel), (trial, time, channel), none of them empty",
    ),
    "labels_of_other_length": (
        {"values": VALUES, "labels": np.zeros((2, 5))},
        {},
        "key 'labels': found shape (2, 5); expected (2, 4) or (2,) to go with values (2, 4, 3)",
    ),
    "too_few_names": (
        {"values": VALUES, "channels": np.array(["a"])},
        {},
        "key 'channels': found dtype <U1 of shape (1,); expected text of shape (3,)",
    ),
    "same_names": (
        {"values": VALUES, "channels": np.array(["a", "b", "a"])},
        {},
        "key 'channels': a name stands twice in 'a', 'b', 'a'; expected different names",
    ),
    "no_such_series": (
        {"values": VALUES, "spikes": VALUES},
        {"series": "spike"},
        "no key 'spike'; the file has: 'values', 'spikes'; did you mean 'spikes'?: numpy.savez(path, values=..., dt=...)",
    ),
    "two_intervals": (
        {"values": VALUES, "dt": np.array([0.1, 0.2])},
        {},
        "key 'dt': found dtype float64 of shape (2,); expected a real number of shape ()",
    ),
    "negative_interval": (
        {"values": VALUES, "dt": np.array(-0.1)},
        {"dt": None},
        "dt in the file: found -0.1; expected a sampling interval above 0 s",
    ),
    "other_unit": (
        {"values": VALUES, "unit": np.array("V")},
        {"unit": "pA"},
        "found unit 'V' in the file and 'pA' in config.yaml; correct one of them",
    ),
    "not_a_number": (
        {"values": np.where(VALUES == 16, np.nan, VALUES)},
        {},
        "trial 1, sample 1, column 'channel 2': found NaN or nothing; expected none, or set missing: interpolate or drop",
    ),
}


@pytest.mark.parametrize("name", BAD_ARCHIVES)
def test_npz_refused(tmp_path, name):
    arrays, settings, expected = BAD_ARCHIVES[name]
    path = tmp_path / "bad.npz"
    np.savez(path, **arrays)
    assert refusal(path, **settings) == expected


def test_truncated_archive_refused_before_any_job(tmp_path):
    path = tmp_path / "cut.npz"
    np.savez(path, values=VALUES)
    path.write_bytes(path.read_bytes()[:-40])
    message = refusal(path, at_check=True)
    assert message.startswith("the archive is cut short or damaged (") and message.endswith("; expected a file written by numpy.savez")


def test_flipped_byte_in_an_archive_refused(tmp_path):
    path = tmp_path / "flipped.npz"
    np.savez(path, values=np.arange(100_000.0))
    content = bytearray(path.read_bytes())
    content[content.index(np.float64(54_321).tobytes())] ^= 1
    path.write_bytes(content)
    assert refusal(path).startswith("cannot be read: Bad CRC-32 for file 'values.npy'; expected an intact archive")


def test_header_that_promises_more_than_the_archive_holds_refused(tmp_path):
    """A shape of terabytes in a small file must not be allocated."""
    member, path = io.BytesIO(), tmp_path / "bomb.npz"
    np.lib.format.write_array_header_1_0(member, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)})
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("values.npy", member.getvalue())
    size = len(member.getvalue())
    expected = f"key 'values': found {size} bytes, its header says {size + 8 * 10**12}; the archive is damaged"
    assert refusal(path, at_check=True) == expected


def test_pickle_named_npz_is_never_loaded(tmp_path):
    path = tmp_path / "evil.npz"
    path.write_bytes(pickle.dumps({"values": [1.0, 2.0]}))
    assert refusal(path, at_check=True) == "found no NPZ archive; expected a file written by numpy.savez"
