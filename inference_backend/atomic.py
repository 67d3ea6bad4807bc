# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that appear whole or not at all."""

from __future__ import annotations

import glob
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DATABASE_LOGS = ("-wal", "-shm", "-journal")
_TOKEN = "?" * 8
ABANDONED_AFTER_S = 900.0
"""An unfinished file in which nothing was written for so long belongs to a process that was killed, s."""


@contextmanager
def replace_when_done(target: Path) -> Iterator[Path]:
    """Give a temporary path beside `target`, moved onto it on success and removed on failure.

    The temporary file keeps the target's suffix, by which drivers choose a format. GDAL side files
    (`-wal`, `-shm`, `-journal`, `.aux.xml`, `.ovr`) of the temporary path are removed too, and so are the
    logs of the database that is replaced: SQLite would play them into the new one.

    Args:
        target: the final path; its folder is created where it is missing.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(target)
    temporary = target.with_name(f".{target.stem}.{uuid.uuid4().hex[:8]}.part{target.suffix}")
    try:
        yield temporary
        temporary.replace(target)
        for suffix in _DATABASE_LOGS:
            target.with_name(target.name + suffix).unlink(missing_ok=True)
    finally:
        for leftover in temporary.parent.glob(glob.escape(temporary.name) + "*"):
            leftover.unlink(missing_ok=True)


@contextmanager
def replace_folder_when_done(target: Path) -> Iterator[Path]:
    """The same for a folder of files: `target` is replaced as a whole on success."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(target)
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    temporary.mkdir()
    try:
        yield temporary
        if target.exists():
            shutil.rmtree(target)
        temporary.replace(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def remove_unfinished(target: Path) -> None:
    """Remove what a process that was killed left of `target` (see `replace_when_done`)."""
    if not target.parent.is_dir():
        return
    for leftover in _unfinished(target):
        _remove(leftover)


def _remove_abandoned(target: Path) -> None:
    """Remove what nobody writes any more; another process may be at work on the same target."""
    leftovers = _unfinished(target)
    newest = max((_written_at(leftover) for leftover in leftovers), default=0.0)
    if time.time() - newest > ABANDONED_AFTER_S:
        for leftover in leftovers:
            _remove(leftover)


def _unfinished(target: Path) -> list[Path]:
    stem, suffix, name = map(glob.escape, (target.stem, target.suffix, target.name))
    patterns = {f".{stem}.{_TOKEN}.part{suffix}*", f".{name}.{_TOKEN}.part"}
    return [leftover for pattern in sorted(patterns) for leftover in target.parent.glob(pattern)]


def _written_at(path: Path) -> float:
    files = [path, *path.rglob("*")] if path.is_dir() else [path]
    return max((file.stat().st_mtime for file in files if file.exists()), default=0.0)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
