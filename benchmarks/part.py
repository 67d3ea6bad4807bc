# SPDX-License-Identifier: GPL-2.0-or-later
"""One part of `make bench` in a process of its own: `python -m benchmarks.part NAME BENCH.json`."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

from benchmarks.figures import Figures
from inference_backend.atomic import replace_when_done


def read(path: Path) -> Figures:
    """What an earlier part wrote, empty where there is nothing."""
    if not path.exists():
        return {}
    figures: Figures = json.loads(path.read_text(encoding="utf-8"))
    return figures


def add(path: Path, figures: Figures) -> None:
    """Merge `figures` into the flat object in `path`."""
    merged = {**read(path), **figures}
    with replace_when_done(path) as temporary:
        temporary.write_text(json.dumps(merged, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def show(figures: Figures) -> None:
    for key, value in figures.items():
        print(f"   {key} = {value}", flush=True)


def main() -> int:
    name, target = sys.argv[1], Path(sys.argv[2])
    found = importlib.import_module(f"benchmarks.bench_{name}").measure()
    # A part that yields keeps what it measured before it fails.
    for figures in [found] if isinstance(found, dict) else found:
        show(figures)
        add(target, figures)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
