# SPDX-License-Identifier: GPL-2.0-or-later
"""A QGIS project file, written without QGIS: relative paths, styles taken over from QML files."""

from __future__ import annotations

import copy
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyproj

from inference_backend.atomic import replace_when_done

QGIS_VERSION = "3.40.0"
NOT_STYLE = frozenset({"customproperties", "layerGeometryType"})
"""Elements of a QML that describe the file, not the look of the layer."""


@dataclass(frozen=True)
class Layer:
    """One layer of the project.

    Attributes:
        key: unique in the project.
        title: name in the layer tree.
        source: path relative to the project, with `|layername=` for a table of a GeoPackage.
        geometry: `Polygon` or `Point`; None for a raster.
        style: QML file to take over; None for the default look.
        bands: red, green and blue of a raster, 1-based.
        visible: whether the layer is drawn when the project opens.
    """

    key: str
    title: str
    source: str
    geometry: str | None = None
    style: Path | None = None
    bands: tuple[int, int, int] = (1, 2, 3)
    visible: bool = True

    @property
    def layer_id(self) -> str:
        """QGIS gives a new identifier to a layer whose own is shorter than eleven characters."""
        return f"ocsge_layer_{self.key}"


def write_project(
    target: Path, title: str, layers: Sequence[Layer], extent: tuple[float, float, float, float], crs: str
) -> None:
    """Write `target` (.qgz) with `layers` from top to bottom.

    Args:
        target: file to write; sources are relative to its folder.
        title: title of the project.
        layers: top layer first.
        extent: (xmin, ymin, xmax, ymax) shown when the project opens, in `crs`.
        crs: for instance `EPSG:2154`.
    """
    root = ET.Element("qgis", version=QGIS_VERSION, projectname=title)
    ET.SubElement(root, "homePath", path="")
    ET.SubElement(root, "title").text = title
    root.append(_crs("projectCrs", crs))
    root.append(_layer_tree(layers))
    root.append(_canvas(extent, crs))
    project_layers = ET.SubElement(root, "projectlayers")
    order = ET.SubElement(root, "layerorder")
    for layer in layers:
        project_layers.append(_map_layer(layer, crs))
        ET.SubElement(order, "layer", id=layer.layer_id)
    properties = ET.SubElement(root, "properties")
    ET.SubElement(ET.SubElement(properties, "Paths"), "Absolute", type="bool").text = "false"
    # Without it QGIS takes the project for one of before version 3 and ignores projectCrs.
    reference = ET.SubElement(properties, "SpatialRefSys")
    ET.SubElement(reference, "ProjectionsEnabled", type="int").text = "1"
    ET.indent(root)
    with (
        replace_when_done(target) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        archive.writestr(target.with_suffix(".qgs").name, ET.tostring(root, "utf-8", xml_declaration=True))


def _crs(tag: str, crs: str) -> ET.Element:
    """QGIS believes the code alone only beside its internal number, so the definition goes in."""
    element = ET.Element(tag)
    system = ET.SubElement(element, "spatialrefsys", nativeFormat="Wkt")
    ET.SubElement(system, "wkt").text = pyproj.CRS.from_user_input(crs).to_wkt()
    ET.SubElement(system, "authid").text = crs
    return element


def _layer_tree(layers: Sequence[Layer]) -> ET.Element:
    tree = ET.Element("layer-tree-group")
    for layer in layers:
        ET.SubElement(
            tree,
            "layer-tree-layer",
            id=layer.layer_id,
            name=layer.title,
            source=layer.source,
            providerKey="ogr" if layer.geometry else "gdal",
            checked="Qt::Checked" if layer.visible else "Qt::Unchecked",
            expanded="0",
        )
    return tree


def _canvas(extent: tuple[float, float, float, float], crs: str) -> ET.Element:
    canvas = ET.Element("mapcanvas", name="theMapCanvas", annotationsVisible="1")
    ET.SubElement(canvas, "units").text = "meters"
    box = ET.SubElement(canvas, "extent")
    for name, value in zip(("xmin", "ymin", "xmax", "ymax"), extent, strict=True):
        ET.SubElement(box, name).text = repr(float(value))
    canvas.append(_crs("destinationsrs", crs))
    return canvas


def _map_layer(layer: Layer, crs: str) -> ET.Element:
    element = ET.Element("maplayer", type="vector" if layer.geometry else "raster")
    if layer.geometry:
        element.set("geometry", layer.geometry)
    ET.SubElement(element, "id").text = layer.layer_id
    ET.SubElement(element, "datasource").text = f"./{layer.source}"
    ET.SubElement(element, "layername").text = layer.title
    element.append(_crs("srs", crs))
    provider = ET.SubElement(element, "provider")
    provider.text = "ogr" if layer.geometry else "gdal"
    if layer.geometry:
        provider.set("encoding", "UTF-8")
    else:
        element.append(_colour_pipe(layer.bands))
    if layer.style:
        _take_style(element, layer.style)
    return element


def _colour_pipe(bands: tuple[int, int, int]) -> ET.Element:
    pipe = ET.Element("pipe")
    names = dict(zip(("redBand", "greenBand", "blueBand"), map(str, bands), strict=True))
    ET.SubElement(
        pipe, "rasterrenderer", {"type": "multibandcolor", "opacity": "1", "alphaBand": "-1", **names}
    )
    return pipe


def _take_style(element: ET.Element, style: Path) -> None:
    qml = ET.parse(style).getroot()  # nosec B314 - a file of this repository
    for name in ("styleCategories", "labelsEnabled", "simplifyDrawingHints", "hasScaleBasedVisibilityFlag"):
        if name in qml.attrib:
            element.set(name, qml.attrib[name])
    for child in qml:
        if child.tag not in NOT_STYLE:
            element.append(copy.deepcopy(child))
