# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures the review in a real QGIS on a lot of a million polygons, in a GeoPackage and in PostGIS.

    python -m benchmarks.ui_review.run build/ui.json [PART...]

Parts: lot, lot_postgis, memory, memory_postgis. Each has a QGIS of its own in a fresh profile with the
plugin's zip, and a fresh copy of the lot, which is made once and kept in build/review. Needs QGIS, Xvfb and
openbox, and Debian's server for PostGIS. `OCSGE_UI_POLYGONS` measures on a smaller lot.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.qgis.desktop import environment, make_profile, on_a_screen, qgis
from tests.qgis.postgis.server import Server

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BACKEND = ROOT / ".venv" / "bin"
PART_LIMIT_S = 5400
PARTS = ("lot", "lot_postgis", "memory", "memory_postgis")
SCHEMA = "big"
_SHARED_BUFFERS = "256MB"


def big_lot(folder: Path, polygons: int) -> Path:
    """The lot, made where it is not there yet."""
    path = folder / ("big.gpkg" if polygons == 1_000_000 else f"big_{polygons}.gpkg")
    if not path.exists():
        command = [BACKEND / "python", "-m", "benchmarks.big_lot", path, "--polygons", str(polygons)]
        subprocess.run(command, check=True, cwd=ROOT)
    return path


@contextlib.contextmanager
def lot_of(part: str, big: Path, work: Path) -> Iterator[dict[str, str]]:
    """Environment that names a fresh copy of the lot."""
    if not part.endswith("_postgis"):
        copy = work / "lot.gpkg"
        shutil.copy(big, copy)
        yield {"OCSGE_LOT": str(copy)}
        return
    server = Server((f"shared_buffers={_SHARED_BUFFERS}",))
    try:
        server.sql("CREATE DATABASE lots")
        server.sql("CREATE EXTENSION postgis", "lots")
        uri = f"{server.conninfo} dbname=lots"
        subprocess.run([BACKEND / "ocsge", "lot", "publish", big, "--to", f"{uri}/{SCHEMA}"], check=True)
        yield {"OCSGE_LOT": uri, "OCSGE_LOT_SCHEMA": SCHEMA, "OCSGE_UI_SUFFIX": "_postgis"}
    finally:
        server.remove()


def run_part(
    module: str, name: str, more: dict[str, str], work: Path, target: Path, folder: Path = HERE
) -> dict[str, object]:
    """Figures of one part, or why there are none.

    Args:
        module: `part_<module>.py` in `folder`.
        name: of the part, for messages.
        more: environment of the part.
        work: a folder for the profile.
        target: beside which pictures are kept.
        folder: in which the module is; `stage.py` of this package is found as well.
    """
    make_profile(work, ("ocsge_pi_review",))
    given = {
        "OCSGE_UI_HERE": str(HERE),
        "OCSGE_UI_PARTS": str(folder),
        "OCSGE_UI_PART": module,
        "OCSGE_UI_OUT": str(work / "figures.json"),
        "OCSGE_UI_PICTURES": str(target.parent / "ui"),
        **more,
    }
    try:
        result = subprocess.run(
            on_a_screen(qgis(work, ROOT / "benchmarks" / "ui" / "drive.py")),
            env=environment(**given),
            cwd="/",
            capture_output=True,
            text=True,
            timeout=PART_LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {f"{name}_failed": f"took longer than {PART_LIMIT_S} s"}
    found = work / "figures.json"
    if not found.exists():
        last = (result.stdout + result.stderr).strip().splitlines()[-1:] or ["QGIS ended"]
        return {f"{name}_failed": last[0]}
    figures: dict[str, object] = json.loads(found.read_text())
    if f"{module}_failed" in figures:
        print((result.stdout + result.stderr)[-4000:])
        figures[f"{name}_failed"] = figures.pop(f"{module}_failed")
    return figures


def main(target: Path, parts: list[str]) -> int:
    """Measure the parts and put their figures into `target`, beside those of other parts."""
    (target.parent / "ui").mkdir(parents=True, exist_ok=True)
    (target.parent / "review").mkdir(exist_ok=True)
    polygons = int(os.environ.get("OCSGE_UI_POLYGONS", "1000000"))
    big = big_lot(target.parent / "review", polygons)
    failures = 0
    for name in parts or PARTS:
        with (
            tempfile.TemporaryDirectory(prefix="ocsge-ui-") as temporary,
            lot_of(name, big, Path(temporary)) as more,
        ):
            module = name.removesuffix("_postgis")
            found = run_part(module, name, more, Path(temporary), target)
        figures = json.loads(target.read_text()) if target.exists() else {}
        figures = {key: value for key, value in figures.items() if key != f"{name}_failed"} | found
        failures += f"{name}_failed" in found
        print(name, json.dumps(found), flush=True)
        target.write_text(json.dumps(figures | {"lot_polygons": polygons}, indent=1, sort_keys=True) + "\n")
    return min(1, failures)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).resolve(), sys.argv[2:]))
