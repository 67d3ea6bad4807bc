# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot on disk, and a lot opened for review."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from qgis.core import QgsProject
from qgis.PyQt import sip

from ocsge_pi_review.adapters.gpkg_opening import open_gpkg
from ocsge_pi_review.adapters.open_lot import OpenLot, open_lot
from tests.qgis.pi_review.lot_factory import make_lot


@pytest.fixture(scope="session")
def made_lot(tmp_path_factory, qgis_app) -> Path:
    """Written once, indexed as the first opening leaves it."""
    path = make_lot(tmp_path_factory.mktemp("made") / "lot.gpkg")
    open_gpkg(path).close()
    return path


@pytest.fixture
def lot_path(made_lot, tmp_path) -> Path:
    return Path(shutil.copy(made_lot, tmp_path / "lot.gpkg"))


@pytest.fixture
def lot(lot_path, qgis_new_project) -> OpenLot:
    opened = open_lot(lot_path, "essai", QgsProject.instance())
    yield opened
    if not sip.isdeleted(opened.layers.group) and opened.layers.group.parent() is not None:
        opened.close(QgsProject.instance())
