"""What one step frees, the next has at hand. In processes of their own: what the C library was told cannot be taken back."""

import os
import platform
import subprocess
import sys

import pytest

PAGES = """
import resource, sys
import torch
from headroom.networks import memory
if sys.argv[1] == "keep":
    memory.keep_freed_memory()
def step():
    values = torch.ones(2_000_000, requires_grad=True)  # 8 MB, and as much for each layer until the way back
    for _ in range(20):
        values = torch.tanh(values)
    values.sum().backward()
step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def pages(what):
    """Pages that twenty steps asked the system for."""
    told = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", PAGES, what], env=told, capture_output=True, text=True, check=True)
    return int(done.stdout)


# macOS, Windows and musl have no mallopt, and then nothing is asked of them: there is nothing to measure.
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="elsewhere the C library has no such setting")
def test_freed_memory_is_kept_where_the_c_library_is_glibc():
    assert pages("keep") < 0.5 * pages("give back")
