# SPDX-License-Identifier: GPL-2.0-or-later
"""`make bench`: every benchmark, one JSON file, one table.

    python -m benchmarks.run OUT.json [NAME ...]

A benchmark is a module `bench_<name>.py` with `measure()`, which returns flat figures. Seconds belong to the
machine that measured them; ratios against something that anyone can run there are what one compares.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
import time
from pathlib import Path

from inference_backend import __version__
from inference_backend.atomic import replace_when_done
from inference_backend.cli.console import table

FOLDER = Path(__file__).resolve().parent
RATIO_MARK = "_vs_"
"""`a_vs_b`: how many times faster than b."""

Figures = dict[str, float | str]


def names() -> list[str]:
    return sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))


def machine() -> Figures:
    return {
        "version": __version__,
        "measured_utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "processors": os.cpu_count() or 0,
        "processor": _processor(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown")


def show(value: float | str) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def report(figures: Figures) -> str:
    ratios = [(name, f"x {show(value)}") for name, value in figures.items() if RATIO_MARK in name]
    others = [(name, show(value)) for name, value in figures.items() if RATIO_MARK not in name]
    return table([*ratios, *others])


def main() -> int:
    target, wanted = Path(sys.argv[1]), sys.argv[2:] or names()
    results: dict[str, Figures] = {"machine": machine()}
    for name in wanted:
        print(f"== {name}", flush=True)
        results[name] = importlib.import_module(f"benchmarks.bench_{name}").measure()
        print(report(results[name]) + "\n", flush=True)
    with replace_when_done(target) as temporary:
        temporary.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(target)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
