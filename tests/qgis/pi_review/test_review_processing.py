# SPDX-License-Identifier: GPL-2.0-or-later
"""The provider `ocsge_review`, run through Processing."""

from __future__ import annotations

import pytest
from qgis.core import QgsFeature, QgsFeatureRequest, QgsGeometry, QgsVectorLayer

from ocsge_pi_review.processing.provider import ALGORITHMS
from tests.qgis.pi_review.algorithms import output, registered_provider, run


@pytest.fixture
def provider(qgis_app):
    with registered_provider() as made:
        yield made


def test_every_algorithm_is_registered_with_help(provider):
    assert {algorithm.name() for algorithm in provider.algorithms()} == {a().name() for a in ALGORITHMS}
    assert all(len(algorithm.shortHelpString()) > 80 for algorithm in provider.algorithms())


def test_a_valid_lot_passes_and_a_moved_vertex_does_not(provider, lot_path):
    layer = QgsVectorLayer(f"{lot_path}|layername=occupation_sol", "lot", "ogr")
    answer, _ = run("checkcoverage", {"INPUT": layer, "OUTPUT": "TEMPORARY_OUTPUT"})
    assert (answer["VALID"], answer["GAPS"]) == (True, 0)
    broken = layer.materialize(QgsFeatureRequest())
    feature = next(f for f in broken.getFeatures() if f["id"] == "OCSGE0000000002")
    geometry = feature.geometry()
    point = geometry.vertexAt(0)
    assert geometry.moveVertex(point.x() + 0.5, point.y() + 0.5, 0)
    broken.dataProvider().changeGeometryValues({feature.id(): geometry})
    answer, context = run("checkcoverage", {"INPUT": broken, "OUTPUT": "TEMPORARY_OUTPUT"})
    assert answer["VALID"] is False
    assert answer["GAPS"] == output(answer, context).featureCount() > 0


def test_an_overlap_is_measured(provider, qgis_app):
    layer = QgsVectorLayer("Polygon?crs=EPSG:2154", "x", "memory")
    for wkt in ("POLYGON((0 0,10 0,10 10,0 10,0 0))", "POLYGON((0 0,10 0,10 10,0 10,0 0))"):
        feature = QgsFeature()
        feature.setGeometry(QgsGeometry.fromWkt(wkt))
        layer.dataProvider().addFeatures([feature])
    answer, _ = run("checkcoverage", {"INPUT": layer, "OUTPUT": "TEMPORARY_OUTPUT"})
    assert answer["OVERLAP_M2"] == pytest.approx(100.0)
    assert answer["VALID"] is False
