# SPDX-License-Identifier: GPL-2.0-or-later
"""Queue, filters and counts of a GeoPackage against the same thought out in Python."""

from __future__ import annotations

import random
from contextlib import closing
from dataclasses import replace

import pytest

from inference_backend.contracts.lot import ItemState, Operation, Reason
from ocsge_pi_review.adapters import gpkg
from ocsge_pi_review.adapters.gpkg_store import GpkgStore
from ocsge_pi_review.domain.errors import StalePolygonError
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.item_filter import ItemFilter, matches
from ocsge_pi_review.domain.journal import Gesture
from ocsge_pi_review.domain.patch import Patch

OPEN = (ItemState.TODO, ItemState.REDO)
STATES = (*OPEN, ItemState.DONE, ItemState.POSTPONED, ItemState.ASKED, ItemState.GONE)


@pytest.fixture
def store(lot_path) -> GpkgStore:
    with closing(gpkg.connect(lot_path)) as database:
        communes = [(f"3300{number % 3}", number) for number in range(1, 25)]
        database.executemany("UPDATE review_item SET commune = ? WHERE item_id = ?", communes)
    opened = GpkgStore(lot_path, "essai")
    yield opened
    opened.close()


def some_filter(rng: random.Random, items: list[ReviewItem]) -> ItemFilter:
    xs, ys = sorted(i.x for i in items), sorted(i.y for i in items)
    # The index rounds to single precision, half a metre here: limits stay away from the points.
    boxes = (None, None, (xs[0] - 9, ys[0] - 9, gap(xs, 12), gap(ys, 18)), (gap(xs, 5), gap(ys, 3), 1e7, 1e7))
    return ItemFilter(
        tuple(rng.sample(STATES, rng.choice((0, 0, 1, 2, 3)))),
        tuple(rng.sample(tuple(Reason), rng.choice((0, 0, 1, 2)))),
        rng.choice(((), ("CS1",), ("CS1.1", "CS2.2.1"), ("CS2.1.1.1",))),
        rng.choice(((), ("US5",), ("US1",))),
        rng.choice(((), ("33001",), ("33000", "33002"))),
        rng.choice(boxes),
    )


def gap(values: list[float], start: int) -> float:
    """The middle of the first space of two metres among sorted values."""
    pairs = zip(values[start:], values[start + 1 :], strict=False)
    return next((low + high) / 2 for low, high in pairs if high - low > 2)


def decide(store: GpkgStore, item: ReviewItem, state: ItemState, spent_s: float) -> None:
    row = store.row(item.polygon_id)
    after = {**item.decision, "state": state.value, "duration_s": spent_s}
    gesture = Gesture(
        f"g{store.last_seq()}",
        Operation.ACCEPT,
        Patch((row,), (row,)),
        (item.decision,),
        (after,),
        item.item_id,
    )
    store.perform(gesture, 1.0)


def test_queries_give_what_python_gives_while_decisions_are_made(store):
    rng = random.Random(7)
    whole = ItemFilter()
    filters = [whole, *(some_filter(rng, store.page(whole, 0, 99)) for _ in range(40))]
    for step in range(30):
        items = store.page(whole, 0, 99)
        assert [item.rank for item in items] == list(range(1, 25))
        for wanted in (filters[step], rng.choice(filters), rng.choice(filters)):
            judge(store, wanted, items, rng)
        decide(store, rng.choice(items), rng.choice(STATES), round(rng.uniform(1, 90), 1))


def judge(store: GpkgStore, wanted: ItemFilter, items: list[ReviewItem], rng: random.Random) -> None:
    chosen = [item for item in items if matches(item, wanted)]
    offset, limit = rng.randrange(5), rng.randrange(1, 9)
    assert store.page(wanted, offset, limit) == chosen[offset : offset + limit]
    counts = store.counts(wanted)
    assert counts.by_state == {s: n for s in STATES if (n := sum(i.state is s for i in chosen))}
    done = [item.duration_s or 0.0 for item in chosen if item.state is ItemState.DONE]
    assert counts.spent_s == pytest.approx(sum(done))
    for item in rng.sample(items, 4):
        place = chosen.index(item) if item in chosen else None
        assert store.place(wanted, item.item_id) == place
        later = [other for other in chosen if other.rank > item.rank]
        earlier = [other for other in chosen if other.rank < item.rank]
        assert store.neighbour(wanted, item.rank, 1) == next(iter(later), None)
        assert store.neighbour(wanted, item.rank, 2) == next(iter(later[1:]), None)
        assert store.neighbour(wanted, item.rank, -1) == next(iter(earlier[::-1]), None)
        undone = [other for other in (*later, *earlier, item) if other.state in OPEN and other in chosen]
        assert store.take_next(wanted, item.rank) == next(iter(undone), None)


def test_a_decision_that_somebody_else_changed_is_refused(store):
    item = store.item(3)
    decide(store, item, ItemState.DONE, 4.0)
    with pytest.raises(StalePolygonError):
        decide(store, item, ItemState.POSTPONED, 4.0)
    assert store.item(3).state is ItemState.DONE
    assert store.last_seq() == 1


def test_rows_are_found_by_box_and_by_point(store):
    everything = {row.id: row for row in store._coverage.every_row()}
    assert len(everything) == 50
    row = everything["OCSGE0000000030"]
    assert store.row(row.id) == row
    item = store.items_of([row.id])[row.id]
    assert store.row_at((item.x, item.y)) == row
    assert store.row_at((0.0, 0.0)) is None
    assert store.rows([row.id, "nowhere"]) == {row.id: row}
    xs, ys = zip(*row.polygon[0], strict=True)
    found = store._coverage.rows_in((min(xs), min(ys), max(xs), max(ys)))
    boxes = {key: [*zip(*other.polygon[0], strict=True)] for key, other in everything.items()}
    assert {other.id for other in found} == {
        key
        for key, (x, y) in boxes.items()
        if min(x) <= max(xs) and max(x) >= min(xs) and min(y) <= max(ys) and max(y) >= min(ys)
    }


def test_shares_of_codes_add_up(store):
    for column in ("code_cs", "code_us"):
        assert sum(store.code_shares(column).values()) == pytest.approx(1.0)


def test_the_share_in_the_zone_is_that_of_the_ground(store):
    shares = [store.zone_share(row) for row in store._coverage.every_row()]
    assert 0.0 in shares
    assert 1.0 in shares
    total_m2 = sum(
        share * row.attributes["area_m2"]
        for share, row in zip(shares, store._coverage.every_row(), strict=True)
    )
    assert total_m2 == pytest.approx((30 * 12.0) ** 2 / 2, rel=1e-6)


def test_metadata_are_kept(store, lot_path):
    store.set_metadata({"assigned_to": "É. L'Hôte"})
    store.close()
    again = GpkgStore(lot_path, "essai")
    assert again.metadata["assigned_to"] == "É. L'Hôte"
    again.close()


def test_a_filter_without_items_is_empty(store):
    nothing = ItemFilter(communes=("99999",))
    assert store.page(nothing, 0, 9) == []
    assert store.take_next(nothing, 0) is None
    assert store.counts(replace(nothing, states=(ItemState.DONE,))).total == 0
