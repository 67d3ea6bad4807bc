# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that appear whole or not at all."""

from __future__ import annotations

import glob
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DATABASE_LOGS = ("-wal", "-shm", "-journal")


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
    stem, suffix, name = map(glob.escape, (target.stem, target.suffix, target.name))
    for pattern in (f".{stem}.????????.part{suffix}*", f".{name}.????????.part"):
        for leftover in target.parent.glob(pattern):
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)
            else:
                leftover.unlink(missing_ok=True)
