# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads reference vectors (BD TOPO, RPG, BD Forêt) around a grid, whatever their format and spelling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyproj

from inference_backend.contracts.profile import Profile
from inference_backend.errors import VectorError
from inference_backend.grid import Grid
from inference_backend.postprocess.references.reference_fields import matching_fields, missing_attributes
from inference_backend.postprocess.references.reference_geometry import (
    clip,
    polygons_or_lines,
    reproject,
    without_unusable,
)
from inference_backend.postprocess.references.reference_layers import (
    Notice,
    ReferenceLayer,
    References,
    concatenate,
    once,
    recognise,
)
from inference_backend.postprocess.references.reference_notices import damage, other_year
from inference_backend.postprocess.references.source_years import years_of
from inference_backend.vector_reading import (
    Box,
    bounds_in,
    layers_with_fields,
    read_vector,
    vector_crs,
)

SUFFIXES = (".gpkg", ".shp", ".geojson", ".fgb")


def read_references(paths: Sequence[Path], grid: Grid, profile: Profile, millesime: str = "") -> References:
    """Read every layer the profile knows out of files and folders.

    A source that is missing from a folder is no fault: the rules that need it stay silent.

    Args:
        paths: files, or folders that are searched with their sub-folders.
        grid: gives the CRS and the extent.
        profile: names layers and attributes (`references.layers`).
        millesime: year of the image; sources of another one are told.

    Raises:
        VectorError: a path that does not exist, cannot be read or has no CRS; a grid without CRS.
    """
    notices: list[Notice] = []
    found: dict[str, list[ReferenceLayer]] = {}
    for path in map(Path, paths):
        files = list(reference_files(path))
        if files and grid.crs is None:
            raise _no_grid_crs(files[0])
        source = Source(path, grid, profile, millesime)
        layers = [layer for file in files for layer in _read_file(file, source, notices)]
        if not any(map(len, layers)):
            notices.append(_nothing_found(path, files, layers, grid))
        for layer in layers:
            found.setdefault(layer.role, []).append(layer)
    layers_by_role = {
        role: once(concatenate(parts)) if parts[1:] else parts[0] for role, parts in found.items()
    }
    return References(layers_by_role, tuple(notices))


@dataclass(frozen=True)
class Source:
    """Where layers come from and what they are read for.

    Attributes:
        root: file or folder that the user named.
        grid: CRS and extent of the lot.
        profile: rules.
        millesime: year of the image, empty where nobody said it.
    """

    root: Path
    grid: Grid
    profile: Profile
    millesime: str


def reference_files(path: Path) -> Iterator[Path]:
    """The vector files that a path given as references stands for.

    Hidden ones in a folder are no references: forks of macOS (`._batiment.shp`), lots still being written.

    Raises:
        VectorError: a path that does not exist.
    """
    if path.is_dir():
        yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and _is_file(p, path))
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


def _is_file(path: Path, below: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.relative_to(below).parts)
    return not hidden and path.is_file()


def _read_file(file: Path, source: Source, notices: list[Notice]) -> Iterator[ReferenceLayer]:
    table = source.profile.section("references", "layers")
    for name, fields in layers_with_fields(file):
        role = recognise(name, fields, table)
        if role is not None:
            chosen = matching_fields(fields, table[role]["attributes"])
            notices.extend(missing_attributes(file, name, role, fields, chosen, source.profile))
            yield _read_layer(file, name, role, chosen, source, notices)


def _read_layer(
    file: Path, name: str, role: str, chosen: dict[str, str], source: Source, notices: list[Notice]
) -> ReferenceLayer:
    grid, profile = source.grid, source.profile
    entry = profile.section("references", "layers")[role]
    crs = vector_crs(file, name)
    margin = profile.number("references", "line_margin") if entry["geometry"] == "line" else 0.0
    box = _grown(grid.bounds, margin)
    geometry, fields = read_vector(
        file,
        name,
        bbox=_box_in(box, grid, crs),
        encoding=profile.section("references", "encoding_without_cpg"),
        columns=sorted(set(chosen.values())),
    )
    geometry = reproject(geometry, crs, grid.crs)
    geometry, unusable = without_unusable(geometry)
    geometry, parent, repaired = polygons_or_lines(geometry, entry["geometry"])
    notices.extend(damage(file, name, repaired, unusable))
    geometry, kept = clip(geometry, box)
    attributes = {key: fields[field][parent[kept]] for key, field in chosen.items() if field in fields}
    attributes["source_year"] = years_of(attributes.get("source_year"), len(geometry), file, source.root)
    layer = ReferenceLayer(role, str(entry["source"]), geometry, attributes)
    notices.extend(other_year(file, name, layer, profile, source.millesime))
    return layer


def _box_in(box: Box, grid: Grid, crs: pyproj.CRS) -> Box | None:
    """`box` in a layer's CRS; None, so that everything is read, where that CRS has no such place."""
    inside = bounds_in(box, grid.crs, crs)
    return inside if np.isfinite(inside).all() else None


def _grown(bounds: Box, margin: float) -> Box:
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


__all__ = ["Notice", "ReferenceLayer", "References", "read_references", "reference_files"]
