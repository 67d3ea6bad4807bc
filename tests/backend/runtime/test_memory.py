# SPDX-License-Identifier: GPL-2.0-or-later
"""Arrays that are freed go back to the system, also those below others that stay."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

HOLE = """
import os
import numpy as np
from inference_backend.runtime.memory import return_large_arrays

def resident_mb():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

assert return_large_arrays()
for _ in range(3):
    np.ones(30 * 2**20, np.uint8)
below, above = np.ones(24 * 2**20, np.uint8), np.ones(24 * 2**20, np.uint8)
before = resident_mb()
del below
print(before - resident_mb())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="a setting of the GNU C library")
def test_an_array_below_another_one_goes_back_to_the_system():
    """Without the setting it mostly stays, though not in every layout of the heap."""
    given_back = float(subprocess.check_output([sys.executable, "-c", HOLE], timeout=120))
    assert given_back == pytest.approx(24.0, abs=2.0)
