"""Units as files write them, conversions between prefixes, and clocks whose column says the unit."""

import numpy as np
import pytest
from fixtures.recordings import read

from headroom.readers._units import factor, seconds, symbol, without_unit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("volts", "V"),
        ("Millivolts", "mV"),
        ("microvolt", "uV"),
        ("µV", "uV"),
        ("μV", "uV"),
        ("amperes", "A"),
        ("pA", "pA"),
        ("n/a", ""),
        ("dF/F", "dF/F"),
    ],
)
def test_symbols(text, expected):
    assert symbol(text) == expected


@pytest.mark.parametrize(
    ("stated", "wanted", "expected"),
    [
        ("V", "mV", 1e3),
        ("uV", "mV", 1e-3),
        ("volts", "µV", 1e6),
        ("mV", "mV", 1),
        ("nA", "pA", 1e3),
        ("mV", "pA", None),
        ("dF/F", "mV", None),
        ("T", "fT", 1e15),
        ("dF/F", "dF/F", 1),
    ],
)
def test_factors(stated, wanted, expected):
    assert factor(stated, wanted) == (None if expected is None else pytest.approx(expected, rel=1e-12))


@pytest.mark.parametrize(
    ("name", "stem", "unit"),
    [
        ("time", "time", 1),
        ("Time (ms)", "Time", 1e-3),
        ("time_ms", "time", 1e-3),
        ("t[us]", "t", 1e-6),
        ("time (s)", "time", 1),
        ("systems", "systems", 1),
        ("ms", "ms", 1e-3),
    ],
)
def test_names_of_columns(name, stem, unit):
    assert without_unit(name) == stem
    assert seconds(name) == unit


@pytest.mark.parametrize("name", ["Time (ms)", "time_ms", "timestamps [ms]"])
def test_a_clock_in_milliseconds(tmp_path, name):
    path = tmp_path / "rec.csv"
    path.write_text(f"{name},a\n" + "".join(f"{step * 2},{step**2}\n" for step in range(9)))
    recording = read(path)
    assert recording.states.dt == 0.002 and recording.states.channels == ("a",)


def test_values_follow_the_unit_that_is_asked_for(tmp_path):
    path = tmp_path / "rec.npz"
    values = np.random.default_rng(0).standard_normal((50, 2))
    np.savez(path, values=values, dt=0.1, unit="V")
    assert np.array_equal(read(path, unit="mV").states.values[0], values * 1000)
    assert read(path, unit="mV").states.unit == "mV" and read(path).states.unit == "V"
