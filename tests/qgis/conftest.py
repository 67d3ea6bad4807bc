# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS settings of the tests live in a temporary folder: no test reads or changes those of the user."""

from __future__ import annotations

import os
import tempfile

_profile = tempfile.TemporaryDirectory(prefix="ocsge-qgis-")
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = _profile.name
os.environ.setdefault("QT_QPA_PLATFORM", "xcb" if os.environ.get("DISPLAY") else "offscreen")

import pytest  # noqa: E402 - the environment above is read by the imports below
from qgis.core import QgsSettings  # noqa: E402


@pytest.fixture(autouse=True)
def _fresh_settings(qgis_app):
    """Each test starts without the settings of the one before."""
    QgsSettings().remove("ocsge")
    yield
    QgsSettings().remove("ocsge")


@pytest.fixture(autouse=True)
def _fresh_canvas(qgis_canvas):
    """One canvas serves the session: a test that changes its CRS must not move the next one's map."""
    crs = qgis_canvas.mapSettings().destinationCrs()
    yield
    qgis_canvas.setDestinationCrs(crs)
