# SPDX-License-Identifier: GPL-2.0-or-later
"""The patches of a campaign: whole windows of one size, on the image's own pixels."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ocsge_annotator.domain.image_grid import ImageGrid
from ocsge_annotator.domain.pixels import PixelWindow

DEFAULT_PATCH_SIZE_PX = 512
"""Patch size of FLAIR and of the French land-cover models, px."""


@dataclass(frozen=True)
class GridCell:
    """One place for a patch.

    Attributes:
        row: row of the patch grid, from 0.
        col: column of the patch grid, from 0.
        window: its pixels in the image.
        rank: order of work, 1 comes first.
        split: train, val, test or empty.
        twice: whether a second annotator labels it as well.
        uncertainty: of the model there, 0..1, None where none predicted.
        fingerprint: of the image's pixels there, empty where not taken.
    """

    row: int
    col: int
    window: PixelWindow
    rank: int = 0
    split: str = ""
    twice: bool = False
    uncertainty: float | None = None
    fingerprint: str = ""

    @property
    def patch_id(self) -> str:
        """Name by place, the same whatever sample is drawn."""
        return f"r{self.row:04d}_c{self.col:04d}"


def lay_cells(grid: ImageGrid, size_px: int, step_px: int, margin_px: int = 0) -> list[GridCell]:
    """Every whole patch of the image, row by row; the incomplete ones of the right and bottom are left out.

    Args:
        grid: of the image.
        size_px: height and width of a patch.
        step_px: distance between the left edges of neighbours; `size_px` makes them touch.
        margin_px: distance kept from the edges of the image.
    """
    rows, cols = _starts(grid, size_px, step_px, margin_px)
    return [
        GridCell(r, c, PixelWindow(row, col, size_px, size_px))
        for r, row in enumerate(rows)
        for c, col in enumerate(cols)
    ]


def count_cells(grid: ImageGrid, size_px: int, step_px: int, margin_px: int = 0) -> int:
    """Number of cells that `lay_cells` gives."""
    rows, cols = _starts(grid, size_px, step_px, margin_px)
    return len(rows) * len(cols)


def _starts(grid: ImageGrid, size_px: int, step_px: int, margin_px: int) -> tuple[range, range]:
    """First rows and first columns of the cells."""
    rows = range(margin_px, grid.height_px - margin_px - size_px + 1, step_px)
    return rows, range(margin_px, grid.width_px - margin_px - size_px + 1, step_px)


def rank_cells(cells: Sequence[GridCell], sample: int = 0, seed: int = 0) -> list[GridCell]:
    """Put the cells in the order of work.

    All cells come row by row, every second row backwards, so that the next patch touches the last one.
    A sample comes in the order of its draw, so that its first part is a sample as well.

    Args:
        cells: of the grid.
        sample: how many to draw without replacement; 0 keeps all.
        seed: of the draw.
    """
    if 0 < sample < len(cells):
        # A sample is for statistics, not for secrets.
        chosen = random.Random(seed).sample(list(cells), sample)  # nosec B311
    else:
        chosen = sorted(cells, key=lambda cell: (cell.row, -cell.col if cell.row % 2 else cell.col))
    return [replace(cell, rank=rank) for rank, cell in enumerate(chosen, start=1)]


def lattice_of(cells: Sequence[GridCell], size_px: int) -> tuple[int, int]:
    """Step and margin with which cells were laid, px; those of touching cells where one place tells nothing.

    Args:
        cells: some or all of those laid.
        size_px: height and width of a patch.
    """
    places = {(cell.row, cell.window.row) for cell in cells} | {(cell.col, cell.window.col) for cell in cells}
    low, high = min(places), max(places)
    step = (high[1] - low[1]) // (high[0] - low[0]) if high[0] > low[0] else size_px
    return step, low[1] - low[0] * step


def free_cells(candidates: Iterable[GridCell], taken: Sequence[GridCell]) -> list[GridCell]:
    """The candidates whose place no other cell has."""
    places = {(cell.row, cell.col) for cell in taken}
    return [cell for cell in candidates if (cell.row, cell.col) not in places]
