# SPDX-License-Identifier: GPL-2.0-or-later
"""How this process gives memory back."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

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
    set_option = _c_function("mallopt")
    if set_option is None:
        return False
    settings = (_MMAP_THRESHOLD, _TRIM_THRESHOLD)
    return all(set_option(setting, _LARGE_BYTES) == 1 for setting in settings)


def return_small_pieces() -> None:
    """Give back the pages of small things that were freed, texts and geometries by the hundred thousand."""
    trim = _c_function("malloc_trim")
    if trim is not None:
        trim(0)


def _c_function(name: str) -> Callable[..., int] | None:
    """A function of the C library; None where it has none of that name."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None
