# SPDX-License-Identifier: GPL-2.0-or-later
"""COCO: each connected area of one class as an object with run lengths, and the panoptic writing.

Run lengths hold areas with holes to the pixel; polygons would not. Category ids are values plus one, as ids
start at 1 by custom.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from inference_backend import __version__
from inference_backend.datasets.layout import LayoutContext, write_json
from inference_backend.datasets.raster_files import as_picture, write_png
from inference_backend.datasets.regions import find_regions
from inference_backend.datasets.rle import encode_text, region_runs
from inference_backend.datasets.samples import Sample


class CocoLayout:
    """`images/SPLIT/ID.png`, `annotations/instances_SPLIT.json`, `annotations/panoptic_SPLIT.json`."""

    def __init__(self, context: LayoutContext) -> None:
        self._context = context
        self._images: dict[str, list[dict[str, Any]]] = {}
        self._objects: dict[str, list[dict[str, Any]]] = {}
        self._panoptic: dict[str, list[dict[str, Any]]] = {}
        self._next_id = 1

    def add(self, sample: Sample) -> dict[str, str]:
        """Write the picture and collect its objects."""
        split, folder = sample.split, self._context.folder
        image = f"images/{split}/{sample.name}.png"
        write_png(folder / image, as_picture(sample.image))
        height, width = sample.mask.shape
        described = {
            "id": sample.number,
            "file_name": f"{sample.name}.png",
            "height": height,
            "width": width,
            "license": 0,
            "date_captured": self._context.acquired,
        }
        self._images.setdefault(split, []).append(described)
        segments = self._add_objects(sample)
        self._panoptic.setdefault(split, []).append(
            {"image_id": sample.number, "file_name": f"{sample.name}.png", "segments_info": segments}
        )
        return {"image": image, "mask": f"annotations/panoptic_{split}/{sample.name}.png"}

    def _add_objects(self, sample: Sample) -> list[dict[str, Any]]:
        """Append the objects of a sample; its segments."""
        regions = find_regions(sample.mask, self._context.plan.unlabelled)
        objects = self._objects.setdefault(sample.split, [])
        segments = []
        for position, counts in enumerate(region_runs(regions.index, len(regions))):
            common = {
                "category_id": int(regions.values[position]) + 1,
                "area": int(regions.areas[position]),
                "bbox": regions.boxes[position].tolist(),
                "iscrowd": 0,
            }
            run_lengths = {"size": list(sample.mask.shape), "counts": encode_text(counts)}
            objects.append(
                {"id": self._next_id, "image_id": sample.number, "segmentation": run_lengths, **common}
            )
            segments.append({"id": position + 1, **common})
            self._next_id += 1
        ids = np.stack([(regions.index >> shift & 0xFF).astype(np.uint8) for shift in (0, 8, 16)])
        write_png(
            self._context.folder / "annotations" / f"panoptic_{sample.split}" / f"{sample.name}.png", ids
        )
        return segments

    def finish(self) -> None:
        """Write the annotations of each split."""
        campaign = self._context.campaign
        head = {
            "info": {"description": campaign.name, "version": "1.0", "contributor": f"ocsge {__version__}"},
            "licenses": [{"id": 0, "name": "", "url": ""}],
        }
        categories = [
            {"id": c.value + 1, "name": c.name, "supercategory": "", "isthing": 1, "color": list(c.rgb)}
            for c in self._context.plan.classes
        ]
        folder = self._context.folder / "annotations"
        for split, images in self._images.items():
            content = {**head, "images": images, "categories": categories}
            for kind, found in (("instances", self._objects), ("panoptic", self._panoptic)):
                write_json(folder / f"{kind}_{split}.json", {**content, "annotations": found[split]}, None)
