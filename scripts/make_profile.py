# SPDX-License-Identifier: GPL-2.0-or-later
"""A private QGIS profile with both plugins enabled, from their zips.

python -m scripts.make_profile FOLDER [DIST]
"""

from __future__ import annotations

import shutil
import sys
import zipfile
from pathlib import Path

from scripts.plugin_metadata import PLUGINS, ROOT, newest_release


def make_profile(folder: Path, dist: Path) -> Path:
    """Write `folder/profiles/default`; returns the folder that QGIS takes as `--profiles-path`.

    Settings that a previous session left are kept; the plugins are replaced.
    """
    profile = folder / "profiles" / "default"
    plugins = profile / "python" / "plugins"
    for plugin in PLUGINS:
        shutil.rmtree(plugins / plugin, ignore_errors=True)
        with zipfile.ZipFile(dist / f"{plugin}-{newest_release().version}.zip") as archive:
            archive.extractall(plugins)
    settings = profile / "QGIS" / "QGIS3.ini"
    if not settings.exists():
        settings.parent.mkdir(parents=True)
        enabled = "".join(f"{plugin}=true\n" for plugin in PLUGINS)
        settings.write_text(f"[PythonPlugins]\n{enabled}\n[qgis]\ncheckVersion=false\nshowTips335=false\n")
    return folder


def main() -> int:
    """Make the profile."""
    folder = Path(sys.argv[1])
    dist = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "dist"
    print(make_profile(folder, dist))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
