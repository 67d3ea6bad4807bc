# SPDX-License-Identifier: GPL-2.0-or-later
"""Reference vectors of a campaign: shown, moved by the mouse, remembered per patch, taken over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from osgeo import ogr, osr
from qgis.PyQt.QtCore import Qt

from inference_backend.contracts.campaign import UNLABELLED, SourceRole
from inference_backend.contracts.profile import Profile
from ocsge_annotator.adapters.campaign_file import CampaignPlan, create_campaign
from ocsge_annotator.adapters.gdal_calls import spatial_reference
from ocsge_annotator.adapters.image import read_image
from ocsge_annotator.domain.campaign import Source
from ocsge_annotator.domain.label_classes import physical_classes
from ocsge_annotator.domain.patch_grid import lay_cells, rank_cells
from ocsge_annotator.domain.proposal import ProposalSource
from ocsge_annotator.errors import SourceError
from tests.qgis.annotator.conftest import LEFT, PATCH_PX, PIXEL, TOP
from tests.qgis.annotator.mouse import RIGHT, Mouse

CONTROL = Qt.KeyboardModifier.ControlModifier
BUILDING, ROAD = 0, 3


def place(x_px: float, y_px: float) -> tuple[float, float]:
    return LEFT + x_px * PIXEL, TOP - y_px * PIXEL


@pytest.fixture
def references(tmp_path, image_file):
    """A building of 20 x 10 px and a road of 2 m (10 px) across the first patch, with a projected one."""
    path = tmp_path / "bdtopo.gpkg"
    dataset = ogr.GetDriverByName("GPKG").CreateDataSource(str(path), ["VERSION=1.2"])
    crs = spatial_reference(read_image(image_file).crs_wkt)
    corners = [place(*corner) for corner in ((10, 10), (30, 10), (30, 20), (10, 20), (10, 10))]
    outline = ", ".join(f"{x} {y} 12" for x, y in corners)
    buildings = dataset.CreateLayer("batiment", crs, ogr.wkbPolygon25D)
    buildings.CreateField(ogr.FieldDefn("etat_de_l_objet", ogr.OFTString))
    (x0, y0), (x1, y1) = place(-50, 50), place(90, 50)
    roads = dataset.CreateLayer("troncon_de_route", crs, ogr.wkbLineString)
    roads.CreateField(ogr.FieldDefn("largeur_de_chaussee", ogr.OFTReal))
    for layer, wkt, field, value in (
        (buildings, f"POLYGON Z (({outline}))", "etat_de_l_objet", "En service"),
        (buildings, f"POLYGON Z (({outline}))", "etat_de_l_objet", "En projet"),
        (roads, f"LINESTRING ({x0} {y0}, {x1} {y1})", "largeur_de_chaussee", 2.0),
    ):
        feature = ogr.Feature(layer.GetLayerDefn())
        feature.SetGeometry(ogr.CreateGeometryFromWkt(wkt))
        feature.SetField(field, value)
        layer.CreateFeature(feature)
    dataset = None
    return path


@pytest.fixture
def hinted(plugin, references, image_file, tmp_path, qgis_canvas, qgis_parent):
    """The campaign with its hints, open at its first patch, hints shown by their key."""
    path = tmp_path / "hinted" / "campaign.gpkg"
    image = read_image(image_file)
    plan = CampaignPlan(
        path,
        "Essai",
        image,
        "ocsge-2.0",
        PATCH_PX,
        physical_classes(Profile.load()),
        tuple(rank_cells(lay_cells(image.grid, PATCH_PX, PATCH_PX))),
    )
    sources = tuple(
        Source(SourceRole.HINT, title, f"../bdtopo.gpkg|layername={layer}", "ogr")
        for title, layer in (("Bâtiments", "batiment"), ("Routes", "troncon_de_route"))
    )
    create_campaign(replace(plan, sources=sources))
    qgis_parent.show()
    qgis_canvas.show()
    plugin.dock.setUserVisible(True)
    plugin.controller.open_campaign(path)
    plugin.mouse = Mouse(plugin, qgis_canvas)
    plugin.mouse.key(Qt.Key.Key_H)
    return plugin


def expected(building_x: int = 10, building_y: int = 10) -> np.ndarray:
    labels = np.full((PATCH_PX, PATCH_PX), UNLABELLED, dtype=np.uint8)
    labels[45:55] = ROAD
    labels[building_y : building_y + 10, building_x : building_x + 20] = BUILDING
    return labels


def test_hints_are_burned_by_class_and_width_and_taken_over_by_one_key(hinted):
    np.testing.assert_array_equal(hinted.machine_bench.machine.proposals.proposal.value, expected())
    hinted.mouse.key(Qt.Key.Key_G)
    np.testing.assert_array_equal(hinted.session.opened.editor.labels, expected())
    hinted.mouse.key(Qt.Key.Key_H)
    assert hinted.machine_bench.machine.source is None


def test_a_layer_that_is_not_ticked_is_not_burned(hinted):
    rows = hinted.machine_bench.panel.hint_list
    assert [rows.item(row).text() for row in range(rows.count())] == ["Routes", "Bâtiments"]
    rows.item(0).setCheckState(Qt.CheckState.Unchecked)
    hinted.mouse.key(Qt.Key.Key_G)
    labels = hinted.session.opened.editor.labels
    assert (labels == ROAD).sum() == 0
    assert (labels == BUILDING).sum() == 200


def test_a_drag_moves_one_layer_on_this_patch_and_the_patch_remembers(hinted):
    machine = hinted.machine_bench.machine
    hinted.mouse.key(Qt.Key.Key_H, CONTROL)
    start, end = hinted.mouse.exact(20, 15), hinted.mouse.exact(27, 11)
    hinted.mouse.drag((20, 15), (24, 13), (27, 11))
    east, north = machine.hints.offset_of("Bâtiments")
    assert (east, north) == pytest.approx((PIXEL * (end.x - start.x), PIXEL * (start.y - end.y)), abs=1e-6)
    np.testing.assert_array_equal(machine.proposals.proposal.value, expected(17, 6))
    assert machine.hints.offset_of("Routes") == (0, 0)

    hinted.mouse.key(Qt.Key.Key_D)
    assert machine.hints.offset_of("Bâtiments") == (0, 0)
    hinted.mouse.key(Qt.Key.Key_A)
    np.testing.assert_array_equal(machine.proposals.proposal.value, expected(17, 6))

    hinted.mouse.click(25, 12, button=RIGHT)
    np.testing.assert_array_equal(machine.proposals.proposal.value, expected())


def test_a_layer_that_is_gone_is_named_and_nothing_else_is_lost(hinted, references):
    hinted.mouse.key(Qt.Key.Key_H)
    references.unlink()
    hinted.mouse.key(Qt.Key.Key_D)
    panel = hinted.machine_bench.panel
    panel.source_box.activated.emit(panel.source_box.findData(ProposalSource.HINT))
    assert "bdtopo.gpkg" in panel.state_label.text()
    hinted.mouse.key(Qt.Key.Key_B)
    hinted.mouse.drag((10, 10), (30, 10))
    assert (hinted.session.opened.editor.labels != UNLABELLED).any()


def test_an_image_in_degrees_is_refused_instead_of_roads_of_degrees(hinted):
    session, machine = hinted.session, hinted.machine_bench.machine
    machine.choose_source(None)
    session.image = replace(session.image, crs_wkt=spatial_reference_of(4326))
    with pytest.raises(SourceError, match=r"degrees|degrés"):
        machine.choose_source(ProposalSource.HINT)
    assert machine.proposals.proposal is None


def test_the_distance_between_splits_is_in_metres_also_in_degrees(image_file):
    from ocsge_annotator.processing.campaign_algorithm import split_plan

    image = read_image(image_file)
    grid = replace(image.grid, left=2.3, top=45.0, pixel_x=2.5e-6, pixel_y=1.8e-6)
    degrees = replace(image, grid=grid, crs_wkt=spatial_reference_of(4326))
    metres, other = (split_plan((80, 10, 10), i, 100.0, 1000.0, 0) for i in (image, degrees))
    assert metres.buffer_px == 500
    assert abs(other.buffer_px - 507) < 10


def spatial_reference_of(epsg: int) -> str:
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(epsg)
    return reference.ExportToWkt()
