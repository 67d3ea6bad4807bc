# SPDX-License-Identifier: GPL-2.0-or-later
"""Layers of QGIS as sources of a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qgis.core import QgsMapLayer, QgsProviderRegistry

from inference_backend.contracts.campaign import SourceRole
from ocsge_annotator.domain.campaign import Source
from ocsge_annotator.domain.relative_path import relative_path
from ocsge_annotator.errors import SourceError

MEMORY_PROVIDER = "memory"


def file_of(layer: QgsMapLayer) -> Path | None:
    """The file behind a layer, None for a service or a database."""
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    path = parts.get("path")
    return Path(path) if path and Path(path).exists() else None


def source_of(
    layer: QgsMapLayer, role: SourceRole, folder: Path, options: Mapping[str, Any] | None = None
) -> Source:
    """A layer as a source.

    Args:
        layer: raster or vector.
        role: what it shows.
        folder: of the campaign; the path of a file is kept relative to it.
        options: see the contract.

    Raises:
        SourceError: a layer that ends with QGIS.
    """
    if layer.providerType() == MEMORY_PROVIDER:
        raise SourceError(
            path=layer.name(),
            problem_en="a temporary layer ends with QGIS",
            problem_fr="une couche temporaire disparaît avec QGIS",
            remedy_en="Save it to a file first (right click > Make permanent).",
            remedy_fr="Enregistrez-la d'abord dans un fichier (clic droit > Rendre permanente).",
        )
    file = file_of(layer)
    uri = layer.source()
    if file is not None:
        _, bar, part = uri.partition("|")
        uri = relative_path(file, folder) + bar + part
    return Source(role, layer.name(), uri, layer.providerType(), dict(options or {}))
