# SPDX-License-Identifier: GPL-2.0-or-later
"""Notices that a local file was replaced or written to while it was read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from inference_backend.predict.errors import RasterChangedError
from inference_backend.predict.inputs.sources import Source


@dataclass(frozen=True)
class FileStamp:
    """Size, time and identity of a file at one moment; `path` is None for what is no local file."""

    path: Path | None
    state: tuple[int, int, int] | None

    @classmethod
    def of(cls, source: Source) -> FileStamp:
        """The stamp of a source's file now."""
        return cls(source.file, _state(source.file))

    def check(self) -> None:
        """Compare with the file as it is.

        Raises:
            RasterChangedError: another one, or another content.
        """
        if self.path is not None and _state(self.path) != self.state:
            raise RasterChangedError(path=self.path)


def _state(path: Path | None) -> tuple[int, int, int] | None:
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino
