# SPDX-License-Identifier: GPL-2.0-or-later
"""Dataclasses of arrays as bytes."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from inference_backend.work.array_file import DamagedPartError, is_whole, pack, unpack


@dataclass
class Inner:
    counts: np.ndarray


@dataclass
class Part:
    labels: np.ndarray
    sums: np.ndarray
    planes: dict
    names: tuple
    share: float
    inner: Inner
    nothing: object = None


def part(labels):
    planes = {"zone": np.array([[True, False]]), "none": np.zeros((0, 3), np.uint8)}
    return Part(labels, np.arange(5) - 2, planes, ("a", "é", 3), 0.1, Inner(np.arange(3)))


PLANES = arrays.arrays(
    np.int32, st.sampled_from([(0, 0), (1, 1), (64, 64), (3, 2000)]), elements=st.integers(-1, 3)
)


@given(PLANES, st.booleans())
@settings(max_examples=30, deadline=None)
def test_what_was_packed_comes_out(labels, constant):
    if constant and labels.size:
        labels[:] = labels[0, 0]
    whole = part(labels)
    found = unpack(pack(whole), Part)
    for name in ("labels", "sums"):
        np.testing.assert_array_equal(getattr(found, name), getattr(whole, name))
        assert getattr(found, name).dtype == getattr(whole, name).dtype
        assert getattr(found, name).flags.writeable
    assert (found.names, found.share, found.nothing) == (whole.names, whole.share, None)
    assert found.inner.counts.tolist() == [0, 1, 2]
    assert found.planes["none"].shape == (0, 3)
    assert found.planes["zone"].tolist() == [[True, False]]


def test_long_runs_take_little_room_and_may_be_left_out():
    labels = np.repeat(np.arange(100, dtype=np.int32), 10_000).reshape(1000, 1000)
    data = pack(part(labels))
    assert len(data) < 2_000
    found = unpack(data, Part, without=["labels"])
    assert found.labels.shape == (0, 0)
    assert found.sums.tolist() == [-2, -1, 0, 1, 2]


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "other"])
def test_damage_is_noticed(tmp_path, damage):
    path, data = tmp_path / "p", pack(part(np.zeros((80, 80), np.int32)))
    path.write_bytes(data)
    assert is_whole(path)
    changed = bytearray(data)
    changed[len(data) // 2] ^= 4
    bad = {"cut": data[:-1], "changed": bytes(changed), "empty": b"", "other": b"x" * 50}[damage]
    path.write_bytes(bad)
    assert not is_whole(path)
    if damage in ("empty", "other"):
        with pytest.raises(DamagedPartError):
            unpack(bad, Part)
