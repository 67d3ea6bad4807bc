# SPDX-License-Identifier: GPL-2.0-or-later
"""The whole of a review in the real desktop: a lot cut, received, decided, delivered, merged; then by a team.

    .venv-qgis/bin/python -m tests.qgis.pi_review.desktop.tell_story FOLDER [PICTURES]

Makes a commune and its lot in FOLDER, cuts it, tells `story.py` in a fresh French profile with the plugin
from its zip, takes the delivered lot back into its parent and has it checked. Then the same lot in a
PostgreSQL of its own, with three people at three windows at once. With PICTURES, writes `review-*.png` there.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.qgis.desktop import environment, make_profile, on_a_screen, qgis
from tests.qgis.pi_review.desktop.real_qgis import shrink
from tests.qgis.postgis.server import Server

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
COMMAND = ROOT / ".venv" / "bin" / "ocsge"
PLUGIN = "ocsge_pi_review"
SEED, SIZE_M = 9001, 1800
"""A commune that trained nothing, with more than two hundred items."""
ITEMS, TEAM_ITEMS = 200, 70
TEAM = ("anne", "bachir", "chloe")
SCHEMA, CONNECTION = "commune", "atelier"
SETTINGS = """
[ocsge]
review\\operator={operator}
backend\\command={command}
"""
LONGEST_S = 1500
"""No window stays open longer."""
DATABASE = """
[PostgreSQL]
connections\\{name}\\host=127.0.0.1
connections\\{name}\\port={port}
connections\\{name}\\database=postgres
connections\\{name}\\username=postgres
connections\\{name}\\saveUsername=true
connections\\{name}\\sslmode=SslDisable
"""


def ocsge(*arguments: object) -> str:
    """Run the backend's command; its output.

    Raises:
        RuntimeError: it failed.
    """
    command = [str(COMMAND), *map(str, arguments)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def prepare(folder: Path, size_m: int = SIZE_M) -> Path:
    """A commune, its prediction and its lot, kept between runs; the folder of the two."""
    data = folder / "data"
    scene, prediction, lot = data / "scene", data / "prediction.tif", data / "lot.gpkg"
    if not lot.exists():
        references = [scene / "references" / f"{name}.gpkg" for name in ("bdtopo", "rpg", "bdforet")]
        ocsge("scene", scene, "--seed", SEED, "--size-m", size_m)
        ocsge("predict", scene / "ortho_2022.tif", scene / "height_2022.tif", "--output", prediction)
        ocsge("postprocess", prediction, "--references", *references, "--output", lot, "--millesime", "2022")
    return data


def cut(data: Path, out: Path) -> tuple[Path, Path]:
    """The parent, and the lot that is handed out."""
    parent = Path(shutil.copy(data / "lot.gpkg", out / "parent.gpkg"))
    scene = data / "scene"
    clipped = {"ortho@2022": scene / "ortho_2022.tif", "prediction": data / "prediction.tif"}
    linked = {
        "infrared:4,1,2@2022": scene / "ortho_2022.tif",
        "height": scene / "height_2022.tif",
        "other_date@2019": scene / "ortho_2019.tif",
    }
    imagery = [text for role, path in clipped.items() for text in ("--imagery", f"{role}={path}")]
    imagery += [text for role, path in linked.items() for text in ("--imagery-link", f"{role}={path}")]
    references = ("--reference", scene / "references" / "bdtopo.gpkg")
    ocsge("lot", "cut", parent, "--by", "work", "--count", 1, "-o", out / "lots", *references, *imagery)
    (lot,) = (out / "lots").glob("*.gpkg")
    ocsge("lot", "state", lot, "--set", "assigned", "--to", "Anne")
    return parent, lot


def start_qgis(
    folder: Path,
    operator: str,
    ini: str = "",
    script: str = "story.py",
    longest_s: float = LONGEST_S,
    **more: str,
) -> subprocess.Popen[str]:
    """A desktop in a fresh profile, ended after `longest_s`; its report is `folder/report.json`."""
    settings = SETTINGS.format(operator=operator, command=COMMAND) + ini
    make_profile(folder / "profile", (PLUGIN,), settings)
    told = {"OCSGE_STORY_OUT": str(folder), "OCSGE_STORY_HERE": str(HERE)}
    command = on_a_screen(qgis(folder / "profile", HERE / script))
    return subprocess.Popen(
        ["timeout", "--kill-after=10", str(longest_s), *command],
        env=environment(**told, **more),
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def report_of(
    folder: Path, process: subprocess.Popen[str], timeout_s: float = LONGEST_S
) -> Mapping[str, object]:
    """What the desktop left.

    Raises:
        RuntimeError: it failed.
    """
    said, _ = process.communicate(timeout=timeout_s)
    path = folder / "report.json"
    report = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"error": said[-4000:]}
    if "error" in report:
        raise RuntimeError(str(report["error"]))
    return report


def new_folder(path: Path) -> Path:
    """An empty folder in place of the one before."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def one_person(folder: Path, data: Path, *, pictures: bool) -> dict[str, object]:
    """Received, decided with every gesture, delivered, taken back, merged twice, checked."""
    out = new_folder(folder / "one")
    parent, lot = cut(data, out)
    more = {"OCSGE_STORY_GESTURES": "1", "OCSGE_STORY_PICTURES": "1" if pictures else ""}
    process = start_qgis(out, "Anne", OCSGE_STORY_LOT=str(lot), OCSGE_STORY_DECIDE=str(ITEMS), **more)
    report = dict(report_of(out, process))
    merged = ocsge("lot", "merge", parent, lot)
    again = ocsge("lot", "merge", parent, lot)
    return {**report, "merge": merged, "merge_again": again, "check": ocsge("check", parent)}


def team(folder: Path, data: Path, *, pictures: bool) -> dict[str, object]:
    """Three people on one lot in PostGIS, fetched, merged and checked."""
    out = new_folder(folder / "team")
    parent, lot = cut(data, out)
    server = Server()
    try:
        address = f"{server.conninfo} dbname=postgres/{SCHEMA}"
        server.sql("CREATE EXTENSION IF NOT EXISTS postgis", "postgres")
        ocsge("lot", "publish", lot, "--to", address)
        ini = DATABASE.format(name=CONNECTION, port=server.port)
        go = out / "go"
        people = {}
        for who in TEAM:
            desk = new_folder(out / who)
            more = {"OCSGE_STORY_LOT": SCHEMA, "OCSGE_STORY_START": str(go)}
            more["OCSGE_STORY_PICTURES"] = "1" if pictures and who == TEAM[0] else ""
            people[who] = desk, start_qgis(desk, who, ini, OCSGE_STORY_DECIDE=str(TEAM_ITEMS), **more)
        go.touch()
        reports = {who: report_of(*desk) for who, desk in people.items()}
        back = out / "back.gpkg"
        ocsge("lot", "fetch", "--from", address, "-o", back)
    finally:
        server.remove()
    ocsge("lot", "state", back, "--set", "delivered")
    merged = ocsge("lot", "merge", parent, back)
    return {**reports, "twice": decided_twice(back), "merge": merged, "check": ocsge("check", parent)}


def decided_twice(lot: Path) -> int:
    """Items that more than one person decided."""
    import sqlite3

    people: dict[int, set[str]] = {}
    with sqlite3.connect(lot) as connection:
        for operator, after in connection.execute("SELECT operator, item_after FROM edit_journal"):
            for decision in json.loads(after or "[]"):
                if decision["state"] == "done":
                    people.setdefault(decision["item_id"], set()).add(operator)
    return sum(len(who) > 1 for who in people.values())


def main(folder: Path, pictures: Path | None) -> int:
    """Tell both stories; 0 where all of it held."""
    folder.mkdir(parents=True, exist_ok=True)
    data = prepare(folder)
    told = {
        "one": one_person(folder, data, pictures=pictures is not None),
        "team": team(folder, data, pictures=pictures is not None),
    }
    sys.stdout.write(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        for shot in sorted(
            [*(folder / "one").glob("review-*.png"), *(folder / "team").glob("*/review-*.png")]
        ):
            shrink(Path(shutil.copy(shot, pictures / shot.name)))
    return int(told["team"]["twice"] != 0)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]) if len(sys.argv) > 2 else None))
