# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads reference vectors (BD TOPO, RPG, BD Forêt) around a grid, whatever their format and spelling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from inference_backend.contracts.profile import Profile
from inference_backend.errors import VectorError
from inference_backend.grid import Grid
from inference_backend.postprocess.reference_geometry import clip, polygons_or_lines, reproject
from inference_backend.postprocess.reference_layers import Notice, ReferenceLayer, References, recognise
from inference_backend.vector_reading import (
    bounds_in,
    layers_with_fields,
    read_vector,
    vector_crs,
)

SUFFIXES = (".gpkg", ".shp", ".geojson", ".fgb")


def read_references(paths: Sequence[Path], grid: Grid, profile: Profile) -> References:
    """Read every layer the profile knows out of files and folders.

    A source that is missing from a folder is no fault: the rules that need it stay silent.

    Args:
        paths: files, or folders that are searched with their sub-folders.
        grid: gives the CRS and the extent.
        profile: names layers and attributes (`references.layers`).

    Raises:
        VectorError: a path that does not exist, cannot be read or has no CRS; a grid without CRS.
    """
    notices: list[Notice] = []
    found: dict[str, list[ReferenceLayer]] = {}
    for path in map(Path, paths):
        files = list(_files(path))
        if files and grid.crs is None:
            raise _no_grid_crs(files[0])
        layers = [layer for file in files for layer in _read_file(file, grid, profile, notices)]
        if not any(map(len, layers)):
            notices.append(_nothing_found(path, files, layers, grid))
        for layer in layers:
            found.setdefault(layer.role, []).append(layer)
    return References({role: _concatenate(parts) for role, parts in found.items()}, tuple(notices))


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    elif path.is_file():
        yield path
    else:
        raise VectorError(
            path=path,
            problem_en="no such file or folder",
            problem_fr="fichier ou dossier introuvable",
            remedy_en="Correct the path of the references.",
            remedy_fr="Corrigez le chemin des références.",
        )


def _read_file(file: Path, grid: Grid, profile: Profile, notices: list[Notice]) -> Iterator[ReferenceLayer]:
    table = profile.section("references", "layers")
    for name, fields in layers_with_fields(file):
        role = recognise(name, fields, table)
        if role is not None:
            yield _read_layer(file, name, role, grid, profile, notices)


def _read_layer(
    file: Path, name: str, role: str, grid: Grid, profile: Profile, notices: list[Notice]
) -> ReferenceLayer:
    entry = profile.section("references", "layers")[role]
    crs = vector_crs(file, name)
    margin = profile.number("references", "line_margin") if entry["geometry"] == "line" else 0.0
    box = _grown(grid.bounds, margin)
    encoding = profile.section("references", "encoding_without_cpg")
    geometry, fields = read_vector(file, name, bbox=bounds_in(box, grid.crs, crs), encoding=encoding)
    geometry = reproject(geometry, crs, grid.crs)
    geometry, parent, repaired = polygons_or_lines(geometry, entry["geometry"])
    if repaired:
        english, french = f"{repaired} invalid shapes repaired", f"{repaired} géométries invalides réparées"
        notices.append(Notice(file, name, english, french))
    geometry, kept = clip(geometry, box)
    attributes = {key: column[parent[kept]] for key, column in _canonical(fields, entry, file, name, notices)}
    return ReferenceLayer(role, str(entry["source"]), geometry, attributes)


def _canonical(
    fields: dict[str, Any], entry: dict[str, Any], file: Path, layer: str, notices: list[Notice]
) -> Iterator[tuple[str, Any]]:
    if not fields:
        notices.append(
            Notice(
                file,
                layer,
                "no attribute table (is the .dbf missing?); the profile's defaults are used",
                "aucune table d'attributs (le .dbf manque-t-il ?) ; les valeurs par défaut du profil servent",
            )
        )
    lower = {name.lower(): values for name, values in fields.items()}
    for canonical, spellings in entry["attributes"].items():
        for spelling in spellings:
            if spelling in lower:
                yield canonical, lower[spelling]
                break


def _concatenate(parts: list[ReferenceLayer]) -> ReferenceLayer:
    if len(parts) == 1:
        return parts[0]
    names = {name for part in parts for name in part.attributes}
    attributes = {
        name: np.concatenate([p.attributes.get(name, np.full(len(p), None, dtype=object)) for p in parts])
        for name in sorted(names)
    }
    geometry = np.concatenate([part.geometry for part in parts])
    return ReferenceLayer(parts[0].role, parts[0].source, geometry, attributes)


def _grown(bounds: tuple[float, float, float, float], margin: float) -> tuple[float, float, float, float]:
    return bounds[0] - margin, bounds[1] - margin, bounds[2] + margin, bounds[3] + margin


def _nothing_found(path: Path, files: list[Path], layers: list[ReferenceLayer], grid: Grid) -> Notice:
    if layers:
        box = ", ".join(f"{value:.0f}" for value in grid.bounds)
        return Notice(
            path,
            ", ".join(sorted({layer.role for layer in layers})),
            f"no object on the image ({box}); check that it covers the image and that its CRS is right",
            f"aucun objet sur l'image ({box}) ; vérifiez qu'elle couvre l'image et que son SCR est le bon",
        )
    names = sorted({name for file in files for name, _ in layers_with_fields(file)})
    return Notice(
        path,
        ", ".join(names) or "-",
        "none that the profile knows, so nothing was used; rename it as in BD TOPO, RPG or BD Forêt",
        "aucune connue du profil, donc rien n'a servi ; nommez-la comme dans BD TOPO, RPG ou BD Forêt",
    )


def _no_grid_crs(file: Path) -> VectorError:
    return VectorError(
        path=file,
        problem_en="the prediction has no coordinate system, so no reference can be laid on it",
        problem_fr="la prédiction n'a pas de système de coordonnées : aucune référence ne peut y être calée",
        remedy_en="Give the prediction's CRS (--crs) or leave the references out.",
        remedy_fr="Donnez le SCR de la prédiction (--crs) ou retirez les références.",
    )


__all__ = ["Notice", "ReferenceLayer", "References", "read_references"]
