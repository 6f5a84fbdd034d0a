"""Damage at random: whatever happens to a file, it is read as finite numbers or refused with one line."""

import io

import numpy as np
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


def refused(path, content: bytes, damages: list[tuple[int, int, bytes]]) -> bool:
    """Whether the damaged file is refused; anything but a clear refusal or finite values fails the test."""
    damaged = bytearray(content)
    for place, gone, new in damages:
        place %= len(damaged) or 1
        damaged[place : place + gone] = new
    path.write_bytes(damaged)
    try:
        states = Recording(file=str(path), missing="interpolate", unequal_trials="trim", constant="drop").simulate(streams(0)).states
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


def test_undamaged_files_are_read(tmp_path):
    assert not refused(tmp_path / "whole.csv", TABLE, [])
    assert not refused(tmp_path / "whole.npz", archive(), [])
