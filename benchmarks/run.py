# SPDX-License-Identifier: GPL-2.0-or-later
"""`make bench`: every benchmark, one flat JSON file, one table.

    python -m benchmarks.run OUT.json [--quick] [--keep] [PART ...]

A part is a module `bench_<part>.py` with `measure()`, which returns or yields flat figures. Each runs in a
process of its own, so that one which fails leaves null, its reason, and the others. Seconds belong to the
machine that measured them; ratios against something that anyone can run there are what one compares.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import FIGURES, Figures
from benchmarks.part import add, read
from benchmarks.report import as_table
from benchmarks.timing import QUICK_VARIABLE
from inference_backend import __version__

FOLDER = Path(__file__).resolve().parent
CACHE_VARIABLE = "OCSGE_CACHE"
PART_TIME_LIMIT_S = 3600
MATRIX_UNITS = {"amx_bf16": "amx_bf16", "amx_int8": "amx_int8", "avx512_vnni": "avx512_vnni", "avx2": "avx2"}


def names() -> list[str]:
    """Every part that exists, in the order of the report."""
    known = dict.fromkeys(figure.part for figure in FIGURES)
    found = {path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py")}
    return [name for name in known if name in found] + sorted(found - set(known))


def machine() -> Figures:
    flags = _cpuinfo("flags").split()
    return {
        "version": __version__,
        "commit": _commit(),
        "measured_utc": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "processors": os.cpu_count() or 0,
        "processor": _cpuinfo("model name") or "unknown",
        "processor_units": " ".join(flag for flag in MATRIX_UNITS if flag in flags),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "system": platform.platform(),
    }


def _cpuinfo(field: str) -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(field)), "")


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, cwd=FOLDER.parent, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def run_part(name: str, target: Path) -> None:
    """Run one part; null for each of its keys that it did not give, with the reason."""
    print(f"== {name}", flush=True)
    started = time.monotonic()
    reason = _failure([sys.executable, "-m", "benchmarks.part", name, str(target)])
    if reason:
        print(f"   {name} failed: {reason}", flush=True)
    have = read(target)
    missing: Figures = {f.key: None for f in FIGURES if f.part == name and f.key not in have}
    outcome: Figures = {f"{name}_failed": reason} if reason else {}
    add(target, {**missing, **outcome, f"{name}_took_s": round(time.monotonic() - started, 1)})


def _failure(command: list[str]) -> str:
    """Why `command` failed, empty where it did not."""
    try:
        done = subprocess.run(command, cwd=FOLDER.parent, stderr=subprocess.PIPE, text=True,
                              check=False, timeout=PART_TIME_LIMIT_S)  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"more than {PART_TIME_LIMIT_S} s"
    sys.stderr.write(done.stderr if done.returncode else "")
    last = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
    return last if done.returncode else ""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.run", description="every benchmark, one flat file")
    parser.add_argument("target", type=Path)
    parser.add_argument("parts", nargs="*", help="all by default: " + ", ".join(names()))
    parser.add_argument("--quick", action="store_true", help="smaller rasters, one round: a first idea")
    parser.add_argument("--keep", action="store_true", help="keep what the file has of other parts")
    args = parser.parse_intermixed_args()
    unknown = sorted(set(args.parts) - set(names()))
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(names())}")
    return args


def main() -> int:
    args = _arguments()
    parts = args.parts or names()
    if args.quick:
        os.environ[QUICK_VARIABLE] = "1"
    with tempfile.TemporaryDirectory() as cache:
        os.environ[CACHE_VARIABLE] = cache  # `auto` measures now, whatever the machine did at another time
        _run_parts(args, parts)
    print("\n" + as_table(read(args.target)) + f"\n\n{args.target}")
    return 0


def _run_parts(args: argparse.Namespace, parts: list[str]) -> None:
    kept = read(args.target) if args.keep else {}
    owned = {f.key for f in FIGURES if f.part in parts} | {f"{name}_failed" for name in parts}
    args.target.unlink(missing_ok=True)
    add(args.target, {key: value for key, value in kept.items() if key not in owned})
    add(args.target, {**machine(), "quick": int(args.quick)})
    for name in parts:
        run_part(name, args.target)


if __name__ == "__main__":
    raise SystemExit(main())
