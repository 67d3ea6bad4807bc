# SPDX-License-Identifier: GPL-2.0-or-later
"""The real QGIS desktop on a virtual screen: a fresh French profile with plugins as their zips hold them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from scripts.build_zips import zip_entries

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = """[PythonPlugins]
{plugins}processing=true

[locale]
overrideFlag=true
userLocale=fr
globalLocale=fr_FR

[qgis]
checkVersion=false
showTips=false
news-feed\\disable=true

[UI]
allowVersionCheck=false

[app]
askToSaveProjectChanges=false
"""
QGIS = ("qgis", "--nologo", "--noversioncheck", "--lang", "fr")
SCREEN = ("xvfb-run", "-a", "-s", "-screen 0 1920x1080x24")
WITH_WINDOW_MANAGER = 'openbox & sleep .5; exec "$@"'
HIDDEN = ("QGIS_", "QT_QPA", "PYTHON")
"""Beginnings of the variables that would make another QGIS of it."""


def make_profile(folder: Path, plugins: tuple[str, ...], settings: str = "") -> Path:
    """A folder for `--profiles-path` as it is once the plugins were installed from their zips.

    Args:
        folder: for the profile; new.
        plugins: their packages, enabled.
        settings: added to QGIS3.ini.
    """
    translate = [sys.executable, str(ROOT / "scripts" / "build_i18n.py")]
    subprocess.run(translate, check=True, capture_output=True)
    profile = folder / "profiles" / "default"
    (profile / "QGIS").mkdir(parents=True)
    enabled = "".join(f"{plugin}=true\n" for plugin in plugins)
    text = SETTINGS.format(plugins=enabled) + settings
    (profile / "QGIS" / "QGIS3.ini").write_text(text, encoding="utf-8")
    for plugin in plugins:
        for name, content in zip_entries(plugin).items():
            path = profile / "python" / "plugins" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return folder


def qgis(profiles: Path, script: Path) -> list[str]:
    """The command of a QGIS that runs a script."""
    return [*QGIS, "--profiles-path", str(profiles), "--code", str(script)]


def on_a_screen(command: list[str]) -> list[str]:
    """The same on a screen of its own, 1920 by 1080, with a window manager."""
    return [*SCREEN, "bash", "-c", WITH_WINDOW_MANAGER, "desktop", *command]


def environment(**more: str) -> dict[str, str]:
    """Ours without what is meant for QGIS in tests, and more."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(HIDDEN)}
    return {**kept, "LC_ALL": "C.UTF-8", **more}
