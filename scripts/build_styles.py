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
}
CONFIDENCE = (
    (0.0, 0.5, "#B2182B"),
    (0.5, 0.7, "#EF8A62"),
    (0.7, 0.8, "#FDDBC7"),
    (0.8, 0.9, "#A6DBA0"),
    (0.9, 1.0, "#1B7837"),
)


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
    return {
        "cover.qml": _document(
            "occupation_sol", _by_code("code_cs", nomenclature.leaves("cs")), nomenclature
        ),
        "use.qml": _document("occupation_sol", _by_code("code_us", nomenclature.leaves("us")), nomenclature),
        "confidence.qml": _document("occupation_sol", _by_confidence(), nomenclature),
        "review_item.qml": _document("review_item", _by_state(), nomenclature),
        "zone_construite.qml": _document("zone_construite", _zone(), nomenclature),
    }


def code_label(code: Code) -> str:
    """How a code shows in legends and lists: `CS1.1.1.1 Zones bâties`."""
    return f"{code.code} {code.label('fr')}"


def _stale(path: Path, text: str) -> bool:
    return not path.exists() or path.read_text(encoding="utf-8") != text


def _document(table: str, renderer: Xml.Element, nomenclature: Nomenclature) -> str:
    categories = "Symbology|Fields|Forms"
    root = Xml.Element("qgis", version="3.40.0", styleCategories=categories)
    root.append(renderer)
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


def _by_confidence() -> Xml.Element:
    renderer = Xml.Element(
        "renderer-v2", type="graduatedSymbol", attr="confidence", graduatedMethod="GraduatedColor"
    )
    ranges, symbols = Xml.SubElement(renderer, "ranges"), Xml.SubElement(renderer, "symbols")
    for index, (low, high, colour) in enumerate(CONFIDENCE):
        label = f"{low:.0%} à {high:.0%}".replace("%", " %")
        Xml.SubElement(
            ranges, "range", lower=str(low), upper=str(high), label=label, symbol=str(index), render="true"
        )
        symbol = _fill(colour)
        symbol.set("name", str(index))
        symbols.append(symbol)
    return renderer


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
