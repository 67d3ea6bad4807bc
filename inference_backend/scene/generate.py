# SPDX-License-Identifier: GPL-2.0-or-later
"""Files of a synthetic commune: images, heights and labels at both dates, truth and reference vectors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from pyogrio.errors import DataLayerError, DataSourceError
from rasterio.errors import RasterioError
from rasterio.transform import from_origin
from rasterio.windows import Window

from inference_backend.atomic import replace_folder_when_done
from inference_backend.contracts.prediction import TAG_CLASSES, encode_classes
from inference_backend.contracts.profile import Profile
from inference_backend.errors import OutputError, gdal_reason
from inference_backend.progress import Progress, Silent, Span
from inference_backend.scene.build import build_plan
from inference_backend.scene.classes import CLASSES, OUTSIDE
from inference_backend.scene.errors import ForeignFolderError, SceneSizeError
from inference_backend.scene.parcels import write_parcels
from inference_backend.scene.plan import YEARS, Plan
from inference_backend.scene.references import write_references
from inference_backend.scene.render import F32, U8, Tile, YearRenderer
from inference_backend.scene.truth import write_truth
from inference_backend.whole_file import check_whole

DESCRIPTION_FILE = "scene.json"
CRS = "EPSG:2154"
ORIGIN_M = (652_000.0, 6_862_000.0)
"""Where the south-west corner of every scene lies: somewhere in Lambert-93."""
MIN_SIZE_M, MAX_SIZE_M = 150.0, 20_000.0
_TILE_PX = 1024
_THREADS = 2


def render_arrays(
    seed: int, size_m: float = 200.0, pixel_m: float = 0.2, year: int = 2022
) -> tuple[U8, F32, U8]:
    """A whole scene in memory, for training.

    Args:
        seed: of the commune.
        size_m: side, m.
        pixel_m: side of a pixel, m.
        year: 2019 or 2022.

    Returns:
        Bands (4, H, W) red, green, blue, nir; height above ground (H, W) in m; class (H, W).
    """
    renderer = YearRenderer(build_plan(seed, size_m), year, pixel_m)
    size_px = round(size_m / pixel_m)
    tile = renderer.window(0, 0, size_px, size_px)
    return tile.bands, np.asarray(tile.height_m), tile.labels


def generate_scene(
    folder: Path, seed: int, size_m: float = 1000.0, pixel_m: float = 0.2, progress: Progress | None = None
) -> Path:
    """Write a scene; the same seed, size and pixel give the same pixels.

    Args:
        folder: made or replaced as a whole once everything is written.
        seed: of the commune.
        size_m: side of the square, m.
        pixel_m: side of a pixel, m.
        progress: told of every tile.

    Returns:
        The folder.

    Raises:
        SceneSizeError: the size, the pixel or the seed is out of range.
        ForeignFolderError: the folder is there and is no scene.
        OutputError: the folder cannot be written; nothing is left behind.
    """
    watch = progress or Silent()
    _check_range("seed", seed, 0, 2**32 - 1)
    _check_range("size_m", size_m, MIN_SIZE_M, MAX_SIZE_M)
    _check_range("pixel_m", pixel_m, 0.05, 2.0)
    _refuse_foreign_folder(folder)
    watch.update(0.0, "plan")
    plan = build_plan(seed, size_m)
    try:
        with replace_folder_when_done(folder) as target:
            _write_all(target, plan, pixel_m, watch)
    except (OSError, RasterioError, DataSourceError, DataLayerError) as error:
        raise OutputError(path=folder, reason=gdal_reason(error)) from error
    watch.update(1.0)
    return folder


def _check_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise SceneSizeError(name=name, value=value, low=low, high=high)


def _refuse_foreign_folder(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / DESCRIPTION_FILE).is_file():
        raise ForeignFolderError(path=folder, marker=DESCRIPTION_FILE)


def _write_all(folder: Path, plan: Plan, pixel_m: float, watch: Progress) -> None:
    """Write every file of the scene."""
    for k, year in enumerate(YEARS):
        span = Span(watch, 0.05 + 0.45 * k, 0.05 + 0.45 * (k + 1), f"image {year}")
        write_year(folder, plan, year, pixel_m, span)
    watch.update(0.95, "truth")
    write_truth(folder / "truth.gpkg", plan, Profile.load(), ORIGIN_M)
    write_references(folder / "references", plan, ORIGIN_M)
    write_parcels(folder / "restricted", plan, ORIGIN_M)
    _write_description(folder, plan, pixel_m)


def write_year(folder: Path, plan: Plan, year: int, pixel_m: float, progress: Progress) -> None:
    """Write `ortho`, `height` and `labels` of one date, tile by tile."""
    size_px = round(plan.size_m / pixel_m)
    with ExitStack() as stack:
        ortho = stack.enter_context(_open(folder / f"ortho_{year}.tif", size_px, pixel_m, 4, "uint8"))
        height = stack.enter_context(_open(folder / f"height_{year}.tif", size_px, pixel_m, 1, "float32"))
        labels = stack.enter_context(
            _open(folder / f"labels_{year}.tif", size_px, pixel_m, 1, "uint8", OUTSIDE)
        )
        ortho.descriptions = ("red", "green", "blue", "nir")
        height.descriptions = ("height",)
        height.units = ("m",)
        labels.descriptions = ("class",)
        labels.update_tags(**{TAG_CLASSES: encode_classes(CLASSES)})
        for share, window, tile in _tiles(YearRenderer(plan, year, pixel_m), size_px):
            ortho.write(tile.bands, window=window)
            height.write(np.round(tile.height_m, 2), 1, window=window)
            labels.write(tile.labels, 1, window=window)
            progress.update(share)
    for kind in ("ortho", "height", "labels"):
        check_whole(folder / f"{kind}_{year}.tif")


def _open(path: Path, size_px: int, pixel_m: float, count: int, dtype: str, nodata: int | None = None) -> Any:
    options: dict[str, Any] = {"photometric": "MINISBLACK", "ALPHA": "NO"} if count == 4 else {}
    return rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=size_px,
        height=size_px,
        count=count,
        dtype=dtype,
        nodata=nodata,
        crs=CRS,
        transform=from_origin(ORIGIN_M[0], ORIGIN_M[1] + size_px * pixel_m, pixel_m, pixel_m),
        tiled=True,
        blockxsize=512,
        blockysize=512,
        compress="DEFLATE",
        zlevel=1,
        num_threads=_THREADS,
        predictor=3 if dtype == "float32" else 1,
        bigtiff="IF_SAFER",
        **options,
    )


def _tiles(renderer: YearRenderer, size_px: int) -> Iterator[tuple[float, Window, Tile]]:
    """Rendered tiles in order, a few ahead on other threads."""
    places = [(r, c) for r in range(0, size_px, _TILE_PX) for c in range(0, size_px, _TILE_PX)]
    with ThreadPoolExecutor(_THREADS) as pool:
        ahead: list[tuple[Window, Future[Tile]]] = []
        for done, (row, col) in enumerate(places):
            size = (min(_TILE_PX, size_px - row), min(_TILE_PX, size_px - col))
            window = Window(col, row, size[1], size[0])
            ahead.append((window, pool.submit(renderer.window, row, col, *size)))
            if len(ahead) > _THREADS:
                first, future = ahead.pop(0)
                yield (done - _THREADS + 1) / len(places), first, future.result()
        for window, future in ahead:
            yield 1.0, window, future.result()


def _write_description(folder: Path, plan: Plan, pixel_m: float) -> None:
    """Write `scene.json`."""
    content = {
        "seed": plan.seed,
        "size_m": plan.size_m,
        "pixel_m": pixel_m,
        "crs": CRS,
        "origin_m": list(ORIGIN_M),
        "years": list(YEARS),
        "classes": [c.name for c in CLASSES],
    }
    (folder / DESCRIPTION_FILE).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
