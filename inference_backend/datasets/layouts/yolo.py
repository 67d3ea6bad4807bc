# SPDX-License-Identifier: GPL-2.0-or-later
"""YOLO segmentation: `images/SPLIT/ID.png`, `labels/SPLIT/ID.txt`, `data.yaml`."""

from __future__ import annotations

import json

import numpy as np

from inference_backend.datasets.errors import DatasetError
from inference_backend.datasets.layout import LayoutContext
from inference_backend.datasets.raster_files import as_picture, write_png
from inference_backend.datasets.samples import Sample
from inference_backend.datasets.yolo_objects import outlines_of, paint, read_line, write_line


class YoloLayout:
    """Classes are counted from 0 in the order of the data set's classes."""

    def __init__(self, context: LayoutContext) -> None:
        self._context = context
        self._index = {entry.value: index for index, entry in enumerate(context.plan.classes)}
        self._splits: set[str] = set()

    def add(self, sample: Sample) -> dict[str, str]:
        """Write the picture and its outlines.

        Raises:
            DatasetError: the outlines do not give the mask back.
        """
        folder, shape = self._context.folder, sample.mask.shape
        image, labels = (
            f"images/{sample.split}/{sample.name}.png",
            f"labels/{sample.split}/{sample.name}.txt",
        )
        write_png(folder / image, as_picture(sample.image))
        outlines = outlines_of(sample.mask, self._context.plan.unlabelled)
        lines = [write_line(self._index[o.value], o.points, (shape[0], shape[1])) for o in outlines]
        self._check(sample, lines)
        (folder / labels).parent.mkdir(parents=True, exist_ok=True)
        (folder / labels).write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
        self._splits.add(sample.split)
        return {"image": image, "mask": labels}

    def _check(self, sample: Sample, lines: list[str]) -> None:
        shape = (sample.mask.shape[0], sample.mask.shape[1])
        values = [entry.value for entry in self._context.plan.classes]
        read = [(values[index], points) for index, points in (read_line(line, shape) for line in lines)]
        if not np.array_equal(paint(read, shape, self._context.plan.unlabelled), sample.mask):
            raise DatasetError(
                path=sample.patch.label_path,
                problem_en="outlines do not give this patch back to the pixel",
                problem_fr="les contours ne redonnent pas cette dalle au pixel près",
                remedy_en="Report it with this file, and export as COCO meanwhile.",
                remedy_fr="Signalez-le avec ce fichier, et exportez en COCO en attendant.",
            )

    def finish(self) -> None:
        """Write `data.yaml`; without split, training and validation are the same patches."""
        places = {split: f"images/{split}" for split in sorted(self._splits)}
        first = next(iter(places.values()))
        train = places.get("train", first)
        lines = ["path: .", f"train: {train}", f"val: {places.get('val', train)}"]
        lines += [f"test: {places['test']}"] if "test" in places else []
        lines += ["names:"]
        lines += [
            f"  {index}: {json.dumps(entry.name, ensure_ascii=False)}"
            for index, entry in enumerate(self._context.plan.classes)
        ]
        (self._context.folder / "data.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
