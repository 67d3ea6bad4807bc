# SPDX-License-Identifier: GPL-2.0-or-later
"""Limits of communes: by which a lot is cut, and which fill the filter of the queue."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from inference_backend.errors import VectorError
from inference_backend.vector_reading import layers_with_fields, read_vector, vector_crs

CODE_COLUMNS = ("code_insee", "insee_com", "code_commune", "insee", "codgeo")
"""Names of the INSEE code in BD TOPO, ADMIN EXPRESS and files of INSEE, lower case."""


class Communes:
    """Polygons with a code, in the lot's CRS.

    Args:
        polygons: (n,) shapely polygons or multipolygons.
        codes: (n,) INSEE codes.
    """

    def __init__(self, polygons: NDArray[np.object_], codes: list[str]) -> None:
        self.polygons, self.codes = polygons, codes
        self._tree = shapely.STRtree(polygons)

    @classmethod
    def read(cls, path: Path, column: str, crs: str) -> Communes:
        """Read a vector file, and bring it into `crs`.

        Args:
            path: any vector file with one layer that has a code column.
            column: its name; empty to look for a usual one.
            crs: the lot's.

        Raises:
            VectorError: unreadable, no CRS, or no such column.
        """
        layer, name = _find(path, column)
        shapes, columns = read_vector(path, layer)
        known = [shape is not None and bool(code) for shape, code in zip(shapes, columns[name], strict=True)]
        if not any(known):
            raise VectorError(
                path=path,
                problem_en=f"no polygon with a code in its column {name}",
                problem_fr=f"aucun polygone avec un code dans sa colonne {name}",
                remedy_en="Give the limits of the communes of this place.",
                remedy_fr="Donnez les limites des communes de ce territoire.",
            )
        return cls(moved(shapes[known], vector_crs(path, layer), crs), [str(c) for c in columns[name][known]])

    def of(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> list[str]:
        """Code of the commune that holds each point, empty outside all of them."""
        found = [""] * len(x)
        points, communes = self._tree.query(shapely.points(x, y), predicate="intersects")
        for point, commune in zip(points.tolist(), communes.tolist(), strict=True):
            code = self.codes[commune]
            found[point] = min(found[point] or code, code)  # a point on a limit goes one way, always the same
        return found

    def nearest(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> list[str]:
        """The same, with that of the nearest commune for points outside all of them."""
        found = self.of(x, y)
        outside = [i for i, code in enumerate(found) if not code]
        for i, commune in zip(
            outside, self._tree.nearest(shapely.points(x[outside], y[outside])), strict=True
        ):
            found[i] = self.codes[int(commune)]
        return found


def moved(shapes: NDArray[np.object_], crs: pyproj.CRS, target: str) -> NDArray[np.object_]:
    """Shapes of one system in another."""
    wanted = pyproj.CRS.from_user_input(target)
    if crs == wanted:
        return shapes
    transformer = pyproj.Transformer.from_crs(crs, wanted, always_xy=True)

    def change(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))

    result: NDArray[np.object_] = shapely.transform(shapes, change)
    return result


def _find(path: Path, column: str) -> tuple[str, str]:
    wanted = (column.lower(),) if column else CODE_COLUMNS
    layers = layers_with_fields(path)
    for layer, fields in layers:
        for field in fields:
            if field.lower() in wanted:
                return layer, field
    listed = ", ".join(field for _, fields in layers for field in fields) or "-"
    raise VectorError(
        path=path,
        problem_en=f"no column with the code of the commune ({', '.join(wanted)}; its columns: {listed})",
        problem_fr=f"pas de colonne du code de la commune ({', '.join(wanted)} ; ses colonnes : {listed})",
        remedy_en="Name it with --commune-column.",
        remedy_fr="Nommez-la avec --commune-column.",
    )
