# SPDX-License-Identifier: GPL-2.0-or-later
"""The truth at specification level: a coverage with cover and use at each date, and what changed.

Things under the minimum size (pools, sheds, single trees, tracks) belong to what surrounds them; an isolated
building of 50 to 200 m2 is kept and enlarged to 200 m2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from inference_backend.contracts.profile import Profile
from inference_backend.scene.partition import Codes, Faces, Merger, Objects, dissolve, make_faces
from inference_backend.scene.plan import YEARS, Plan
from inference_backend.scene.shapes import parts

CRS = "EPSG:2154"
_ROAD_TAGS = frozenset({"road", "street", "rail"})
_LINES_OVER_BUILDINGS = 1000
_ZONE_REACH_M = 25.0


@dataclass(frozen=True)
class Painted:
    """One polygon of the truth before it is cut by what lies over it."""

    geometry: Polygon
    rank: int
    codes: Codes


@dataclass(frozen=True)
class Truth:
    """Coverage of one date: polygons and their codes."""

    polygons: Objects
    codes: list[Codes]


def build_truth(
    plan: Plan, profile: Profile
) -> tuple[dict[int, Truth], tuple[Objects, list[Codes], list[Codes]]]:
    """Coverages by year, and the changes as (polygons, codes before, codes after), in local metres.

    Args:
        plan: the commune.
        profile: minimum sizes and the code of buildings.
    """
    painted = {year: _painted(plan, 1 << k, profile) for k, year in enumerate(YEARS)}
    lines = [p.geometry.boundary for year in YEARS for p in painted[year]]
    faces = make_faces(np.array([*lines, *_track_cuts(plan)], dtype=object))
    inside = plan.frame.contains(shapely.point_on_surface(faces.polygons))
    if not inside.all():
        faces = make_faces(shapely.boundary(faces.polygons[inside]))
    regions, codes = {}, {}
    for year in YEARS:
        regions[year], codes[year] = _resolve(faces, painted[year], profile)
    truths = {}
    for year in YEARS:
        names, polygons = dissolve(faces.polygons, regions[year])
        truths[year] = Truth(polygons, [codes[year][int(k)] for k in names])
    return truths, _changes(faces, codes[YEARS[0]], codes[YEARS[1]])


def _painted(plan: Plan, mask: int, profile: Profile) -> list[Painted]:
    """Coded polygons of one date, buildings between ground and roads."""
    out = []
    for s in plan.surfaces:
        if s.years & mask and s.cs is not None and s.us is not None:
            rank = s.z + (_LINES_OVER_BUILDINGS if s.tag in _ROAD_TAGS else 0)
            out.append(Painted(s.geometry, rank, (s.cs, s.us)))
    built = profile.section("built_cover")
    for us in sorted({b.us for b in plan.buildings}):
        footprints = [b.geometry for b in plan.buildings if b.years & mask and b.us == us]
        for shape in built_shapes(footprints, profile):
            for part in parts(shape.intersection(plan.frame), 1.0):
                out.append(Painted(part, _LINES_OVER_BUILDINGS // 2, (built, us)))
    return out


def built_shapes(footprints: Sequence[Polygon], profile: Profile) -> list[Polygon]:
    """Buildings as the specification draws them: touching ones joined, small ones dropped or enlarged."""
    least = profile.number("minimum_area", "built")
    considered = profile.number("minimum_area", "built_considered")
    joined = shapely.union_all([f.buffer(0.4, join_style="mitre") for f in footprints])
    out = []
    for part in parts(joined.buffer(-0.4, join_style="mitre"), considered):
        solid = Polygon(part.exterior) if part.area < 4 * least else part
        out.append(solid if solid.area >= least else _enlarge(solid, least * 1.01))
    return out


def _enlarge(shape: Polygon, area_m2: float) -> Polygon:
    """Grow by an even margin until the area is reached."""
    low, high = 0.0, 6.0
    for _ in range(24):
        middle = (low + high) / 2
        big = shape.buffer(middle, join_style="mitre").area >= area_m2
        low, high = (low, middle) if big else (middle, high)
    return shape.buffer(high, join_style="mitre")


def _track_cuts(plan: Plan) -> list[shapely.Geometry]:
    """Lines that share a track out between the parcels beside it."""
    corners = shapely.points(
        shapely.get_coordinates([s.geometry for s in plan.surfaces if s.cs and s.z == 10])
    )
    tree, cuts = shapely.STRtree(corners), []
    for route in plan.routes:
        if route.kind == "track":
            cuts.append(shapely.intersection(route.line, plan.frame))
            near = tree.query(route.line, predicate="dwithin", distance=route.width_m / 2 + 0.3)
            cuts.extend(shapely.shortest_line(corners[near], route.line))
    return cuts


def _resolve(faces: Faces, painted: list[Painted], profile: Profile) -> tuple[NDArray[np.int64], list[Codes]]:
    """Codes of each face from the topmost polygon over it, then small regions merged away."""
    shapes = np.array([p.geometry for p in painted], dtype=object)
    points = shapely.point_on_surface(faces.polygons)
    face, shape = shapely.STRtree(shapes).query(points, predicate="intersects")
    rank = np.array([p.rank for p in painted])[shape]
    order = np.lexsort((shape, rank, face))
    last = np.append(face[order][1:] != face[order][:-1], True)
    top = np.full(len(points), -1)
    top[face[order][last]] = shape[order][last]
    codes = [painted[k].codes for k in top]
    built = str(profile.section("built_cover"))
    zone = _built_up_zone([p.geometry for p in painted if p.codes[0] == built])
    in_zone = shapely.intersects(zone, points) if zone else np.zeros(len(points), dtype=bool)
    merger = Merger(faces, codes, in_zone)
    limits = tuple(
        profile.number("minimum_area", k)
        for k in ("built", "inside_zone_construite", "outside_zone_construite")
    )
    locked = {p.codes for p in painted if p.rank >= _LINES_OVER_BUILDINGS}
    merger.merge_small(
        built, (limits[0], limits[1], limits[2]), profile.number("minimum_width", "cover"), locked
    )
    return merger.result()


def _built_up_zone(buildings: list[Polygon]) -> shapely.Geometry | None:
    """Ground near buildings; where the specification's zone is unknown this stands for it."""
    if not buildings:
        return None
    zone = shapely.union_all(shapely.buffer(buildings, 2 * _ZONE_REACH_M, quad_segs=4)).buffer(-_ZONE_REACH_M)
    shapely.prepare(zone)
    return zone


def _changes(
    faces: Faces, before: list[Codes], after: list[Codes]
) -> tuple[Objects, list[Codes], list[Codes]]:
    """Faces whose codes differ, dissolved where they touch and changed alike."""
    moved = np.array([a != b for a, b in zip(before, after, strict=True)])
    pairs = sorted({(before[k], after[k]) for k in np.nonzero(moved)[0]})
    polygons: list[Polygon] = []
    old: list[Codes] = []
    new: list[Codes] = []
    for pair in pairs:
        mine = [k for k in np.nonzero(moved)[0] if (before[k], after[k]) == pair]
        for part in parts(shapely.coverage_union_all(faces.polygons[mine])):
            polygons.append(part)
            old.append(pair[0])
            new.append(pair[1])
    return np.array(polygons, dtype=object), old, new


def write_truth(path: Path, plan: Plan, profile: Profile, origin_m: tuple[float, float]) -> None:
    """Write `truth.gpkg`: one layer per year and the changes.

    Args:
        path: file to write.
        plan: the commune.
        profile: minimum sizes.
        origin_m: Lambert-93 place of the south-west corner.
    """
    truths, (polygons, old, new) = build_truth(plan, profile)
    for year, truth in truths.items():
        columns = {
            "id": [f"TRUTH{k + 1:07d}" for k in range(len(truth.codes))],
            "code_cs": [c for c, _ in truth.codes],
            "code_us": [u for _, u in truth.codes],
        }
        write_layer(path, f"truth_{year}", truth.polygons, columns, origin_m)
    first, second = YEARS
    changes = {
        f"cs_{first}": [c for c, _ in old],
        f"us_{first}": [u for _, u in old],
        f"cs_{second}": [c for c, _ in new],
        f"us_{second}": [u for _, u in new],
    }
    write_layer(path, f"change_{first}_{second}", polygons, changes, origin_m)


def write_layer(
    path: Path,
    layer: str,
    geometry: Sequence[shapely.Geometry] | Objects,
    columns: Mapping[str, Sequence[object]],
    origin_m: tuple[float, float],
    geometry_type: str = "Polygon",
) -> None:
    """Add a layer to a GeoPackage, moved from local metres to Lambert-93."""
    shapes = np.array(list(geometry), dtype=object)
    moved = shapely.transform(shapes, lambda xy: xy + np.array(origin_m))
    typed = [_typed(values) for values in columns.values()]
    pyogrio.raw.write(
        path,
        shapely.to_wkb(moved),
        [values for values, _ in typed],
        list(columns),
        field_mask=[missing for _, missing in typed],
        layer=layer,
        driver="GPKG",
        crs=CRS,
        geometry_type=geometry_type,
        append=path.exists(),
    )


def _typed(values: Sequence[object]) -> tuple[NDArray[np.generic], NDArray[np.bool_] | None]:
    """A column as the narrowest array that holds it, and where it has no value."""
    missing = np.array([v is None for v in values], dtype=bool)
    known = [v for v in values if v is not None]
    if known and all(isinstance(v, bool) for v in known):
        return np.array([bool(v) for v in values]), missing
    if known and all(isinstance(v, int) for v in known):
        return np.array([v or 0 for v in values], dtype=np.int32), missing
    if known and all(isinstance(v, float) for v in known):
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64), missing
    return np.array(values, dtype=object), None
