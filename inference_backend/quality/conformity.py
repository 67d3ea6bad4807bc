# SPDX-License-Identifier: GPL-2.0-or-later
"""Conformity of an OCS GE layer: what a delivery is refused for, measured."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import shapely

from inference_backend.contracts.profile import Profile
from inference_backend.progress import Progress, Silent, Span
from inference_backend.quality.conformity_counts import (
    code_counts,
    identity_counts,
    is_polygonal,
    repaired,
    shape_counts,
    under_threshold,
)
from inference_backend.quality.footprint import known_footprint
from inference_backend.quality.ocsge_layer import read_layer, read_zones
from inference_backend.quality.partition import measure_partition


@dataclass(frozen=True)
class ConformityReport:
    """Counts and areas; all of them 0 in a perfect layer, but for `polygons`, `area_m2` and the excused.

    Attributes:
        path: the file.
        layer: the layer.
        polygons: rows.
        area_m2: sum of their areas.
        crs: coordinate system.
        partition_expected: False for a change layer, whose gaps and small polygons are no fault.
        footprint: `lot` where the lot says what it covers, `given`, or `union` (its union without holes).
        gap_m2, gaps, overlap_m2, overlaps: see `PartitionMeasure`.
        edge_matched: neighbours share their vertices.
        empty: null or empty geometries.
        invalid: geometries that are not valid.
        multipart: geometries of several parts.
        not_polygon: geometries that are no polygons.
        zone_known: whether a zone construite was there; without it, the smaller minimum is used everywhere.
        under_threshold: polygons under their minimum area without an excuse.
        under_threshold_excused: polygons under it whose excuse is stated, or of the skeleton.
        unknown_codes: code to rows, codes that the nomenclature does not have.
        non_leaf_codes: code to rows, codes that no polygon may carry.
        null_codes: rows without cover or use.
        duplicate_ids: rows whose identifier another row has too.
        null_ids: rows without identifier, where the layer has identifiers.
        duplicate_geometries: rows whose geometry an earlier row has.
        area_tolerance_m2: gap and overlap up to this are rounding.
    """

    path: str
    layer: str
    polygons: int
    area_m2: float
    crs: str
    partition_expected: bool
    footprint: str
    gap_m2: float
    gaps: int
    overlap_m2: float
    overlaps: int
    edge_matched: bool
    empty: int
    invalid: int
    multipart: int
    not_polygon: int
    zone_known: bool
    under_threshold: int
    under_threshold_excused: int
    null_codes: int
    duplicate_ids: int
    null_ids: int
    duplicate_geometries: int
    area_tolerance_m2: float
    unknown_codes: dict[str, int] = field(default_factory=dict)
    non_leaf_codes: dict[str, int] = field(default_factory=dict)

    @property
    def faults(self) -> tuple[str, ...]:
        """Names of the measures that fall short, in the order of the fields."""
        areas = {"overlap_m2": self.overlap_m2}
        counts = ["empty", "invalid", "multipart", "not_polygon", "null_codes", "duplicate_ids", "null_ids"]
        counts += ["duplicate_geometries"]
        if self.partition_expected:
            areas = {"gap_m2": self.gap_m2, **areas}
            counts.append("under_threshold")
        found = [name for name, area in areas.items() if area > self.area_tolerance_m2]
        found += [name for name in counts if getattr(self, name) > 0]
        return (*found, *(n for n in ("unknown_codes", "non_leaf_codes") if getattr(self, n)))

    @property
    def is_conform(self) -> bool:
        """Whether nothing falls short."""
        return not self.faults

    def to_dict(self) -> dict[str, Any]:
        """JSON form, with the verdict."""
        return {**asdict(self), "faults": list(self.faults), "is_conform": self.is_conform}


@dataclass(frozen=True)
class CheckOptions:
    """What the caller knows about the layer.

    Attributes:
        cs_column: cover column, where it has no usual name.
        us_column: use column, likewise.
        partial: the layer is no partition (a change layer).
        zone: file with the zone construite, where the layer's own file has none.
        footprint: what the layer should cover, in its CRS.
    """

    cs_column: str | None = None
    us_column: str | None = None
    partial: bool = False
    zone: Path | None = None
    footprint: shapely.Geometry | None = None


def check_layer(
    path: Path,
    *,
    layer: str | None = None,
    profile: Profile,
    options: CheckOptions | None = None,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> ConformityReport:
    """Measure the conformity of a layer.

    Raises:
        VectorError: the file, layer or columns cannot be used.
        Cancelled: the user asked to stop.
    """
    chosen = options or CheckOptions()
    progress.update(0.0, "reading")
    data = read_layer(path, layer, chosen.cs_column, chosen.us_column)
    progress.update(0.2, "geometry")
    shapes = shape_counts(data)
    polygons = repaired(data)
    usable = is_polygonal(polygons)
    footprint, origin = known_footprint(path, chosen.footprint)
    progress.update(0.4, "partition")
    partition = measure_partition(polygons[usable], footprint, Span(progress, 0.4, 0.8, "partition"))
    progress.update(0.8, "thresholds")
    zones = read_zones(chosen.zone or path)
    under, excused = under_threshold(data, polygons, zones, profile)
    progress.update(1.0, "done")
    return ConformityReport(
        path=str(path),
        layer=data.name,
        polygons=len(data.geometry),
        area_m2=float(shapely.area(data.geometry).sum()),
        crs=data.crs,
        partition_expected=not chosen.partial,
        footprint=origin,
        **asdict(partition),
        **shapes,
        zone_known=zones is not None,
        under_threshold=under,
        under_threshold_excused=excused,
        **code_counts(data, profile.nomenclature),
        **identity_counts(data),
        area_tolerance_m2=profile.number("conformity", "area_tolerance"),
    )
