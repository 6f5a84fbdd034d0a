"""The speed comparison runs on a machine that has none of the peers, and says which are missing."""

import os
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_without_a_compiler_and_nest_it_compares_what_there_is(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "CXX"}
    environment |= {"PATH": str(tmp_path), "PYTHONPATH": str(PROJECT / "workflow"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "benchmarks/brunel.py", "--networks", "2", "--seconds", "0.2", "--rounds", "1"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)
    assert "without Brian2: g++ and make not found" in done.stdout
    rows = dict(re.findall(r"^(compiled, float(?:32|64)) +(\d+\.\d+)", done.stdout, re.M))
    assert set(rows) == {"compiled, float32", "compiled, float64"}
    assert all(float(nanoseconds) > 0 for nanoseconds in rows.values())
