# SPDX-License-Identifier: GPL-2.0-or-later
"""How this process gives memory back."""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Names of the settings in `malloc.h` of the GNU C library."""
_LARGE_BYTES = 2**20


def return_large_arrays() -> bool:
    """Have every array of a megabyte and more go back to the system as soon as it is freed.

    The GNU C library raises the size from which it does so to 32 MB by what a process frees. The planes of a
    block are smaller, so that holes stay between them: several hundred megabytes for two blocks at a time.

    Returns:
        Whether this system has the setting; others are left as they are.
    """
    if not sys.platform.startswith("linux"):
        return False
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is None:
        return False
    settings = (_MMAP_THRESHOLD, _TRIM_THRESHOLD)
    return all(set_option(setting, _LARGE_BYTES) == 1 for setting in settings)
