# SPDX-License-Identifier: GPL-2.0-or-later
"""A raster layer as `ocsge predict` takes it: a file or an address."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

from qgis.core import QgsProviderRegistry, QgsRasterLayer

from ocsge_pi_review.domain.errors import LayerFileError


def raster_source(layer: QgsRasterLayer) -> Path | str:
    """A file, or the address as `ocsge predict` takes it.

    Raises:
        LayerFileError: a kind of layer that the backend cannot read.
    """
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    if layer.providerType() == "wms":
        return _map_service(layer, parts)
    path, prefix = str(parts.get("path", "")), str(parts.get("vsiPrefix", ""))
    if path.startswith(("http://", "https://")):
        return path
    if layer.providerType() != "gdal" or (prefix and not prefix.startswith("/vsicurl")) or not path:
        raise LayerFileError(
            layer=layer.name(),
            problem_en="the backend cannot read this kind of raster layer",
            problem_fr="le moteur ne sait pas lire ce genre de couche raster",
            remedy_en="Save it as a GeoTIFF (Layer > Save As…).",
            remedy_fr="Enregistrez-la en GeoTIFF (Couche > Enregistrer sous…).",
        )
    return Path(path)


def _map_service(layer: QgsRasterLayer, parts: dict[str, Any]) -> str:
    url, names = str(parts.get("url", "")), parts.get("layers")
    name = ",".join(names) if isinstance(names, list) else str(names or "")
    if not name or parts.get("type"):
        raise LayerFileError(
            layer=layer.name(),
            problem_en="XYZ tiles carry no original pixels",
            problem_fr="des tuiles XYZ ne donnent pas les pixels d'origine",
            remedy_en="Add the WMS or WMTS of the same image, or a file.",
            remedy_fr="Ajoutez le WMS ou le WMTS de la même image, ou un fichier.",
        )
    if parts.get("tileMatrixSet"):
        return f"WMTS:{url},layer={name}"
    joint = "" if url.endswith(("?", "&")) else "&" if "?" in url else "?"
    crs = parts.get("crs") or layer.crs().authid()
    return f"WMS:{url}{joint}LAYERS={quote(name, safe=',:')}&CRS={crs}"
