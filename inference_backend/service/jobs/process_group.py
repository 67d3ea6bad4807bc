# SPDX-License-Identifier: GPL-2.0-or-later
"""Starting and ending a process together with its children, on POSIX and on Windows."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from typing import Any

GRACE_S = 0.6
"""Between asking a job to stop and stopping it by force, s; a dismissed job is gone within a second."""


def new_group() -> dict[str, Any]:
    """Arguments of `subprocess.Popen` that give the child a group of its own."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def end_group(process: subprocess.Popen[str]) -> None:
    """End a child started with `new_group` and everything it started; returns when it is gone."""
    if process.poll() is None:
        _signal_group(process.pid, force=False)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE_S)
    # Also after a clean end: a child of the child may have outlived it.
    _signal_group(process.pid, force=True)
    process.wait()


def end_own_group() -> None:
    """End this process and its children, gently then by force."""
    pid = os.getpid()
    threading.Timer(GRACE_S, _signal_group, (pid,), {"force": True}).start()
    _signal_group(pid, force=False)


def _signal_group(pid: int, *, force: bool) -> None:
    if sys.platform == "win32":
        if force:
            command = ["taskkill", "/F", "/T", "/PID", str(pid)]
            subprocess.run(command, capture_output=True, check=False)  # nosec B603 B607 - fixed command of Windows
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL if force else signal.SIGTERM)
