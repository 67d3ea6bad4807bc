# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot controlled blind in the real desktop: by Claire, by Denis for a second opinion, then by an arbiter.

    .venv-qgis/bin/python -m tests.qgis.pi_review.desktop.tell_blind FOLDER [PICTURES]

Samples the demo's lot in FOLDER, tells `blind_story.py` for each of the three in a fresh French profile with
the plugin from its zip, collects what they answered and decides. With PICTURES, writes `control-*.png` there.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.qgis.pi_review.desktop.real_qgis import shrink
from tests.qgis.pi_review.desktop.tell_story import COMMAND, ROOT, new_folder, ocsge, report_of, start_qgis

DEMO = ROOT / "build" / "demo"
IMAGES = (
    ("ortho", "ortho_2022.tif", "2022", None),
    ("other_date", "ortho_2019.tif", "2019", None),
    ("infrared", "ortho_2022.tif", "2022", "4,1,2"),
    ("height", "height_2022.tif", "2022", None),
)
"""Role, file, year and bands, as the lot's table `imagery` has them."""
GUIDE = ("unit", "search", "omission", "views", "hand-back", "arbiter-unit", "redo")
"""Pictures of the guide."""
SIZE, SECOND, SEED = 40, 0.25, 7
OTHER = ("CS2.2.1", "US6.3")
"""What is said where a controller sees something else than was delivered."""


def sample(folder: Path) -> Path:
    """The demo's lot, delivered and sampled; control files lie in `controle` beside it."""
    lot = Path(shutil.copy(DEMO / "lot.gpkg", folder / "commune.gpkg"))
    for state in ("in_interpretation", "delivered"):
        ocsge("lot", "state", lot, "--set", state)
    _add_images(lot)
    how = ("--size", SIZE, "--second", SECOND, "--seed", SEED)
    ocsge("control", "sample", lot, *how, "--controllers", "Claire", "Denis", "-o", folder / "controle")
    return lot


def _add_images(lot: Path) -> None:
    statement = (
        "INSERT INTO imagery (role, uri, provider, title, millesime, bands) VALUES (?, ?, 'gdal', '', ?, ?)"
    )
    rows = [(role, str(DEMO / "scene" / name), year, bands) for role, name, year, bands in IMAGES]
    with closing(sqlite3.connect(lot)) as database, database:
        database.executemany(statement, rows)


def truth(lot: Path, control_file: Path, wrong_every: int) -> dict[int, tuple[str, str]]:
    """What a controller shall answer: the delivered codes, save for some units."""
    statement = "SELECT sample_id, map_cs, map_us FROM control_sample"
    with closing(sqlite3.connect(lot)) as database:
        delivered = {row[0]: (row[1], row[2]) for row in database.execute(statement)}
    with closing(sqlite3.connect(control_file)) as database:
        units = [row[0] for row in database.execute("SELECT sample_id FROM control_sample ORDER BY 1")]
    return {unit: OTHER if unit % wrong_every == 0 else delivered[unit] for unit in units}


def judge(folder: Path, lot: Path, who: str, wrong_every: int, pictures: str) -> dict[str, object]:
    """One controller at one window, until the file is handed back."""
    (control_file,) = (folder / "controle").glob(f"*_{who}*.control.gpkg")
    desk = new_folder(folder / who)
    said = desk / "truth.json"
    said.write_text(json.dumps(truth(lot, control_file, wrong_every)), encoding="utf-8")
    report = look(desk, control_file, said, who, pictures)
    return {**report, "collected": ocsge("control", "collect", lot, control_file)}


def look(desk: Path, file: Path, said: Path, who: str, pictures: str) -> dict[str, object]:
    """One window on a control file or a lot."""
    process = start_qgis(
        desk,
        who,
        script="blind_story.py",
        OCSGE_STORY_CONTROL=str(file),
        OCSGE_STORY_TRUTH=str(said),
        OCSGE_STORY_PICTURES=pictures,
    )
    return dict(report_of(desk, process, 600))


def decide(lot: Path) -> str:
    """Reject by the contract's rule; a rejection ends with status 1, which is no failure here."""
    command = [str(COMMAND), "control", "decide", str(lot), "--sign", "C. Martin"]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env={**os.environ, "OCSGE_LANG": "fr"}
    )
    if done.returncode != 1:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout


def main(folder: Path, pictures: Path | None) -> int:
    """Tell it; 0 where all of it held."""
    out = new_folder(folder)
    lot = sample(out)
    told = {
        "Claire": judge(out, lot, "Claire", 9, "control" if pictures else ""),
        "Denis": judge(out, lot, "Denis", 4, ""),
        "arbiter file": ocsge(
            "control",
            "collect",
            lot,
            *(out / "controle").glob("*.gpkg"),
            "--arbiter",
            "Alix",
            "-o",
            out / "controle",
        ),
        "Alix": judge(out, lot, "Alix", 9, "control-arbiter" if pictures else ""),
    }
    told["decided"] = decide(lot)
    desk = new_folder(out / "Anne")
    nothing = desk / "truth.json"
    nothing.write_text("{}", encoding="utf-8")
    told["redo"] = look(desk, lot, nothing, "Anne", "control" if pictures else "")
    sys.stdout.write(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        for shot in (shot for name in GUIDE for shot in out.glob(f"*/control-{name}.png")):
            shrink(Path(shutil.copy(shot, pictures / shot.name)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve() if sys.argv[2:] else None))
