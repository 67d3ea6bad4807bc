# SPDX-License-Identifier: GPL-2.0-or-later
"""A program run from a task: its lines as they come, and an end that takes its whole process group along."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import IO, Any

TICK_S = 0.2
"""How often a silent program is looked at: the delay of a cancel, too."""
END_S = 3.0
"""How long a group may take to end before it is killed."""

GUARD = (
    "import os, runpy, sys, threading\n"
    "def end_with_parent():\n"
    "    while os.read(0, 64): pass\n"
    "    os._exit(1)\n"
    "threading.Thread(target=end_with_parent, daemon=True).start()\n"
    "sys.argv = sys.argv[1:]\n"
    "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)\n"
)
"""Runs a module that ends with us: a killed QGIS closes the pipe, and pip does not go on behind its back."""


def guarded_module(python: str, module: str, *arguments: str) -> list[str]:
    """The command of `python -m module` that ends when its standard input closes."""
    return [python, "-c", GUARD, module, *arguments]


def run_child(
    command: list[str],
    environment: dict[str, str],
    on_line: Callable[[str], object],
    on_tick: Callable[[], object],
) -> int:
    """Run a program to its end and return its exit status.

    Args:
        command: program and arguments, no shell.
        environment: all of it.
        on_line: called with each line of output.
        on_tick: called several times a second; whatever it raises ends the program and its children first.

    Raises:
        OSError: the program cannot be started.
    """
    process = subprocess.Popen(  # nosec B603 - no shell; programs that we found or made
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=environment,
        **_own_group(),
    )
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    try:
        _follow(process, lines, on_line, on_tick)
        return process.wait()
    except BaseException:
        end_group(process)
        raise
    finally:
        with contextlib.suppress(OSError):
            process.stdin.close()  # type: ignore[union-attr]  # it is a pipe


def _follow(
    process: subprocess.Popen[str],
    lines: queue.SimpleQueue[str | None],
    on_line: Callable[[str], object],
    on_tick: Callable[[], object],
) -> None:
    ended_at, ticked_at = None, 0.0
    while True:
        if time.monotonic() - ticked_at >= TICK_S:
            on_tick()
            ticked_at = time.monotonic()
        with contextlib.suppress(queue.Empty):
            line = lines.get(timeout=TICK_S)
            if line is None:
                return
            on_line(line)
            continue
        # A grandchild may keep the pipe open after the program has ended.
        if process.poll() is not None:
            ended_at = ended_at or time.monotonic()
            if time.monotonic() - ended_at > END_S:
                return


def _read(stream: IO[str] | None, lines: queue.SimpleQueue[str | None]) -> None:
    with contextlib.suppress(ValueError, OSError):
        for line in stream or ():
            if line.strip():
                lines.put(line.rstrip())
    lines.put(None)


def _own_group() -> dict[str, Any]:
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}


def end_group(process: subprocess.Popen[str]) -> None:
    """End a program started here and everything that it started; returns when it is gone."""
    if sys.platform == "win32":
        subprocess.run(  # nosec B603 B607 - no shell; a command of Windows
            ["taskkill", "/T", "/F", "/PID", str(process.pid)],
            capture_output=True,
            check=False,
            creationflags=subprocess.CREATE_NO_WINDOW,
        )
        process.wait()
        return
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(END_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
