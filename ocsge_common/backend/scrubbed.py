# SPDX-License-Identifier: GPL-2.0-or-later
"""The environment variables that another Python, GDAL or PROJ than QGIS's may see."""

from __future__ import annotations

import os

from qgis.PyQt.QtCore import QProcessEnvironment

PREFIXES = ("PROJ_", "GDAL_", "OGR_", "CPL_", "PYTHON")
"""OSGeo4W and macOS bundles set these for QGIS's own libraries; the backend has others of its own."""


def scrubbed_environment() -> QProcessEnvironment:
    """Our environment without what would mislead another Python, GDAL or PROJ; for `QProcess`."""
    environment = QProcessEnvironment.systemEnvironment()
    for name in environment.keys():  # noqa: SIM118 - a Qt object, not iterable
        if name.upper().startswith(PREFIXES):
            environment.remove(name)
    return environment


def scrubbed_variables() -> dict[str, str]:
    """The same for `subprocess`, speaking UTF-8 whatever the system's code page is."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(PREFIXES)}
    return {**kept, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "PYTHONNOUSERSITE": "1"}
