# SPDX-License-Identifier: GPL-2.0-or-later
"""Paths of a campaign: they survive when its folder is moved, and never lead out of it to be written."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath, PureWindowsPath


def relative_path(target: Path, folder: Path) -> str:
    """Path of `target` from `folder` where both are on one drive: the pair can then move together."""
    try:
        return Path(os.path.relpath(target.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return str(target)


def stays_within(path: str) -> bool:
    """Whether a path from a file of others stays in the folder from which it is meant, on every system."""
    kinds = (PurePosixPath(path), PureWindowsPath(path))
    return bool(path) and not any(kind.anchor or ".." in kind.parts for kind in kinds)


def is_plain_name(name: str) -> bool:
    """Whether a name can be that of a file, and of nothing else."""
    return stays_within(name) and not any(sign in name for sign in "/\\")
