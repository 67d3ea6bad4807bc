# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes resources/styles/*.qml from the nomenclature, so that colours and labels have one source.

    python scripts/build_styles.py [--check]

With --check nothing is written; the exit status is 1 where a file differs from what would be written.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from xml.etree import ElementTree as Xml  # only writes XML of our own

from inference_backend.contracts.lot import ItemState
from inference_backend.contracts.nomenclature import Code, Nomenclature

ROOT = Path(__file__).resolve().parent.parent
STYLES = ROOT / "resources" / "styles"
OUTLINE = "60,60,60,90"
STATES = {
    ItemState.TODO: ("À faire", "#E8590C"),
    ItemState.DONE: ("Fait", "#2F9E44"),
    ItemState.POSTPONED: ("Reporté", "#F2C200"),
    ItemState.ASKED: ("Question au contrôleur", "#1971C2"),
    ItemState.REDO: ("À reprendre", "#C2255C"),
    ItemState.GONE: ("Disparu", "#868E96"),
}
LEGEND = json.loads((STYLES / "legend.json").read_text(encoding="utf-8"))
CODE_LABEL_SCALE = 5_000
"""Denominator of the smallest scale at which polygons show their code: any smaller hides the map."""
RANK_LABEL_SCALE = 10_000
FIRST_REASON = "regexp_substr(\"reasons\", '^([^,]+)')"


def main() -> int:
    """Write or check every style."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 where a file differs")
    check = parser.parse_args().check
    stale = [name for name, text in styles().items() if _stale(STYLES / name, text)]
    for name in stale:
        if not check:
            (STYLES / name).write_text(styles()[name], encoding="utf-8")
        print(f"{'differs' if check else 'written'}: resources/styles/{name}")
    return 1 if check and stale else 0


def styles() -> dict[str, str]:
    """File name to content of every style."""
    nomenclature = Nomenclature.read(ROOT / "resources" / "profiles" / "ocsge-2.0" / "nomenclature.json")
    cover, use = (_by_code(f"code_{d}", nomenclature.leaves(d)) for d in ("cs", "us"))
    return {
        "cover.qml": _document("occupation_sol", cover, nomenclature, _code_labels("code_cs")),
        "use.qml": _document("occupation_sol", use, nomenclature, _code_labels("code_us")),
        "confidence.qml": _document("occupation_sol", _by_confidence(), nomenclature, _confidence_labels()),
        "review_item.qml": _document("review_item", _by_state(), nomenclature),
        "review_reasons.qml": _document("review_item", _by_reason(), nomenclature, _rank_labels()),
        "zone_construite.qml": _document("zone_construite", _zone(), nomenclature),
    }


def code_label(code: Code) -> str:
    """How a code shows in legends and lists: `CS1.1.1.1 Zones bâties`."""
    return f"{code.code} {code.label('fr')}"


def _stale(path: Path, text: str) -> bool:
    return not path.exists() or path.read_text(encoding="utf-8") != text


def _document(
    table: str, renderer: Xml.Element, nomenclature: Nomenclature, labels: Xml.Element | None = None
) -> str:
    categories = "Symbology|Labeling|Fields|Forms"
    shows_labels = "0" if labels is None else "1"
    root = Xml.Element("qgis", version="3.40.0", styleCategories=categories, labelsEnabled=shows_labels)
    root.append(renderer)
    if labels is not None:
        root.append(labels)
    root.append(_field_widgets(table, nomenclature))
    aliases = Xml.SubElement(root, "aliases")
    names = json.loads((STYLES / "aliases_fr.json").read_text(encoding="utf-8"))[table]
    for index, (field, alias) in enumerate(names.items(), start=1):
        Xml.SubElement(aliases, "alias", field=field, index=str(index), name=alias)
    Xml.indent(root, " ")
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return head + Xml.tostring(root, encoding="unicode") + "\n"


def _field_widgets(table: str, nomenclature: Nomenclature) -> Xml.Element:
    """Value lists for every column that holds a code, so that no form asks for one by heart."""
    configuration = Xml.Element("fieldConfiguration")
    names = json.loads((STYLES / "aliases_fr.json").read_text(encoding="utf-8"))[table]
    for field in names:
        dimension = field.rsplit("_", 1)[-1]
        if dimension not in ("cs", "us") or not field.startswith(("code", "proposed", "runner", "decision")):
            continue
        node = Xml.SubElement(configuration, "field", name=field)
        config = Xml.SubElement(Xml.SubElement(node, "editWidget", type="ValueMap"), "config")
        values = Xml.SubElement(
            Xml.SubElement(config, "Option", type="Map"), "Option", type="List", name="map"
        )
        for code in nomenclature.leaves("cs" if dimension == "cs" else "us"):
            entry = Xml.SubElement(values, "Option", type="Map")
            Xml.SubElement(entry, "Option", type="QString", name=code_label(code), value=code.code)
    return configuration


def _by_code(field: str, codes: tuple[Code, ...]) -> Xml.Element:
    rows = [(code.code, code_label(code), _fill(code.colour)) for code in codes]
    return _categorised(field, rows)


def _by_state() -> Xml.Element:
    rows = [(state.value, label, _marker(colour)) for state, (label, colour) in STATES.items()]
    return _categorised("state", rows)


def _categorised(field: str, rows: list[tuple[str, str, Xml.Element]]) -> Xml.Element:
    renderer = Xml.Element("renderer-v2", type="categorizedSymbol", attr=field, symbollevels="0")
    categories, symbols = Xml.SubElement(renderer, "categories"), Xml.SubElement(renderer, "symbols")
    for index, (value, label, symbol) in enumerate(rows):
        Xml.SubElement(
            categories, "category", value=value, type="string", label=label, symbol=str(index), render="true"
        )
        symbol.set("name", str(index))
        symbols.append(symbol)
    return renderer


def _by_reason() -> Xml.Element:
    rows = [(entry["value"], entry["label_fr"], _marker(entry["colour"])) for entry in LEGEND["reasons"]]
    other = LEGEND["reason_other"]
    return _categorised(FIRST_REASON, [*rows, ("", other["label_fr"], _marker(other["colour"]))])


def _by_confidence() -> Xml.Element:
    """Rules instead of ranges: a polygon without score has its own row in the legend."""
    classes = LEGEND["confidence"]
    rules = [(_confidence_filter(entry, is_last=entry is classes[-1]), entry) for entry in classes]
    rules.append(('"confidence" IS NULL', LEGEND["confidence_unknown"]))
    renderer = Xml.Element("renderer-v2", type="RuleRenderer", symbollevels="0")
    root, symbols = Xml.SubElement(renderer, "rules", key="confidence"), Xml.SubElement(renderer, "symbols")
    for index, (expression, entry) in enumerate(rules):
        names = {"key": f"confidence{index}", "filter": expression, "label": entry["label_fr"]}
        Xml.SubElement(root, "rule", {**names, "symbol": str(index)})
        symbol = _fill(entry["colour"])
        symbol.set("name", str(index))
        symbols.append(symbol)
    return renderer


def _confidence_filter(entry: dict[str, float], *, is_last: bool) -> str:
    upper = "<=" if is_last else "<"
    return f'"confidence" >= {entry["low"]} AND "confidence" {upper} {entry["high"]}'


def _code_labels(field: str) -> Xml.Element:
    """Codes inside the polygons that have room for them."""
    return _labels(f'"{field}"', CODE_LABEL_SCALE, is_point=False)


def _confidence_labels() -> Xml.Element:
    return _labels("round(100 * \"confidence\") || ' %'", CODE_LABEL_SCALE, is_point=False)


def _rank_labels() -> Xml.Element:
    return _labels('"rank"', RANK_LABEL_SCALE, is_point=True)


def _labels(expression: str, smallest_scale: int, *, is_point: bool) -> Xml.Element:
    labeling = Xml.Element("labeling", type="simple")
    settings = Xml.SubElement(labeling, "settings", calloutType="simple")
    style = Xml.SubElement(
        settings, "text-style", fieldName=expression, isExpression="1", fontFamily="Open Sans",
        fontSize="7", fontSizeUnit="Point", textColor="20,20,20,255", namedStyle="SemiBold", fontWeight="63",
        useSubstitutions="0", multilineHeight="1",
    )  # fmt: skip
    Xml.SubElement(
        style, "text-buffer", bufferDraw="1", bufferSize="0.7", bufferSizeUnits="MM",
        bufferColor="255,255,255,215", bufferOpacity="0.85", bufferNoFill="1", bufferJoinStyle="128",
    )  # fmt: skip
    # 1: beside the point, above on the right; 4: inside the polygon, horizontal.
    beside = {"placement": "1", "quadOffset": "2", "xOffset": "1.1", "yOffset": "-0.4", "offsetUnits": "MM"}
    placement = beside if is_point else {"placement": "4"}
    Xml.SubElement(settings, "placement", {**placement, "distUnits": "MM", "priority": "5",
        "centroidInside": "1", "fitInPolygonOnly": "0" if is_point else "1"})  # fmt: skip
    Xml.SubElement(
        settings, "rendering", scaleVisibility="1", scaleMax=str(smallest_scale), scaleMin="0",
        drawLabels="1", obstacle="1", obstacleFactor="1", limitNumLabels="0", displayAll="0",
        fontLimitPixelSize="0", mergeLines="0", labelPerPart="0", upsidedownLabels="0", zIndex="0",
    )  # fmt: skip
    return labeling


def _zone() -> Xml.Element:
    renderer = Xml.Element("renderer-v2", type="singleSymbol", symbollevels="0")
    symbols = Xml.SubElement(renderer, "symbols")
    symbol = _symbol("fill", "SimpleFill", {"style": "no", "outline_color": "230,0,77,255",
        "outline_style": "dash", "outline_width": "0.5", "outline_width_unit": "MM"})  # fmt: skip
    symbol.set("name", "0")
    symbols.append(symbol)
    return renderer


def _fill(colour: str) -> Xml.Element:
    properties = {"color": _rgba(colour), "style": "solid", "outline_color": OUTLINE,
        "outline_style": "solid", "outline_width": "0.1", "outline_width_unit": "MM"}  # fmt: skip
    return _symbol("fill", "SimpleFill", properties)


def _marker(colour: str) -> Xml.Element:
    properties = {"color": _rgba(colour), "name": "circle", "size": "2.6", "size_unit": "MM",
        "outline_color": "255,255,255,255", "outline_width": "0.4", "outline_width_unit": "MM"}  # fmt: skip
    return _symbol("marker", "SimpleMarker", properties)


def _symbol(kind: str, layer_class: str, properties: dict[str, str]) -> Xml.Element:
    symbol = Xml.Element("symbol", type=kind, alpha="1", clip_to_extent="1", force_rhr="0")
    layer = Xml.SubElement(
        symbol, "layer", {"class": layer_class, "enabled": "1", "locked": "0", "pass": "0"}
    )
    options = Xml.SubElement(layer, "Option", type="Map")
    for name, value in properties.items():
        Xml.SubElement(options, "Option", type="QString", name=name, value=value)
    return symbol


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"


if __name__ == "__main__":
    sys.exit(main())
