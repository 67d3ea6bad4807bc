# SPDX-License-Identifier: GPL-2.0-or-later
"""The real QGIS opens layers with the committed styles: colours, lists of values, French aliases."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsPointXY,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

from inference_backend.contracts.lot import ItemState, Reason
from inference_backend.contracts.profile import Profile

ROOT = Path(__file__).resolve().parents[3]
STYLES = ROOT / "resources" / "styles"
FIELDS = {
    "occupation_sol": "Polygon?crs=EPSG:2154&field=code_cs:string&field=code_us:string&field=confidence:real",
    "review_item": "Point?crs=EPSG:2154&field=state:string&field=reasons:string&field=rank:int",
    "zone_construite": "Polygon?crs=EPSG:2154&field=id:string",
}


def styled(table: str, file: str) -> QgsVectorLayer:
    layer = QgsVectorLayer(FIELDS[table], table, "memory")
    message, loaded = layer.loadNamedStyle(str(STYLES / file))
    assert loaded, message
    return layer


@pytest.mark.parametrize(("file", "group", "field"), [("cover.qml", "land_cover", "code_cs"), ("use.qml",
    "land_use", "code_us")])  # fmt: skip
def test_codes_show_in_official_colours_and_offer_their_list(qgis_app, file, group, field):
    codes = json.loads((ROOT / "resources/profiles/ocsge-2.0/nomenclature.json").read_text(encoding="utf-8"))
    official = {c["code"]: c["colour"].lower() for c in codes[group] if c["leaf"]}

    layer = styled("occupation_sol", file)

    shown = {c.value(): c.symbol().color().name() for c in layer.renderer().categories()}
    assert shown == official
    setup = layer.editorWidgetSetup(layer.fields().indexOf(field))
    assert setup.type() == "ValueMap"
    offered = {value for entry in setup.config()["map"] for value in entry.values()}
    assert offered == set(official)
    assert layer.attributeAlias(layer.fields().indexOf("code_cs")) == "Couverture"


def test_other_styles_load(qgis_app):
    items = styled("review_item", "review_item.qml")  # a renderer dies with its layer: keep both
    zone = styled("zone_construite", "zone_construite.qml")

    states = {state.value for state in ItemState}
    assert {c.value() for c in items.renderer().categories()} == states
    assert zone.renderer().type() == "singleSymbol"


SQUARE = "POLYGON(({x} 0, {x2} 0, {x2} 100, {x} 100, {x} 0))"


def picture(layer: QgsVectorLayer, extent: QgsRectangle, size: tuple[int, int] = (400, 100), dpi: int = 96):
    """The layer as QGIS draws it on white, at whatever scale size and dpi give."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setExtent(extent)
    settings.setOutputSize(QSize(*size))
    settings.setOutputDpi(dpi)
    settings.setBackgroundColor(QColor("white"))
    settings.setDestinationCrs(layer.crs())
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def squares(file: str, rows: list[tuple[str, str, float | None]]) -> QgsVectorLayer:
    """A row of squares of 100 m with their codes and confidence."""
    layer = styled("occupation_sol", file)
    features = []
    for number, values in enumerate(rows):
        feature = QgsFeature(layer.fields())
        feature.setAttributes(list(values))
        feature.setGeometry(QgsGeometry.fromWkt(SQUARE.format(x=100 * number, x2=100 * number + 100)))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()
    return layer


def colour_at(image, column: int) -> str:
    return image.pixelColor(column, 80).name()  # below the label, which is in the middle


def test_squares_are_drawn_in_official_colours_and_show_their_code_when_near(qgis_app):
    codes = Profile.load().nomenclature
    layer = squares("cover.qml", [("CS1.1.1.1", "US2", 0.9), ("CS2.2.1", "US1.1", 0.9)])
    near = QgsRectangle(0, 0, 200, 50)

    image = picture(layer, near)  # about 1:1,900

    assert colour_at(image, 100) == codes["CS1.1.1.1"].colour.lower()
    assert colour_at(image, 300) == codes["CS2.2.1"].colour.lower()
    inked = [image.pixelColor(x, y).lightness() for x in range(60, 140) for y in range(30, 70)]
    assert min(inked) < 60, "the code is written in the polygon"
    far = picture(layer, QgsRectangle(-2000, -500, 2000, 500))  # about 1:38,000
    assert min(far.pixelColor(x, y).lightness() for x in range(200, 218) for y in range(42, 50)) > 60


def test_confidence_has_a_colour_for_every_value_and_for_none(qgis_app):
    legend = json.loads((STYLES / "legend.json").read_text(encoding="utf-8"))
    classes = legend["confidence"]
    assert all(low["high"] == high["low"] for low, high in itertools.pairwise(classes))
    values = [0.0, 0.49, 0.5, 0.75, 0.85, 0.9, 1.0, None]
    layer = squares("confidence.qml", [("CS2.2.1", "US1.1", value) for value in values])

    image = picture(layer, QgsRectangle(0, 0, 800, 200))

    expected = [0, 0, 1, 2, 3, 4, 4]
    colours = [classes[i]["colour"].lower() for i in expected] + [
        legend["confidence_unknown"]["colour"].lower()
    ]
    assert [colour_at(image, 25 + 50 * i) for i in range(8)] == colours


def test_every_reason_has_its_colour_and_its_words(qgis_app):
    layer = styled("review_item", "review_reasons.qml")
    features = []
    for number, reason in enumerate([r.value for r in Reason] + ["of_tomorrow"]):
        feature = QgsFeature(layer.fields())
        feature.setAttributes(["todo", f"{reason},small_margin", number + 1])
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(50 + 100 * number, 50)))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()

    width = 100 * len(features)
    image = picture(layer, QgsRectangle(0, 0, width, 100), (width, 100))

    legend = json.loads((STYLES / "legend.json").read_text(encoding="utf-8"))
    colours = {row["value"]: row["colour"].lower() for row in legend["reasons"]}
    drawn = [image.pixelColor(50 + 100 * i, 50).name() for i in range(len(features))]
    assert drawn == [*(colours[r.value] for r in Reason), legend["reason_other"]["colour"].lower()]
    labels = {item.label() for item in layer.renderer().legendSymbolItems()}
    assert "Une référence dit autre chose" in labels
    assert not any("_" in label for label in labels)
