# SPDX-License-Identifier: GPL-2.0-or-later
"""What the operator has set on the tools, and how the wheel changes it."""

from __future__ import annotations

from dataclasses import dataclass

from ocsge_annotator.domain.wand import MAX_TOLERANCE

MIN_WIDTH_M, MAX_WIDTH_M = 0.2, 200.0
WIDTH_STEP_M = 0.5
MAX_TIDY_PX = 100_000


@dataclass(frozen=True)
class ToolChoices:
    """Choices besides class and brush.

    Attributes:
        line_width_m: width of the line tool, m.
        wand_tolerance: difference of colour that the wand allows, 0..255.
        tidy_px: area of the largest gap closed and of the largest speck removed, px.
        smooth_px: half the side of the square in which borders are smoothed, px.
        tidy_class_only: whether tidying changes only what the chosen class gains or loses.
    """

    line_width_m: float
    wand_tolerance: int
    tidy_px: int
    smooth_px: int
    tidy_class_only: bool = False


def next_width(width_m: float, steps: int) -> float:
    """Width of the line after `steps` notches of the wheel, m."""
    return min(MAX_WIDTH_M, max(MIN_WIDTH_M, round(width_m + steps * WIDTH_STEP_M, 1)))


def next_tolerance(tolerance: float, steps: float) -> int:
    """Tolerance of the wand after `steps` more, 0..255."""
    return int(min(MAX_TOLERANCE, max(0, round(tolerance + steps))))
