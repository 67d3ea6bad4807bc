# SPDX-License-Identifier: GPL-2.0-or-later
"""Interleaved rounds: what is compared takes turns, so that a busy moment of the machine slows both."""

from __future__ import annotations

import os
import resource
import statistics
import time
from collections.abc import Callable, Mapping

QUICK_VARIABLE = "OCSGE_BENCH_QUICK"


def is_quick() -> bool:
    """Whether a first idea is enough: smaller rasters, one round."""
    return os.environ.get(QUICK_VARIABLE) == "1"


def rounds(usual: int = 3) -> int:
    return 1 if is_quick() else usual


def side(usual_px: int) -> int:
    """Side of a raster, px; half of the usual one when quick."""
    return usual_px // 2 if is_quick() else usual_px


def seconds(work: Callable[[], object]) -> float:
    """Time that `work` takes, s."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def children_cpu_s() -> float:
    """Processor seconds of all processes that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def interleaved(works: Mapping[str, Callable[[], float]], times: int) -> dict[str, list[float]]:
    """Seconds of each work in each round."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(times):
        # Every other round backwards: whoever comes first warms the disk and the processor for the rest.
        for name in list(works) if turn % 2 == 0 else list(works)[::-1]:
            found[name].append(works[name]())
    return found


def ratio(slower: list[float], faster: list[float]) -> float:
    """Median over the rounds of `slower / faster`."""
    return round(statistics.median(a / b for a, b in zip(slower, faster, strict=True)), 3)


def median(values: list[float], digits: int = 3) -> float:
    return round(statistics.median(values), digits)
