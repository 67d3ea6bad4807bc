# SPDX-License-Identifier: GPL-2.0-or-later
"""FLAIR-1: `DOMAIN/ZONE/img/IMG_000001.tif`, `.../msk/MSK_000001.tif`, and one CSV of pairs per split.

Source: IGNF/FLAIR-1, lists of paths and metadata of the toy data set.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference_backend.datasets.layout import LayoutContext, without_underscore, write_csv, write_json
from inference_backend.datasets.raster_files import write_geotiff
from inference_backend.datasets.samples import Sample

HEIGHT_STEP_M = 0.2
"""Height above ground of one unit of the fifth band, m."""


class FlairLayout:
    """Bands: red, green, blue, infrared, height above ground; those that the campaign has."""

    def __init__(self, context: LayoutContext) -> None:
        self._context = context
        self._domain = without_underscore(context.domain, "D000-0000").replace("-", "_")
        self._zone = f"Z1_{without_underscore(context.campaign.name, 'campaign')}"
        self._pairs: dict[str, list[tuple[str, str]]] = {}
        self._metadata: dict[str, dict[str, Any]] = {}

    def add(self, sample: Sample) -> dict[str, str]:
        """Write image and mask."""
        place = f"{self._domain}/{self._zone}"
        image, mask = (
            f"{place}/img/IMG_{sample.number:06d}.tif",
            f"{place}/msk/MSK_{sample.number:06d}.tif",
        )
        folder, plan = self._context.folder, self._context.plan
        names = [channel.name for channel in sample.channels]
        pixels = sample.image
        if sample.height is not None:
            pixels = np.concatenate([pixels, height_band(sample.height, pixels.dtype)[np.newaxis]])
            names.append("height")
        write_geotiff(folder / image, pixels, sample.grid, names=names)
        write_geotiff(
            folder / mask,
            sample.mask[np.newaxis],
            sample.grid,
            classes=plan.classes,
            nodata=self._context.nodata,
        )
        self._pairs.setdefault(sample.split, []).append((image, mask))
        self._metadata[f"IMG_{sample.number:06d}"] = self._described(sample)
        return {"image": image, "mask": mask}

    def _described(self, sample: Sample) -> dict[str, Any]:
        xmin, ymin, xmax, ymax = sample.grid.bounds
        return {
            "domain": self._domain,
            "zone": self._zone,
            "patch_centroid_x": round((xmin + xmax) / 2, 3),
            "patch_centroid_y": round((ymin + ymax) / 2, 3),
            "patch_centroid_z": None,
            "date": self._context.acquired or None,
            "time": None,
            "camera": None,
            "patch_id": sample.name,
        }

    def finish(self) -> None:
        """Write the lists and the metadata."""
        for split, pairs in self._pairs.items():
            write_csv(self._context.folder / f"flair-1-paths-{split}.csv", pairs)
        write_json(self._context.folder / "flair-1_metadata_aerial.json", self._metadata)


def height_band(height: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """(H, W) height above ground in steps of `HEIGHT_STEP_M`, clipped to the type.

    Args:
        height: (1, H, W) above ground, or (2, H, W) surface and ground; m.
        dtype: of the other bands.
    """
    metres = np.nan_to_num(height.astype(np.float64))
    above = metres[0] - metres[1] if len(metres) > 1 else metres[0]
    top = np.iinfo(dtype).max if np.issubdtype(dtype, np.integer) else np.inf
    return np.asarray(np.clip(np.rint(above / HEIGHT_STEP_M), 0, top), dtype=dtype)
