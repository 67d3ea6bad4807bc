# SPDX-License-Identifier: GPL-2.0-or-later
"""What anyone can run on a class raster instead: gdal_polygonize alone, and a chain of GRASS modules."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import shapely

from benchmarks import timing
from inference_backend.quality.partition import measure_partition

GRASS_MINIMUM_M2 = 200
"""Threshold of v.clean, m2: the smallest of the specification; it knows one for all classes."""
GRASS_TOLERANCE_M = 1
GRASS_TIME_LIMIT_S = 3000
_GRASS_CHAIN = """set -e
r.external input={raster} output=classes --overwrite
g.region raster=classes
r.to.vect input=classes output=raw type=area column=class --overwrite
v.clean input=raw output=clean tool=rmarea threshold={minimum} --overwrite
v.generalize input=clean output=smooth method=douglas threshold={tolerance} --overwrite
v.out.ogr input=smooth type=area output={target} format=GPKG --overwrite
"""


@dataclass(frozen=True)
class Faults:
    """What is wrong with polygons that should be a partition."""

    polygons: int
    gaps: int
    overlaps: int
    invalid: int
    gap_m2: float
    overlap_m2: float


def has_gdal() -> bool:
    return shutil.which("gdal_polygonize.py") is not None


def has_grass() -> bool:
    return shutil.which("grass") is not None


def polygonize(raster: Path, target: Path) -> float:
    """Seconds of `gdal_polygonize.py`, or of the same work through rasterio and pyogrio without it."""
    target.unlink(missing_ok=True)
    if not has_gdal():
        return timing.seconds(lambda: _polygonize_in_process(raster, target))
    command = ["gdal_polygonize.py", "-q", "-f", "GPKG", raster, target, "regions", "class"]
    return timing.seconds(lambda: subprocess.run(list(map(str, command)), check=True))


def _polygonize_in_process(raster: Path, target: Path) -> None:
    import rasterio
    from rasterio.features import shapes

    with rasterio.open(raster) as source:
        found = list(shapes(source.read(1), transform=source.transform))
    wkb = shapely.to_wkb(np.array([shapely.geometry.shape(g) for g, _ in found], dtype=object))
    values = np.array([v for _, v in found], dtype=np.int32)
    pyogrio.raw.write(
        target, wkb, [values], ["class"], layer="regions", geometry_type="Polygon", crs="EPSG:2154"
    )


def run_grass(rasters: Sequence[Path], folder: Path) -> float:
    """Seconds of the chain on rasters of one coordinate system, in one session; `folder` gets a file each."""
    with tempfile.TemporaryDirectory() as name:
        script = Path(name, "chain.sh")
        script.write_text("".join(_chain(raster, folder / f"{raster.stem}.gpkg") for raster in rasters))
        command = ["grass", "--tmp-location", str(rasters[0]), "--exec", "bash", str(script)]
        return timing.seconds(lambda: _quietly(command, GRASS_TIME_LIMIT_S))


def _chain(raster: Path, target: Path) -> str:
    return _GRASS_CHAIN.format(
        raster=raster, target=target, minimum=GRASS_MINIMUM_M2, tolerance=GRASS_TOLERANCE_M
    )


def _quietly(command: Sequence[str], limit_s: float) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=limit_s, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.strip().splitlines()[-1:]}")


def faults(path: Path, layer: str | None = None) -> Faults:
    """Gaps, overlaps and invalid polygons of a vector file; gaps are holes in the union of all polygons."""
    _, _, wkb, _ = pyogrio.raw.read(path, layer=layer, columns=[])
    geometry = shapely.from_wkb(wkb)
    broken = ~shapely.is_valid(geometry)
    geometry[broken] = shapely.make_valid(geometry[broken], method="structure", keep_collapsed=False)
    geometry = geometry[~shapely.is_empty(geometry)]
    found = measure_partition(geometry)
    return Faults(len(wkb), found.gaps, found.overlaps, int(broken.sum()), found.gap_m2, found.overlap_m2)


def summed(found: Sequence[Faults]) -> Faults:
    """The faults of several files together."""
    return Faults(*(sum(getattr(f, name) for f in found) for name in Faults.__dataclass_fields__))
