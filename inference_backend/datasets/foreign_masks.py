# SPDX-License-Identifier: GPL-2.0-or-later
"""Masks of others, patch by patch: rasters on the ground, pictures by name, COCO and YOLO.

Each source gives the values of its masks on the pixels of a patch, and what it knows of their names.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import rasterio
import rasterio.features
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.vrt import WarpedVRT

from inference_backend.contracts.campaign import UNLABELLED
from inference_backend.contracts.prediction import TAG_CLASSES, decode_classes
from inference_backend.datasets.channels import window_on_grid
from inference_backend.datasets.errors import DatasetError
from inference_backend.datasets.foreign_names import Names
from inference_backend.datasets.rle import decode_text, fill_runs
from inference_backend.datasets.yolo_objects import paint, read_line
from inference_backend.grid import Grid

RASTERS = (".tif", ".tiff", ".vrt")
PICTURES = (".png", ".bmp")
PREFIXES = ("MSK_", "IMG_", "PRED_")
"""What data sets put before a patch's name."""


class ForeignMasks(Protocol):
    """Somebody's masks.

    Attributes:
        path: where they are.
        names: of their values, as far as they say.
        unlabelled: value that is no class.
    """

    path: Path
    names: Names
    unlabelled: int

    def read(self, patch_id: str, grid: Grid) -> NDArray[np.uint8] | None:
        """(H, W) values on a patch's pixels; None where these masks do not have the patch.

        Raises:
            DatasetError: damaged, or of another size.
        """


@dataclass
class RasterMasks:
    """Rasters of values, or of one 0/1 band per class, found by where they lie, pictures by name."""

    path: Path
    files: Sequence[Path]
    names: Names
    unlabelled: int = UNLABELLED

    @classmethod
    def open(cls, path: Path, files: Sequence[Path]) -> RasterMasks:
        """Look at the first file for names of the values."""
        masks = cls(path, files, {})
        with _open(files[0]) as raster:
            tag = raster.tags().get(TAG_CLASSES)
            if raster.count > 1:
                masks.names = {
                    index: text or f"band {index + 1}" for index, text in enumerate(raster.descriptions)
                }
            elif tag:
                masks.names = {entry.index: entry.name for entry in decode_classes(tag)}
            if raster.count == 1 and raster.nodata is not None:
                masks.unlabelled = int(raster.nodata)
        described = next((p for p in (path / "classes.json", path / "../classes.json") if p.is_file()), None)
        if described is not None and not masks.names:
            content = json.loads(described.read_text(encoding="utf-8"))
            masks.names = {int(row["value"]): str(row["name"]) for row in content["classes"]}
            masks.unlabelled = int(content.get("unlabelled", masks.unlabelled))
        return masks

    def read(self, patch_id: str, grid: Grid) -> NDArray[np.uint8] | None:
        """See `ForeignMasks`."""
        named = [file for file in self.files if is_of_patch(file.stem, patch_id)]
        found = None
        for file in named or self.files:
            values = self.read_file(file, grid, by_name=bool(named))
            if values is None:
                continue
            found = values if found is None else np.where(found == self.unlabelled, values, found)
        return found

    def read_file(self, file: Path, grid: Grid, *, by_name: bool) -> NDArray[np.uint8] | None:
        """Values of one file; None where it does not reach the patch.

        Args:
            file: raster or picture.
            grid: of the patch.
            by_name: whether the file is the patch's by its name, and needs no georeference.

        Raises:
            DatasetError: damaged, or a picture of another size.
        """
        with _open(file) as raster:
            if raster.crs is None:
                if not by_name:
                    return None
                if (raster.height, raster.width) != grid.shape:
                    raise _wrong_size(file, raster.shape, grid.shape)
                return self._values(file, raster.read())
            window = window_on_grid(raster, grid)
            if window is not None:
                return self._values(file, raster.read(window=window))
            if not _reaches(raster, grid):
                return None
            with WarpedVRT(
                raster,
                crs=grid.crs,
                transform=grid.transform,
                height=grid.height_px,
                width=grid.width_px,
                resampling=Resampling.nearest,
                add_alpha=True,
            ) as warped:
                bands = warped.read()
        values = self._values(file, bands[:-1])
        values[bands[-1] == 0] = self.unlabelled
        return values if (bands[-1] != 0).any() else None

    def _values(self, file: Path, bands: NDArray[Any]) -> NDArray[np.uint8]:
        if len(bands) == 1:
            if bands.min() < 0 or bands.max() > UNLABELLED or not np.array_equal(bands, np.rint(bands)):
                raise _damaged(file, "values are not whole numbers in 0..255", "valeurs hors de 0..255")
            return np.asarray(bands[0], dtype=np.uint8)
        if len(bands) >= UNLABELLED or not np.isin(bands, (0, 1, UNLABELLED)).all():
            raise _damaged(file, "its bands are not of 0 and 1", "ses bandes ne sont pas en 0 et 1")
        values: NDArray[np.uint8] = bands.argmax(axis=0).astype(np.uint8)
        values[~bands.any(axis=0)] = self.unlabelled
        return values


@dataclass
class CocoMasks:
    """Objects of COCO: run lengths and polygons; the smaller is painted over the larger."""

    path: Path
    names: Names
    objects: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]]
    unlabelled: int = UNLABELLED

    @classmethod
    def open(cls, files: Sequence[Path]) -> CocoMasks:
        """Read annotations; categories of the same name become one class.

        Raises:
            DatasetError: not COCO.
        """
        names: dict[str, int] = {}
        objects: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {}
        for file in files:
            try:
                content = json.loads(file.read_text(encoding="utf-8"))
                values = {
                    row["id"]: names.setdefault(row["name"], len(names)) for row in content["categories"]
                }
                images: dict[int, tuple[dict[str, Any], list[dict[str, Any]]]] = {
                    row["id"]: (row, []) for row in content["images"]
                }
                for row in content["annotations"]:
                    images[row["image_id"]][1].append({**row, "value": values[row["category_id"]]})
                objects.update({Path(row["file_name"]).stem: (row, rows) for row, rows in images.values()})
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise _damaged(file, f"not COCO ({error!r})", f"ce n'est pas du COCO ({error!r})") from error
        return cls(files[0], {value: name for name, value in names.items()}, objects)

    def read(self, patch_id: str, grid: Grid) -> NDArray[np.uint8] | None:
        """See `ForeignMasks`."""
        stem = next((stem for stem in self.objects if is_of_patch(stem, patch_id)), None)
        if stem is None:
            return None
        image, objects = self.objects[stem]
        shape = (int(image["height"]), int(image["width"]))
        if shape != grid.shape:
            raise _wrong_size(self.path, shape, grid.shape)
        try:
            painted = [(row["value"], _inside(row["segmentation"], shape)) for row in objects]
        except (ValueError, KeyError, TypeError) as error:
            raise _damaged(self.path, f"objects of {stem}: {error}", f"objets de {stem} : {error}") from error
        mask = np.full(shape, self.unlabelled, dtype=np.uint8)
        for value, inside in sorted(painted, key=lambda item: -int(item[1].sum())):
            mask[inside] = value
        return mask


def _inside(segmentation: Any, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """(H, W), whether each pixel is in an object; of polygons, those whose centre is."""
    if isinstance(segmentation, dict):
        counts = segmentation["counts"]
        return fill_runs(decode_text(counts) if isinstance(counts, str) else counts, shape)
    rings = [np.asarray(ring, dtype=float).reshape(-1, 2) for ring in segmentation]
    shapes = [{"type": "Polygon", "coordinates": [[*ring.tolist(), ring[0].tolist()]]} for ring in rings]
    if not shapes:
        return np.zeros(shape, dtype=np.bool_)
    filled = rasterio.features.rasterize(shapes, out_shape=shape, dtype="uint8")
    return np.asarray(filled > 0)


@dataclass
class YoloMasks:
    """Outlines of YOLO, one text file per image."""

    path: Path
    names: Names
    files: Sequence[Path]
    unlabelled: int = UNLABELLED

    @classmethod
    def open(cls, folder: Path, files: Sequence[Path]) -> YoloMasks:
        """Read the names of `data.yaml`: a list, or lines `0: name`."""
        text = (folder / "data.yaml").read_text(encoding="utf-8")
        return cls(folder, _yaml_names(text), files)

    def read(self, patch_id: str, grid: Grid) -> NDArray[np.uint8] | None:
        """See `ForeignMasks`."""
        file = next((file for file in self.files if is_of_patch(file.stem, patch_id)), None)
        if file is None:
            return None
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        try:
            outlines = [read_line(line, grid.shape) for line in lines]
        except ValueError as error:
            raise _damaged(file, f"not outlines ({error})", f"pas des contours ({error})") from error
        return paint(outlines, grid.shape, self.unlabelled)


def _yaml_names(text: str) -> Names:
    body = text.partition("names:")[2]
    listed = re.match(r"\s*\[(.*?)\]", body, re.DOTALL)
    if listed:
        entries = [entry.strip().strip("'\"") for entry in listed[1].split(",")]
        return dict(enumerate(entries))
    rows = re.findall(r"^\s+(\d+)\s*:\s*(.+?)\s*$", body, re.MULTILINE)
    if rows:
        return {int(index): name.strip("'\"") for index, name in rows}
    return {
        index: name.strip("'\"")
        for index, name in enumerate(re.findall(r"^\s*-\s+(.+?)\s*$", body, re.MULTILINE))
    }


def is_of_patch(stem: str, patch_id: str) -> bool:
    """Whether a file's name is that of a patch, prefixes and the endings of masks left out."""
    bare = stem
    for prefix in PREFIXES:
        bare = bare.removeprefix(prefix)
    bare = re.sub(r"[-_](mask|masks|label|labels|msk)$", "", bare, flags=re.IGNORECASE)
    return patch_id in (stem, bare)


def _open(file: Path) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            return rasterio.open(file)
    except RasterioError as error:
        raise _damaged(file, f"cannot be read ({error})", f"lecture impossible ({error})") from error


def _reaches(raster: Any, grid: Grid) -> bool:
    """Whether a raster may cover a part of a patch; those of another CRS are read to know."""
    if raster.crs != grid.crs:
        return True
    left, bottom, right, top = raster.bounds
    xmin, ymin, xmax, ymax = grid.bounds
    return bool(left < xmax and right > xmin and bottom < ymax and top > ymin)


def _wrong_size(file: Path, found: tuple[int, int], wanted: tuple[int, int]) -> DatasetError:
    sizes = f"{found[1]} x {found[0]}", f"{wanted[1]} x {wanted[0]}"
    return _damaged(
        file, f"is {sizes[0]} px, the patch {sizes[1]}", f"fait {sizes[0]} px, la dalle {sizes[1]}"
    )


def _damaged(file: Path, en: str, fr: str) -> DatasetError:
    return DatasetError(
        path=file,
        problem_en=f"this mask cannot be used: {en}",
        problem_fr=f"ce masque est inutilisable : {fr}",
        remedy_en="Correct it or take it out of the folder; nothing was imported.",
        remedy_fr="Corrigez-le ou retirez-le du dossier ; rien n'a été importé.",
    )
