# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that appear whole or not at all; QGIS's Python has no access to the backend's own helper."""

from __future__ import annotations

import glob
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ocsge_annotator.errors import WriteError


@contextmanager
def replace_when_done(target: Path) -> Iterator[Path]:
    """Give a temporary path beside `target`, moved onto it on success and removed on failure.

    Raises:
        WriteError: the system refuses: full disk, read-only folder.
    """
    temporary = target.with_name(f".{target.stem}.{uuid.uuid4().hex[:8]}.part{target.suffix}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        temporary.replace(target)
    except OSError as error:
        raise WriteError(path=target, reason=error.strerror or error) from error
    finally:
        for leftover in temporary.parent.glob(glob.escape(temporary.name) + "*"):
            leftover.unlink(missing_ok=True)


def write_whole(target: Path, data: bytes) -> None:
    """Replace the content of `target`, on the disk when this returns.

    Raises:
        WriteError: the system refuses; the previous content is intact.
    """
    with replace_when_done(target) as temporary, temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
