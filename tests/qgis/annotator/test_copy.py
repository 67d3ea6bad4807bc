# SPDX-License-Identifier: GPL-2.0-or-later
"""Labels copied from a raster and from a vector layer of the project."""

import numpy as np
import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from inference_backend.contracts.campaign import UNLABELLED
from ocsge_annotator.adapters.layer_values import raster_values
from ocsge_annotator.errors import LayerError
from ocsge_annotator.gui.copy_dialog import CopyDialog
from tests.qgis.annotator.conftest import LEFT, PIXEL, TOP, write_raster


@pytest.fixture
def buildings(work):
    """Two squares of the first patch in WGS 84, columns and rows 10..20 and 30..50."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:4326&field=nature:string", "Bâti", "memory")
    to_degrees = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:2154"), layer.crs(), QgsProject.instance()
    )
    for nature, low, high in (("building", 10, 20), ("serre inconnue", 30, 50)):
        x, y = (LEFT + low * PIXEL, LEFT + high * PIXEL), (TOP - low * PIXEL, TOP - high * PIXEL)
        geometry = QgsGeometry.fromWkt(
            f"Polygon(({x[0]} {y[0]}, {x[1]} {y[0]}, {x[1]} {y[1]}, {x[0]} {y[1]}, {x[0]} {y[0]}))"
        )
        geometry.transform(to_degrees)
        feature = QgsFeature(layer.fields())
        feature.setGeometry(geometry)
        feature["nature"] = nature
        layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    return layer


def labels(work):
    return work.session.opened.editor.labels


def test_a_field_of_a_vector_layer_becomes_labels_as_one_gesture(work, buildings, monkeypatch):
    def choose(dialog):
        dialog.layers.setLayer(buildings)
        dialog.fields.setField("nature")
        assert dialog.values.names == ("building", "serre inconnue")
        assert dialog.mapping == {"building": 0}
        dialog.table.cellWidget(1, 1).setCurrentIndex(3)
        dialog.accept()
        return True

    monkeypatch.setattr(CopyDialog, "exec", choose)
    work.controller.do("copy")
    assert (labels(work)[11:19, 11:19] == 0).all()
    assert (labels(work)[31:49, 31:49] == work.session.campaign.classes[2].value).all()
    assert (labels(work) == UNLABELLED).sum() == pytest.approx(64 * 64 - 500, abs=30)
    assert work.session.opened.editor.gestures == 1
    dialog = CopyDialog(work.session, {}, None)
    dialog.layers.setLayer(buildings)
    dialog.fields.setField("")
    assert dialog.values.names == ("Bâti",)


def test_a_raster_of_another_grid_is_read_where_the_patch_is(work, tmp_path):
    coarse = np.zeros((1, 40, 40), dtype=np.uint8)
    coarse[0, :4] = 3
    write_raster(tmp_path / "autre.tif", coarse, pixel=1.0).FlushCache()
    layer = QgsRasterLayer(str(tmp_path / "autre.tif"), "autre")
    values = raster_values(layer, work.session.image, work.session.opened.window)
    assert values.names == ("0", "3")
    assert (values.places[:20] == 1).all()
    assert (values.places[20:] == 0).all()


def test_the_pre_labels_of_a_prediction_keep_their_names(work, prediction_file):
    layer = QgsRasterLayer(str(prediction_file), "prédiction")
    values = raster_values(layer, work.session.image, work.session.opened.window)
    assert "building" in values.names


def test_an_image_is_no_class_raster_and_the_dialog_says_so(work, image_file):
    layer = QgsRasterLayer(str(image_file), "photo")
    with pytest.raises(LayerError, match="photo"):
        raster_values(layer, work.session.image, work.session.opened.window)
    QgsProject.instance().addMapLayer(layer)
    dialog = CopyDialog(work.session, {}, None)
    dialog.layers.setLayer(layer)
    assert "photo" in dialog.problem.text()
    assert not dialog.values.names
