# SPDX-License-Identifier: GPL-2.0-or-later
"""A control file on disk, and the plugin with it open."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from qgis.core import QgsApplication

from ocsge_pi_review.adapters.settings import ReviewSettings, review_settings
from tests.qgis.pi_review.control.control_factory import make_control
from tests.qgis.pi_review.hands import Hands
from tests.qgis.pi_review.plugin_fixture import loaded_plugin


@pytest.fixture(scope="session")
def made_control(made_lot, tmp_path_factory) -> Path:
    return make_control(tmp_path_factory.mktemp("control") / "essai.control.gpkg", made_lot)


@pytest.fixture
def control_path(made_control, tmp_path) -> Path:
    return Path(shutil.copy(made_control, tmp_path / made_control.name))


@pytest.fixture(scope="module")
def loaded(qgis_iface, qgis_canvas, qgis_parent):
    """Loaded once: loading takes longer than a test."""
    with pytest.MonkeyPatch.context() as patch:
        yield from loaded_plugin(qgis_iface, qgis_canvas, qgis_parent, patch)


@pytest.fixture
def plugin(loaded, qgis_new_project):
    """The plugin with nothing open, operated by Claire, whose control file it is."""
    review_settings().save(ReviewSettings(operator="Claire"))
    yield loaded
    loaded.controller.close()


@pytest.fixture
def opened(plugin, control_path):
    plugin.controller.open(control_path)
    QgsApplication.processEvents()
    return plugin


@pytest.fixture
def hands(qgis_canvas) -> Hands:
    return Hands(qgis_canvas)
