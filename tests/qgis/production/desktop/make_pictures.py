# SPDX-License-Identifier: GPL-2.0-or-later
"""Renews the pictures of production in the user guide, in the real desktop.

    python -m tests.qgis.production.desktop.make_pictures SCENE PREDICTION LOTS FOLDER [MODEL]

SCENE is a folder of `ocsge scene`, PREDICTION what `ocsge predict` made of it. The lot goes to the folder
LOTS; QGIS would mark layers in the system's temporary folder as such.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.qgis.desktop import ROOT, environment, on_a_screen, qgis
from tests.qgis.pi_review.desktop.real_qgis import install, shrink

DRIVER = Path(__file__).with_name("drive_production.py")


def main(scene: Path, prediction: Path, out: Path, folder: Path, model: Path | None = None) -> int:
    """Take the pictures and write them small enough for a page."""
    styles = json.loads((ROOT / "resources" / "styles" / "legend.json").read_text(encoding="utf-8"))
    legend = tuple(entry["colour"] for entry in [*styles["reasons"], *styles["confidence"]])
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        install(work / "profile")
        out.mkdir(exist_ok=True)
        told = {
            "OCSGE_SCENE": str(scene.resolve()),
            "OCSGE_PREDICTION": str(prediction.resolve()),
            "OCSGE_OUT": str(out),
            "OCSGE_REPORT": str(work / "report.json"),
            "OCSGE_MODEL": str(model.resolve()) if model else "",
            "OCSGE_BACKEND": str(ROOT / ".venv" / "bin" / "ocsge"),
            "OCSGE_DATA_DIR": str(work / "data"),
        }
        command = on_a_screen(qgis(work / "profile", DRIVER))
        done = subprocess.run(
            command, env=environment(**told), capture_output=True, text=True, timeout=580, check=False
        )
        report = json.loads((work / "report.json").read_text()) if (work / "report.json").exists() else {}
        for picture in sorted(out.glob("*.png")):
            shrink(picture, legend)
            picture.replace(folder / picture.name)
    sys.stdout.write(f"{report or (done.stdout + done.stderr)[-3000:]}\n")
    return 0 if report.get("ok") else 1


if __name__ == "__main__":
    raise SystemExit(main(*map(Path, sys.argv[1:])))
