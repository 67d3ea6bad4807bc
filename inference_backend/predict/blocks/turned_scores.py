# SPDX-License-Identifier: GPL-2.0-or-later
"""Scores of a line of places (w, C) in the order (C, w), by squares of eight that stay in registers.

Written out as shuffles of whole vectors, since the compiler moves one number at a time: three to four times
slower, and as long as everything else that is done to a score.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

F32 = NDArray[np.float32]

SIDE = 8
"""Places, and classes, of a square."""
_VECTOR = ir.VectorType(ir.FloatType(), SIDE)
_ALIGNMENT_BYTES = 4
# Of two vectors, whose numbers count from 0 and from 8. Each exchange stays within halves of a vector but the
# last one, as processors do it in one instruction.
_LOW_ONES, _HIGH_ONES = (0, 8, 1, 9, 4, 12, 5, 13), (2, 10, 3, 11, 6, 14, 7, 15)
_LOW_TWOS, _HIGH_TWOS = (0, 1, 8, 9, 4, 5, 12, 13), (2, 3, 10, 11, 6, 7, 14, 15)
_LOW_HALVES, _HIGH_HALVES = (0, 1, 2, 3, 8, 9, 10, 11), (4, 5, 6, 7, 12, 13, 14, 15)


@njit(nogil=True, cache=True)
def turn_line(line: F32, first: int, end: int, gain: np.float32, rows: F32) -> None:
    """Write the places `first` to `end` of a line, multiplied.

    Args:
        line: (w, C) float32, contiguous.
        first: place.
        end: place behind the last one.
        gain: factor.
        rows: (max(C, `SIDE`), R) float32, contiguous; the first `end - first` numbers of each row are
            overwritten, those of rows from C on with anything.
    """
    places, classes = end - first, line.shape[1]
    width = rows.shape[1]
    for start in range(0, places, SIDE):
        # The last square covers some of the one before again, and so it does where classes end.
        x = max(0, min(start, places - SIDE))
        at = (first + x) * classes
        if places < SIDE or at + (SIDE - 1) * classes + SIDE > line.size:
            for i in range(x, min(x + SIDE, places)):
                for c in range(classes):
                    rows[c, i] = line[first + i, c] * gain
            continue
        for begin in range(0, classes, SIDE):
            c = max(0, min(begin, classes - SIDE))
            _turn_square(line, at + c, classes, rows, c * width + x, width, gain)


@intrinsic
def _turn_square(
    context: Any, source: Any, start: Any, step: Any, target: Any, to: Any, to_step: Any, gain: Any
) -> Any:
    """Eight vectors of `source`, `step` apart, as the columns of eight of `target`, `to_step` apart.

    Places are counted in numbers from the arrays' beginnings, whatever their dimensions; both contiguous.
    """
    signature = types.void(source, types.intp, types.intp, target, types.intp, types.intp, types.float32)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        source, start, step, target, to, to_step, gain = arguments
        read, written = (
            context.make_array(kind)(context, builder, array).data
            for kind, array in ((signature.args[0], source), (signature.args[3], target))
        )
        factor = _spread(builder, gain)
        lines = [
            builder.fmul(builder.load(_place(builder, read, start, step, i), align=_ALIGNMENT_BYTES), factor)
            for i in range(SIDE)
        ]
        for i, column in enumerate(_turned(builder, lines)):
            builder.store(column, _place(builder, written, to, to_step, i), align=_ALIGNMENT_BYTES)
        return context.get_dummy_value()

    return signature, generate


def _turned(builder: Any, lines: list[Any]) -> list[Any]:
    ones = [
        _mixed(builder, lines[i], lines[i + 1], mask)
        for i in range(0, SIDE, 2)
        for mask in (_LOW_ONES, _HIGH_ONES)
    ]
    twos = [
        _mixed(builder, ones[i + j], ones[i + j + 2], mask)
        for i in range(0, SIDE, 4)
        for j in range(2)
        for mask in (_LOW_TWOS, _HIGH_TWOS)
    ]
    half = SIDE // 2
    return [
        _mixed(builder, twos[i], twos[i + half], mask)
        for mask in (_LOW_HALVES, _HIGH_HALVES)
        for i in range(half)
    ]


def _mixed(builder: Any, first: Any, second: Any, mask: tuple[int, ...]) -> Any:
    return builder.shuffle_vector(first, second, ir.Constant(ir.VectorType(ir.IntType(32), SIDE), mask))


def _spread(builder: Any, number: Any) -> Any:
    """A vector of one number."""
    nothing = ir.Constant(_VECTOR, ir.Undefined)
    alone = builder.insert_element(nothing, number, ir.Constant(ir.IntType(32), 0))
    return _mixed(builder, alone, nothing, (0,) * SIDE)


def _place(builder: Any, data: Any, start: Any, step: Any, times: int) -> Any:
    """Where the vector `times` steps behind `start` is."""
    offset = builder.add(start, builder.mul(step, ir.Constant(start.type, times)))
    return builder.bitcast(builder.gep(data, [offset]), _VECTOR.as_pointer())
