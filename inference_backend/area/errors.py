# SPDX-License-Identifier: GPL-2.0-or-later
"""Errors of an area of interest.

VectorError
└── AreaError    cannot be used with this raster
"""

from __future__ import annotations

from inference_backend.errors import VectorError


class AreaError(VectorError):
    """An area of interest that cannot be used with these rasters: `path`, problem and remedy."""


def not_a_vector_file(path: object) -> AreaError:
    """No file of a format in which an area is read."""
    return AreaError(
        path=path,
        problem_en="an area of interest is read from a GeoPackage, GeoJSON, shapefile or FlatGeobuf file",
        problem_fr="une zone d'intérêt se lit dans un GeoPackage, GeoJSON, shapefile ou FlatGeobuf",
        remedy_en="Save the layer as GeoPackage and give that file.",
        remedy_fr="Enregistrez la couche en GeoPackage et donnez ce fichier.",
    )
