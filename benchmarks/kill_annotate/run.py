# SPDX-License-Identifier: GPL-2.0-or-later
"""`kill -9` while somebody annotates, again and again: nothing is missing but the gesture in progress.

    python -m benchmarks.kill_annotate.run build/kill_annotate.json [KILLS]     (under Xvfb, see the Makefile)

Each round starts the real QGIS with the plugin from its zip, opens the campaign that the last one left,
compares every patch with the log of finished gestures, annotates by mouse and keys with all manual tools, and
is killed at a random moment. The outcome goes to the file named, and to standard output.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from osgeo import gdal

from benchmarks.ui.run import HERE as STAGE
from benchmarks.ui.run import make_campaign, make_scene
from tests.qgis.desktop import environment, make_profile, qgis

HERE = Path(__file__).resolve().parent
SIDE_PX, PATCH_PX = 1024, 512
START_LIMIT_S = 90
LONGEST_S = 3.0
SEED = 1


def make_work(folder: Path, build: Path) -> Path:
    """A campaign of four patches and a profile with the plugin."""
    image = folder / "ortho.tif"
    window = [0, 0, SIDE_PX, SIDE_PX]
    if gdal.Translate(str(image), str(make_scene(build / "ui")), srcWin=window) is None:
        raise SystemExit("the scene cannot be cut")
    make_profile(folder, ("ocsge_annotator",))
    (folder / "log").mkdir()
    return make_campaign(folder, image, PATCH_PX)


def start(folder: Path, campaign: Path, number: int, **more: str) -> subprocess.Popen[bytes]:
    """QGIS, driven."""
    given = {
        "OCSGE_KILL_STAGE": str(STAGE),
        "OCSGE_KILL_FOLDER": str(folder / "log"),
        "OCSGE_KILL_CAMPAIGN": str(campaign),
        "OCSGE_KILL_ROUND": str(number),
        "OCSGE_UI_SCENE": str(folder),
        "OCSGE_UI_PICTURES": str(folder),
        "OCSGE_BACKEND": "",
        **more,
    }
    with (folder / "qgis.log").open("ab") as output:
        return subprocess.Popen(
            qgis(folder, HERE / "drive.py"),
            env=environment(**given),
            cwd="/",
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


def kill_once(folder: Path, campaign: Path, number: int, after_s: float) -> dict[str, object]:
    """One life of QGIS: what it found, and in which gesture it was killed."""
    log = folder / "log"
    process = start(folder, campaign, number)
    wait_for(log / f"ready_{number}", process, log / f"failed_{number}")
    time.sleep(after_s)
    was_running = process.poll() is None and not (log / f"failed_{number}").exists()
    process.kill()
    process.wait()
    if not was_running:
        failed = log / f"failed_{number}"
        raise SystemExit(failed.read_text() if failed.exists() else "QGIS ended by itself")
    rows = [json.loads(line) for line in (log / "log.jsonl").read_text().splitlines() if line.endswith("}")]
    mine = [row for row in rows if row["round"] == number]
    return {
        "after_s": round(after_s, 2),
        "gestures": sum("end" in row for row in mine),
        "killed_in": mine[-1]["begin"] if mine and "begin" in mine[-1] else "",
        **json.loads((log / f"found_{number}.json").read_text()),
    }


def summary(rounds: list[dict[str, object]], last: dict[str, object], seed: int) -> dict[str, object]:
    """The whole, for people: each kill is judged by what the next life found."""
    found = [entry["patches"] for entry in [*rounds[1:], last]]
    states = Counter(state for patches in found for state in patches.values())
    lost = sum(count for state, count in states.items() if state not in ("same", "one more"))
    return {
        "kills": len(rounds),
        "seed": seed,
        "gestures": sum(entry["gestures"] for entry in rounds),
        "killed_within_a_gesture": sum(bool(entry["killed_in"]) for entry in rounds),
        "killed_in": dict(Counter(entry["killed_in"] for entry in rounds if entry["killed_in"])),
        "kills_whose_gesture_was_kept": states["one more"],
        "kills_after_which_more_was_missing": lost,
        "gestures_recovered_at_opening": sum(entry["recovered"] for entry in [*rounds[1:], last]),
        "rounds": [*rounds, last],
    }


def main(target: Path, kills: int) -> int:
    """Kill so many times; 0 where nothing but the gestures in progress is missing."""
    moments = random.Random(SEED)
    rounds = []
    with tempfile.TemporaryDirectory(prefix="ocsge-kill-") as name:
        folder = Path(name)
        campaign = make_work(folder, target.parent)
        for number in range(kills):
            rounds.append(kill_once(folder, campaign, number, moments.uniform(0.05, LONGEST_S)))
            print(number, rounds[-1], file=sys.stderr, flush=True)
        process = start(folder, campaign, kills, OCSGE_KILL_ONLY_LOOK="1")
        found = folder / "log" / f"found_{kills}.json"
        wait_for(found, process, folder / "log" / f"failed_{kills}")
        process.wait(START_LIMIT_S)
        outcome = summary(rounds, json.loads(found.read_text()), SEED)
    target.write_text(json.dumps(outcome, indent=1) + "\n")
    print(json.dumps({key: value for key, value in outcome.items() if key != "rounds"}, indent=1))
    return 1 if outcome["kills_after_which_more_was_missing"] else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 50))
