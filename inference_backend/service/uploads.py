# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that a client without a shared disk sends here, and what it may keep."""

from __future__ import annotations

import hashlib
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from inference_backend.atomic import replace_when_done
from inference_backend.service.accounts import Account

NAME_PATTERN = r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$"
_NAME = re.compile(NAME_PATTERN)
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")


@dataclass(frozen=True)
class StoredFile:
    """One file.

    Attributes:
        name: as sent.
        path: where it lies.
        size_bytes: its size.
        changed_s: when it was written, s since 1970.
    """

    name: str
    path: Path
    size_bytes: int
    changed_s: float


class Uploads:
    """Files by account.

    Args:
        folder: of the service; each account has a folder of its own below.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "uploads"

    def folder_of(self, account: Account) -> Path:
        """Where the files of an account lie."""
        return self._folder / account.name

    def list(self, account: Account) -> list[StoredFile]:
        """Files of an account, by name."""
        folder = self.folder_of(account)
        paths = sorted(folder.iterdir()) if folder.is_dir() else []
        return [self._stored(path) for path in paths if is_file_name(path.name) and path.is_file()]

    def find(self, account: Account, name: str) -> StoredFile | None:
        """One file, None where there is none of that name."""
        path = self.folder_of(account) / name
        return self._stored(path) if is_file_name(name) and path.is_file() else None

    def room_bytes(self, account: Account, name: str = "") -> int:
        """What an account may still send, bytes; a file that is replaced does not count."""
        kept = sum(file.size_bytes for file in self.list(account) if file.name != name)
        return max(0, account.upload_bytes - kept)

    @contextmanager
    def writing(self, account: Account, name: str) -> Iterator[Upload]:
        """An upload that is there whole at the end of the block, or not at all."""
        folder = self.folder_of(account)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with replace_when_done(folder / name) as temporary, temporary.open("wb") as file:
            yield Upload(file)

    def remove(self, account: Account, name: str) -> bool:
        """Remove a file; False where there was none."""
        stored = self.find(account, name)
        if stored is None:
            return False
        stored.path.unlink(missing_ok=True)
        return True

    def purge(self, days: float, used: set[str]) -> None:
        """Remove files written so many days ago, those that an unfinished job names excepted."""
        limit = time.time() - days * 86400
        for path in self._folder.glob("*/*"):
            if path.is_file() and path.stat().st_mtime < limit and str(path) not in used:
                path.unlink(missing_ok=True)

    def free_bytes(self) -> int:
        """Room on the disk, bytes."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return shutil.disk_usage(self._folder).free

    @staticmethod
    def _stored(path: Path) -> StoredFile:
        stat = path.stat()
        return StoredFile(path.name, path, stat.st_size, stat.st_mtime)


class Upload:
    """A file that grows."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    @property
    def sha256(self) -> str:
        """Digest of what came so far, hexadecimal."""
        return self._digest.hexdigest()

    def add(self, chunk: bytes) -> None:
        """Append bytes."""
        self._file.write(chunk)
        self._digest.update(chunk)
        self.size_bytes += len(chunk)


def is_file_name(name: str) -> bool:
    """Whether a name is one that every system takes, without folder."""
    return bool(_NAME.fullmatch(name)) and not _RESERVED.match(name) and not name.endswith(".")
