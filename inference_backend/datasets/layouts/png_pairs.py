# SPDX-License-Identifier: GPL-2.0-or-later
"""Pairs of PNG: `SPLIT/images/ID.png` and `SPLIT/masks/ID.png`, whose pixels are the class values."""

from __future__ import annotations

import numpy as np

from inference_backend.datasets.layout import LayoutContext, write_csv, write_json
from inference_backend.datasets.raster_files import as_picture, write_png
from inference_backend.datasets.samples import Sample


class PngLayout:
    """Masks have a palette, so that they are readable by eye; their pixels are indices into it."""

    def __init__(self, context: LayoutContext) -> None:
        self._context = context
        self._pairs: dict[str, list[tuple[str, str]]] = {}

    def add(self, sample: Sample) -> dict[str, str]:
        """Write image and mask."""
        image, mask = f"{sample.split}/images/{sample.name}.png", f"{sample.split}/masks/{sample.name}.png"
        write_png(self._context.folder / image, as_picture(sample.image))
        write_png(self._context.folder / mask, sample.mask[np.newaxis], self._context.plan.classes)
        self._pairs.setdefault(sample.split, []).append((image, mask))
        return {"image": image, "mask": mask}

    def finish(self) -> None:
        """Write the lists and the classes."""
        for split, pairs in self._pairs.items():
            write_csv(self._context.folder / f"{split}.csv", pairs)
        plan = self._context.plan
        classes = [{"value": c.value, "name": c.name, "colour": c.colour} for c in plan.classes]
        content = {"classes": classes, "unlabelled": plan.unlabelled}
        write_json(self._context.folder / "classes.json", content)
