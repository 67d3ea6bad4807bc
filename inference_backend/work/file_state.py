# SPDX-License-Identifier: GPL-2.0-or-later
"""State of an input file, by which a restart knows whether it is still the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def file_state(path: Path) -> list[Any]:
    """Whole name, size and time of a file, in JSON values; None where there is none."""
    try:
        state = path.stat()
    except OSError:
        return [str(path), None, None]
    return [str(path.resolve()), state.st_size, state.st_mtime_ns]
