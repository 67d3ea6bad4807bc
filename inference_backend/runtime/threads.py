# SPDX-License-Identifier: GPL-2.0-or-later
"""How many threads an engine may use on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

THREADS_ENVIRONMENT = "OCSGE_THREADS"
_TOPOLOGY = Path("/sys/devices/system/cpu")
_CGROUP = Path("/sys/fs/cgroup")


def usable_threads() -> int:
    """Threads for a network: `OCSGE_THREADS`, else the cores this process may use.

    Two hyper-threads of a core share its arithmetic units: a second network on them takes memory and brings
    nothing. A container's share of the processor counts as well.
    """
    asked = os.environ.get(THREADS_ENVIRONMENT, "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    cores = physical_cores(os.sched_getaffinity(0))
    return max(1, min(cores, container_share() or cores))


def physical_cores(processors: Iterable[int], topology: Path = _TOPOLOGY) -> int:
    """Distinct cores behind logical processors; each counts as a core where Linux does not say."""
    cores = set()
    for number in processors:
        try:
            cores.add((topology / f"cpu{number}/topology/thread_siblings_list").read_text().strip())
        except OSError:
            cores.add(str(number))
    return len(cores)


def container_share(cgroup: Path = _CGROUP) -> int | None:
    """Whole processors that the control group grants, None where there is no limit."""
    try:
        quota, period = (cgroup / "cpu.max").read_text().split()
    except (OSError, ValueError):
        try:  # the first version of control groups
            quota = (cgroup / "cpu/cpu.cfs_quota_us").read_text().strip()
            period = (cgroup / "cpu/cpu.cfs_period_us").read_text().strip()
        except OSError:
            return None
    if not quota.isdigit() or not period.isdigit() or int(period) == 0:
        return None
    return max(1, int(quota) // int(period))
