"""Its being here puts this folder on the path of every test, so that they share what lies in fixtures/."""

import os
import sys

import pytest

os.environ["OMP_NUM_THREADS"] = "1"  # as jobs have it; threads that wait for one another on shared processors take minutes for seconds


@pytest.fixture(autouse=True)
def _arithmetic_as_before():
    """A test that trains in this process leaves numbers below the normal ones set to zero, which Hypothesis refuses to draw from."""
    yield
    if "torch" in sys.modules:
        sys.modules["torch"].set_flush_denormal(False)
