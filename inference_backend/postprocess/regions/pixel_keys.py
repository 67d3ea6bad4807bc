# SPDX-License-Identifier: GPL-2.0-or-later
"""One number per pixel that says all by which regions are told apart, and runs of equal numbers along rows.

A key holds cover, use, skeleton and cell of the skeleton, and outside the skeleton whether a reference holds
the pixel: whether it imposed a surface whose outline is kept. Two pixels are of one region where keys are
equal and a path of 4-neighbours with that key joins them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.contracts.errors import OcsgeError
from inference_backend.postprocess.types import BOOL, I32, U8, Codes, ReferencePlanes

U16 = NDArray[np.uint16]
I64 = NDArray[np.int64]
OUTSIDE = 0xFFFF
"""Key outside the image."""
UNKNOWN = 0x8000
"""Key of a pixel whose region depends on what lies beyond the window."""
COVER_BITS, USE_BITS = 6, 6
COVER_MASK = (1 << COVER_BITS) - 1
USE_MASK = (1 << USE_BITS) - 1
SKELETON = 1 << (COVER_BITS + USE_BITS)
CELL_SHIFT = COVER_BITS + USE_BITS + 1
HELD = 1 << CELL_SHIFT
"""Bit of a key outside the skeleton: pixels that neither grow nor are taken."""
KEYS = 1 << 15
"""Number of keys of regions; larger numbers are marks."""


class TooManyCodesError(OcsgeError):
    """A nomenclature has more leaves than a key can tell apart."""

    templates = {
        "en": "The nomenclature has {covers} covers and {uses} uses; at most {limit} of each can be "
        "worked with.",
        "fr": "La nomenclature compte {covers} couvertures et {uses} usages ; {limit} de chaque au plus "
        "peuvent être traités.",
    }


def require_room(codes: Codes) -> None:
    """Check that every code fits a key.

    Raises:
        TooManyCodesError: it does not.
    """
    limit = min(COVER_MASK, USE_MASK)
    if max(len(codes.cs), len(codes.us)) - 1 > limit:
        raise TooManyCodesError(covers=len(codes.cs) - 1, uses=len(codes.us) - 1, limit=limit)


@dataclass
class Runs:
    """Stretches of equal key along rows: n of them, row after row, outside the image too.

    Attributes:
        key: (n,) uint16.
        start, end: (n,) int32 columns, end excluded.
        row_start: (h + 1,) int32 first run of each row, and n.
        up, down: (n,) int32 first run of the row above and below that touches this one, -1 beyond the window.
        root: (n,) int32, first run of the region; equal for all runs of one region.
        area: (n,) int64 pixels of the region, right where `root` is the run itself.
    """

    key: U16
    start: I32
    end: I32
    row_start: I32
    up: I32
    down: I32
    root: I32
    area: I64

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns) of the window."""
        return len(self.row_start) - 1, int(self.end[-1]) if len(self.end) else 0

    def rows(self) -> I32:
        """(n,) int32 row of each run."""
        counts = np.diff(self.row_start)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)


def pixel_keys(
    cs: U8, reference: ReferencePlanes, inside: BOOL, corner: tuple[int, int], cell_px: int, holds: BOOL
) -> U16:
    """Keys of a window.

    Args:
        cs: (h, w) uint8 predicted cover.
        reference: of the same pixels.
        inside: (h, w) bool, False outside the image.
        corner: row and column of the window in the whole raster.
        cell_px: side of the cells that cut the skeleton, on a lattice from the raster's first pixel.
        holds: (k,) bool by cover index, covers that hold the pixels on which an object imposes them.

    Returns:
        (h, w) uint16.
    """
    key = np.empty(cs.shape, np.uint16)
    said = (reference.cs, reference.us, reference.ossature, reference.cs_object)
    _compose(cs, *said, inside, holds, corner[0], corner[1], cell_px, key)
    return key


def without_holds(key: U16) -> U16:
    """Keys by which regions of the lot are told apart, from those of this stage."""
    plain: U16 = np.where(key & SKELETON, key, key & np.uint16(0xFFFF ^ HELD))
    return plain


def find_runs(key: U16) -> Runs:
    """Runs of a window with their regions."""
    count = _count_runs(key)
    start, end, up, down, root = (np.empty(count, np.int32) for _ in range(5))
    row_start = np.empty(key.shape[0] + 1, np.int32)
    of_run = np.empty(count, np.uint16)
    area = np.zeros(count, np.int64)
    _fill_runs(key, of_run, start, end, row_start)
    _join_rows(of_run, end, row_start, up, down, root)
    _flatten(root, start, end, area)
    return Runs(of_run, start, end, row_start, up, down, root, area)


@njit(cache=True, nogil=True)
def _compose(
    cs: U8,
    imposed: U8,
    us: U8,
    ossature: BOOL,
    cs_object: I32,
    inside: BOOL,
    holds: BOOL,
    row_0: int,
    col_0: int,
    cell_px: int,
    key: U16,
) -> None:
    height, width = cs.shape
    for row in range(height):
        begin = 0
        while begin < width:
            cell_row, cell_col = (row_0 + row) // cell_px, (col_0 + begin) // cell_px
            finish = min(width, (cell_col + 1) * cell_px - col_0)
            mark = np.uint16(SKELETON | ((1 + ((cell_row + cell_col) & 1)) << CELL_SHIFT))
            _compose_stretch(
                cs[row, begin:finish],
                imposed[row, begin:finish],
                us[row, begin:finish],
                ossature[row, begin:finish],
                cs_object[row, begin:finish],
                inside[row, begin:finish],
                holds,
                mark,
                key[row, begin:finish],
            )
            begin = finish


@njit(cache=True, nogil=True)
def _compose_stretch(  # type: ignore[no-untyped-def]  # noqa: ANN202 - typed by numba
    cs, imposed, us, ossature, cs_object, inside, holds, mark, key  # noqa: ANN001
):  # fmt: skip
    for col in range(len(key)):
        cover = imposed[col] if imposed[col] > 0 else cs[col]
        value = np.uint16(cover) | (np.uint16(us[col]) << np.uint16(COVER_BITS))
        if ossature[col]:
            value |= mark
        elif cs_object[col] >= 0 and holds[cover]:
            value |= np.uint16(HELD)
        key[col] = value if inside[col] else np.uint16(OUTSIDE)


@njit(cache=True, nogil=True)
def _count_runs(key: U16) -> int:
    height, width = key.shape
    count: int = height
    for row in range(height):
        changes = 0
        for col in range(1, width):
            changes += 1 if key[row, col] != key[row, col - 1] else 0
        count += changes
    return count


@njit(cache=True, nogil=True)
def _fill_runs(key: U16, of_run: U16, start: I32, end: I32, row_start: I32) -> None:
    height, width = key.shape
    run = -1
    for row in range(height):
        run += 1
        row_start[row] = run
        value = key[row, 0]
        of_run[run], start[run] = value, 0
        for col in range(1, width):
            if key[row, col] != value:
                value = key[row, col]
                end[run] = col
                run += 1
                of_run[run], start[run] = value, col
        end[run] = width
    row_start[height] = run + 1


@njit(cache=True, nogil=True)
def root_of(root: I32, run: int) -> int:
    """First run of the region, halving the path to it."""
    found = run
    while root[found] != found:
        root[found] = root[root[found]]
        found = int(root[found])
    return found


@njit(cache=True, nogil=True)
def _join_rows(of_run: U16, end: I32, row_start: I32, up: I32, down: I32, root: I32) -> None:
    """Union of touching runs of equal key; the smaller run is the root, so that a root comes first."""
    height = len(row_start) - 1
    for run in range(len(root)):
        root[run] = run
    up[: row_start[1]] = -1
    down[row_start[height - 1] :] = -1
    for row in range(1, height):
        above, here = row_start[row - 1], row_start[row]
        last_above, last_here = row_start[row], row_start[row + 1]
        up[here], down[above] = above, here
        while True:
            if of_run[above] == of_run[here] and of_run[here] != OUTSIDE:
                a, b = root_of(root, above), root_of(root, here)
                if a < b:
                    root[b] = a
                elif b < a:
                    root[a] = b
            both = end[above] == end[here]
            step_above, step_here = both or end[above] < end[here], both or end[here] < end[above]
            if step_above:
                above += 1
            if step_here:
                here += 1
            if above == last_above or here == last_here:
                break
            if step_above:
                down[above] = here
            if step_here:
                up[here] = above


@njit(cache=True, nogil=True)
def _flatten(root: I32, start: I32, end: I32, area: I64) -> None:
    for run in range(len(root)):
        root[run] = root[root[run]]  # a root comes before its runs, so that its own is known
        area[root[run]] += end[run] - start[run]
