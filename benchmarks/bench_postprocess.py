# SPDX-License-Identifier: GPL-2.0-or-later
"""Post-processing against gdal_polygonize on the same class raster, and peak memory at two sizes.

    python benchmarks/bench_postprocess.py [OUT.json]

The raster is made: fields of nine classes with 2 % of stray pixels, which gives about 18,000 raw regions per
megapixel, as real predictions on FLAIR patches do. gdal_polygonize writes raw polygons; our chain also
merges to minimum areas, simplifies, computes columns and the review queue, and writes a lot.
"""

from __future__ import annotations

import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import from_origin
from scipy import ndimage

from inference_backend.contracts.prediction import TAG_CLASSES, PredictedClass, encode_classes

SMALL_PX, LARGE_PX = 2048, 4096
ROUNDS = 3
STRAY_SHARE = 0.02
NAMES = (
    "building",
    "impervious surface",
    "pervious surface",
    "bare soil",
    "water",
    "herbaceous vegetation",
    "agricultural land",
    "deciduous",
    "coniferous",
)


def make_raster(path: Path, side_px: int, seed: int = 1) -> None:
    """Write a class raster of `side_px` squared at 0.2 m."""
    rng = np.random.default_rng(seed)
    coarse = side_px // 8
    fields = [
        ndimage.gaussian_filter(rng.standard_normal((coarse, coarse)), 4 + i) * (4 + i) for i in range(9)
    ]
    classes = ndimage.zoom(np.stack(fields).argmax(0).astype(np.uint8), 8, order=0)
    stray = rng.random(classes.shape) < STRAY_SHARE
    classes[stray] = rng.integers(0, len(NAMES), int(stray.sum()), dtype=np.uint8)
    table = tuple(PredictedClass(i, name) for i, name in enumerate(NAMES))
    options = {"driver": "GTiff", "count": 1, "dtype": "uint8", "crs": "EPSG:2154", "compress": "deflate"}
    transform = from_origin(650_000.0, 6_860_000.0, 0.2, 0.2)
    with rasterio.open(
        path, "w", height=side_px, width=side_px, transform=transform, tiled=True, **options
    ) as raster:
        raster.write(classes, 1)
        raster.update_tags(**{TAG_CLASSES: encode_classes(table)})


def run_ours(raster: Path, lot: Path) -> tuple[float, float]:
    """Seconds and peak memory (MB) of the whole command in a process of its own."""
    started = time.perf_counter()
    code = f"import benchmarks.bench_postprocess as b; b.child({str(raster)!r}, {str(lot)!r})"
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, check=True, capture_output=True, text=True)
    return time.perf_counter() - started, float(done.stdout.split()[-1])


def child(raster: str, lot: str) -> None:
    """What `run_ours` runs."""
    from inference_backend.contracts.profile import Profile
    from inference_backend.postprocess.pipeline import postprocess

    postprocess(Path(raster), (), Path(lot), profile=Profile.load(), millesime="2022")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def run_gdal(raster: Path, target: Path) -> float:
    """Seconds of `gdal_polygonize.py`, or of the same work through rasterio and pyogrio without it."""
    target.unlink(missing_ok=True)
    started = time.perf_counter()
    tool = shutil.which("gdal_polygonize.py")
    if tool:
        subprocess.run([tool, "-q", "-f", "GPKG", str(raster), str(target), "regions", "class"], check=True)
    else:
        _polygonize_in_process(raster, target)
    return time.perf_counter() - started


def _polygonize_in_process(raster: Path, target: Path) -> None:
    import pyogrio
    import shapely
    from rasterio.features import shapes

    with rasterio.open(raster) as source:
        found = list(shapes(source.read(1), transform=source.transform))
    wkb = shapely.to_wkb(np.array([shapely.geometry.shape(g) for g, _ in found], dtype=object))
    values = np.array([v for _, v in found], dtype=np.int32)
    pyogrio.raw.write(
        target, wkb, [values], ["class"], layer="regions", geometry_type="Polygon", crs="EPSG:2154"
    )


def measure() -> dict[str, float | str]:
    """Flat figures; the ratio says how many times faster than gdal_polygonize the whole chain is."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small.tif"), Path(folder, "large.tif")
        make_raster(small, SMALL_PX)
        make_raster(large, LARGE_PX)
        lot, raw = Path(folder, "lot.gpkg"), Path(folder, "raw.gpkg")
        run_ours(small, lot)  # compiles once and fills numba's cache
        _, small_mb = run_ours(small, lot)
        ours, theirs, large_mb = [], [], 0.0
        for _ in range(ROUNDS):  # interleaved, so that a busy machine slows both
            theirs.append(run_gdal(large, raw))
            seconds, large_mb = run_ours(large, lot)
            ours.append(seconds)
    return {
        "postprocess_vs_gdal_polygonize": statistics.median(theirs) / statistics.median(ours),
        "postprocess_s": statistics.median(ours),
        "gdal_polygonize_s": statistics.median(theirs),
        "postprocess_megapixels": LARGE_PX**2 / 1e6,
        "postprocess_rss_mb_small": small_mb,
        "postprocess_rss_mb_large": large_mb,
        "postprocess_baseline": "gdal_polygonize.py" if shutil.which("gdal_polygonize.py") else "rasterio",
    }


if __name__ == "__main__":
    figures = json.dumps(measure(), indent=1)
    print(figures)
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(figures + "\n", encoding="utf-8")
