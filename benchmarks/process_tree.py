# SPDX-License-Identifier: GPL-2.0-or-later
"""Peak memory of a command and of every process that it starts."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

POLL_S = 0.05


@dataclass(frozen=True)
class Run:
    """What one command took."""

    stdout: str
    rss_mb: float


def run_and_watch(command: Sequence[str | Path], cwd: Path | None = None) -> Run:
    """Run `command` to its end; `rss_mb` is the largest sum over its processes.

    A process alone is known exactly (the system keeps its peak); several are sampled every 50 ms, and pages
    that they share count once for each.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    child = subprocess.Popen([*map(str, command)], cwd=cwd, stdout=subprocess.PIPE, text=True)
    peak_kib, alone_kib = 0, 0
    while True:
        processes = tree(child.pid)
        peak_kib = max(peak_kib, sum(_status_kib(pid, "VmRSS") for pid in processes))
        alone_kib = max(alone_kib, _status_kib(child.pid, "VmHWM"))
        try:
            stdout, _ = child.communicate(timeout=POLL_S)
        except subprocess.TimeoutExpired:
            continue
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, [*map(str, command)], stdout)
        return Run(stdout, round(max(peak_kib, alone_kib) / 1024, 1))


def tree(pid: int) -> list[int]:
    """`pid` and its descendants that live now."""
    children: dict[int, list[int]] = {}
    for process in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in parentheses may hold spaces; state and parent follow it.
            parent = int(process.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except OSError:  # ended meanwhile
            continue
        children.setdefault(parent, []).append(int(process.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _status_kib(pid: int, field: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(field + ":")), 0)
