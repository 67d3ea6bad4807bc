# SPDX-License-Identifier: GPL-2.0-or-later
"""Starts the real QGIS desktop in a fresh French profile with the plugin from its zip, and drives it."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
INI = """[PythonPlugins]
ocsge_annotator=true
processing=true

[locale]
overrideFlag=true
userLocale=fr
globalLocale=fr_FR

[qgis]
checkVersion=false
showTips=false
news-feed\\disable=true
"""
COMMAND = (
    "openbox & sleep .5; "
    "exec qgis --nologo --noversioncheck --lang fr --profiles-path {profiles} --code {drive}"
)


def make_profile(folder: Path, zip_path: Path) -> Path:
    """A profile folder with the plugin unpacked from its zip, as a user's would be."""
    profile = folder / "profiles" / "default"
    (profile / "QGIS").mkdir(parents=True)
    (profile / "QGIS" / "QGIS3.ini").write_text(INI, encoding="utf-8")
    plugins = profile / "python" / "plugins"
    plugins.mkdir(parents=True)
    with zipfile.ZipFile(zip_path) as archive:
        archive.extractall(plugins)
    return folder


def drive(
    folder: Path,
    zip_path: Path,
    campaign: Path,
    out: Path,
    timeout_s: float = 120,
    script: str = "drive.py",
    **extra: str,
) -> tuple[dict[str, object], str]:
    """Run the desktop once.

    Args:
        folder: for the profile; new.
        zip_path: the plugin.
        campaign: to open.
        out: for what the script leaves.
        timeout_s: after which QGIS is given up.
        script: beside this file, run inside QGIS.
        extra: environment of the script.

    Returns:
        The report that `drive.py` wrote, empty where it did not come so far, and the output of QGIS.
    """
    make_profile(folder, zip_path)
    out.mkdir(parents=True, exist_ok=True)
    environment = {
        k: v
        for k, v in os.environ.items()
        if k not in ("QT_QPA_PLATFORM", "QGIS_CUSTOM_CONFIG_PATH", "PYTHONPATH")
    }
    environment |= {
        "OCSGE_DRIVE_CAMPAIGN": str(campaign),
        "OCSGE_DRIVE_OUT": str(out),
        "OCSGE_DRIVE_HERE": str(HERE),
        "LC_ALL": "C.UTF-8",
        **extra,
    }
    command = COMMAND.format(profiles=folder, drive=HERE / script)
    result = subprocess.run(
        ["xvfb-run", "-a", "-s", "-screen 0 1920x1080x24", "bash", "-c", command],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    report = out / "report.json"
    text = result.stdout + result.stderr
    return (json.loads(report.read_text()) if report.exists() else {}), text
