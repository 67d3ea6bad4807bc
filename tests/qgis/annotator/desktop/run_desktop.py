# SPDX-License-Identifier: GPL-2.0-or-later
"""Starts the real QGIS desktop in a fresh French profile with the annotator from its zip, and drives it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.qgis.desktop import environment, make_profile, on_a_screen, qgis

HERE = Path(__file__).resolve().parent


def drive(
    folder: Path,
    campaign: Path,
    out: Path,
    timeout_s: float = 120,
    script: str = "drive.py",
    **extra: str,
) -> tuple[dict[str, object], str]:
    """Run the desktop once.

    Args:
        folder: for the profile; new.
        campaign: to open.
        out: for what the script leaves.
        timeout_s: after which QGIS is given up.
        script: beside this file, run inside QGIS.
        extra: environment of the script.

    Returns:
        The report that `drive.py` wrote, empty where it did not come so far, and the output of QGIS.
    """
    make_profile(folder, ("ocsge_annotator",))
    out.mkdir(parents=True, exist_ok=True)
    told = {
        "OCSGE_DRIVE_CAMPAIGN": str(campaign),
        "OCSGE_DRIVE_OUT": str(out),
        "OCSGE_DRIVE_HERE": str(HERE),
    }
    result = subprocess.run(
        on_a_screen(qgis(folder, HERE / script)),
        env=environment(**told, **extra),
        cwd="/",
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    report = out / "report.json"
    text = result.stdout + result.stderr
    return (json.loads(report.read_text()) if report.exists() else {}), text
