# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS settings of the tests live in a temporary folder: no test reads or changes those of another run."""

from __future__ import annotations

import gc
import os
import sys
import tempfile

import pytest
from qgis.core import QgsProject, QgsSettings
from qgis.PyQt.QtCore import QSettings

os.environ.setdefault("QT_QPA_PLATFORM", "xcb" if os.environ.get("DISPLAY") else "offscreen")
_HAS_FAILED = pytest.StashKey[bool]()
_profile = tempfile.TemporaryDirectory(prefix="ocsge-qgis-")
# pytest-qgis has started QGIS by now, with settings in the repository that two runs at once would share.
for _name in ("QGIS_CUSTOM_CONFIG_PATH", "QGIS_OPTIONS_PATH"):
    os.environ[_name] = _profile.name
QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, _profile.name)


@pytest.fixture(scope="session", autouse=True)
def _nothing_outlives_qgis(qgis_app):
    """Layers that the frame of a failed test still names are deleted while QGIS is there to delete them.

    Collected after it has ended, at the end of the run, they bring the process down with the report.
    """
    yield
    QgsProject.instance().clear()
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):  # kept for a debugger
        vars(sys).pop(name, None)
    gc.collect()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Let fixtures know that their test failed."""
    report = yield
    item.stash[_HAS_FAILED] = item.stash.get(_HAS_FAILED, False) or report.failed
    return report


@pytest.fixture(autouse=True)
def _fresh_project(qgis_app, request):
    """The layers that a failed test left open are not in the next one's way; those of its module stay."""
    project = QgsProject.instance()
    before = set(project.mapLayers())
    yield
    if request.node.stash.get(_HAS_FAILED, False):
        project.removeMapLayers(list(set(project.mapLayers()) - before))


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
