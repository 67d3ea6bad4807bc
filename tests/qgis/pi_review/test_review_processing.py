# SPDX-License-Identifier: GPL-2.0-or-later
"""The provider `ocsge_review`, run through Processing."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)

from inference_backend.contracts.lot import Operation
from ocsge_pi_review.adapters.lot_file import LotFile
from ocsge_pi_review.adapters.open_lot import open_lot
from ocsge_pi_review.domain.gestures import set_code
from ocsge_pi_review.domain.journal import Gesture
from ocsge_pi_review.processing.provider import ALGORITHMS, ReviewProvider
from tests.qgis.pi_review.layer_checks import journal, rows_on_disk
from tests.qgis.pi_review.test_gestures_on_a_lot import free_neighbour, line_across


@pytest.fixture
def provider(qgis_app):
    made = ReviewProvider(Path("icon.svg"))
    QgsApplication.processingRegistry().addProvider(made)
    yield made
    QgsApplication.processingRegistry().removeProvider(made)


def run(name: str, parameters: dict[str, object]) -> tuple[dict[str, object], QgsProcessingContext]:
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"ocsge_review:{name}")
    answer, ok = algorithm.run(parameters, context, QgsProcessingFeedback(), catchExceptions=False)
    assert ok
    return answer, context


def output(answer, context) -> QgsVectorLayer:
    return context.getMapLayer(answer["OUTPUT"])


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


def test_corrections_have_the_form_of_a_corrective_patch(provider, lot_path, qgis_new_project):
    project = QgsProject.instance()
    lot = open_lot(lot_path, "essai", lambda gesture: "", project)
    review = lot.review
    delivered = rows_on_disk(lot_path)
    review.show_item(1)
    recoded = review.polygon_id
    review.set_code("cs", "CS1.2.3")
    review.show_item(2)
    cut = review.polygon_id
    review.split(line_across(review))
    review.show_item(9)
    review.accept()
    review.show_item(10)
    review.set_code("us", "US3")
    review.undo()
    lot.close(project)
    answer, context = run("exportcorrections", {"LOT": str(lot_path), "OUTPUT": "TEMPORARY_OUTPUT"})
    found: dict[str, list[QgsFeature]] = {}
    for feature in output(answer, context).getFeatures():
        found.setdefault(feature["id_ocs"], []).append(feature)
    assert set(found) == {recoded, cut}
    (feature,) = found[recoded]
    assert [feature[n] for n in ("cs_corr", "us_corr", "os_corr")] == ["CS1.2.3", "RAS", "RAS"]
    assert feature["decoup_geo"] == "0"
    assert feature["code_cs"] == delivered[recoded][1]["code_cs"]
    assert len(found[cut]) >= 2
    assert {part["decoup_geo"] for part in found[cut]} == {"1"}


def test_a_merge_shows_as_one_correction_of_the_neighbour(provider, lot_path, qgis_new_project):
    project = QgsProject.instance()
    lot = open_lot(lot_path, "essai", lambda gesture: "", project)
    lot.review.show_item(1)
    neighbour = free_neighbour(lot.review)
    lot.review.merge_into(neighbour)
    lot.close(project)
    answer, context = run("exportcorrections", {"LOT": str(lot_path), "OUTPUT": "TEMPORARY_OUTPUT"})
    (feature,) = output(answer, context).getFeatures()
    assert (feature["id_ocs"], feature["decoup_geo"], feature["cs_corr"]) == (neighbour, "1", "RAS")


def test_a_pending_gesture_is_replayed(provider, lot_path, qgis_new_project):
    project = QgsProject.instance()
    lot = open_lot(lot_path, "essai", lambda gesture: "", project)
    lot.review.show_item(1)
    patch = set_code(lot.review.row(), "cs", "CS1.2.3", lot.profile)
    known_id = lot.review.polygon_id
    lot.close(project)
    file = LotFile(lot_path)
    file.append(Gesture("g", Operation.SET_COVER, patch), "essai", 1.0)
    file.close()
    answer, _ = run("replayjournal", {"LOT": str(lot_path)})
    assert answer["APPLIED"] == 1
    assert rows_on_disk(lot_path)[known_id][1]["code_cs"] == "CS1.2.3"
    assert journal(lot_path)[0]["state"] == "applied"


def test_the_journal_as_a_table(provider, lot_path, qgis_new_project):
    project = QgsProject.instance()
    lot = open_lot(lot_path, "essai", lambda gesture: "", project)
    lot.review.show_item(1)
    was = lot.review.row().cs
    lot.review.set_code("cs", "CS1.2.3")
    lot.review.undo()
    lot.close(project)
    answer, context = run("exportjournal", {"LOT": str(lot_path), "OUTPUT": "TEMPORARY_OUTPUT"})
    rows = list(output(answer, context).getFeatures())
    assert [(r["operation"], r["cs_before"], r["cs_after"]) for r in rows] == [
        ("set_cover", was, "CS1.2.3"),
        ("undo", "CS1.2.3", was),
    ]


def test_what_is_no_lot_is_refused_in_words(provider, tmp_path):
    path = tmp_path / "autre.gpkg"
    path.write_bytes(b"x" * 200)
    with pytest.raises(QgsProcessingException, match=r"autre\.gpkg"):
        run("replayjournal", {"LOT": str(path)})
