# SPDX-License-Identifier: GPL-2.0-or-later
"""FLAIR-HUB: one folder per domain and modality, and one CSV per split with a column per modality.

`DOMAIN_MODALITY/ROI/DOMAIN_MODALITY_ROI_ROW-COL.tif`; its readers cut names at underscores.

Source: IGNF/FLAIR-HUB, lists of the toy data set and `flair_hub.data`.
"""

from __future__ import annotations

import numpy as np

from inference_backend.datasets.layout import LayoutContext, without_underscore, write_csv
from inference_backend.datasets.raster_files import write_geotiff
from inference_backend.datasets.samples import UNSPLIT, Sample

IMAGE = "AERIAL_RGBI"
MASK = "AERIAL_LABEL-COSIA"
ELEVATION = "DEM_ELEV"
SPLIT_NAMES = {"train": "TRAIN", "val": "VALID", "test": "TEST", UNSPLIT: "ALL"}


class FlairHubLayout:
    """Images of red, green, blue and infrared; elevations of surface and ground, m."""

    def __init__(self, context: LayoutContext) -> None:
        self._context = context
        self._domain = without_underscore(context.domain, "D000-0000")
        self._roi = without_underscore(context.campaign.name, "campaign")
        self._rows: dict[str, list[dict[str, str]]] = {}
        self._cells: set[str] = set()

    def add(self, sample: Sample) -> dict[str, str]:
        """Write the modalities that the campaign has."""
        cell = f"{sample.patch.row}-{sample.patch.col}"
        if cell in self._cells:  # patches drawn at random may have no cell of their own
            cell = f"{cell}-{sample.number}"
        self._cells.add(cell)
        paths = {name: self._path(name, cell) for name in (IMAGE, MASK)}
        folder, plan = self._context.folder, self._context.plan
        names = [channel.name for channel in sample.channels]
        write_geotiff(folder / paths[IMAGE], sample.image, sample.grid, names=names)
        write_geotiff(
            folder / paths[MASK],
            sample.mask[np.newaxis],
            sample.grid,
            classes=plan.classes,
            nodata=self._context.nodata,
        )
        if sample.height is not None:
            paths[ELEVATION] = self._path(ELEVATION, cell)
            write_geotiff(
                folder / paths[ELEVATION],
                _surface_and_ground(sample),
                sample.grid,
                names=("surface", "ground"),
            )
        row = {"patch_id": f"{self._domain}_{self._roi}_{cell}"}
        row.update({name: f"../{path}" for name, path in sorted(paths.items())})
        self._rows.setdefault(sample.split, []).append(row)
        return {"image": paths[IMAGE], "mask": paths[MASK]}

    def _path(self, modality: str, cell: str) -> str:
        folder = f"{self._domain}_{modality}"
        return f"{folder}/{self._roi}/{folder}_{self._roi}_{cell}.tif"

    def finish(self) -> None:
        """Write the lists, with paths from the folder of the lists."""
        name = without_underscore(self._context.campaign.name, "campaign").upper()
        for split, rows in self._rows.items():
            columns = list(rows[0])
            path = self._context.folder / "csv" / f"FLAIR-HUB_{name}_{SPLIT_NAMES.get(split, split)}.csv"
            write_csv(path, [columns, *([row[column] for column in columns] for row in rows)])


def _surface_and_ground(sample: Sample) -> np.ndarray[tuple[int, int, int], np.dtype[np.float32]]:
    """(2, H, W) float32; a height above ground alone is a surface on ground 0: the difference holds."""
    height = sample.height
    if height is None:
        raise ValueError("no height")
    surface = height[0].astype(np.float32)
    ground = height[1].astype(np.float32) if height.shape[0] > 1 else np.zeros_like(surface)
    return np.stack([surface, ground])
