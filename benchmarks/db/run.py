# SPDX-License-Identifier: GPL-2.0-or-later
"""Fifty interpreters on one lot in PostGIS: no item twice, none lost, and how fast the next one comes.

    python -m benchmarks.db.run build/db.json

A real PostgreSQL with its ordinary settings, a lot of a million polygons of real shapes, published by the
real command; people in several processes, on the plugin's own store. The environment sets the size:
BENCH_S, BENCH_PEOPLE, BENCH_POLYGONS, BENCH_LOOK_S (mean time in front of an item).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.db.verdict import judge, notes_of
from tests.qgis.postgis.server import Server

ROOT = Path(__file__).resolve().parents[2]
BENCH_S = float(os.environ.get("BENCH_S", "600"))
PEOPLE = int(os.environ.get("BENCH_PEOPLE", "50"))
POLYGONS = int(os.environ.get("BENCH_POLYGONS", "1000000"))
LOOK_S = float(os.environ.get("BENCH_LOOK_S", "3"))
PEOPLE_PER_PROCESS = 5
START_S = 20.0
"""Until everybody is at work; it counts in nobody's time."""
SCHEMA = "lot_bench"
LIMITS = {"db_items_twice": 0, "db_items_lost": 0, "db_next_item_ms_p99": 200, "db_journal_holes": 0}


def big_lot() -> Path:
    """The lot, made once."""
    path = ROOT / "build" / "review" / ("big.gpkg" if POLYGONS == 1_000_000 else f"big_{POLYGONS}.gpkg")
    if not path.exists():
        command = [
            str(ROOT / ".venv/bin/python"),
            "-m",
            "benchmarks.big_lot",
            str(path),
            "--polygons",
            str(POLYGONS),
        ]
        subprocess.run(command, check=True, cwd=ROOT)
    return path


def publish(server: Server, lot: Path) -> float:
    """Put the lot into a new database; time in s."""
    server.sql("CREATE DATABASE bench")
    server.sql("CREATE EXTENSION postgis", "bench")
    started = time.monotonic()
    target = f"{server.conninfo} dbname=bench/{SCHEMA}"
    subprocess.run([str(ROOT / ".venv/bin/ocsge"), "lot", "publish", str(lot), "--to", target], check=True)
    return time.monotonic() - started


def start_people(
    server: Server, folder: Path, count: int, until: float, hold_s: float, look_s: float
) -> list[subprocess.Popen[bytes]]:
    """Processes of some interpreters each, all on one lot."""
    started = []
    for first in range(0, count, PEOPLE_PER_PROCESS):
        order = {
            "uri": f"host=127.0.0.1 port={server.port} user=postgres dbname=bench",
            "schema": SCHEMA,
            "numbers": list(range(first, min(first + PEOPLE_PER_PROCESS, count))),
            "folder": str(folder),
            "until": until,
            "hold_s": hold_s,
            "look_s": look_s,
        }
        path = folder / f"order_{first}.json"
        path.write_text(json.dumps(order))
        command = [sys.executable, "-m", "benchmarks.db.interpreter", str(path)]
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        errors = (folder / f"errors_{first}.txt").open("wb")
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stderr=errors))
        errors.close()
    return started


def main() -> int:
    target = Path(sys.argv[1])
    server = Server()
    try:
        figures: dict[str, Any] = {"db_publish_s": round(publish(server, big_lot()), 1)}
        folder = Path(tempfile.mkdtemp(prefix="ocsge-bench-db-"))
        until = time.monotonic() + START_S + BENCH_S
        people = start_people(server, folder, PEOPLE, until, hold_s=30.0, look_s=LOOK_S)
        codes = [process.wait() for process in people]
        conninfo = f"{server.conninfo} dbname=bench"
        figures |= judge(conninfo, SCHEMA, notes_of(folder))
        figures |= {"db_seconds": BENCH_S, "db_people": PEOPLE, "db_polygons": POLYGONS, "db_look_s": LOOK_S}
    finally:
        server.remove()
    target.parent.mkdir(parents=True, exist_ok=True)
    known = json.loads(target.read_text()) if target.exists() else {}
    target.write_text(json.dumps({**known, **figures}, indent=2, ensure_ascii=False) + "\n")
    print(json.dumps(figures, indent=2, ensure_ascii=False))
    failed = [name for name, limit in LIMITS.items() if figures[name] is None or figures[name] > limit]
    if any(codes):
        print(f"people ended with {codes}; see {folder}", file=sys.stderr)
    return 1 if failed or any(codes) else 0


if __name__ == "__main__":
    raise SystemExit(main())
