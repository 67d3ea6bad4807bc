# SPDX-License-Identifier: GPL-2.0-or-later
"""The real QGIS opens layers with the committed styles: colours, lists of values, French aliases."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from qgis.core import QgsVectorLayer

ROOT = Path(__file__).resolve().parents[3]
STYLES = ROOT / "resources" / "styles"
FIELDS = {
    "occupation_sol": "Polygon?crs=EPSG:2154&field=code_cs:string&field=code_us:string&field=confidence:real",
    "review_item": "Point?crs=EPSG:2154&field=state:string&field=proposed_cs:string",
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
    polygons = styled("occupation_sol", "confidence.qml")  # a renderer dies with its layer: keep both
    items = styled("review_item", "review_item.qml")
    zone = styled("zone_construite", "zone_construite.qml")

    bounds = [(r.lowerValue(), r.upperValue()) for r in polygons.renderer().ranges()]
    assert bounds[0][0] == 0
    assert bounds[-1][1] == 1
    assert all(a[1] == b[0] for a, b in itertools.pairwise(bounds))
    assert {c.value() for c in items.renderer().categories()} == {"todo", "done", "postponed", "asked"}
    assert zone.renderer().type() == "singleSymbol"
