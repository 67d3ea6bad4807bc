# SPDX-License-Identifier: GPL-2.0-or-later
"""`kill -9` of the server, its connections or the people: nothing confirmed is lost, nothing doubled.

    python -m benchmarks.db.kill build/kill_db.json [KILLS]

Some interpreters work almost without pause on a lot; at random moments the whole server is killed and started
again, or one of its processes, or all interpreters. In the end the database is judged by what they were told.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from benchmarks.db.run import SCHEMA, publish, start_people
from benchmarks.db.verdict import judge, notes_of
from tests.qgis.pi_review.lot_factory import make_lot
from tests.qgis.postgis.server import Server

KILLS = 50
PEOPLE = 10
LOOK_S, HOLD_S = 0.05, 3.0
SEED = 1
CELLS, REGIONS = 400, 12_000


def kill_one_connection(server: Server, rng: random.Random) -> None:
    """One process of the server: the postmaster then restarts them all, by itself."""
    listed = server.sql(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'ocsge_pi_review'", "bench"
    ).split()
    if listed:
        with suppress(ProcessLookupError):
            os.kill(int(rng.choice(listed)), signal.SIGKILL)


def main() -> int:
    target = Path(sys.argv[1])
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else KILLS
    rng = random.Random(SEED)
    server = Server()
    try:
        folder = Path(tempfile.mkdtemp(prefix="ocsge-kill-db-"))
        publish(server, make_lot(folder / "lot.gpkg", cells=CELLS, regions=REGIONS, items=REGIONS))
        people: list[subprocess.Popen[bytes]] = []
        done = {"server": 0, "connection": 0, "people": 0}
        people = start_people(server, folder, PEOPLE, time.monotonic() + 3600, HOLD_S, LOOK_S)
        time.sleep(5.0)
        for number in range(kills):
            time.sleep(rng.uniform(0.5, 2.5))
            what = ("server", "connection", "people")[number % 3]
            done[what] += 1
            if what == "server":
                server.kill()
                time.sleep(rng.uniform(0.0, 0.5))
                server.start()
            elif what == "connection":
                kill_one_connection(server, rng)
                server.wait_until_ready()
            else:
                for process in people:
                    process.kill()
                    process.wait()
                people = start_people(server, folder, PEOPLE, time.monotonic() + 3600, HOLD_S, LOOK_S)
                time.sleep(3.0)
        time.sleep(2.0)
        for process in people:
            process.kill()
            process.wait()
        figures = judge(f"{server.conninfo} dbname=bench", SCHEMA, notes_of(folder))
    finally:
        server.remove()
    figures = {"kills": done, **figures}
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")
    print(json.dumps(figures, indent=2, ensure_ascii=False))
    return 1 if figures["db_items_twice"] or figures["db_items_lost"] or figures["db_journal_holes"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
