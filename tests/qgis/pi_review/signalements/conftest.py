# SPDX-License-Identifier: GPL-2.0-or-later
"""A service on this computer, credentials of QGIS for it, and reports over the made lot."""

from __future__ import annotations

from functools import cache

import pytest
from qgis.core import (
    QgsApplication,
    QgsAuthMethodConfig,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsProject,
)

from ocsge_pi_review.adapters.signalement_client import EspaceClient
from tests.qgis.pi_review.signalements.espace_server import BASIC_TOKEN, EspaceServer, report
from tests.unit.pi_review.review_coverage import ORIGIN


@cache
def _way() -> QgsCoordinateTransform:
    lambert, degrees = map(QgsCoordinateReferenceSystem, ("EPSG:2154", "EPSG:4326"))
    return QgsCoordinateTransform(lambert, degrees, QgsProject.instance())


def lon_lat(dx: float, dy: float) -> tuple[float, float]:
    """A place of the made lot, in degrees."""
    point = _way().transform(ORIGIN[0] + dx, ORIGIN[1] + dy)
    return point.x(), point.y()


def report_at(number: int, dx: float, dy: float, comment: str = "Un bâtiment manque.", **values):
    """A report at a place of the made lot."""
    return report(number, *lon_lat(dx, dy), comment, **values)


@pytest.fixture(scope="session")
def authcfg(qgis_app) -> str:
    """The token of the tests, kept by QGIS."""
    manager = QgsApplication.authManager()
    assert manager.setMasterPassword("master password", True)
    config = QgsAuthMethodConfig("APIHeader")
    config.setName("essai")
    config.setConfig("Authorization", f"Bearer {BASIC_TOKEN}")
    assert manager.storeAuthenticationConfig(config)
    yield config.id()
    manager.removeAuthenticationConfig(config.id())


@pytest.fixture
def server():
    """Three reports over the lot and one beside it."""
    made = EspaceServer(
        [
            report_at(101, 60, 60, opening_date="2026-03-03T10:00:00+01:00"),
            report_at(102, 200, 150, "Le <b>parking</b> est en herbe.", opening_date="2026-03-01T08:00:00Z"),
            report_at(103, 300, 300, opening_date="2026-03-02T08:00:00Z"),
            report_at(104, 60, 60, status="valid"),
            report_at(105, 380, 100, "Hors du lot"),
        ]
    )
    yield made
    made.stop()


@pytest.fixture
def client(server, authcfg) -> EspaceClient:
    return EspaceClient(server.url, authcfg, timeout_s=5.0)
