# SPDX-License-Identifier: GPL-2.0-or-later
"""An image for masks that came without one: real outlines of people, drawn over by the scene's renderer.

    python -m benchmarks.annotator.mask_scene MASKS FOLDER

MASKS holds rasters of one date on one lattice, in ODEON's land-cover codes (nomenclature NAF, as far as they
could be matched with what is on the ground: see `CLASSES`). Written: `ortho_2022.tif`, `height_2022.tif` and
`labels_2022.tif` as of a made commune. The labels are those of the masks, to the pixel; what the image shows
is made up: stands of trees, fields, felled stands within the real outlines.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from rasterio.features import shapes
from rasterio.merge import merge
from rasterio.transform import Affine

from inference_backend.atomic import replace_folder_when_done
from inference_backend.contracts.prediction import TAG_CLASSES, encode_classes
from inference_backend.scene import classes as c
from inference_backend.scene import palette, woodland
from inference_backend.scene.brush import Brush
from inference_backend.scene.plan import BOTH, Pattern, Plan, Style
from inference_backend.scene.render import YearRenderer
from inference_backend.scene.shapes import divide, main_axis

CLASSES = {
    2: c.PERVIOUS,
    8: c.CONIFEROUS,
    9: c.CLEAR_CUT,
    10: c.DECIDUOUS,
    11: c.BRUSH,
    13: c.CROP,
}
"""Physical class of each ODEON value; another one is without label."""
SEED, YEAR = 4711, 2022
FIELD_M2 = 12_000.0
THEMES = {
    c.CONIFEROUS: woodland.coniferous,
    c.CLEAR_CUT: woodland.clear_cut,
    c.DECIDUOUS: woodland.broadleaved,
    c.BRUSH: woodland.heath,
}


def read_masks(folder: Path) -> tuple[np.ndarray, Affine, Any]:
    """(H, W) uint8 physical classes of all masks side by side, where they lie, and their CRS.

    Raises:
        SystemExit: there is no mask.
    """
    files = sorted(folder.glob("*.tif*"))
    if not files:
        raise SystemExit(f"{folder} holds no mask")
    codes, transform = merge(files)
    with rasterio.open(files[0]) as first:
        crs = first.crs
    table = np.full(256, c.OUTSIDE, np.uint8)
    table[list(CLASSES)] = list(CLASSES.values())
    return table[codes[0]], transform, crs


def plan_of(labels: np.ndarray, pixel_m: float) -> Plan:
    """A plan whose surfaces are the areas of the masks, each with the look of its class."""
    plan = Plan(SEED, max(labels.shape) * pixel_m)
    brush = Brush(plan, np.random.default_rng([SEED, 1]))
    ground = brush.look(Pattern.DIRT, palette.SOIL, 0.8, 12.0)
    plan.surface(plan.frame, 0, ground)
    to_local = Affine(pixel_m, 0, 0, 0, -pixel_m, plan.size_m)
    for outline, value in shapes(labels, connectivity=4, transform=to_local):
        area = shapely.geometry.shape(outline)
        if value in THEMES:
            THEMES[int(value)](brush, area, BOTH)
        elif value == c.CROP:
            fields(brush, area)
        elif value == c.PERVIOUS:
            plan.surface(area, 10, brush.look(Pattern.GRAVEL, palette.GRAVEL))
    return plan


def fields(brush: Brush, area: shapely.Polygon) -> None:
    """Fields of several crops: what a mask calls one area of crops."""
    for piece in divide(area, FIELD_M2, brush.rng):
        plants, between, spacing_m, height_m = palette.CROPS[str(brush.rng.choice(sorted(palette.CROPS)))]
        angle = main_axis(piece)[2]
        style = Style(Pattern.ROWS, plants, between, angle, spacing_m, 24.0, 0.07, height_m)
        brush.plan.surface(piece, 10, brush.plan.style(style))


def write(path: Path, bands: np.ndarray, transform: Affine, crs: Any, nodata: int | None = None) -> Any:
    """A GeoTIFF; given back still open, for its texts."""
    more = {"photometric": "MINISBLACK", "ALPHA": "NO"} if len(bands) > 1 else {}
    count, height, width = bands.shape
    options = {"driver": "GTiff", "compress": "DEFLATE", "tiled": True, "crs": crs, "transform": transform}
    size = {"count": count, "height": height, "width": width, "dtype": bands.dtype, "nodata": nodata}
    raster = rasterio.open(path, "w", **options, **size, **more)
    raster.write(bands)
    return raster


def main(masks: Path, folder: Path) -> int:
    """Write image, height and labels."""
    labels, transform, crs = read_masks(masks)
    tile = YearRenderer(plan_of(labels, transform.a), YEAR, transform.a).window(0, 0, *labels.shape)
    with replace_folder_when_done(folder) as target:
        with write(target / f"ortho_{YEAR}.tif", tile.bands, transform, crs) as image:
            image.descriptions = ("red", "green", "blue", "nir")
        with write(target / f"height_{YEAR}.tif", tile.height_m[np.newaxis], transform, crs) as height:
            height.descriptions, height.units = ("height",), ("m",)
        with write(target / f"labels_{YEAR}.tif", labels[np.newaxis], transform, crs, c.OUTSIDE) as truth:
            truth.update_tags(**{TAG_CLASSES: encode_classes(c.CLASSES)})
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2])))
