# SPDX-License-Identifier: GPL-2.0-or-later
"""Arrays in files stand for themselves."""

import resource

import numpy as np
import pytest

from inference_backend.work.spooled_array import SpooledArray, spool


@pytest.mark.parametrize("shape", [(7,), (5, 2), (3, 4, 6)])
def test_a_spooled_array_gives_the_parts_of_the_array(tmp_path, shape):
    array = np.arange(np.prod(shape), dtype=np.uint16).reshape(shape)
    found = spool(array, tmp_path / "a.npy")
    assert isinstance(found, SpooledArray)
    assert (len(found), found.shape, found.dtype) == (len(array), array.shape, array.dtype)
    assert spool(found, tmp_path / "b.npy") is found
    np.testing.assert_array_equal(np.concatenate([found, array]), np.concatenate([array, array]))
    for key in (slice(1, 3), np.array([2, 0, 2]), np.zeros(0, np.int64), 1):
        part = found[key]
        assert type(part) is type(np.asarray(part))
        np.testing.assert_array_equal(part, array[key])


def test_nothing_needs_no_file(tmp_path):
    nothing = np.zeros((0, 2))
    assert spool(nothing, tmp_path / "a.npy") is nothing
    assert list(tmp_path.iterdir()) == []


def test_a_part_stays_when_the_file_goes(tmp_path):
    found = spool(np.arange(9), tmp_path / "a.npy")
    part = found[2:5]
    (tmp_path / "a.npy").unlink()
    assert part.tolist() == [2, 3, 4]


def test_a_disk_without_room_is_named_as_such(tmp_path):
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, kept[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            spool(np.zeros((60_000, 2)), tmp_path / "a.npy")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)
