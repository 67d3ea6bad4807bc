# SPDX-License-Identifier: GPL-2.0-or-later
"""The inner loops over scores, compiled; several times faster than a loop over pixels with `exp` in it.

Classes are outside and pixels of a row inside, so that a processor works on 8 or 16 pixels at once: without
branches, and with an exponential of products and shifts (2e-7 relative error).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from inference_backend.contracts.prediction import MAX_SCORE, NODATA, UNDECIDED

F32 = NDArray[np.float32]
I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]
Spare = tuple[F32, F32, F32, F32, I32, I32]
Places = tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]

_LOG2_E = np.float32(1.4426950408889634)
_LOWEST = np.float32(-126)  # 2^-126 is the smallest normal float32
_HIGHEST = np.int32(MAX_SCORE)
_NODATA = np.int32(NODATA)
_UNDECIDED = np.int32(UNDECIDED)
_HALF = np.float32(0.5)
_TO_WHOLE = np.float32(1.5 * 2**23)
"""Added to a small number, it leaves no room for what is behind the point."""
_SCALE = np.float32(255)
# 2^f on [-0.5, 0.5], minimax
_C0, _C1, _C2, _C3, _C4, _C5 = (
    np.float32(c) for c in (1.0, 0.6931471880, 0.2402264791, 0.0555033008, 0.0096180400, 0.0013398874)
)


@njit(nogil=True, cache=True, fastmath={"contract"}, inline="always")
def _exponential(difference: np.float32) -> np.float32:
    """`exp(difference)` of a number no greater than 0; about 0 where it is not a number."""
    t = difference * _LOG2_E
    t = t if t > _LOWEST else _LOWEST
    shifted = np.float32(t + _TO_WHOLE)
    f = t - np.float32(shifted - _TO_WHOLE)
    p = np.float32(_C0 + f * (_C1 + f * (_C2 + f * (_C3 + f * (_C4 + f * _C5)))))
    # Times 2^whole, which is what the last bits of `shifted` hold: added to the exponent's bits.
    bits = np.int32(p.view(np.int32)) + np.int32(np.int32(shifted.view(np.int32)) << np.int32(23))
    return np.int32(bits).view(np.float32)


@njit(nogil=True, cache=True, fastmath={"contract"})
def _row_of_exponentials(row: F32, highest: F32, exponentials: F32) -> None:
    """`exp(row - highest)`; `highest` is no less than `row`."""
    for x in range(row.shape[0]):
        exponentials[x] = _exponential(row[x] - highest[x])


@njit(nogil=True, cache=True, fastmath={"contract"})
def _add_exponentials(row: F32, highest: F32, total: F32) -> None:
    """Add `exp(row - highest)` to `total`: `_row_of_exponentials` without a row between."""
    for x in range(row.shape[0]):
        total[x] += _exponential(row[x] - highest[x])


@njit(nogil=True, cache=True, inline="always")
def _ranked(
    s: np.float32,
    k: np.int32,
    best: np.float32,
    next_best: np.float32,
    lead: np.int32,
    follower: np.int32,
) -> tuple[np.float32, np.float32, np.int32, np.int32]:
    """The best two of three scores and their classes; what is not a number never wins."""
    wins, follows = s > best, s > next_best
    kept = s if follows else next_best
    kept_class = k if follows else follower
    return s if wins else best, best if wins else kept, k if wins else lead, lead if wins else kept_class


@njit(nogil=True, cache=True)
def _top_two(scores: F32, row: int, col: int, first: F32, second: F32, winner: I32, follower: I32) -> None:
    """Best two scores of a row of pixels and their classes, four classes at a time as long as there are."""
    classes, width = scores.shape[0], first.shape[0]
    first[:] = -np.inf
    second[:] = -np.inf
    winner[:] = _UNDECIDED
    follower[:] = _UNDECIDED
    in_fours = classes - classes % 4
    for k in range(0, in_fours, 4):
        k0, k1, k2, k3 = np.int32(k), np.int32(k + 1), np.int32(k + 2), np.int32(k + 3)
        line0, line1 = scores[k, row, col : col + width], scores[k + 1, row, col : col + width]
        line2, line3 = scores[k + 2, row, col : col + width], scores[k + 3, row, col : col + width]
        for x in range(width):
            a, b, lead, next_one = _ranked(line0[x], k0, first[x], second[x], winner[x], follower[x])
            a, b, lead, next_one = _ranked(line1[x], k1, a, b, lead, next_one)
            a, b, lead, next_one = _ranked(line2[x], k2, a, b, lead, next_one)
            a, b, lead, next_one = _ranked(line3[x], k3, a, b, lead, next_one)
            first[x], second[x], winner[x], follower[x] = a, b, lead, next_one
    for k in range(in_fours, classes):
        line = scores[k, row, col : col + width]
        for x in range(width):
            a, b, lead, next_one = _ranked(line[x], np.int32(k), first[x], second[x], winner[x], follower[x])
            first[x], second[x], winner[x], follower[x] = a, b, lead, next_one


@njit(nogil=True, cache=True)
def fill_planes(
    scores: F32,
    inside: NDArray[np.bool_],
    places: Places,
    is_logits: bool,
    min_confidence: float,
    planes: U8,
) -> None:
    """Class, confidence, runner-up and margin of a window.

    Args:
        scores: (K, H, W) float32, contiguous.
        inside: (H, W) bool, contiguous.
        places: first row and column in scores, inside and planes, then rows and columns of the window.
        is_logits: whether a softmax is due.
        min_confidence: top-1 score below which no class wins.
        planes: (4, H, W) uint8, contiguous; the window is overwritten.
    """
    (row, col), (seen_row, seen_col), (to_row, to_col), (height, width) = places
    spare = spare_rows(width)
    for y in range(height):
        fill_planes_row(
            scores,
            (row + y, col),
            inside[seen_row + y, seen_col : seen_col + width],
            (is_logits, min_confidence),
            spare,
            (to_row + y, to_col),
            planes,
        )


@njit(nogil=True, cache=True)
def spare_rows(width: int) -> Spare:
    """What `fill_planes_row` works in, for up to `width` pixels."""
    return (
        np.empty(width, np.float32),
        np.empty(width, np.float32),
        np.empty(width, np.float32),
        np.empty(width, np.float32),
        np.empty(width, np.int32),
        np.empty(width, np.int32),
    )


@njit(nogil=True, cache=True)
def fill_planes_row(
    scores: F32,
    place: tuple[int, int],
    inside: NDArray[np.bool_],
    how: tuple[bool, float],
    spare: Spare,
    target: tuple[int, int],
    planes: U8,
) -> None:
    """One row of a window.

    Args:
        scores: (K, H, W) float32, contiguous.
        place: row and first column in it.
        inside: (w,) bool.
        how: whether a softmax is due, and the top-1 score below which no class wins.
        spare: of at least w pixels.
        target: row and first column in `planes`.
        planes: (4, H, W) uint8, contiguous; w pixels are overwritten.
    """
    (row, col), (is_logits, min_confidence), (to_row, to_col) = place, how, target
    width = inside.shape[0]
    first, second, line, total = spare[0][:width], spare[1][:width], spare[2][:width], spare[3][:width]
    winner, follower = spare[4][:width], spare[5][:width]
    _top_two(scores, row, col, first, second, winner, follower)
    if is_logits:
        total[:] = 0
        for k in range(scores.shape[0]):
            _add_exponentials(scores[k, row, col : col + width], first, total)
        _row_of_exponentials(second, first, line)
        for x in range(width):
            whole = total[x] if total[x] > 1 else np.float32(1)  # less only where a score is infinite
            first[x] = np.float32(1) / whole
            second[x] = line[x] / whole
    end = to_col + width
    _write_row(
        inside,
        first,
        second,
        winner,
        follower,
        np.float32(min_confidence),
        planes[0, to_row, to_col:end],
        planes[1, to_row, to_col:end],
        planes[2, to_row, to_col:end],
        planes[3, to_row, to_col:end],
    )


@njit(nogil=True, cache=True, inline="always")
def _write_row(
    inside: NDArray[np.bool_],
    first: F32,
    second: F32,
    winner: I32,
    follower: I32,
    least: np.float32,
    classes: U8,
    confidence: U8,
    runners_up: U8,
    margins: U8,
) -> None:
    for x in range(inside.shape[0]):
        none = winner[x] == _UNDECIDED  # every score was NaN or -inf
        p = np.float32(0) if none else first[x]
        q = second[x] if second[x] > 0 else np.float32(0)
        q = np.float32(0) if none else q
        won = p >= least
        a = np.int32(_SCALE * p + _HALF)
        b = np.int32(_SCALE * (p - q) + _HALF)
        a = a if a < _HIGHEST else _HIGHEST
        b = b if b < _HIGHEST else _HIGHEST
        chosen = winner[x] if won else _UNDECIDED
        runner_up = follower[x] if won else winner[x]
        seen = inside[x]
        classes[x] = chosen if seen else _NODATA
        confidence[x] = a if seen else _NODATA
        runners_up[x] = runner_up if seen else _NODATA
        margins[x] = b if seen else _NODATA


@njit(nogil=True, cache=True)
def fill_probabilities(
    scores: F32, inside: NDArray[np.bool_], places: Places, is_logits: bool, probabilities: U8
) -> None:
    """`round(255 * p)` of every class, at most `MAX_SCORE`; arguments as in `fill_planes`."""
    (row, col), (seen_row, seen_col), (to_row, to_col), (height, width) = places
    rows = np.empty((scores.shape[0], width), np.float32)
    for y in range(height):
        probability_rows(scores, row + y, col, is_logits, rows)
        seen = inside[seen_row + y, seen_col : seen_col + width]
        for k in range(scores.shape[0]):
            written, line = probabilities[k, to_row + y, to_col : to_col + width], rows[k]
            for x in range(width):
                value = np.int32(_SCALE * line[x] + _HALF)
                value = value if value < _HIGHEST else _HIGHEST
                written[x] = value if seen[x] else _NODATA


@njit(nogil=True, cache=True)
def probability_rows(scores: F32, row: int, col: int, is_logits: bool, rows: F32) -> None:
    """Probabilities (K, w) float32 of one row of pixels, 0..1; 0 where a score is not a number."""
    classes, width = rows.shape
    for k in range(classes):
        line = scores[k, row, col : col + width]
        for x in range(width):
            rows[k, x] = line[x]
    if is_logits:
        _softmax_rows(rows)
    else:
        for k in range(classes):
            for x in range(width):
                p = rows[k, x]
                p = p if p > 0 else np.float32(0)
                rows[k, x] = p if p < 1 else np.float32(1)


@njit(nogil=True, cache=True)
def _softmax_rows(rows: F32) -> None:
    classes, width = rows.shape
    highest, total = np.empty(width, np.float32), np.zeros(width, np.float32)
    highest[:] = -np.inf
    for k in range(classes):
        for x in range(width):
            highest[x] = rows[k, x] if rows[k, x] > highest[x] else highest[x]
    for k in range(classes):
        line = rows[k]
        _row_of_exponentials(line, highest, line)
        for x in range(width):
            total[x] += line[x]
    for k in range(classes):
        for x in range(width):
            rows[k, x] = rows[k, x] / total[x]
