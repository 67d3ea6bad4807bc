# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot on a disk that fills up at any moment of its writing: a clear error, and no file."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess

import numpy as np
import pytest
import shapely
from rasterio.crs import CRS
from rasterio.transform import from_origin

from inference_backend.errors import OutputError
from inference_backend.grid import Grid
from inference_backend.postprocess.lot import lot_writer
from inference_backend.postprocess.lot.lot_writer import write_lot
from inference_backend.postprocess.review.review_queue import build_queue
from inference_backend.postprocess.types import LandCover

COUNT = 3000
SHARES = [0.05, 0.3, 0.6, 0.9, 0.98]


@pytest.fixture(scope="module")
def cover():
    boxes = [shapely.box(50 * i, 0, 50 * (i + 1), 50) for i in range(COUNT)]
    columns = {
        "id": np.array([f"OCSGE{i:010d}" for i in range(COUNT)], dtype=object),
        "code_cs": np.full(COUNT, "CS2.2.1", dtype=object),
        "code_us": np.full(COUNT, "US1.1", dtype=object),
        "confidence": np.linspace(0, 1, COUNT),
    }
    grid = Grid(10, 10, from_origin(0, 10, 1, 1), CRS.from_epsg(2154))
    return LandCover(np.array(boxes, dtype=object), columns, grid)


@pytest.fixture(scope="module")
def queue(cover, profile):
    return build_queue(cover, profile)


@pytest.fixture(scope="module")
def whole_bytes(cover, queue, tmp_path_factory):
    path = tmp_path_factory.mktemp("whole") / "lot.gpkg"
    write_lot(path, cover, np.zeros(0, dtype=object), queue, {})
    return path.stat().st_size


def fails(path, cover, queue):
    with pytest.raises(OutputError) as caught:
        write_lot(path, cover, np.zeros(0, dtype=object), queue, {})
    assert str(path) in caught.value.text("fr")
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("share", SHARES)
def test_file_that_may_not_grow_further(tmp_path, cover, queue, whole_bytes, share):
    folder = tmp_path / "out"
    folder.mkdir()
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(whole_bytes * share), kept[1]))
    try:
        fails(folder / "lot.gpkg", cover, queue)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)


@pytest.mark.parametrize("share", SHARES)
def test_disk_that_is_full(tmp_path, cover, queue, whole_bytes, share):
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() != 0 or mount is None:
        pytest.skip("mounting a small disk needs root")
    options = ["-t", "tmpfs", "-o", f"size={int(whole_bytes * share) // 1024}k", "tmpfs", str(folder)]
    if subprocess.run([mount, *options], check=False, capture_output=True).returncode:
        pytest.skip("this system does not let root mount a tmpfs")
    try:
        fails(folder / "lot.gpkg", cover, queue)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_rows_that_were_lost_without_an_error_are_noticed(tmp_path, cover, queue, monkeypatch):
    """As where GDAL only logs what the disk refused."""
    write_spatial = lot_writer.write_spatial

    def lose_the_last(path, table, geometry, columns, *others):
        kept = {name: values[:-1] for name, values in columns.items()}
        write_spatial(path, table, geometry[:-1], kept, *others)

    monkeypatch.setattr(lot_writer, "write_spatial", lose_the_last)
    folder = tmp_path / "out"
    folder.mkdir()
    fails(folder / "lot.gpkg", cover, queue)
