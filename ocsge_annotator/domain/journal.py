# SPDX-License-Identifier: GPL-2.0-or-later
"""The journal of a patch: every gesture since its label raster was last saved.

A file is one header line, then records: magic, length of the payload, CRC-32 of the payload (little-endian),
payload. A payload is one JSON line, then the window's bytes before and after. A record cut short by a kill
ends the reading and is dropped at the next opening. Records hold absolute values, so replaying them onto
a raster that already contains them changes nothing.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from ocsge_annotator.domain.history import Change
from ocsge_annotator.domain.pixels import PixelWindow, Shape
from ocsge_annotator.errors import JournalError, WriteError

_MAGIC = b"OCSJ"
_PREFIX = struct.Struct("<4sII")
_FORMAT = 1


class GestureKind(str, Enum):
    """What a record did."""

    PAINT = "paint"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True)
class Record:
    """One finished gesture.

    Attributes:
        kind: see `GestureKind`.
        tool: what the operator held, for instance `brush`.
        change: what it did.
        active_s: active work on the patch so far, s.
        gestures: gestures on the patch so far, this one included.
    """

    kind: GestureKind
    tool: str
    change: Change
    active_s: float
    gestures: int

    def encode(self) -> bytes:
        """Payload of the record."""
        head = {
            "kind": self.kind.value,
            "tool": self.tool,
            "window": asdict(self.change.window),
            "before_bytes": len(self.change.before),
            "active_s": round(self.active_s, 2),
            "gestures": self.gestures,
        }
        return json.dumps(head).encode() + b"\n" + self.change.before + self.change.after

    @classmethod
    def decode(cls, payload: bytes) -> Record:
        """Inverse of `encode`.

        Raises:
            ValueError: not a record.
        """
        line, _, body = payload.partition(b"\n")
        try:
            head = json.loads(line)
            cut = int(head["before_bytes"])
            change = Change(PixelWindow(**head["window"]), body[:cut], body[cut:])
            return cls(
                GestureKind(head["kind"]),
                str(head["tool"]),
                change,
                float(head["active_s"]),
                int(head["gestures"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a journal record: {error!r}") from error


class Journal:
    """Records of one patch, appended one at a time; each is on the disk when `append` returns."""

    def __init__(self, path: Path, patch_id: str, shape: Shape) -> None:
        self.path = path
        self._header = {"format": _FORMAT, "patch_id": patch_id, "height": shape.height, "width": shape.width}
        self._file: BinaryIO | None = None
        self._whole_bytes: int | None = None

    def read(self) -> list[Record]:
        """The finished records; a torn tail is left out, and cut off by the next `append`.

        Nothing is written: the file may be another's, who is at work.

        Raises:
            JournalError: the file belongs to another patch.
        """
        if not self.path.exists():
            return []
        data = self.path.read_bytes()
        line, newline, body = data.partition(b"\n")
        if not newline:
            self._whole_bytes = 0  # killed while the file was being created
            return []
        self._check_header(line)
        records = list(_records(body))
        used = records[-1][1] if records else 0
        if used < len(body):
            self._whole_bytes = len(line) + 1 + used
        return [record for record, _ in records]

    def append(self, record: Record) -> None:
        """Put a record on the disk.

        Raises:
            WriteError: the disk is full or the folder read-only; the journal is as it was.
        """
        payload = record.encode()
        data = _PREFIX.pack(_MAGIC, len(payload), zlib.crc32(payload)) + payload
        try:
            if self._file is None:
                self._file = self.path.open("ab", buffering=0)
                self._cut_tail()
            size = self._file.seek(0, os.SEEK_END)
            if not size:
                data = json.dumps(self._header).encode() + b"\n" + data
            try:
                _write_all(self._file, data)
                os.fsync(self._file.fileno())
            except OSError:
                self._file.truncate(size)
                raise
        except OSError as error:
            raise WriteError(path=self.path, reason=error.strerror or error) from error

    def clear(self) -> None:
        """Forget the records: the label raster contains them now.

        Raises:
            WriteError: the file cannot be removed.
        """
        self.close()
        self._whole_bytes = None
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise WriteError(path=self.path, reason=error.strerror or error) from error

    def close(self) -> None:
        """Release the file; `append` opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _check_header(self, line: bytes) -> None:
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if found != self._header:
            raise JournalError(
                path=self.path,
                problem_en=f"is not the journal of patch {self._header['patch_id']}",
                problem_fr=f"n'est pas le journal de la dalle {self._header['patch_id']}",
                remedy_en="Move this file elsewhere, then open the patch again.",
                remedy_fr="Déplacez ce fichier ailleurs, puis rouvrez la dalle.",
            )

    def _cut_tail(self) -> None:
        if self._file is not None and self._whole_bytes is not None:
            self._file.truncate(self._whole_bytes)
            self._whole_bytes = None


def _write_all(file: BinaryIO, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def _records(body: bytes) -> Iterator[tuple[Record, int]]:
    """Whole records, each with the offset of its end; stops at the first that is not whole."""
    offset = 0
    while offset + _PREFIX.size <= len(body):
        magic, length, checksum = _PREFIX.unpack_from(body, offset)
        payload = body[offset + _PREFIX.size : offset + _PREFIX.size + length]
        if magic != _MAGIC or len(payload) < length or zlib.crc32(payload) != checksum:
            return
        offset += _PREFIX.size + length
        yield Record.decode(payload), offset
