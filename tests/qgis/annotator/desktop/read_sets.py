# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads data sets with the readers of their formats, and counts the pixels that are not as painted.

    .venv/bin/python -m tests.qgis.annotator.desktop.read_sets FOLDER PATCH_ID

FOLDER has `sets/<format>/` and `<patch>.npy`, the labels as they were handed in. The classes are the
campaign's own. Uses rasterio, Pillow, pycocotools, pystac and scikit-image, none of the project's code.
"""

from __future__ import annotations

import contextlib
import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pystac
import rasterio
from numpy.typing import NDArray
from PIL import Image
from pycocotools.coco import COCO
from skimage.draw import polygon, polygon_perimeter

Mask = NDArray[np.uint8]
UNLABELLED = 255


def first_row(path: Path, *, skip: int = 0) -> list[str]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))[skip]


def pixels(path: str | Path) -> NDArray[np.uint8]:
    with rasterio.open(path) as raster:
        return raster.read()


def from_flair(folder: Path, side: int) -> Mask:
    return pixels(folder / first_row(folder / "flair-1-paths-unsplit.csv")[1])[0]


def from_flair_hub(folder: Path, side: int) -> Mask:
    (table,) = (folder / "csv").glob("*_ALL.csv")
    return pixels(folder / "csv" / first_row(table, skip=1)[1])[0]


def from_odeon(folder: Path, side: int) -> Mask:
    bands = pixels(folder / first_row(folder / "unsplit.csv")[1])
    return np.where(bands.any(0), bands.argmax(0), UNLABELLED).astype(np.uint8)


def from_png(folder: Path, side: int) -> Mask:
    with Image.open(folder / first_row(folder / "unsplit.csv")[1]) as picture:
        return np.asarray(picture)


def from_coco(folder: Path, side: int) -> Mask:
    with contextlib.redirect_stdout(sys.stderr):
        coco = COCO(str(folder / "annotations" / "instances_unsplit.json"))
    mask = np.full((side, side), UNLABELLED, dtype=np.uint8)
    for found in coco.loadAnns(coco.getAnnIds()):
        mask[coco.annToMask(found).astype(bool)] = found["category_id"] - 1
    return mask


def from_yolo(folder: Path, side: int) -> Mask:
    """From the largest outline to the smallest, as YOLO's readers fill them."""
    (path,) = folder.glob("labels/*/*.txt")
    shapes = []
    for line in path.read_text().splitlines():
        words = line.split()
        x, y = (np.array(words[start::2], dtype=float) * side // 1 for start in (1, 2))
        inside = np.zeros((side, side), dtype=bool)
        inside[polygon(y, x, inside.shape)] = True
        inside[polygon_perimeter(y.astype(int), x.astype(int), inside.shape)] = True
        shapes.append((inside.sum(), int(words[0]), inside))
    mask = np.full((side, side), UNLABELLED, dtype=np.uint8)
    for _, value, inside in sorted(shapes, key=lambda shape: -shape[0]):
        mask[inside] = value
    return mask


def from_stac(folder: Path, side: int) -> Mask:
    catalogue = pystac.Catalog.from_file(str(folder / "catalog.json"))
    (item,) = (one for one in catalogue.get_items(recursive=True) if "labels" in one.assets)
    return pixels(item.assets["labels"].get_absolute_href())[0]


READERS: dict[str, Callable[[Path, int], Mask]] = {
    "flair": from_flair,
    "flair-hub": from_flair_hub,
    "odeon": from_odeon,
    "stac": from_stac,
    "coco": from_coco,
    "yolo": from_yolo,
    "png": from_png,
}


def main(out: Path, patch: str) -> int:
    """Print the number of differing pixels by format, as JSON."""
    painted = np.load(out / f"{patch}.npy")
    names = [path.name for path in sorted((out / "sets").iterdir())]
    found = {name: READERS[name](out / "sets" / name, len(painted)) for name in names}
    differing = {name: int((mask != painted).sum()) for name, mask in found.items()}
    sys.stdout.write(json.dumps(differing) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), sys.argv[2]))
