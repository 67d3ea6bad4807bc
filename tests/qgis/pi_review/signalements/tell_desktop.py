# SPDX-License-Identifier: GPL-2.0-or-later
"""Remarks in the real desktop: a fresh French profile, the plugin from its zip, the service on this computer.

    .venv-qgis/bin/python -m tests.qgis.pi_review.signalements.tell_desktop LOT [PICTURES]

LOT is copied first. Checks what the screen said against what the service holds; with PICTURES, writes
`signalements-*.png` there.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from osgeo import ogr, osr

from tests.qgis.desktop import environment, on_a_screen, qgis
from tests.qgis.pi_review.desktop.real_qgis import install, shrink
from tests.qgis.pi_review.signalements.espace_server import BASIC_TOKEN, EspaceServer, report

DRIVER = Path(__file__).with_name("drive_desktop.py")
TEXTS = (
    "Un hangar agricole de 600 m² a été construit derrière la ferme ; il n'apparaît pas dans l'OCS GE.\n"
    "<script>alert('rien ne s'exécute')</script>",
    "Cette parcelle est une prairie, pas une culture.",
    "Le parking du stade est goudronné depuis 2021.",
)


def places(lot: Path, count: int) -> list[tuple[float, float, list[tuple[float, float]]]]:
    """Points inside polygons of the lot and a ring around each, in degrees."""
    dataset = ogr.Open(str(lot))
    layer = dataset.GetLayerByName("occupation_sol")
    lambert, degrees = layer.GetSpatialRef(), osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    for one in (lambert, degrees):
        one.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    way = osr.CoordinateTransformation(lambert, degrees)
    found = []
    layer.SetAttributeFilter("ossature = 0 AND area_m2 > 3000 AND area_m2 < 30000")
    for feature in layer:
        point = feature.GetGeometryRef().PointOnSurface()
        x, y = point.GetX(), point.GetY()
        corners = [(x - 18, y - 12), (x + 18, y - 12), (x + 18, y + 12), (x - 18, y + 12), (x - 18, y - 12)]
        ring = [way.TransformPoint(*corner)[:2] for corner in corners]
        found.append((*way.TransformPoint(x, y)[:2], ring))
        if len(found) == count:
            break
    return found


def reports(lot: Path) -> list[dict[str, Any]]:
    """Three reports over the lot: the oldest with a sketch and an earlier reply."""
    made = []
    for number, ((lon, lat, ring), text) in enumerate(zip(places(lot, 3), TEXTS, strict=True)):
        corners = ", ".join(f"{x} {y}" for x, y in ring)
        sketch = {
            "objects": [
                {"geometry": f"POLYGON(({corners}))", "name": "Hangar", "attributes": {"hauteur": "6 m"}}
            ]
        }
        reply = {
            "author": {"username": "ign.ocsge"},
            "date": "2026-02-10T09:00:00+01:00",
            "content": "Merci, nous transmettons au prestataire.",
            "status": "pending",
        }
        made.append(
            report(
                162920 + number,
                lon,
                lat,
                text,
                author={"id": 7, "username": "mairie.demo"},
                opening_date=f"2026-0{number + 1}-12T10:00:00+01:00",
                status="pending" if number == 0 else "submit",
                sketch=sketch if number == 0 else None,
                replies=[reply] if number == 0 else [],
            )
        )
    return made


def tell(lot: Path, folder: Path, pictures: Path | None) -> dict[str, Any]:
    """Run the driver; returns its report with what the service holds."""
    server = EspaceServer(reports(lot))
    profile, outcome = folder / "profile", folder / "report.json"
    install(profile)
    given = {"OCSGE_LOT": str(lot), "OCSGE_REPORT": str(outcome), "OCSGE_SERVICE": server.url}
    given |= {"OCSGE_TOKEN": BASIC_TOKEN}
    given |= {"OCSGE_PICTURES": str(pictures)} if pictures else {}
    done = subprocess.run(
        on_a_screen(qgis(profile, DRIVER)),
        env=environment(**given),
        capture_output=True,
        text=True,
        timeout=280,
        cwd=folder,
        check=False,
    )
    told = json.loads(outcome.read_text(encoding="utf-8")) if outcome.exists() else {"ok": False}
    replies = {number: one["replies"] for number, one in server.service.reports.items()}
    server.stop()
    return {**told, "replies": replies, "output": (done.stdout + done.stderr)[-3000:]}


def require(told: dict[str, Any]) -> None:
    """Accept a run in which the answer is on the server once, as the screen said.

    Raises:
        AssertionError: it is not.
    """
    if not told["ok"]:
        raise AssertionError(told.get("error") or told["output"])
    number = int(told["sent"])
    own = [reply for reply in told["replies"][number] if "[OCS GE" in reply["content"]]
    if len(own) != 1 or not own[0]["content"].startswith(told["prepared"]) or number != int(told["first"]):
        raise AssertionError(told)
    if "déjà" not in told["prepared"] or "<script>" not in told["shown"] or told["rows"] != len(TEXTS):
        raise AssertionError(told)


def main() -> int:
    """Tell it, check it, say so."""
    pictures = Path(sys.argv[2]).resolve() if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as folder:
        lot = Path(shutil.copy(sys.argv[1], Path(folder) / "lot.gpkg"))
        told = tell(lot, Path(folder), pictures)
    require(told)
    for picture in pictures.glob("signalements-*.png") if pictures else ():
        shrink(picture)
    sys.stdout.write(f"answered {told['sent']}: {told['prepared']}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
