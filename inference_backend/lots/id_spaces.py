# SPDX-License-Identifier: GPL-2.0-or-later
"""Polygon ids that lots may give: each its own range, so that new polygons of two lots never share one."""

from __future__ import annotations

from collections.abc import Sequence

from inference_backend.contracts.lot import LotKey
from inference_backend.lots.errors import CutError
from inference_backend.lots.lot_file import LotFile
from inference_backend.postprocess.lot.polygon_ids import highest_id, highest_number, number_of, with_number

IDS_PER_POLYGON = 10
SPARE_IDS = 100_000
FEWEST_PER_POLYGON = 2


class IdSpaces:
    """Ranges of ids for lots that are cut from one.

    Args:
        lot: that one.
        polygons: number of polygons of each new lot.

    Raises:
        CutError: its own range is too narrow to be divided.
    """

    def __init__(self, lot: LotFile, polygons: Sequence[int]) -> None:
        ids = (str(row[0]) for row in lot.database.execute("SELECT id FROM occupation_sol"))
        self._last = lot.metadata.get(LotKey.LAST_ID.value) or highest_id(ids)
        self._start = number_of(self._last)
        limit = lot.metadata.get(LotKey.ID_LIMIT.value)
        room = (number_of(limit) if limit else highest_number(self._last)) - self._start
        largest = max(polygons, default=0)
        # One range more before them, for who has the lot open at this moment, and one for the lot afterwards.
        self._size = min(largest * IDS_PER_POLYGON + SPARE_IDS, room // (len(polygons) + 2))
        if self._size < largest * FEWEST_PER_POLYGON:
            raise CutError(
                path=lot.path,
                problem_en="too few polygon ids are left for so many lots",
                problem_fr="il reste trop peu d'identifiants de polygones pour tant de lots",
                remedy_en="Cut the lot that this one was cut from, or make fewer lots.",
                remedy_fr="Découpez le lot dont celui-ci est issu, ou faites moins de lots.",
            )

    def values(self, number: int) -> dict[str, str]:
        """Range of a lot, from 0, as its table `lot` says it; the first range stays with the parent."""
        start = self._start + (number + 1) * self._size
        return {
            LotKey.LAST_ID.value: with_number(self._last, start),
            LotKey.ID_LIMIT.value: with_number(self._last, start + self._size - 1),
        }

    def end(self, lots: int) -> str:
        """The last id of all ranges: what the parent may give from now on comes after."""
        return with_number(self._last, self._start + (lots + 1) * self._size - 1)
