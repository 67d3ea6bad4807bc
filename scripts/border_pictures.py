# SPDX-License-Identifier: GPL-2.0-or-later
"""Pictures of borders at 1:2,500: the image, what the model drew, what the lot holds.

python -m scripts.border_pictures ORTHO PREDICTION LOT FOLDER
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

import matplotlib
import numpy as np
import pyogrio
import rasterio
import shapely
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image
from rasterio.windows import from_bounds

from inference_backend.postprocess.blockwise import Window
from inference_backend.postprocess.borders.tracing import trace_block

matplotlib.use("Agg")
SCALE = 2500
SIDE_M = 150.0
DPI = 200
COLOURS = 160
PLACES = {"town": (585, 435), "suburb": (470, 690), "fields": (165, 770), "forest": (160, 250)}
"""Centres in the demo's commune, m east and south of its upper left corner."""
Box = tuple[float, float, float, float]
Lines = list[NDArray[np.float64]]


def main() -> int:
    """Draw one picture per place."""
    ortho, prediction, lot, folder = map(Path, sys.argv[1:5])
    folder.mkdir(parents=True, exist_ok=True)
    for name, (east, south) in PLACES.items():
        with rasterio.open(ortho) as source:
            x, y = source.bounds.left + east, source.bounds.top - south
        box = (x - SIDE_M / 2, y - SIDE_M / 2, x + SIDE_M / 2, y + SIDE_M / 2)
        figure = _draw(_image(ortho, box), [[], _predicted(prediction, box), _final(lot, box)], box)
        _save(figure, folder / f"postprocess-{name}.png")
    return 0


def _save(figure: Figure, path: Path) -> None:
    """Write a picture in a palette, which takes a third of the room."""
    drawn = BytesIO()
    figure.savefig(drawn, dpi=DPI)
    Image.open(drawn).convert("RGB").quantize(COLOURS).save(path, optimize=True)


def _image(ortho: Path, box: Box) -> NDArray[np.uint8]:
    with rasterio.open(ortho) as source:
        bands = source.read([1, 2, 3], window=from_bounds(*box, source.transform))
    image: NDArray[np.uint8] = bands.transpose(1, 2, 0)
    return image


def _predicted(prediction: Path, box: Box) -> Lines:
    """Borders between the model's classes."""
    with rasterio.open(prediction) as source:
        classes = source.read(1, window=from_bounds(*box, source.transform)).astype(np.int32)
        pixel_m = source.transform.a
    height, width = classes.shape
    borders = trace_block(np.pad(classes, 1, mode="edge"), Window(0, 0, height, width))
    corners = borders.corners.astype(np.float64)
    places = np.column_stack((box[0] + corners[:, 1] * pixel_m, box[3] - corners[:, 0] * pixel_m))
    return np.split(places, borders.starts[1:-1])


def _final(lot: Path, box: Box) -> Lines:
    polygons = shapely.from_wkb(pyogrio.raw.read(lot, layer="occupation_sol", columns=[], bbox=box)[2])
    return [shapely.get_coordinates(ring) for ring in shapely.get_rings(polygons)]


def _draw(image: NDArray[np.uint8], panels: list[Lines], box: Box) -> Figure:
    side_in = SIDE_M / SCALE / 0.0254
    figure = Figure(figsize=(side_in * len(panels), side_in))
    for axes, lines in zip(figure.subplots(1, len(panels)), panels, strict=True):
        axes.imshow(image, extent=(box[0], box[2], box[1], box[3]), interpolation="antialiased")
        axes.add_collection(LineCollection(lines, colors="#ffee00", linewidths=0.6))
        axes.set_xlim(box[0], box[2])
        axes.set_ylim(box[1], box[3])
        axes.axis("off")
    figure.subplots_adjust(left=0, right=1, bottom=0, top=1, wspace=0.02)
    return figure


if __name__ == "__main__":
    raise SystemExit(main())
