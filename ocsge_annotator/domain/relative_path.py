# SPDX-License-Identifier: GPL-2.0-or-later
"""Paths that survive when a campaign's folder is moved."""

from __future__ import annotations

import os
from pathlib import Path


def relative_path(target: Path, folder: Path) -> str:
    """Path of `target` from `folder` where both are on one drive: the pair can then move together."""
    try:
        return Path(os.path.relpath(target.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return str(target)
