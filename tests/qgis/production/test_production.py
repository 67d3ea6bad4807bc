# SPDX-License-Identifier: GPL-2.0-or-later
"""Prediction, post-processing and check through Processing, on real backends."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from osgeo import gdal, ogr
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)

from inference_backend.contracts.prediction import NODATA
from ocsge_common.backend.files import SentFiles
from ocsge_pi_review.adapters.crs_text import crs_text
from ocsge_pi_review.adapters.open_lot import open_lot
from ocsge_pi_review.adapters.review_gestures import ReviewGestures
from tests.qgis.production.conftest import EXTENT

TITLES = {
    "Review queue, by reason": "review_item",
    "Built-up zone": "zone_construite",
    "Land cover": "occupation_sol",
    "Land use": "occupation_sol",
    "Confidence": "occupation_sol",
}
"""Layers of the group of a lot, from the top, and their tables."""


class Log(QgsProcessingFeedback):
    """Keeps what it is told."""

    def __init__(self):
        super().__init__(False)
        self.texts, self.warnings, self.shares = [], [], []

    def setProgressText(self, text):  # noqa: N802 - the name that QGIS calls
        self.texts.append(text)

    def pushWarning(self, text):  # noqa: N802 - the name that QGIS calls
        self.warnings.append(text)


def run(name, parameters, feedback=None):
    """An algorithm as a script runs it; its outputs and its context."""
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"ocsge_review:{name}")
    ok, reason = algorithm.checkParameterValues(parameters, context)
    assert ok, reason
    answer, ok = algorithm.run(parameters, context, feedback or Log(), catchExceptions=False)
    assert ok
    return answer, context, algorithm


def refusal(name, parameters):
    """What the log says of values that are refused before the work begins."""
    feedback = Log()
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(f"ocsge_review:{name}")
    _, ok = algorithm.run(parameters, QgsProcessingContext(), feedback)
    assert not ok
    return feedback.htmlLog()


def in_background(algorithm, parameters, context, feedback, qtbot):
    """The same in a thread, as the toolbox runs it."""
    task = QgsProcessingAlgRunnerTask(algorithm, parameters, context, feedback)
    try:
        with qtbot.waitSignal(task.executed, timeout=400_000) as done:
            QgsApplication.taskManager().addTask(task)
    except BaseException:
        feedback.cancel()  # the thread must not outlive what it works with
        task.waitForFinished(60_000)
        raise
    return done.args


def tree(project):
    """Groups of the legend with the names of their layers, from the top."""
    return {
        group.name(): [node.name() for node in group.findLayers()]
        for group in project.layerTreeRoot().findGroups()
    }


def group_of(lot):
    """The layers that the group of a lot has: those that show something."""
    dataset = ogr.Open(str(lot))
    return [title for title, table in TITLES.items() if dataset.GetLayerByName(table).GetFeatureCount()]


def model_of_the_chain():
    """The model that a user draws: rasters in, lot and verdict out."""
    model = QgsProcessingModelAlgorithm("ocs ge chain", "tests")
    kinds = QgsProcessing.SourceType
    rasters = QgsProcessingParameterMultipleLayers("rasters", "Rasters", kinds.TypeRaster)
    references = QgsProcessingParameterFile(
        "references", "References", QgsProcessingParameterFile.Behavior.Folder
    )
    year = QgsProcessingParameterString("year", "Year")
    for parameter in (rasters, references, year):
        model.addModelParameter(parameter, QgsProcessingModelParameter(parameter.name()))
    source = QgsProcessingModelChildParameterSource

    def child(name, algorithm, **sources):
        step = QgsProcessingModelChildAlgorithm(f"ocsge_review:{algorithm}")
        step.setChildId(name)
        for parameter, value in sources.items():
            step.addParameterSources(parameter, [value])
        return step

    predict = child(
        "predict",
        "predict",
        RASTERS=source.fromModelParameter("rasters"),
        EXTENT=source.fromStaticValue(EXTENT),
    )
    postprocess = child(
        "postprocess",
        "postprocess",
        PREDICTION=source.fromChildOutput("predict", "OUTPUT"),
        REFERENCES_FOLDER=source.fromModelParameter("references"),
        MILLESIME=source.fromModelParameter("year"),
        NAME=source.fromStaticValue("du modèle"),
    )
    lot = QgsProcessingModelOutput("lot", "lot")
    lot.setChildId("postprocess")
    lot.setChildOutputName("OUTPUT")
    postprocess.setModelOutputs({"lot": lot})
    check = child("check", "checkconformity", INPUT=source.fromChildOutput("postprocess", "COVERAGE"))
    for step in (predict, postprocess, check):
        model.addChildAlgorithm(step)
    return model


def test_a_model_of_the_whole_chain_survives_its_file_and_shows_the_lot(
    provider, toolbox, local_backend, scene, tmp_path, qgis_new_project, qtbot
):
    """Three runs of the backend in the thread of a model, read from the XML that the designer saves."""
    file = tmp_path / "chaîne.model3"
    assert model_of_the_chain().toFile(str(file))
    model = QgsProcessingModelAlgorithm()
    assert model.fromFile(str(file))
    model.initAlgorithm()
    project = QgsProject.instance()
    context = QgsProcessingContext()
    context.setProject(project)
    lot = tmp_path / "lot du modèle.gpkg"
    parameters = {
        "rasters": scene.rasters,
        "references": str(scene.references),
        "year": "2022",
        "lot": str(lot),
    }
    feedback = Log()

    ok, results = in_background(model, parameters, context, feedback, qtbot)

    assert ok, feedback.htmlLog()
    assert results["lot"] == str(lot)
    children = context.modelResult().childResults()
    assert children["check"].outputs()["CONFORMS"] is True
    coverage = QgsVectorLayer(f"{lot}|layername=occupation_sol", "lot", "ogr")
    assert coverage.featureCount() == children["postprocess"].outputs()["POLYGONS"] > 0
    assert coverage.extent().width() == pytest.approx(90, abs=0.01)

    from processing.gui.Postprocessing import handleAlgorithmResults

    assert handleAlgorithmResults(model, context, feedback, parameters)
    assert tree(project) == {"Lot du modèle": group_of(lot)}


def test_a_prediction_of_an_area_is_shown_in_its_classes_with_confidence_at_hand(
    provider, toolbox, shared_backend, scene, tmp_path, qgis_new_project
):
    project = QgsProject.instance()
    area = QgsVectorLayer("Polygon?crs=EPSG:4326", "zone", "memory")
    feature = QgsFeature()
    triangle = QgsGeometry.fromWkt(
        "POLYGON((652010 6862060, 652080 6862060, 652010 6862130, 652010 6862060))"
    )
    to_degrees = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:2154"), area.crs(), project.transformContext()
    )
    triangle.transform(to_degrees)
    feature.setGeometry(triangle)
    area.dataProvider().addFeatures([feature])
    ortho = QgsRasterLayer(scene.rasters[0], "Ortho")
    project.addMapLayers([area, ortho])
    target = QgsProcessingOutputLayerDefinition(str(tmp_path / "prédiction.tif"), project)
    parameters = {
        "RASTERS": [ortho.id(), scene.rasters[1]],
        "AREA": area.id(),
        "EXTENT": "652000,652060,6862050,6862150 [EPSG:2154]",
        "PROBABILITIES": True,
        "OUTPUT": target,
    }

    answer, context, algorithm = run("predict", parameters)

    inside = gdal.Open(answer["OUTPUT"]).ReadAsArray()[0] != NODATA
    assert inside.mean() == pytest.approx(0.5 * (1 + 20 / 70), abs=0.03), "what area and extent share"
    assert gdal.Open(answer["PROBABILITIES_OUTPUT"]).RasterCount == 15
    from processing.gui.Postprocessing import handleAlgorithmResults

    assert handleAlgorithmResults(algorithm, context, Log(), parameters)
    (layer,) = (lyr for lyr in project.mapLayers().values() if lyr.source() == answer["OUTPUT"])
    labels = {entry.value: entry.label for entry in layer.renderer().classes()}
    assert labels[0] == "Building (CS1.1.1.1)"
    assert layer.styleManager().styles() == ["Classes", "Confidence"]
    assert layer.styleManager().currentStyle() == "Classes"
    layer.styleManager().setCurrentStyle("Confidence")
    assert layer.renderer().type() == "singlebandpseudocolor"


def test_layers_of_the_project_are_references_as_the_user_sees_them(
    provider, shared_backend, scene, prediction, tmp_path, qgis_new_project
):
    """Filtered, unsaved and renamed layers go as copies under the name that their data have."""
    project = QgsProject.instance()
    path = str(scene.references / "bdtopo.gpkg")
    buildings = QgsVectorLayer(f"{path}|layername=batiment", "Bâti de la commune", "ogr")
    roads = QgsVectorLayer(f"{path}|layername=troncon_de_route", "Routes", "ogr")
    assert buildings.featureCount() > 1
    kept = next(buildings.getFeatures())
    assert buildings.setSubsetString(f"\"cleabs\" = '{kept['cleabs']}'")
    project.addMapLayers([buildings, roads])
    parameters = {
        "PREDICTION": str(prediction),
        "REFERENCES": [buildings, roads.id()],
        "MILLESIME": "2022",
        "OUTPUT": str(tmp_path / "lot.gpkg"),
    }

    answer, _, _ = run("postprocess", parameters)

    polygons = QgsVectorLayer(answer["COVERAGE"], "lot", "ogr")
    sources = [(f["source"], f["id_origine"]) for f in polygons.getFeatures() if f["id_origine"] != "NC"]
    origins = {origin for _, origin in sources}
    known_roads = {feature["cleabs"] for feature in roads.getFeatures()}
    assert origins & known_roads, "roads came through"
    every = QgsVectorLayer(f"{path}|layername=batiment", "", "ogr")
    hidden = {f["cleabs"] for f in every.getFeatures()} - {kept["cleabs"]}
    assert not origins & hidden, "buildings outside the filter did not"


def test_a_coordinate_system_without_a_code_is_said_in_full(qgis_app):
    own = QgsCoordinateReferenceSystem.fromProj(
        "+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000"
    )
    assert own.isValid()
    assert "Lambert Conic Conformal" in crs_text(own)
    assert crs_text(QgsCoordinateReferenceSystem("EPSG:2154")) == "EPSG:2154"
    assert crs_text(QgsCoordinateReferenceSystem()) is None


def test_files_are_sent_to_a_backend_elsewhere_and_the_lot_comes_back(
    provider, distant_backend, scene, tmp_path, qgis_new_project
):
    """It may open no file of this computer: everything travels, and nothing twice."""
    shapes = tmp_path / "livraison"
    shapes.mkdir()
    for name in ("batiment", "troncon_de_route"):
        source = str(scene.references / "bdtopo.gpkg")
        gdal.VectorTranslate(str(shapes / f"{name}.shp"), source, layers=[name], format="ESRI Shapefile")
    first = Log()
    rasters = {"RASTERS": scene.rasters, "BANDS": ["red", "1", "1"], "EXTENT": EXTENT}
    answer, _, _ = run("predict", {**rasters, "OUTPUT": str(tmp_path / "p.tif")}, first)
    again = []
    SentFiles(distant_backend, again.append, lambda share: None).place(Path(scene.rasters[0]))
    lot, _, _ = run(
        "postprocess",
        {
            "PREDICTION": answer["OUTPUT"],
            "REFERENCES_FOLDER": str(shapes),
            "MILLESIME": "2022",
            "OUTPUT": str(tmp_path / "lot.gpkg"),
        },
        second := Log(),
    )

    sent = [text for text in first.texts if "ortho_2022.tif" in text]
    assert len(sent) == 1
    assert again == [], "it was there already"
    assert (gdal.Open(answer["OUTPUT"]).ReadAsArray()[0] != NODATA).mean() == 1
    assert QgsVectorLayer(lot["COVERAGE"], "", "ogr").featureCount() == lot["POLYGONS"] > 0
    assert not [text for text in second.warnings if "batiment" in text], "shapefiles arrive with their tables"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["livraison", "lot.gpkg", "p.tif"]


def test_a_cancel_stops_the_backend_and_leaves_nothing(
    provider, local_backend, scene, tmp_path, qgis_new_project, qtbot
):
    feedback = Log()
    context = QgsProcessingContext()
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("ocsge_review:predict")
    output = tmp_path / "out" / "p.tif"
    output.parent.mkdir()
    task = QgsProcessingAlgRunnerTask(
        algorithm, {"RASTERS": scene.rasters, "OUTPUT": str(output)}, context, feedback
    )
    with qtbot.waitSignal(task.executed, timeout=120_000) as done:
        QgsApplication.taskManager().addTask(task)
        qtbot.waitUntil(lambda: len(feedback.texts) > 1, timeout=60_000)  # the job has begun
        feedback.cancel()
    assert done.args[0] is False
    assert "Cancelled" in feedback.htmlLog()
    assert list(output.parent.iterdir()) == []


def test_what_cannot_be_done_is_said_in_words(provider, shared_backend, prediction, tmp_path):
    parameters = {"PREDICTION": str(prediction), "OUTPUT": str(tmp_path / "lot.gpkg")}
    algorithm = provider.algorithm("postprocess")
    for year in ("", "22", "deux mille"):
        ok, reason = algorithm.checkParameterValues({**parameters, "MILLESIME": year}, QgsProcessingContext())
        assert not ok
    assert "four digits" in reason
    absent = {**parameters, "MILLESIME": "2022", "REFERENCES": ["/nowhere/bdtopo.gpkg"]}
    assert "REFERENCES" in algorithm.checkParameterValues(absent, QgsProcessingContext())[1]
    rasters = {"RASTERS": [str(prediction)], "OUTPUT": str(tmp_path / "p.tif")}
    assert "raster from 1 to 1" in refusal("predict", {**rasters, "BANDS": ["nir", "2", "1"]})
    with pytest.raises(QgsProcessingException, match="height"):
        run("predict", rasters)


def test_a_lot_that_is_shown_can_be_reviewed(
    provider, toolbox, shared_backend, prediction, tmp_path, qgis_new_project
):
    """The group's layers hold the file open; the review writes to it all the same."""
    project = QgsProject.instance()
    lot = tmp_path / "lot.gpkg"
    parameters = {
        **{"PREDICTION": str(prediction), "MILLESIME": "2022", "OUTPUT": str(lot), "NAME": "A"},
        "EXTENT": EXTENT,
    }
    _, context, algorithm = run("postprocess", parameters)
    from processing.gui.Postprocessing import handleAlgorithmResults

    handleAlgorithmResults(algorithm, context, Log(), parameters)
    assert tree(project) == {"Lot A": group_of(lot)}
    look = {node.name(): node.layer().renderer() for node in project.layerTreeRoot().findLayers()}
    assert "reasons" in look["Review queue, by reason"].classAttribute()
    assert [look[title].classAttribute() for title in ("Land cover", "Land use")] == ["code_cs", "code_us"]
    assert look["Confidence"].type() == "RuleRenderer"
    assert project.mapLayersByName("Land cover")[0].extent().width() == pytest.approx(90, abs=0.01)
    shown = next(layer for layer in project.mapLayers().values() if layer.name() == "Land cover")
    before = {f["id"]: f["code_cs"] for f in shown.getFeatures()}

    opened = open_lot(lot, "essai", project)
    opened.review.show_item(1)
    changed = opened.review.polygon_id
    gestures = ReviewGestures(opened.review)
    gestures.make(gestures.set_codes([changed], {"cs": "CS1.2.3"}))
    opened.close(project)

    shown.dataProvider().reloadData()
    after = {f["id"]: f["code_cs"] for f in shown.getFeatures()}
    assert after == {**before, changed: "CS1.2.3"}
    dataset = ogr.Open(str(lot))
    assert dataset.GetLayerByName("edit_journal").GetFeatureCount() >= 1


def test_a_dirty_layer_becomes_a_lot_with_its_report(
    provider, toolbox, shared_backend, tmp_path, qgis_new_project
):
    """A layer in memory, two squares that overlap: copied, repaired, accounted for, shown."""
    project = QgsProject.instance()
    layer = QgsVectorLayer(
        "Polygon?crs=EPSG:2154&field=code_cs:string&field=code_us:string", "ocsge", "memory"
    )
    for left, cs in ((652000, "CS2.2.1"), (652090, "CS1.1.1.2")):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([cs, "US1.1"])
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(left, 6862000, left + 100, 6862100)))
        layer.dataProvider().addFeatures([feature])
    project.addMapLayer(layer)
    parameters = {"INPUT": [layer.id()], "MILLESIME": "2022", "OUTPUT": str(tmp_path / "repris.gpkg")}

    answer, context, algorithm = run("importlayer", parameters)

    polygons = list(QgsVectorLayer(answer["COVERAGE"], "", "ogr").getFeatures())
    assert sum(f.geometry().area() for f in polygons) == pytest.approx(19_000)
    assert Path(answer["PAGE"]).read_text(encoding="utf-8").startswith("<!")
    assert "balance" in json.loads(Path(answer["REPORT"]).read_text(encoding="utf-8"))
    from processing.gui.Postprocessing import handleAlgorithmResults

    handleAlgorithmResults(algorithm, context, Log(), parameters)
    assert tree(project) == {"Lot repris": group_of(answer["OUTPUT"])}
    verdict, _, _ = run("checkconformity", {"INPUT": answer["COVERAGE"]})
    assert (verdict["OVERLAPS"], verdict["INVALID"]) == (0, 0)


def test_a_reviewed_lot_is_not_replaced_by_one_from_a_backend_elsewhere(
    provider, distant_backend, tmp_path, qgis_new_project
):
    """That backend cannot see the operator's work, which is in this file and nowhere else."""
    lot = tmp_path / "lot.gpkg"
    with closing(sqlite3.connect(lot)) as database:
        database.execute("CREATE TABLE edit_journal (seq INTEGER)")
        database.execute("INSERT INTO edit_journal VALUES (1)")
        database.commit()
    before = lot.read_bytes()
    layer = QgsVectorLayer("Polygon?crs=EPSG:2154&field=code_cs:string", "ocsge", "memory")
    feature = QgsFeature(layer.fields())
    feature.setAttributes(["CS2.2.1"])
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(652000, 6862000, 652100, 6862100)))
    layer.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(layer)
    parameters = {"INPUT": [layer.id()], "MILLESIME": "2022", "OUTPUT": str(lot)}

    with pytest.raises(QgsProcessingException, match="1 review gestures"):
        run("importlayer", parameters)

    assert lot.read_bytes() == before
