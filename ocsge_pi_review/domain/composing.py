# SPDX-License-Identifier: GPL-2.0-or-later
"""From cells and who has them to a patch: joined polygons, no slivers, no vertex that nothing needs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from inference_backend.contracts.thresholds import Excuse
from ocsge_pi_review.domain.arrangement import Arrangement, Cell, insert_vertices
from ocsge_pi_review.domain.errors import BrokenCoverageError, LineChangesNothingError, SliverError
from ocsge_pi_review.domain.faces import assemble
from ocsge_pi_review.domain.guard import AREA_TOLERANCE_M2, require_coverage
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.permissions import is_free
from ocsge_pi_review.domain.rings import Edge, Point, Polygon, Ring, area, segments

MINIMUM_PIECE_M2 = 1.0
"""A smaller piece is an accident of drawing: it goes to a neighbour."""
MINIMUM_WIDTH_M = 0.1
"""So is a piece narrower than the snap tolerance of the product, as twice its area over its perimeter."""
_STRAIGHT_M = 1e-6
"""A vertex this near to the line between its neighbours is on it but for rounding."""


class Composition:
    """Cells of an arrangement and the polygon that each belongs to.

    Args:
        arrangement: the cells.
        labels: per cell, the id of a row or a name of `made`.
        made: rows whose attributes polygons without a row of their own take, by name.
        new_id: gives an unused id at each call.
    """

    def __init__(
        self,
        arrangement: Arrangement,
        labels: Sequence[str],
        made: Mapping[str, PolygonRow],
        new_id: Callable[[], str],
    ) -> None:
        self.arrangement, self.made = arrangement, made
        self.labels = list(labels)
        self._new_id = new_id
        self._cells = arrangement.cells
        self._cell_of = {edge: i for i, cell in enumerate(self._cells) for edge in cell_edges(cell)}
        new = {point for points in arrangement.new_vertices.values() for point in points}
        self._touched = {
            cell.owner for cell in self._cells if any(not new.isdisjoint(ring) for ring in cell.polygon)
        }
        self._beside_of: dict[int, dict[int, float]] = {}
        self._absorb_slivers()

    def patch(self, front: str, origin: str | None = None) -> Patch:
        """The change.

        Args:
            front: label whose largest polygon comes first in `after`.
            origin: row that comes first in `before`; None: `front`.

        Raises:
            SliverError: nothing is left under that label.
            LineChangesNothingError: no ground changes hands.
            BrokenCoverageError: the coverage would not stay one.
        """
        if front not in self.labels:
            raise SliverError(area_m2=0.0, minimum_m2=MINIMUM_PIECE_M2)
        dropped = self._needless()
        changed = self._changed()
        after: dict[str, list[PolygonRow]] = {}
        for label in [front, *sorted(changed - {front}), *sorted(self.arrangement.rows.keys() - changed)]:
            after[label] = self._rows(label, dropped) if label in changed else self._noded(label, dropped)
        rows = self.arrangement.rows
        before = [label for label in after if label in rows and after[label] != [rows[label]]]
        first = origin or front
        before.sort(key=lambda label: label != first)
        kept = [row for label in after for row in after[label] if label not in rows or label in before]
        if not kept:
            raise LineChangesNothingError(id=front)
        patch = Patch(tuple(rows[label] for label in before), tuple(kept))
        require_coverage(patch, self.arrangement.new_vertices, dropped)
        return patch

    def parts(self) -> list[list[int]]:
        """Cells joined across their common edges, by label."""
        parent = list(range(len(self._cells)))

        def root(i: int) -> int:
            while parent[i] != i:
                parent[i] = parent[parent[i]]
                i = parent[i]
            return i

        for i in self._active():
            for j in self._beside(i):
                if self.labels[i] == self.labels[j]:
                    parent[root(i)] = root(j)
        groups: dict[int, list[int]] = {}
        for i in range(len(self._cells)):
            groups.setdefault(root(i), []).append(i)
        return list(groups.values())

    def _beside(self, i: int) -> dict[int, float]:
        """Neighbouring cells of a cell, and the length of the border with each, m."""
        if i not in self._beside_of:
            lengths: dict[int, float] = {}
            for a, b in cell_edges(self._cells[i]):
                j = self._cell_of.get((b, a))
                if j is not None:
                    lengths[j] = lengths.get(j, 0.0) + math.dist(a, b)
            self._beside_of[i] = lengths
        return self._beside_of[i]

    def _active(self) -> list[int]:
        """Cells of a row that was cut, or that change hands."""
        count: dict[str, int] = {}
        for cell in self._cells:
            count[cell.owner] = count.get(cell.owner, 0) + 1
        return [
            i for i, cell in enumerate(self._cells) if count[cell.owner] > 1 or self.labels[i] != cell.owner
        ]

    def _changed(self) -> set[str]:
        """Labels whose ground is not that of a row as it was."""
        moved = [i for i, cell in enumerate(self._cells) if self.labels[i] != cell.owner]
        return {self.labels[i] for i in moved} | {self._cells[i].owner for i in moved}

    def _absorb_slivers(self) -> None:
        while True:
            changed = self._changed()
            slivers = [
                part
                for part in self.parts()
                if self.labels[part[0]] in changed and is_sliver([self._cells[i] for i in part])
            ]
            if not slivers:
                return
            part = min(slivers, key=lambda part: math.fsum(area(self._cells[i].polygon) for i in part))
            taker = self._taker(part)
            for i in part:
                self.labels[i] = taker

    def _taker(self, part: list[int]) -> str:
        """Who gets a sliver: what it was cut from, else the longest border."""
        borders: dict[tuple[bool, str], float] = {}
        label = self.labels[part[0]]
        for i in part:
            for j, length in self._beside(i).items():
                if self.labels[j] == label or not self._may_grow(self.labels[j]):
                    continue
                key = (self._cells[j].owner == self._cells[i].owner, self.labels[j])
                borders[key] = borders.get(key, 0.0) + length
        if not borders:
            ground = math.fsum(area(self._cells[i].polygon) for i in part)
            raise SliverError(area_m2=ground, minimum_m2=MINIMUM_PIECE_M2)
        return max(borders, key=lambda key: (key[0], borders[key], key[1]))[1]

    def _may_grow(self, label: str) -> bool:
        return label in self.made or is_free(self.arrangement.rows[label])

    def _needless(self) -> set[Point]:
        """New vertices in the middle of a straight border that nothing meets there."""
        around: dict[Point, set[Point]] = {}
        new = self.arrangement.computed
        for (a, b), i in self._cell_of.items():
            if a in new or b in new:
                j = self._cell_of.get((b, a))
                if j is None or self.labels[i] != self.labels[j]:
                    for here, there in ((a, b), (b, a)):
                        if here in new:
                            around.setdefault(here, set()).add(there)
        return {point for point, ends in around.items() if len(ends) == 2 and is_straight(point, *ends)}

    def _rows(self, label: str, dropped: set[Point]) -> list[PolygonRow]:
        """Polygons of a label whose ground changed, the largest first."""
        template = self.made.get(label) or self.arrangement.rows[label]
        parts = [part for part in self.parts() if self.labels[part[0]] == label]
        polygons = [self._join(part, dropped) for part in parts]
        polygons.sort(key=area, reverse=True)
        rows: list[PolygonRow] = []
        for polygon in polygons:
            is_old = not rows and label in self.arrangement.rows
            row_id = label if is_old else self._new_id()
            row = PolygonRow(row_id, dict(template.attributes), b"").with_polygon(polygon)
            rows.append(row.with_values(area_m2=area(polygon), **_excuse_lost(template, polygon)))
        return rows

    def _join(self, part: list[int], dropped: set[Point]) -> Polygon:
        edges = dict.fromkeys(edge for i in part for edge in cell_edges(self._cells[i]))
        joined = assemble(edge for edge in edges if edge[::-1] not in edges)
        if len(joined) != 1:
            raise BrokenCoverageError(ids=self.labels[part[0]], detail=f"{len(joined)} parts")
        return tuple(_without(ring, dropped) for ring in joined[0])

    def _noded(self, label: str, dropped: set[Point]) -> list[PolygonRow]:
        """A row that keeps its ground, with the vertices that its neighbours got."""
        row = self.arrangement.rows[label]
        wanted = {
            edge: [point for point in points if point not in dropped]
            for edge, points in self.arrangement.new_vertices.items()
        }
        polygon = insert_vertices(row.polygon, wanted) if label in self._touched else row.polygon
        return [row if polygon == row.polygon else row.with_polygon(polygon)]


def _excuse_lost(template: PolygonRow, polygon: Polygon) -> dict[str, None]:
    """What was delivered too small is excused as it was delivered, not what a gesture makes smaller still."""
    if template.attributes.get("excuse") != Excuse.AS_DELIVERED.value:
        return {}
    return {"excuse": None} if area(polygon) < area(template.polygon) - AREA_TOLERANCE_M2 else {}


def cell_edges(cell: Cell) -> list[Edge]:
    """Directed edges of a cell, interior on the left."""
    return [edge for ring in cell.polygon for edge in segments(ring)]


def is_sliver(cells: Iterable[Cell]) -> bool:
    """Whether cells that are joined make too small or too narrow a polygon."""
    ground, edges = 0.0, set()
    for cell in cells:
        ground += area(cell.polygon)
        edges.update(cell_edges(cell))
    if ground < MINIMUM_PIECE_M2:
        return True
    around = math.fsum(math.dist(a, b) for a, b in edges if (b, a) not in edges)
    return 2 * ground / around < MINIMUM_WIDTH_M


def is_straight(point: Point, before: Point, after: Point) -> bool:
    """Whether a point lies between two others on the line from one to the other, but for rounding."""
    (ax, ay), (bx, by) = before, after
    length = math.dist(before, after)
    if length == 0:
        return False
    far = abs((bx - ax) * (point[1] - ay) - (by - ay) * (point[0] - ax)) / length
    return far <= _STRAIGHT_M and math.dist(before, point) < length > math.dist(point, after)


def _without(ring: Ring, dropped: set[Point]) -> Ring:
    if dropped.isdisjoint(ring):
        return ring
    points = [point for point in ring[:-1] if point not in dropped]
    return (*points, points[0])


def borders_of(arrangement: Arrangement, labels: Sequence[str], label: str) -> dict[str, float]:
    """By other label, the length of its border with the cells of `label`, m."""
    cell_of = {edge: i for i, cell in enumerate(arrangement.cells) for edge in cell_edges(cell)}
    lengths: dict[str, float] = {}
    for i, cell in enumerate(arrangement.cells):
        if labels[i] != label:
            continue
        for a, b in cell_edges(cell):
            j = cell_of.get((b, a))
            if j is not None and labels[j] != label:
                lengths[labels[j]] = lengths.get(labels[j], 0.0) + math.dist(a, b)
    return lengths
