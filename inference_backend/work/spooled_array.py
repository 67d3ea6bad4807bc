# SPDX-License-Identifier: GPL-2.0-or-later
"""Arrays of a whole lot that lie in a file while blocks are worked: no block needs more than its part."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

A = TypeVar("A", bound=NDArray[Any])


class SpooledArray:
    """Stands for an array: indexing gives a copy of that part, and numpy's functions take it whole.

    The file is opened for each part, so that no page of it stays in memory and a system that cannot remove
    open files can remove this one.

    Attributes:
        path: a file of `numpy.save`.
        shape: as of the array.
        dtype: likewise.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        array = self._mapped()
        self.shape, self.dtype = array.shape, array.dtype

    def __len__(self) -> int:
        return int(self.shape[0])

    def __getitem__(self, key: Any) -> NDArray[Any]:
        return np.array(self._mapped()[key], subok=False)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self._mapped(), dtype, subok=False)

    def _mapped(self) -> NDArray[Any]:
        mapped: NDArray[Any] = np.load(self.path, mmap_mode="r")
        return mapped


def spool(array: A, path: Path) -> A:
    """Move an array into a file; what comes back stands for it where it is indexed or read whole.

    Args:
        array: one or more dimensions; one without elements stays what it is.
        path: replaced where it exists.

    Raises:
        OSError: the disk is full or gone.
    """
    if isinstance(array, SpooledArray) or not array.size:
        return array
    whole = np.ascontiguousarray(array)
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(whole))
        file.write(whole.data)  # `np.save` says how much is missing on a full disk, but not why
    return cast(A, SpooledArray(path))
