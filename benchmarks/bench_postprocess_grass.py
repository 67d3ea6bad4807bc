# SPDX-License-Identifier: GPL-2.0-or-later
"""Post-processing against r.to.vect + v.clean + v.generalize, on a made raster and on real predictions.

The real ones are 25 predictions of FLAIR, 512² each, where OCSGE_BENCH_FLAIR names their folder.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import rasterio
from rasterio.transform import from_origin

from benchmarks import lots, mosaic, timing, vector_peers
from benchmarks.figures import Figures
from inference_backend.contracts.prediction import TAG_CLASSES, encode_classes
from inference_backend.contracts.profile import Profile
from inference_backend.postprocess.pipeline import postprocess
from inference_backend.postprocess.prediction.class_tables import read_class_table

FLAIR_VARIABLE = "OCSGE_BENCH_FLAIR"
FLAIR_TABLE = "flair-1-argmax"
SIDE_KM = 1
"""On the 4 km² of the other parts r.to.vect alone takes most of an hour."""
PIXEL_M = 0.2
ABSENT = "GRASS is not installed: there is no command grass"


def measure() -> Iterator[Figures]:
    with tempfile.TemporaryDirectory() as name:
        yield from _on_flair(Path(name))
    with tempfile.TemporaryDirectory() as name:
        yield from _on_scenes(Path(name))


def _on_scenes(folder: Path) -> Iterator[Figures]:
    tiles = mosaic.scenes()
    virtual = mosaic.write_prediction(folder / "prediction.vrt", SIDE_KM, tiles)
    prediction = mosaic.write_copy(folder / "prediction.tif", virtual, (1, 2, 3, 4))
    references = mosaic.write_references(folder / "references", SIDE_KM, tiles)
    lot = folder / "lot.gpkg"
    lots.run(prediction, [references], lot)  # compiles once and fills numba's cache
    ours = lots.run(prediction, [references], lot).seconds
    found = vector_peers.faults(lot, lots.LAYER)
    yield {
        "postprocess_gaps": found.gaps,
        "postprocess_overlaps": found.overlaps,
        "postprocess_invalid": found.invalid,
    }
    if not vector_peers.has_grass():
        yield {"postprocess_vs_grass": None, "postprocess_vs_grass_why": ABSENT}
        return
    classes = mosaic.write_copy(folder / "classes.tif", virtual, (1,))
    try:
        grass = vector_peers.run_grass([classes], folder)
    except subprocess.TimeoutExpired as error:
        why = f"GRASS had not ended after {error.timeout:.0f} s: at least this many times"
        yield {"postprocess_vs_grass": round(error.timeout / ours, 2), "postprocess_vs_grass_why": why}
        return
    made = vector_peers.faults(folder / "classes.gpkg")
    yield {
        "postprocess_vs_grass": round(grass / ours, 2),
        "grass_s": round(grass, 1),
        "grass_polygons": made.polygons,
        "grass_gaps": made.gaps,
        "grass_overlaps": made.overlaps,
        "grass_invalid": made.invalid,
    }


def _on_flair(folder: Path) -> Iterator[Figures]:
    source = os.environ.get(FLAIR_VARIABLE)
    if not source:
        why = f"the predictions are not there: {FLAIR_VARIABLE} names no folder"
        yield {"postprocess_vs_grass_flair": None, "postprocess_vs_grass_flair_why": why}
        return
    rasters = [_georeferenced(path, folder) for path in sorted(Path(source).glob("*.tif"))]
    regions = sum(map(lots.raw_regions, rasters))
    lot_files = [folder / f"{raster.stem}_lot.gpkg" for raster in rasters]
    _postprocess(rasters[:1], lot_files[:1])
    ours = timing.seconds(lambda: _postprocess(rasters, lot_files))
    gdal = sum(vector_peers.polygonize(raster, folder / "raw.gpkg") for raster in rasters)
    found = vector_peers.summed([vector_peers.faults(lot, lots.LAYER) for lot in lot_files])
    yield {
        "postprocess_flair_patches": len(rasters),
        "postprocess_flair_raw_regions": regions,
        "postprocess_flair_s": round(ours, 2),
        "postprocess_vs_gdal_polygonize_flair": round(gdal / ours, 2),
        "postprocess_flair_polygons": found.polygons,
        "postprocess_flair_gaps": found.gaps,
        "postprocess_flair_overlaps": found.overlaps,
        "postprocess_flair_invalid": found.invalid,
    }
    if not vector_peers.has_grass():
        yield {"postprocess_vs_grass_flair": None, "postprocess_vs_grass_flair_why": ABSENT}
        return
    grass = vector_peers.run_grass(rasters, folder)
    made = vector_peers.summed([vector_peers.faults(folder / f"{raster.stem}.gpkg") for raster in rasters])
    yield {
        "postprocess_vs_grass_flair": round(grass / ours, 2),
        "grass_flair_s": round(grass, 1),
        "grass_flair_gaps": made.gaps,
        "grass_flair_overlaps": made.overlaps,
        "grass_flair_invalid": made.invalid,
    }


def _georeferenced(path: Path, folder: Path) -> Path:
    """A copy that lies somewhere in Lambert-93 and says what its classes are."""
    target = folder / f"{path.stem}.tif"
    with rasterio.open(path) as source:
        classes = source.read(1)
    options = {"driver": "GTiff", "count": 1, "dtype": "uint8", "crs": "EPSG:2154", "compress": "deflate"}
    height, width = classes.shape
    place = from_origin(650_000, 6_860_000, PIXEL_M, PIXEL_M)
    with rasterio.open(target, "w", height=height, width=width, transform=place, **options) as raster:
        raster.write(classes, 1)
        raster.update_tags(**{TAG_CLASSES: encode_classes(read_class_table(FLAIR_TABLE))})
    return target


def _postprocess(rasters: Sequence[Path], lot_files: Sequence[Path]) -> None:
    profile = Profile.load()
    for raster, lot in zip(rasters, lot_files, strict=True):
        lot.unlink(missing_ok=True)
        postprocess(raster, (), lot, profile=profile, millesime=lots.YEAR)
