# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that appear whole or not at all."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replace_when_done(target: Path) -> Iterator[Path]:
    """Give a temporary path beside `target`, moved onto it on success and removed on failure.

    The temporary file keeps the target's suffix, by which drivers choose a format. GDAL side files
    (`-wal`, `-shm`, `-journal`, `.aux.xml`, `.ovr`) of the temporary path are removed too.

    Args:
        target: the final path; its folder is created where it is missing.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.stem}.{uuid.uuid4().hex[:8]}.part{target.suffix}")
    try:
        yield temporary
        temporary.replace(target)
    finally:
        for leftover in temporary.parent.glob(temporary.name + "*"):
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
    for pattern in (f".{target.stem}.????????.part{target.suffix}*", f".{target.name}.????????.part"):
        for leftover in target.parent.glob(pattern):
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)
            else:
                leftover.unlink(missing_ok=True)
