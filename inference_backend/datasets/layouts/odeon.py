# SPDX-License-Identifier: GPL-2.0-or-later
"""ODEON: `SPLIT/img` and `SPLIT/msk`, masks of one 0/1 band per class, CSV of pairs and of sampled centres.

A pixel without label is 0 in every band.

Source: IGNF/odeon, generation of patches and its documentation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference_backend.datasets.campaign import DatasetClass
from inference_backend.datasets.layout import LayoutContext, write_csv
from inference_backend.datasets.layouts.flair import height_band
from inference_backend.datasets.raster_files import write_geotiff
from inference_backend.datasets.samples import Sample


class OdeonLayout:
    """Images keep the campaign's bands, height behind them."""

    def __init__(self, context: LayoutContext) -> None:
        self._context = context
        self._pairs: dict[str, list[tuple[str, str]]] = {}
        self._centres: dict[str, list[tuple[str, str]]] = {}

    def add(self, sample: Sample) -> dict[str, str]:
        """Write image and mask, named by the patch's centre."""
        xmin, ymin, xmax, ymax = sample.grid.bounds
        x, y = (f"{centre:.4f}" for centre in ((xmin + xmax) / 2, (ymin + ymax) / 2))
        name = f"{x.replace('.', '-')}_{y.replace('.', '-')}_{sample.number - 1}.tif"
        image, mask = f"{sample.split}/img/{name}", f"{sample.split}/msk/{name}"
        folder, classes = self._context.folder, self._context.plan.classes
        names = [channel.name for channel in sample.channels]
        pixels = sample.image
        if sample.height is not None:
            pixels = np.concatenate([pixels, height_band(sample.height, pixels.dtype)[np.newaxis]])
            names.append("height")
        write_geotiff(folder / image, pixels, sample.grid, names=names)
        bands = class_bands(sample.mask, classes)
        write_geotiff(folder / mask, bands, sample.grid, names=[entry.name for entry in classes])
        self._pairs.setdefault(sample.split, []).append((image, mask))
        self._centres.setdefault(sample.split, []).append((x, y))
        return {"image": image, "mask": mask}

    def finish(self) -> None:
        """Write the lists: `img,msk` for training and `x;y` for sampling, both without header."""
        for split, pairs in self._pairs.items():
            write_csv(self._context.folder / f"{split}.csv", pairs)
            write_csv(self._context.folder / "sampling" / f"{split}.csv", self._centres[split], ";")


def class_bands(mask: NDArray[np.uint8], classes: tuple[DatasetClass, ...]) -> NDArray[np.uint8]:
    """(C, H, W) uint8, 1 where a pixel is of a class."""
    values = np.array([entry.value for entry in classes], dtype=np.uint8)
    return np.asarray(mask[np.newaxis] == values[:, np.newaxis, np.newaxis], dtype=np.uint8)
