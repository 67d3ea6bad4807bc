# SPDX-License-Identifier: GPL-2.0-or-later
"""How long the dashboard of a whole country takes, cold and when a hundred lots changed.

python -m benchmarks.production.run build/production_bench.json
"""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from benchmarks import timing
from benchmarks.process_tree import run_and_watch
from benchmarks.production.scenario import DEPARTEMENTS, LOTS, make_production
from inference_backend.indicators.summary_index import index_path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "production"
CHANGED = 100
REPEATS = 3


def main(target: Path) -> None:
    production = make_production(FOLDER)
    figures: dict[str, object] = {"departements": DEPARTEMENTS, "lots": DEPARTEMENTS * LOTS}
    index_path(production).unlink(missing_ok=True)
    figures["cold"] = _measured(production)
    figures["warm"] = min((_measured(production) for _ in range(REPEATS)), key=lambda one: one["seconds"])
    _touch(production)
    figures["changed_100"] = _measured(production)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(json.dumps(figures, indent=1))


def _measured(production: Path) -> dict[str, float]:
    """One `ocsge report`, start of the interpreter included."""
    command = [sys.executable, "-m", "inference_backend", "--lang", "fr", "report", production]
    before_s, watched = timing.children_cpu_s(), []
    seconds = timing.seconds(
        lambda: watched.append(run_and_watch([*command, "--output", FOLDER / "report"], ROOT))
    )
    cpu_s = timing.children_cpu_s() - before_s
    return {"seconds": round(seconds, 2), "cpu_s": round(cpu_s, 2), "rss_mb": watched[0].rss_mb}


def _touch(production: Path) -> None:
    """Change a hundred lots as a gesture would: in the file, not in its date alone."""
    for path in sorted(production.parent.glob("0*/*.gpkg"))[:CHANGED]:
        with closing(sqlite3.connect(path)) as database:
            database.execute("UPDATE lot SET value = value WHERE key = 'name'")
            database.commit()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
