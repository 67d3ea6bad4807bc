# SPDX-License-Identifier: GPL-2.0-or-later
"""A Hypothesis machine that reviews: any gesture after any other, undo and redo between them.

Lines are drawn as people draw them, and as they should not: through vertices, along borders, millimetres
beside them, out of the lot.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from benchmarks.fuzz_review.judge import Rows, applied, judge, judge_patch
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.domain import gestures
from ocsge_pi_review.domain.effects import effects
from ocsge_pi_review.domain.errors import ReviewError
from ocsge_pi_review.domain.gestures import Codes
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from ocsge_pi_review.domain.permissions import is_free
from ocsge_pi_review.domain.rings import Point, contains

CODES = (Codes("CS2.2.1", "US1.1"), Codes("CS1.1.1.2", "US4.1.1"), Codes("CS1.1.1.1", "US5"))
PICK = st.integers(0, 9999)
SHIFT_M = st.sampled_from((0.0, 1e-7, 0.002, 0.009, 0.011, 0.03, 0.3, 2.0, 8.0))
SIZE_M = st.floats(0.5, 60.0)
ANGLE = st.floats(0.0, 2 * math.pi)
OUTCOMES: Counter[str] = Counter()
"""How often each gesture was made, or refused and why."""


class ReviewMachine(RuleBasedStateMachine):
    """Gestures on one coverage; a subclass says which.

    Attributes:
        rows: the coverage as it stands.
        start: as it was at first.
        done: patches in force, with the coverage before each.
        undone: patches taken back, with the coverage after each.
    """

    load: Callable[[int], Rows]
    profile = Profile.load()

    @initialize(number=PICK)
    def open(self, number: int) -> None:
        self.start = type(self).load(number)
        self.rows = dict(self.start)
        self.done: list[tuple[Patch, Rows]] = []
        self.undone: list[tuple[Patch, Rows]] = []
        numbers = itertools.count(1)
        self.new_id = lambda: f"NEW{next(numbers):07d}"

    @rule(pick=PICK, code=PICK)
    def set_codes(self, pick: int, code: int) -> None:
        codes = CODES[code % len(CODES)]
        self._do("codes", lambda: gestures.set_codes([self._row(pick)], {"cs": codes.cs}, self.profile))

    @rule(pick=PICK, other=PICK)
    def merge(self, pick: int, other: int) -> None:
        row = self._row(pick)
        around = sorted(self._around(row.polygon[0]), key=lambda r: r.id)
        self._do("merge", lambda: gestures.merge_into(row, around[other % len(around)]))

    @rule(pick=PICK)
    def absorb(self, pick: int) -> None:
        row = self._row(pick)
        self._do("absorb", lambda: gestures.absorb(row, self._around(row.polygon[0]), self.profile))

    @rule(pick=PICK, angle=ANGLE, bend=st.floats(-20, 20))
    def split(self, pick: int, angle: float, bend: float) -> None:
        row = self._row(pick)
        (x, y), reach = _middle(row), _size(row)
        dx, dy = reach * math.cos(angle), reach * math.sin(angle)
        line = [(x - dx, y - dy), (x + bend, y - bend), (x + dx, y + dy)]
        self._do("split", lambda: gestures.split_by(row, line, self._around(line, row), self.new_id))

    @rule(pick=PICK, first=PICK, last=PICK, shift=SHIFT_M)
    def split_between_vertices(self, pick: int, first: int, last: int, shift: float) -> None:
        row = self._row(pick)
        ring = row.polygon[first % len(row.polygon)]
        a, b = ring[first % len(ring)], ring[last % len(ring)]
        line = [(a[0] + shift, a[1]), (b[0], b[1] + shift)]
        self._do("split", lambda: gestures.split_by(row, line, self._around(line, row), self.new_id))

    @rule(pick=PICK, first=PICK, count=st.integers(1, 12), shift=SHIFT_M, side=st.booleans(), bump=SIZE_M)
    def reshape(self, pick: int, first: int, count: int, shift: float, side: bool, bump: float) -> None:
        row = self._row(pick)
        line = _beside(row, first, count, shift if side else -shift)
        (ax, ay), (bx, by) = line[0], line[-1]
        length = math.dist(line[0], line[-1]) or 1.0
        away = bump if side else -bump
        line.insert(
            len(line) // 2,
            ((ax + bx) / 2 + (by - ay) / length * away, (ay + by) / 2 - (bx - ax) / length * away),
        )
        self._do("reshape", lambda: gestures.reshape(row, line, self._around(line, row), self.new_id))

    @rule(pick=PICK, first=PICK, count=st.integers(2, 25), shift=SHIFT_M)
    def weave(self, pick: int, first: int, count: int, shift: float) -> None:
        """A line that crosses the border again and again."""
        row = self._row(pick)
        line = [
            (x + (shift if k % 2 else -shift), y + (shift if k % 3 else -shift))
            for k, (x, y) in enumerate(_beside(row, first, count, 0.0))
        ]
        self._do("reshape", lambda: gestures.reshape(row, line, self._around(line, row), self.new_id, 1.0))

    @rule(pick=PICK, first=PICK, count=st.integers(1, 20), shift=SHIFT_M, side=st.booleans())
    def align(self, pick: int, first: int, count: int, shift: float, side: bool) -> None:
        row = self._row(pick)
        line = _beside(row, first, count, shift if side else -shift)
        self._do("align", lambda: gestures.align(row, line, 3.0, self._around(line, row), self.new_id))

    @rule(pick=PICK, place=PICK, size=SIZE_M, corners=st.integers(3, 12), code=PICK, join=st.booleans())
    def insert(self, pick: int, place: int, size: float, corners: int, code: int, join: bool) -> None:
        x, y = self._place(pick, place)
        ring = tuple(
            (
                x + size * (0.6 + 0.4 * (k % 2)) * math.cos(2 * math.pi * k / corners),
                y + size * math.sin(2 * math.pi * k / corners),
            )
            for k in range(corners)
        )
        self._insert("insert", (ring,), code, join)

    @rule(pick=PICK, first=PICK, count=st.integers(2, 15), shift=SHIFT_M, size=SIZE_M, code=PICK)
    def insert_along(self, pick: int, first: int, count: int, shift: float, size: float, code: int) -> None:
        line = _beside(self._row(pick), first, count, shift)
        (ax, ay), (bx, by) = line[0], line[-1]
        share = size / (math.dist(line[0], line[-1]) or 1.0)
        back = [(x + (by - ay) * share, y - (bx - ax) * share) for x, y in reversed(line)]
        self._insert("insert", ((*line, *back),), code, join=bool(code % 2))

    @rule(pick=PICK, place=PICK, cells=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1))
    def segment(self, pick: int, place: int, cells: list[tuple[int, int]]) -> None:
        x, y = self._place(pick, place)
        low = min(c for c, _ in cells), min(r for _, r in cells)
        high = max(c for c, _ in cells) + 1, max(r for _, r in cells) + 1
        step, (w, s), (e, n) = 4.0, low, high
        shell = tuple((x + step * c, y + step * r) for c, r in ((w, s), (e, s), (e, n), (w, n)))
        hole = tuple(
            (x + step * (w + dx), y + step * (s + dy)) for dx, dy in ((0.4, 0.4), (0.4, 0.8), (0.8, 0.8))
        )
        self._insert("segment", (shell, hole), pick, join=True)

    @rule(pick=PICK, other=PICK, width=st.floats(1.0, 14.0), bend=st.floats(-30, 30), code=PICK)
    def road(self, pick: int, other: int, width: float, bend: float, code: int) -> None:
        a, b = self._place(pick, other), self._place(other, pick)
        axis = [a, ((a[0] + b[0]) / 2 + bend, (a[1] + b[1]) / 2 - bend), b]
        codes, around = CODES[code % len(CODES)], self._around(axis, reach=width)
        self._do("road", lambda: gestures.road(axis, width, codes, around, self.new_id, self.profile))

    @rule()
    def undo(self) -> None:
        if self.done:
            patch, before = self.done.pop()
            self.undone.append((patch, self.rows))
            self.rows = applied(self.rows, patch.inverse)
            assert self.rows == before, "undo does not give back what was there"

    @rule()
    def redo(self) -> None:
        if self.undone:
            patch, after = self.undone.pop()
            self.done.append((patch, self.rows))
            self.rows = applied(self.rows, patch)
            assert self.rows == after, "redo does not give what was there"

    def teardown(self) -> None:
        for patch, before in reversed(getattr(self, "done", [])):
            self.rows = applied(self.rows, patch.inverse)
            assert self.rows == before, "undo does not give back what was there"

    def _insert(self, name: str, shape: tuple[tuple[Point, ...], ...], code: int, join: bool) -> None:
        codes, around = CODES[code % len(CODES)], self._around(shape[0])
        self._do(name, lambda: gestures.insert_polygon(shape, codes, around, self.new_id, self.profile, join))

    def _do(self, name: str, gesture: Callable[[], Patch]) -> None:
        try:
            patch = gesture()
        except ReviewError as refused:
            OUTCOMES[f"{name}: {type(refused).__name__}"] += 1
            return
        OUTCOMES[name] += 1
        rows = applied(self.rows, patch)
        judge_patch(patch)
        if patch.changes_layer:
            judge(rows, self.rows)
        effects(patch, self._around(patch.after[0].polygon[0]), lambda row: 0.5, self.profile)
        self.done.append((patch, self.rows))
        self.undone.clear()
        self.rows = rows

    def _row(self, pick: int) -> PolygonRow:
        """A polygon, free ones four times of five."""
        rows = sorted(self.rows.values(), key=lambda row: row.id)
        free = [row for row in rows if is_free(row)]
        chosen = free if free and pick % 5 else rows
        return chosen[pick // 5 % len(chosen)]

    def _place(self, pick: int, number: int) -> Point:
        """A vertex of a polygon, or a point within."""
        row = self._row(pick)
        ring = row.polygon[0]
        return ring[number % len(ring)] if number % 3 == 0 else _middle(row)

    def _around(
        self, line: list[Point] | tuple[Point, ...], row: PolygonRow | None = None, reach: float = 0.5
    ) -> list[PolygonRow]:
        """What the lot's index would give for a line and a polygon."""
        points = [*line, *(row.polygon[0] if row else ())]
        low = min(x for x, _ in points) - reach, min(y for _, y in points) - reach
        high = max(x for x, _ in points) + reach, max(y for _, y in points) + reach
        return [other for other in self.rows.values() if _meets(other, low, high)]


def _meets(row: PolygonRow, low: Point, high: Point) -> bool:
    xs, ys = [x for x, _ in row.polygon[0]], [y for _, y in row.polygon[0]]
    return min(xs) <= high[0] and max(xs) >= low[0] and min(ys) <= high[1] and max(ys) >= low[1]


def _middle(row: PolygonRow) -> Point:
    """A point inside where the box's middle is, else a vertex."""
    ring = row.polygon[0]
    x = (min(x for x, _ in ring) + max(x for x, _ in ring)) / 2
    y = (min(y for _, y in ring) + max(y for _, y in ring)) / 2
    return (x, y) if contains(row.polygon, (x, y)) else ring[0]


def _size(row: PolygonRow) -> float:
    ring = row.polygon[0]
    return max(math.dist(ring[0], point) for point in ring)


def _beside(row: PolygonRow, first: int, count: int, shift: float) -> list[Point]:
    """Some vertices of a polygon one after the other, moved aside but for the ends."""
    ring = row.polygon[first % len(row.polygon)][:-1]
    some = [ring[(first + k) % len(ring)] for k in range(min(count, len(ring) - 1) + 1)]
    return [
        (x + shift, y + shift / 3) if 0 < k < len(some) - 1 or shift > 1 else (x, y)
        for k, (x, y) in enumerate(some)
    ]
