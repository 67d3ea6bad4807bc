# SPDX-License-Identifier: GPL-2.0-or-later
"""A campaign as the data sets need it: read from its GeoPackage, without QGIS."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import shapely
from rasterio.transform import Affine

from inference_backend.contracts.campaign import (
    CAMPAIGN,
    LABEL_CLASS,
    PATCH,
    SCHEMA_VERSION,
    SOURCE,
    CampaignKey,
    PatchState,
    SourceRole,
)
from inference_backend.datasets.errors import CampaignError
from inference_backend.grid import Grid

READABLE_SCHEMAS = ("1", SCHEMA_VERSION)


@dataclass(frozen=True)
class DatasetClass:
    """A class of a campaign or of a data set.

    Attributes:
        value: in the masks.
        name: by which classes are matched.
        colour: `#RRGGBB`.
        title: for people.
    """

    value: int
    name: str
    colour: str = "#000000"
    title: str = ""

    @property
    def rgb(self) -> tuple[int, int, int]:
        """Colour as three integers, 0..255."""
        return (int(self.colour[1:3], 16), int(self.colour[3:5], 16), int(self.colour[5:7], 16))


@dataclass(frozen=True)
class CampaignPatch:
    """A patch's row.

    Attributes:
        patch_id: name.
        row: of the grid.
        col: of the grid.
        state: see `PatchState`.
        split: train, val, test or empty.
        label_path: the label raster, absolute.
        labelled_share: 0..1, as stored.
        duration_s: active work, s.
        gestures: number of gestures.
        annotator: who labelled it.
        submitted_at: UTC, ISO 8601, or empty.
        bounds: (xmin, ymin, xmax, ymax) in the image's CRS.
        image_fingerprint: SHA-256 of the pixels that the annotator saw, or empty.
    """

    patch_id: str
    row: int
    col: int
    state: PatchState
    split: str
    label_path: Path
    labelled_share: float
    duration_s: float
    gestures: int
    annotator: str
    submitted_at: str
    bounds: tuple[float, float, float, float]
    image_fingerprint: str = ""

    @property
    def journal_path(self) -> Path:
        """Gestures that the label raster does not hold yet."""
        return self.label_path.with_suffix(".journal")

    @property
    def has_unsaved_gestures(self) -> bool:
        """Whether somebody painted and the raster does not show it."""
        if not self.journal_path.exists():
            return False
        header, _, records = self.journal_path.read_bytes().partition(b"\n")
        return bool(header and records)

    def grid(self, image: Grid, size_px: int) -> Grid:
        """The patch's pixels in the image's lattice, whether the image still reaches there or not."""
        xmin, _, _, ymax = self.bounds
        place = image.transform
        left = place.c + round((xmin - place.c) / place.a) * place.a
        top = place.f + round((ymax - place.f) / place.e) * place.e
        return Grid(size_px, size_px, Affine(place.a, 0.0, left, 0.0, place.e, top), image.crs)


@dataclass(frozen=True)
class CampaignSource:
    """An image beside the campaign's own.

    Attributes:
        role: what it shows.
        uri: absolute path of a file, else an address.
        options: bands and others.
    """

    role: SourceRole
    uri: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Campaign:
    """A campaign.

    Attributes:
        path: its GeoPackage.
        name: for people.
        image: absolute path.
        profile: name of the profile.
        patch_size_px: height and width of a patch.
        created: UTC, ISO 8601, or empty.
        campaign_id: the same in all lots, or empty.
        classes: in the order of the table.
        patches: in the order of work.
        sources: images beside its own.
    """

    path: Path
    name: str
    image: Path
    profile: str
    patch_size_px: int
    created: str
    campaign_id: str
    classes: tuple[DatasetClass, ...]
    patches: tuple[CampaignPatch, ...]
    sources: tuple[CampaignSource, ...]


def read_campaign(path: Path) -> Campaign:
    """Read a campaign.

    Raises:
        CampaignError: missing, not a campaign, or made by a newer version.
    """
    if not path.is_file():
        raise _not_a_campaign(path, "no such file", "fichier introuvable")
    try:
        with closing(_connect(path)) as database:
            described = {row["key"]: row["value"] for row in _rows(database, CAMPAIGN.name)}
            version = described.get(CampaignKey.SCHEMA.value, "")
            if version not in READABLE_SCHEMAS:
                raise _not_a_campaign(path, f"schema “{version}”", f"schéma « {version} »")
            patches = _rows(database, PATCH.name)
            classes = _rows(database, LABEL_CLASS.name)
            has_sources = database.execute(
                "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (SOURCE.name,)
            ).fetchone()
            sources = _rows(database, SOURCE.name) if has_sources else []
    except sqlite3.Error as error:
        raise _not_a_campaign(path, str(error), str(error)) from error
    folder = path.parent
    for row in patches:
        place = str(row["label_path"])
        if not place or PurePath(place).is_absolute() or ".." in PurePath(place).parts:
            raise _not_a_campaign(path, f"labels at “{place}”", f"étiquettes à « {place} »")
    return Campaign(
        path,
        described.get(CampaignKey.NAME.value, path.stem),
        _absolute(folder, described.get(CampaignKey.IMAGE.value, "")),
        described.get(CampaignKey.PROFILE.value, ""),
        int(described.get(CampaignKey.PATCH_SIZE_PX.value, "0")),
        described.get(CampaignKey.CREATED.value, ""),
        described.get(CampaignKey.ID.value, ""),
        tuple(_class(row) for row in classes),
        tuple(sorted((_patch(folder, row) for row in patches), key=lambda patch: (patch.row, patch.col))),
        tuple(_source(folder, row) for row in sources),
    )


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    database.row_factory = sqlite3.Row
    return database


def _rows(database: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    query = f'SELECT * FROM "{table}" ORDER BY fid'  # nosec B608 - the contract's name
    return [dict(row) for row in database.execute(query)]


def _class(row: Mapping[str, Any]) -> DatasetClass:
    colour = row["colour"] or "#000000"
    return DatasetClass(int(row["value"]), row["name"], colour, row["label_en"] or row["name"])


def _patch(folder: Path, row: Mapping[str, Any]) -> CampaignPatch:
    return CampaignPatch(
        row["patch_id"],
        int(row["row"] or 0),
        int(row["col"] or 0),
        PatchState(row["state"]),
        row["split"] or "",
        _absolute(folder, row["label_path"]),
        float(row["labelled_share"] or 0.0),
        float(row["duration_s"] or 0.0),
        int(row["gestures"] or 0),
        row["annotator"] or "",
        row["submitted_at"] or "",
        _bounds(row["geom"]),
        row.get("image_fingerprint") or "",
    )


def _bounds(blob: bytes) -> tuple[float, float, float, float]:
    """Bounds of a GeoPackage geometry: eight bytes and an envelope lie before its WKB."""
    envelope_bytes = (0, 32, 48, 48, 64)[blob[3] >> 1 & 0b111]
    xmin, ymin, xmax, ymax = shapely.from_wkb(blob[8 + envelope_bytes :]).bounds
    return float(xmin), float(ymin), float(xmax), float(ymax)


def _source(folder: Path, row: Mapping[str, Any]) -> CampaignSource:
    is_file = (row["provider"] or "gdal") in ("gdal", "ogr")
    uri = str(_absolute(folder, row["uri"])) if is_file else row["uri"]
    return CampaignSource(SourceRole(row["role"]), uri, json.loads(row["options"] or "{}"))


def _absolute(folder: Path, place: str) -> Path:
    return Path(os.path.normpath(folder.resolve() / place))


def _not_a_campaign(path: Path, en: str, fr: str) -> CampaignError:
    return CampaignError(
        path=path,
        problem_en=f"not an annotation campaign ({en})",
        problem_fr=f"ce n'est pas une campagne d'annotation ({fr})",
        remedy_en="Give the GeoPackage of a campaign.",
        remedy_fr="Donnez le GeoPackage d'une campagne.",
    )
