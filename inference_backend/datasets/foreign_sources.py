# SPDX-License-Identifier: GPL-2.0-or-later
"""Finds out what somebody's masks are: which format, which files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inference_backend.datasets.errors import DatasetError
from inference_backend.datasets.foreign_masks import (
    PICTURES,
    RASTERS,
    CocoMasks,
    ForeignMasks,
    RasterMasks,
    YoloMasks,
)
from inference_backend.datasets.foreign_names import Names
from inference_backend.datasets.manifest import FILE_NAME, Manifest, read_manifest
from inference_backend.grid import Grid


def find_masks(source: Path) -> ForeignMasks:
    """Masks of a file or folder.

    Raises:
        DatasetError: nothing there that we read.
    """
    folder = source.parent if source.name == FILE_NAME else source
    if folder.is_dir():
        manifest = read_manifest(folder)
        if manifest is not None:
            return OwnMasks(folder, manifest)
        return _in_folder(folder)
    if source.suffix.lower() == ".json" and source.is_file():
        return CocoMasks.open([source])
    if source.is_file():
        return RasterMasks.open(source, [source])
    raise _nothing(source)


def _in_folder(folder: Path) -> ForeignMasks:
    if (folder / "data.yaml").is_file():
        return YoloMasks.open(folder, sorted(folder.glob("labels/**/*.txt")))
    annotations = sorted(folder.glob("annotations/instances_*.json")) or sorted(
        folder.glob("instances_*.json")
    )
    if annotations:
        return CocoMasks.open(annotations)
    files = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in (*RASTERS, *PICTURES)]
    masks = _only_masks(folder, files)
    if not masks:
        raise _nothing(folder)
    return RasterMasks.open(folder, masks)


def _only_masks(folder: Path, files: Sequence[Path]) -> list[Path]:
    """Files in folders of masks, where there are such folders; else all."""
    marked = [
        file
        for file in files
        if any(
            part.casefold() in ("msk", "mask", "masks", "labels") or "LABEL" in part
            for part in file.relative_to(folder).parts[:-1]
        )
    ]
    named = [file for file in files if file.stem.casefold() in ("mask", "masks", "label", "labels")]
    return marked or named or list(files)


class OwnMasks:
    """A data set of ours, read back exactly by what it says of itself.

    Args:
        folder: the data set.
        manifest: its description.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.path = folder
        self._entries = {entry.patch_id: entry for entry in manifest.entries}
        self._masks = _by_format(folder, manifest)
        self.unlabelled = self._masks.unlabelled
        self.names = self._names(manifest)

    def _names(self, manifest: Manifest) -> Names:
        painted = manifest.painted_names()
        values = [entry.value for entry in manifest.classes]
        if manifest.format in ("yolo", "odeon"):  # classes are counted, in the order of the table
            return {index: painted.get(value) for index, value in enumerate(values)}
        if manifest.format == "coco":
            by_name = {entry.name: painted.get(entry.value) for entry in manifest.classes}
            return {value: by_name.get(name or "") for value, name in self._masks.names.items()}
        return painted

    def read(self, patch_id: str, grid: Grid) -> NDArray[np.uint8] | None:
        """See `ForeignMasks`."""
        entry = self._entries.get(patch_id)
        if entry is None:
            return None
        if isinstance(self._masks, RasterMasks):
            return self._masks.read_file(self.path / entry.mask, grid, by_name=True)
        return self._masks.read(patch_id, grid)


def _by_format(folder: Path, manifest: Manifest) -> ForeignMasks:
    if manifest.format == "yolo":
        return YoloMasks.open(folder, sorted(folder.glob("labels/**/*.txt")))
    if manifest.format == "coco":
        return CocoMasks.open(sorted(folder.glob("annotations/instances_*.json")))
    unlabelled = 255 if manifest.format == "odeon" else manifest.unlabelled
    return RasterMasks(folder, [], {}, unlabelled)


def _nothing(source: Path) -> DatasetError:
    return DatasetError(
        path=source,
        problem_en="no mask that can be read: rasters, PNG, COCO or YOLO",
        problem_fr="aucun masque lisible : rasters, PNG, COCO ou YOLO",
        remedy_en="Give the folder or file that holds them.",
        remedy_fr="Donnez le dossier ou le fichier qui les contient.",
    )
