# SPDX-License-Identifier: GPL-2.0-or-later
"""`kill -9` while somebody reviews, again and again: nothing that was confirmed is missing.

    python -m benchmarks.kill_review.run build/kill_review.json [KILLS]     (under Xvfb, see the Makefile)

Each round starts the real QGIS with the plugin from its zip, opens the lot that the last one left, reviews
with every gesture, and is killed at a random moment. What it left is judged before the next life repairs it.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.kill_review.judge import area_of, confirmed_rows, copy_of, is_whole, judge
from inference_backend.contracts.fingerprint import combined, row_fingerprint, to_text
from ocsge_pi_review.adapters.gpkg import connect
from ocsge_pi_review.adapters.gpkg_opening import open_gpkg
from ocsge_pi_review.adapters.gpkg_rows import CoverageTable
from tests.qgis.desktop import environment, qgis
from tests.qgis.pi_review.desktop.real_qgis import install
from tests.qgis.pi_review.lot_factory import make_lot

DRIVER = Path(__file__).with_name("drive.py")
CELLS, REGIONS, ITEMS = 80, 500, 400
START_LIMIT_S = 120
LONGEST_S = 3.0
SEED = 6


def make_work(folder: Path) -> Path:
    """A lot that knows what it was made of, and a profile with the plugin."""
    lot = make_lot(folder / "lot.gpkg", SEED, CELLS, REGIONS, ITEMS)
    open_gpkg(lot).close()
    with closing(connect(lot)) as database:
        rows = CoverageTable(database).every_row()
        base = to_text(combined(row_fingerprint(row.id, row.attributes, row.wkb) for row in rows))
        database.execute("INSERT INTO lot (key, value) VALUES ('base_fingerprint', ?)", (base,))
    install(folder / "profile")
    (folder / "log").mkdir()
    return lot


def start(folder: Path, lot: Path, number: int) -> subprocess.Popen[bytes]:
    """QGIS, driven."""
    given = {
        "OCSGE_KILL_FOLDER": str(folder / "log"),
        "OCSGE_KILL_LOT": str(lot),
        "OCSGE_KILL_ROUND": str(number),
    }
    with (folder / "qgis.log").open("ab") as output:
        return subprocess.Popen(
            qgis(folder / "profile", DRIVER),
            env=environment(**given),
            cwd=folder,
            stdout=output,
            stderr=output,
        )


def wait_for(path: Path, process: subprocess.Popen[bytes], failed: Path) -> None:
    """Until a file is there.

    Raises:
        SystemExit: QGIS ended first, or took too long.
    """
    deadline = time.monotonic() + START_LIMIT_S
    while not path.exists():
        if failed.exists() or process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise SystemExit(failed.read_text() if failed.exists() else f"QGIS never came to {path.name}")
        time.sleep(0.05)


def kill_once(folder: Path, lot: Path, number: int, after_s: float, area_m2: float) -> dict[str, Any]:
    """One life of QGIS, and what it left."""
    log = folder / "log"
    failed = log / f"failed_{number}"
    process = start(folder, lot, number)
    wait_for(log / f"ready_{number}", process, failed)
    time.sleep(after_s)
    was_running = process.poll() is None and not failed.exists()
    process.kill()
    process.wait()
    if not was_running:
        raise SystemExit(failed.read_text() if failed.exists() else "QGIS ended by itself")
    lines = [json.loads(line) for line in (log / "log.jsonl").read_text().splitlines() if line.endswith("}")]
    mine = [line for line in lines if line["round"] == number]
    found = judge(copy_of(lot, folder / "copy"), confirmed_rows(log / "log.jsonl"), area_m2)
    # What was written and not yet confirmed counts as confirmed for the lives that follow.
    found["more_than_confirmed"] -= sum("counted" in line for line in lines)
    with (log / "log.jsonl").open("a") as file:
        file.writelines(
            json.dumps({"round": number, "counted": 1}) + "\n" for _ in range(found["more_than_confirmed"])
        )
    return {
        "after_s": round(after_s, 2),
        "killed_in": _unfinished(mine),
        "operations": dict(Counter(line["operation"] for line in mine if "operation" in line)),
        "refused": dict(Counter(line["refused"] for line in mine if "refused" in line)),
        **json.loads((log / f"found_{number}.json").read_text()),
        **found,
    }


def _unfinished(lines: list[dict[str, Any]]) -> str:
    """The gesture that began and did not end."""
    name = ""
    for line in lines:
        name = line.get("begin", "" if "end" in line else name)
    return name


def summary(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """The whole, for people."""
    operations: Counter[str] = Counter()
    for entry in rounds:
        operations.update(entry["operations"])
    return {
        "kills": len(rounds),
        "seed": SEED,
        "confirmed_gestures": sum(operations.values()),
        "by_operation": dict(operations),
        "killed_within_a_gesture": sum(bool(entry["killed_in"]) for entry in rounds),
        "written_but_not_yet_confirmed": sum(entry["more_than_confirmed"] for entry in rounds),
        "kills_after_which_something_was_lost": sum(not is_whole(entry) for entry in rounds),
        "confirmed_gestures_lost": sum(entry["lost"] for entry in rounds),
        "rounds": rounds,
    }


def main(target: Path, kills: int) -> int:
    """Kill so many times; 0 where nothing that was confirmed is missing and the coverage stands."""
    moments = random.Random(SEED)
    rounds: list[dict[str, Any]] = []
    outcome = summary(rounds)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ocsge-kill-") as name:
        folder = Path(name)
        lot = make_work(folder)
        area_m2 = area_of(Path(shutil.copy(lot, folder / "first.gpkg")))
        for number in range(kills):
            rounds.append(kill_once(folder, lot, number, moments.uniform(0.05, LONGEST_S), area_m2))
            print(number, rounds[-1], file=sys.stderr, flush=True)
            # Each round: a run of half an hour that is stopped has told something all the same.
            outcome = summary(rounds)
            target.write_text(json.dumps(outcome, indent=1) + "\n")
    print(json.dumps({key: value for key, value in outcome.items() if key != "rounds"}, indent=1))
    return 1 if outcome["kills_after_which_something_was_lost"] else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 50))
