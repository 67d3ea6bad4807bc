# SPDX-License-Identifier: GPL-2.0-or-later
"""Post-processing against gdal_polygonize on the same 10,000² raster of 4 km².

gdal_polygonize writes the raw polygons of the classes. Ours reads classes and scores, brings in reference
vectors, generalises, gives uses, writes a lot with its review queue.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import lots, mosaic, timing, vector_peers
from benchmarks.figures import Figures

SIDE_KM = 2


def measure() -> Iterator[Figures]:
    side_km = 1 if timing.is_quick() else SIDE_KM
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tiles = mosaic.scenes()
        virtual = mosaic.write_prediction(folder / "prediction.vrt", side_km, tiles)
        prediction = mosaic.write_copy(folder / "prediction.tif", virtual, (1, 2, 3, 4))
        classes = mosaic.write_copy(folder / "classes.tif", virtual, (1,))
        references = mosaic.write_references(folder / "references", side_km, tiles)
        yield {"postprocess_raw_regions": lots.raw_regions(classes), "postprocess_km2": side_km**2}
        yield _against_gdal(folder, prediction, classes, references)
        yield {"postprocess_polygons": lots.polygons(folder / "lot.gpkg")}


def _against_gdal(folder: Path, prediction: Path, classes: Path, references: Path) -> Figures:
    lot = folder / "lot.gpkg"
    lots.run(prediction, [references], lot)  # compiles once and fills numba's cache
    runs: list[lots.LotRun] = []
    gdal_cpu_s: list[float] = []

    def ours() -> float:
        runs.append(lots.run(prediction, [references], lot))
        return runs[-1].seconds

    def gdal() -> float:
        before_s = timing.children_cpu_s()
        taken_s = vector_peers.polygonize(classes, folder / "raw.gpkg")
        gdal_cpu_s.append(timing.children_cpu_s() - before_s)
        return taken_s

    taken = timing.interleaved({"ours": ours, "gdal": gdal}, timing.rounds())
    return {
        "postprocess_vs_gdal_polygonize": timing.ratio(taken["gdal"], taken["ours"]),
        "postprocess_s": timing.median(taken["ours"]),
        "gdal_polygonize_s": timing.median(taken["gdal"]),
        "postprocess_cpu_s": timing.median([run.cpu_s for run in runs]),
        "gdal_polygonize_cpu_s": timing.median(gdal_cpu_s),
        "postprocess_rss_mb": max(run.rss_mb for run in runs),
        "postprocess_baseline": "gdal_polygonize.py" if vector_peers.has_gdal() else "rasterio",
    }
