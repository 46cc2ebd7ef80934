from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

ASKS = """
import resource
from pipeline.limits import keep_freed_memory

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(3):
        blocks = [bytearray(b"x") * 2**24 for _ in range(5)]
        del blocks
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

faults()
before = faults()
keep_freed_memory()
faults()
print(before, faults())
"""


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "mallopt"), reason="no glibc"
)
def test_memory_that_was_freed_is_not_asked_for_again() -> None:
    done = subprocess.run([sys.executable, "-c", ASKS], capture_output=True, text=True, check=True)
    before, after = map(int, done.stdout.split())
    # Fifteen blocks of 16 MB are 61,440 pages.
    assert after < before / 10
