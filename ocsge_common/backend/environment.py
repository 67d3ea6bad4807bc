# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the backend's command is, and the per-user environment that the set-up button makes.

The backend never shares QGIS's Python: its numpy and GDAL are its own.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from qgis.PyQt.QtCore import QStandardPaths

from ..errors import BackendNotFoundError
from ..settings import BackendSettings

COMMAND_ENVIRONMENT = "OCSGE_BACKEND"
"""Path of an `ocsge` executable, for developers and administrators."""


def environment_folder() -> Path:
    """Folder of the per-user environment, the same for both plugins and every QGIS profile."""
    base = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    return Path(base) / "ocsge" / "backend-env"


def environment_command(folder: Path) -> Path:
    """The command `ocsge` in an environment."""
    return folder / ("Scripts/ocsge.exe" if sys.platform == "win32" else "bin/ocsge")


def find_command(settings: BackendSettings) -> Path:
    """The command to start: from the settings, else `OCSGE_BACKEND`, else the per-user environment.

    Raises:
        BackendNotFoundError: there is no such file; a wrong explicit choice is not replaced by another.
    """
    explicit = settings.command or os.environ.get(COMMAND_ENVIRONMENT, "")
    command = Path(explicit) if explicit else environment_command(environment_folder())
    if not command.is_file():
        raise BackendNotFoundError(tried=command)
    return command
