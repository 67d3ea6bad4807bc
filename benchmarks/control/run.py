# SPDX-License-Identifier: GPL-2.0-or-later
"""How long a sample and the report of its control take on a lot of a million polygons.

python -m benchmarks.control.run LOT build/control.json

LOT is the one of `benchmarks.big_lot`; it is copied first. A made-up controller answers with one cover in
twenty wrong.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import sys
import uuid
from contextlib import closing
from pathlib import Path

from benchmarks import timing
from benchmarks.process_tree import run_and_watch
from inference_backend.contracts.control import CONTROL_SUFFIX, AnswerRole

ROOT = Path(__file__).resolve().parents[2]
UNITS, EVERY = 600, 20
CONTROLLER = "Claire"
OCSGE = (sys.executable, "-m", "inference_backend", "--lang", "fr")


def main(big_lot: Path, target: Path) -> None:
    folder = ROOT / "build" / "control"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lot = Path(shutil.copy(big_lot, folder / "lot.gpkg"))
    for state in ("in_interpretation", "delivered"):
        _told("state", "lot", "state", lot, "--set", state)
    draw = ("control", "sample", lot, "--size", UNITS, "--controllers", CONTROLLER, "-o", folder / "files")
    figures = {"control_units": UNITS, **_told("control_sample", *draw)}
    (sheet,) = (folder / "files").glob(f"*{CONTROL_SUFFIX}")
    answer(lot, sheet)
    figures |= _told("control_collect", "control", "collect", lot, sheet)
    figures |= _told("control_report", "control", "report", lot, "-o", folder / "report")
    figures["control_sample_and_report_s"] = round(
        figures["control_sample_s"] + figures["control_report_s"], 1
    )
    target.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


def answer(lot: Path, sheet: Path) -> None:
    """Answer every unit with what was delivered, one cover in `EVERY` otherwise."""
    with closing(sqlite3.connect(lot)) as database:
        units = database.execute(
            "SELECT control_id, sample_id, map_cs, map_us FROM control_sample ORDER BY sample_id"
        ).fetchall()
    with closing(sqlite3.connect(sheet)) as database, database:
        for control_id, number, cs, us in units:
            other = "CS2.2.1" if cs != "CS2.2.1" else "CS2.1.3"
            database.execute(
                "INSERT INTO control_answer (answer_id, control_id, sample_id, controller, role, "
                "control_cs, control_us, decided_at, duration_s, in_force) VALUES (?, ?, ?, ?, ?, ?, ?, "
                "strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 20.0, 1)",
                (
                    str(uuid.uuid4()),
                    control_id,
                    number,
                    CONTROLLER,
                    AnswerRole.FIRST.value,
                    other if number % EVERY == 0 else cs,
                    us,
                ),
            )


def _told(name: str, *arguments: object) -> dict[str, float]:
    """Wall and processor seconds and memory of a command, the start of the interpreter included."""
    before_s, watched = timing.children_cpu_s(), []
    seconds = timing.seconds(lambda: watched.append(run_and_watch([*OCSGE, *map(str, arguments)], ROOT)))
    return {
        f"{name}_s": round(seconds, 1),
        f"{name}_cpu_s": round(timing.children_cpu_s() - before_s, 1),
        f"{name}_rss_mb": watched[0].rss_mb,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
