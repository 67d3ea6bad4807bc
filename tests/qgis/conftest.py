# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS settings of the tests live in a temporary folder: no test reads or changes those of another run."""

from __future__ import annotations

import os
import tempfile

import pytest
from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QSettings

os.environ.setdefault("QT_QPA_PLATFORM", "xcb" if os.environ.get("DISPLAY") else "offscreen")
_profile = tempfile.TemporaryDirectory(prefix="ocsge-qgis-")
# pytest-qgis has started QGIS by now, with settings in the repository that two runs at once would share.
for _name in ("QGIS_CUSTOM_CONFIG_PATH", "QGIS_OPTIONS_PATH"):
    os.environ[_name] = _profile.name
QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, _profile.name)


@pytest.fixture(autouse=True)
def _fresh_settings(qgis_app):
    """Each test starts without the settings of the one before."""
    settings = QgsSettings()
    assert settings.fileName().startswith(_profile.name)
    settings.remove("ocsge")
    yield
    QgsSettings().remove("ocsge")


@pytest.fixture(autouse=True)
def _fresh_canvas(qgis_canvas):
    """One canvas serves the session: a test that changes its CRS must not move the next one's map."""
    crs = qgis_canvas.mapSettings().destinationCrs()
    yield
    qgis_canvas.setDestinationCrs(crs)
