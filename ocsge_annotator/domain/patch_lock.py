# SPDX-License-Identifier: GPL-2.0-or-later
"""Two people never write one patch: a small file says who has it in hand.

The file is made only where there is none, so that of two who try at once one fails, on network folders too.
Whoever holds it writes the time into it now and then. A lock whose program has ended on this machine is taken
over without a word; one of another machine that was not renewed for long may be broken by hand.
"""

from __future__ import annotations

import ctypes
import getpass
import json
import os
import socket
import sys
import time
import uuid
import weakref
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from ocsge_annotator.domain.atomic_file import write_whole
from ocsge_annotator.errors import WriteError

LOCK_FOLDER = "locks"
RENEWED_EVERY_S = 60
READ_ATTEMPTS = 20
READ_PAUSE_S = 0.01
STALE_AFTER_S = 15 * 60
"""A lock that missed fifteen renewals: the program or its machine has ended."""
_HELD: weakref.WeakValueDictionary[str, PatchLock] = weakref.WeakValueDictionary()
"""Locks of this program by file: an algorithm of the toolbox is another hand than the panel's."""


@dataclass(frozen=True)
class Holder:
    """Who has a patch in hand.

    Attributes:
        user: name under which they annotate.
        host: name of their machine.
        pid: of their program.
        since: when they took it, UTC, ISO 8601.
        seen: when they last said that they still have it.
    """

    user: str
    host: str
    pid: int
    since: str
    seen: str

    @property
    def place(self) -> tuple[str, int]:
        """What tells two holders apart."""
        return self.host, self.pid

    def is_stale(self, now: datetime | None = None) -> bool:
        """Whether nobody has renewed the lock for long; its holder may still come back."""
        try:
            seen = datetime.fromisoformat(self.seen)
        except ValueError:
            return True
        return (now or _now()) - seen > timedelta(seconds=STALE_AFTER_S)


def _now() -> datetime:
    return datetime.now(timezone.utc)


def myself(user: str = "") -> Holder:
    """This program."""
    now = _now().isoformat(timespec="seconds")
    return Holder(user or getpass.getuser(), socket.gethostname(), os.getpid(), now, now)


def is_other(holder: Holder, me: Holder) -> bool:
    """Whether a holder is somebody else, whose program may still run."""
    has_ended = holder.host == me.host and not is_running(holder.pid)
    return holder.place != me.place and not has_ended


class PatchLock:
    """The lock of one patch.

    Attributes:
        holder: somebody else who has the patch in hand, None where it is ours.
        is_read_only: the folder takes no lock, so that nothing can be written there at all.

    Args:
        path: of the lock file.
        user: name under which we annotate.
    """

    def __init__(self, path: Path, user: str = "") -> None:
        self._path, self._me = path, myself(user)
        self._key = os.path.realpath(path)
        self.holder: Holder | None = None
        self.is_read_only = False
        self._take()

    @property
    def is_ours(self) -> bool:
        """Whether we may write the patch."""
        return self.holder is None and not self.is_read_only

    def check(self) -> bool:
        """Whether what we took is still ours; False where somebody has broken our lock.

        One small file is read, so that it can be asked before each gesture is written down.
        """
        if not self.is_ours:
            return True
        found = _read_whole(self._path)
        if found is None or found.place != self._me.place:
            self.holder = found
            return False
        return True

    def renew(self) -> bool:
        """Say that we still have the patch; False where somebody has broken our lock."""
        if not self.is_ours:
            return True
        if not self.check():
            return False
        self._me = replace(self._me, seen=_now().isoformat(timespec="seconds"))
        write_whole(self._path, _encode(self._me))
        return True

    def release(self) -> None:
        """Give the patch back; safe to call again."""
        if self.is_ours and _HELD.get(self._key) in (self, None):
            found = read_holder(self._path)
            if found is not None and found.place == self._me.place:
                self._path.unlink(missing_ok=True)
        if _HELD.get(self._key) is self:
            del _HELD[self._key]

    def take_over(self) -> None:
        """Break the other's lock and take the patch.

        Raises:
            WriteError: the system refuses.
        """
        write_whole(self._path, _encode(self._me))
        self.holder = None
        _HELD[self._key] = self

    def _take(self) -> None:
        try:
            self._path.parent.mkdir(exist_ok=True)
            _create(self._path, _encode(self._me))
            _HELD[self._key] = self
        except FileExistsError:
            self._meet(_read_whole(self._path))
        except OSError:
            self.is_read_only = True

    def _meet(self, found: Holder | None) -> None:
        """Somebody was here before."""
        if found is not None and (is_other(found, self._me) or self._key in _HELD):
            self.holder = found
            return
        try:
            self.take_over()
        except WriteError:
            self.is_read_only = True


def read_holder(path: Path) -> Holder | None:
    """Who holds a lock, None where nobody does or the file is torn."""
    try:
        return Holder(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _create(path: Path, data: bytes) -> None:
    """Make a file with its content, or raise FileExistsError where there is one.

    It gets its name once it is whole, so that nobody reads an empty one; not every folder can do that.
    """
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        temporary.write_bytes(data)
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:
            with path.open("xb") as file:
                file.write(data)
    finally:
        temporary.unlink(missing_ok=True)


def _read_whole(path: Path) -> Holder | None:
    """Who holds a lock; one that is being written is waited for."""
    for _ in range(READ_ATTEMPTS):
        found = read_holder(path)
        if found is not None or not path.exists():
            return found
        time.sleep(READ_PAUSE_S)
    return None


def _encode(holder: Holder) -> bytes:
    return json.dumps(asdict(holder), ensure_ascii=False).encode()


def is_running(pid: int) -> bool:
    """Whether a program of this machine still runs."""
    if sys.platform == "win32":
        # os.kill would end the program there instead of asking for it.
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(0x1000, False, pid)  # may ask for limited information
        if handle:
            code = ctypes.c_ulong()
            kernel.GetExitCodeProcess(handle, ctypes.byref(code))
            kernel.CloseHandle(handle)
            return code.value == 259  # still active
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
