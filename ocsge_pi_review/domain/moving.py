# SPDX-License-Identifier: GPL-2.0-or-later
"""Who gets which cell when the border of one polygon moves to drawn lines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

from ocsge_pi_review.domain.arrangement import Arrangement
from ocsge_pi_review.domain.composing import Composition, cell_edges
from ocsge_pi_review.domain.connectors import connectors
from ocsge_pi_review.domain.errors import LineChangesNothingError, NoNeighbourError
from ocsge_pi_review.domain.noding import undirected
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.permissions import is_free, require_free
from ocsge_pi_review.domain.rings import Edge, Point, area


def move_border(
    row: PolygonRow,
    lines: Sequence[Sequence[Point]],
    around: Iterable[PolygonRow],
    new_id: Callable[[], str],
    keep_untakeable: bool = False,
) -> Patch:
    """Give the polygon what the lines enclose outside it, and its neighbours what they cut off inside it.

    Args:
        row: the polygon.
        lines: chains of vertices that leave its border and come back to one.
        around: every polygon whose box meets that of the lines or of the polygon.
        new_id: gives an unused id at each call.
        keep_untakeable: whether ground that no neighbour may take stays where it is, instead of a refusal.

    Raises:
        LockedPolygonError, MarginPolygonError: the polygon may not be changed.
        NoNeighbourError: nobody may take what it gives up.
        LineChangesNothingError: no ground changes hands.
    """
    require_free(row)
    rows = [row, *(other for other in around if other.id != row.id)]
    move = _Move(Arrangement(rows, lines), row)
    more = move.connectors()
    if more:
        move = _Move(Arrangement(rows, [*lines, *more]), row)
    labels = move.labels(keep_untakeable)
    composition = Composition(move.arrangement, labels, {}, new_id)
    if composition.labels == [cell.owner for cell in move.arrangement.cells]:
        raise LineChangesNothingError(id=row.id)
    return composition.patch(row.id)


class _Move:
    def __init__(self, arrangement: Arrangement, row: PolygonRow) -> None:
        self.arrangement, self._row = arrangement, row
        self._cells = arrangement.cells
        self._edges = [cell_edges(cell) for cell in self._cells]
        self._cell_of = {edge: i for i, own in enumerate(self._edges) for edge in own}
        self._areas = [area(cell.polygon) for cell in self._cells]
        own = [i for i, cell in enumerate(self._cells) if cell.owner == row.id]
        self._kept = max(own, key=lambda i: self._areas[i])
        self._given = [i for i in own if i != self._kept]
        self._own = set(own)
        self._borders = [self._borders_of(i) for i in range(len(self._cells))]

    def connectors(self) -> list[tuple[Point, Point]]:
        """Borders between two neighbours, led on through what the polygon gives up to both."""
        found = []
        for i in self._given:
            holders: dict[Edge, str | None] = {}
            for edge in self._edges[i]:
                j = self._cell_of.get(edge[::-1])
                if undirected(*edge) not in self.arrangement.barriers:
                    holders[edge] = None if j is None else self._cells[j].owner
            found += connectors(self._cells[i].polygon, holders)
        return found

    def labels(self, keep_untakeable: bool) -> list[str]:
        """By cell, the polygon that has it from now on."""
        labels = [cell.owner for cell in self._cells]
        for i in self._taken():
            labels[i] = self._row.id
        self._give(labels, keep_untakeable)
        return labels

    def _borders_of(self, i: int) -> dict[tuple[int, bool], float]:
        """Length of the border with each cell beside, by cell and whether a line runs there, m."""
        lengths: dict[tuple[int, bool], float] = {}
        for a, b in self._edges[i]:
            j = self._cell_of.get((b, a))
            if j is not None:
                key = (j, undirected(a, b) in self.arrangement.barriers)
                lengths[key] = lengths.get(key, 0.0) + math.dist(a, b)
        return lengths

    def _across(self, i: int, stop_at_lines: bool = True) -> Iterator[tuple[int, float]]:
        """Cells beside cell `i` and the length of the common border, m."""
        for (j, is_line), length in self._borders[i].items():
            if not (is_line and stop_at_lines):
                yield j, length

    def _taken(self) -> set[int]:
        """Free cells outside that the lines set apart and that reach the polygon."""
        wanted = {
            i
            for i in self._enclosed() | self._smaller_pieces()
            if is_free(self.arrangement.rows[self._cells[i].owner])
        }
        taken: set[int] = set()
        front = [self._kept]
        while front:
            beside = {j for j, _ in self._across(front.pop())} & (wanted - taken)
            taken |= beside
            front += beside
        return taken

    def _enclosed(self) -> set[int]:
        """Cells outside that the lines and the polygon's border shut in."""
        found: set[int] = set()
        pieces = self._regions(stop_at_lines=True)
        for region in self._regions(stop_at_lines=False):
            parts = [part for part in pieces if part <= region]
            open_parts = [part for part in parts if any(self._at_limit(i) for i in part)]
            if not open_parts:
                open_parts = [max(parts, key=lambda part: math.fsum(self._areas[i] for i in part))]
            found |= region.difference(*open_parts)
        return found

    def _regions(self, stop_at_lines: bool) -> list[set[int]]:
        """Cells outside the polygon, grouped by whether one gets from one to the other."""
        left = set(range(len(self._cells))) - self._own
        regions = []
        while left:
            region, front = set(), [min(left)]
            while front:
                i = front.pop()
                if i in left:
                    left.discard(i)
                    region.add(i)
                    front += [j for j, _ in self._across(i, stop_at_lines) if j in left]
            regions.append(region)
        return regions

    def _at_limit(self, i: int) -> bool:
        return any(edge[::-1] not in self._cell_of for edge in self._edges[i])

    def _smaller_pieces(self) -> set[int]:
        """Cells of neighbours but their largest, as a line that ends on a third border shuts nothing in."""
        largest: dict[str, int] = {}
        for i, cell in enumerate(self._cells):
            if cell.owner not in largest or self._areas[i] > self._areas[largest[cell.owner]]:
                largest[cell.owner] = i
        return set(range(len(self._cells))) - set(largest.values()) - self._own

    def _give(self, labels: list[str], keep_untakeable: bool) -> None:
        """What is cut off inside goes to the neighbour behind the longest stretch of border."""
        left = list(self._given)
        while left:
            best = [(self._taker(i, labels), i) for i in left]
            takers = [(taker, i) for taker, i in best if taker is not None]
            if not takers and keep_untakeable:
                return
            if not takers:
                raise NoNeighbourError(id=self._row.id)
            (_, label), i = max(takers)
            labels[i] = label
            left.remove(i)

    def _taker(self, i: int, labels: list[str]) -> tuple[float, str] | None:
        lengths: dict[str, float] = {}
        for j, length in self._across(i):
            label = labels[j]
            if label != self._row.id and is_free(self.arrangement.rows[label]):
                lengths[label] = lengths.get(label, 0.0) + length
        return max((length, label) for label, length in lengths.items()) if lengths else None
