# SPDX-License-Identifier: GPL-2.0-or-later
"""Pictures of the demo: official colours, French legend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
import pyogrio
import rasterio
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Patch
from numpy.typing import NDArray
from rasterio.features import rasterize
from rasterio.transform import from_bounds
from rasterio.windows import from_bounds as window_of

from inference_backend.contracts.nomenclature import Nomenclature

matplotlib.use("Agg")

Box = tuple[float, float, float, float]
RGB = NDArray[np.uint8]
SHEET_PX = 800
"""Side of one panel of the sheet, px, before it is drawn."""
SHEET_DPI = 80
"""Under 1 MB, since sheets go into the README; a palette of 256 would bend the official colours."""
CROP_SIZE_M = (400.0, 300.0)
CROP_PX = (1600, 1200)
"""A crop at 0.25 m a pixel: 1:1,000 on a screen of 96 dots an inch, sharp at 1:2,500."""
LEGEND_IN = 1.75
LEGEND_ROWS = 8
SHEET_MARGINS = {"left": 0.005, "right": 0.995, "top": 0.93, "bottom": 0.005, "wspace": 0.015, "hspace": 0.07}
CONFIDENCE_MAP = "RdYlGn"
QUEUE_SHARE = 0.1
"""The head of the review queue that the pictures mark."""


@dataclass(frozen=True)
class Sources:
    """Files that the pictures show; all in one CRS."""

    image: Path
    truth: Path
    truth_layer: str
    lot: Path
    nomenclature: Nomenclature


@dataclass(frozen=True)
class Features:
    """Geometries with their columns."""

    geometry: NDArray[np.object_]
    columns: dict[str, NDArray[np.generic]]


def read_features(path: Path, layer: str, box: Box | None = None) -> Features:
    """Read a layer, inside `box` where one is given."""
    meta, _, wkb, data = pyogrio.raw.read(path, layer=layer, bbox=box)
    columns = dict(zip((str(name) for name in meta["fields"]), data, strict=True))
    return Features(shapely.from_wkb(wkb), columns)


def read_image(path: Path, box: Box, size_px: tuple[int, int]) -> RGB:
    """(H, W, 3) of the first three bands, resampled to `size_px` = (width, height)."""
    with rasterio.open(path) as source:
        pixels = source.read(
            (1, 2, 3),
            window=window_of(*box, transform=source.transform),
            out_shape=(3, size_px[1], size_px[0]),
            resampling=rasterio.enums.Resampling.average,
        )
    return np.moveaxis(pixels, 0, -1)


def paint(
    geometry: NDArray[np.object_], colours: NDArray[np.uint8], box: Box, size_px: tuple[int, int]
) -> RGB:
    """(H, W, 3) picture of filled polygons on white; `colours` is (n, 3)."""
    picture = np.full((size_px[1], size_px[0]), -1, np.int32)
    if len(geometry):
        rasterize(
            zip(geometry, range(len(geometry)), strict=True),
            out=picture,
            transform=from_bounds(*box, *size_px),
        )
    table = np.vstack([colours, np.full((1, 3), 255, np.uint8)])
    return table[picture]


def code_colours(codes: Sequence[str], nomenclature: Nomenclature) -> NDArray[np.uint8]:
    """(n, 3) official colours; grey for what the nomenclature lacks."""
    return np.array(
        [_rgb(nomenclature[str(code)].colour) if code in nomenclature else (128, 128, 128) for code in codes],
        np.uint8,
    ).reshape(-1, 3)


def confidence_colours(confidence: NDArray[np.floating]) -> NDArray[np.uint8]:
    """(n, 3) from red (0) to green (1); grey where unknown."""
    colours = matplotlib.colormaps[CONFIDENCE_MAP](np.nan_to_num(confidence), bytes=True)[:, :3]
    return np.where(np.isnan(confidence)[:, None], np.uint8(200), colours)


def _rgb(colour: str) -> tuple[int, int, int]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))  # type: ignore[return-value]  # three of them


def busiest_box(sources: Sources, size_m: tuple[float, float] = CROP_SIZE_M) -> Box:
    """The window with the greatest number of different codes in the truth, and of polygons among equals."""
    truth = read_features(sources.truth, sources.truth_layer)
    xmin, ymin, xmax, ymax = shapely.total_bounds(truth.geometry)
    tree = shapely.STRtree(truth.geometry)
    pairs = np.array(
        [f"{a} {b}" for a, b in zip(truth.columns["code_cs"], truth.columns["code_us"], strict=True)]
    )
    best: tuple[int, int, Box] | None = None
    for x in np.arange(xmin, xmax - size_m[0] + 1, 50.0):
        for y in np.arange(ymin, ymax - size_m[1] + 1, 50.0):
            box = (float(x), float(y), float(x + size_m[0]), float(y + size_m[1]))
            hits = tree.query(shapely.box(*box))
            rank = (len(set(pairs[hits])), len(hits), box)
            best = max(best, rank) if best else rank
    assert best is not None, "the scene is smaller than a crop"
    return best[2]


Panel = Callable[[Axes, Sources, Box, tuple[int, int]], None]


def _show(axes: Axes, picture: RGB, box: Box, title: str) -> None:
    axes.imshow(picture, extent=(box[0], box[2], box[1], box[3]), interpolation="nearest")
    axes.set_title(title, fontsize=11)
    axes.set_xticks([])
    axes.set_yticks([])


def _draw_borders(axes: Axes, geometry: NDArray[np.object_]) -> None:
    rings = shapely.get_rings(geometry)
    axes.add_collection(
        LineCollection([shapely.get_coordinates(r) for r in rings], colors="#303030", linewidths=0.35)
    )


def panel_image(axes: Axes, sources: Sources, box: Box, size_px: tuple[int, int]) -> None:
    """The photograph."""
    _show(axes, read_image(sources.image, box, size_px), box, "Orthophotographie")


def _coded_panel(layer: str, path_of: Callable[[Sources], Path], column: str, title: str) -> Panel:
    def panel(axes: Axes, sources: Sources, box: Box, size_px: tuple[int, int]) -> None:
        features = read_features(path_of(sources), layer or sources.truth_layer, box)
        colours = code_colours(features.columns[column], sources.nomenclature)
        _show(axes, paint(features.geometry, colours, box, size_px), box, title)
        _draw_borders(axes, features.geometry)
        axes.set_xlim(box[0], box[2])
        axes.set_ylim(box[1], box[3])

    return panel


panel_truth = _coded_panel("", lambda s: s.truth, "code_cs", "Vérité : couverture")
panel_cover = _coded_panel("occupation_sol", lambda s: s.lot, "code_cs", "Résultat : couverture")
panel_use = _coded_panel("occupation_sol", lambda s: s.lot, "code_us", "Résultat : usage")


def panel_confidence(axes: Axes, sources: Sources, box: Box, size_px: tuple[int, int]) -> None:
    """How sure the result is, polygon by polygon."""
    features = read_features(sources.lot, "occupation_sol", box)
    confidence = features.columns["confidence"].astype(np.float64)
    _show(axes, paint(features.geometry, confidence_colours(confidence), box, size_px), box, "Confiance")
    _draw_borders(axes, features.geometry)
    axes.set_xlim(box[0], box[2])
    axes.set_ylim(box[1], box[3])


def panel_queue(axes: Axes, sources: Sources, box: Box, size_px: tuple[int, int]) -> None:
    """Where the photo-interpreter is sent first."""
    grey = read_image(sources.image, box, size_px).mean(axis=2)
    _show(axes, np.repeat((grey * 0.5 + 127)[:, :, None], 3, axis=2).astype(np.uint8), box, "File de reprise")
    queue = read_features(sources.lot, "review_item")
    xy = shapely.get_coordinates(queue.geometry)
    rank = queue.columns["rank"].astype(np.float64)
    first = rank <= max(1.0, rank.max(initial=1) * QUEUE_SHARE)
    axes.scatter(*xy[~first].T, s=6, c="#3060C0", linewidths=0, label="à reprendre")
    axes.scatter(*xy[first].T, s=16, c="#D00000", linewidths=0, label="10 % à voir en premier")
    axes.set_xlim(box[0], box[2])
    axes.set_ylim(box[1], box[3])


PANELS: dict[str, Panel] = {
    "image": panel_image,
    "truth_cs": panel_truth,
    "result_cs": panel_cover,
    "result_us": panel_use,
    "confidence": panel_confidence,
    "queue": panel_queue,
}


def _code_legend(sources: Sources, column: str) -> list[Patch]:
    used = set(read_features(sources.lot, "occupation_sol").columns[column])
    if column == "code_cs":
        used |= set(read_features(sources.truth, sources.truth_layer).columns[column])
    leaves = sources.nomenclature.leaves("cs" if column == "code_cs" else "us")
    return [
        Patch(
            facecolor=code.colour,
            edgecolor="#404040",
            linewidth=0.4,
            label=f"{code.code}  {_short(code.label('fr'))}",
        )
        for code in leaves
        if code.code in used
    ]


def _short(label: str, longest: int = 36) -> str:
    return label if len(label) <= longest else label[: longest - 1].rstrip() + "…"


def draw_sheet(sources: Sources, box: Box, target: Path, title: str) -> None:
    """All panels with one legend, fit for a README."""
    width, height = box[2] - box[0], box[3] - box[1]
    size_px = (SHEET_PX, round(SHEET_PX * height / width))
    panel_in = 5.0 * height / width + 0.3
    figure = Figure(figsize=(15, 2 * panel_in + 0.5 + LEGEND_IN), dpi=SHEET_DPI)
    upper, lower = figure.subfigures(2, 1, height_ratios=(2 * panel_in + 0.5, LEGEND_IN))
    upper.suptitle(title, fontsize=14)
    grid = upper.subplots(2, 3, gridspec_kw=SHEET_MARGINS)
    for axes, panel in zip(grid.flat, PANELS.values(), strict=True):
        panel(axes, sources, box, size_px)
    _draw_legends(lower, sources)
    figure.savefig(target)


def _draw_legends(figure: SubFigure, sources: Sources) -> None:
    ramp = matplotlib.colormaps[CONFIDENCE_MAP]
    signs = [
        *(Patch(facecolor=ramp(v), label=f"confiance {v:.1f}".replace(".", ",")) for v in (0.2, 0.5, 0.8)),
        Patch(facecolor="#D00000", label="10 % à voir en premier"),
        Patch(facecolor="#3060C0", label="à reprendre"),
    ]
    blocks = (
        (0.01, _code_legend(sources, "code_cs"), "Couverture du sol"),
        (0.46, _code_legend(sources, "code_us"), "Usage du sol"),
        (0.88, signs, "Confiance et reprise"),
    )
    for left, handles, title in blocks:
        figure.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(left, 1.0),
            ncols=1 + (len(handles) > LEGEND_ROWS),
            title=title,
            fontsize=8,
            title_fontsize=9,
            frameon=False,
            alignment="left",
            borderaxespad=0,
            columnspacing=1.0,
        )


def draw_pictures(sources: Sources, box: Box, folder: Path) -> list[Path]:
    """One file per panel."""
    targets = []
    for name, panel in PANELS.items():
        figure = Figure(figsize=(CROP_PX[0] / 100, CROP_PX[1] / 100), dpi=100)
        axes = figure.add_axes((0, 0, 1, 0.96))
        panel(axes, sources, box, CROP_PX)
        targets.append(folder / f"{name}.png")
        figure.savefig(targets[-1])
    return targets
