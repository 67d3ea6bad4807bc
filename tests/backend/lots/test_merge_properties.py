# SPDX-License-Identifier: GPL-2.0-or-later
"""Whatever two people do on both sides of their common border, the parent gets all of it and stays whole."""

from __future__ import annotations

import tempfile
from pathlib import Path

import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference_backend.contracts.lot import LotState
from inference_backend.lots.delivery import require_journalled
from inference_backend.lots.handover import set_state
from inference_backend.lots.lot_file import open_lot
from inference_backend.lots.merge import merge_lots
from ocsge_pi_review.domain.errors import ReviewError

from .conftest import copied
from .interpreter import at_work
from .reading import ask, faults, metadata, own, polygons

COVERS = ("CS2.2.1", "CS2.1.1.1", "CS1.1.2.1", "CS1.2.2")
WISHES = ("split", "split", "cover", "merge", "undo")
shares = st.floats(0.05, 0.95)
gestures = st.lists(
    st.tuples(
        st.sampled_from(["split", "split", "cover", "merge", "undo"]), st.integers(0, 999), shares, shares
    ),
    min_size=1,
    max_size=5,
)


def work(lot, name, wishes):
    """Make the gestures that are possible, on polygons beside the border first; how many were made."""
    made = []
    with at_work(lot, name) as somebody:
        for wish, which, first, second in wishes:
            ids = beside_the_margin(lot) or somebody.own_ids()
            try:
                gesture = do(somebody, wish, ids[which % len(ids)], first, second, made)
            except ReviewError:
                continue  # refused, as the plugin would say
            if gesture:
                made.append(gesture)
    return len(made)


def beside_the_margin(lot):
    """Own polygons, not of the skeleton, that touch polygons of the other lot."""
    everything = polygons(lot)
    margin = shapely.union_all(
        [shape for shape, told in everything.values() if told["margin_of"] is not None]
    )
    return sorted(
        key
        for key, (shape, told) in everything.items()
        if told["margin_of"] is None and not told["ossature"] and shape.intersects(margin)
    )


def do(somebody, wish, polygon_id, first, second, made):
    """One gesture; its id, None where there is nothing to do."""
    if wish == "cover":
        return somebody.cover(polygon_id, COVERS[int(first * len(COVERS))])
    if wish == "undo":
        if made:
            somebody.undo(made.pop())
        return None
    row = somebody.row(polygon_id)
    if wish == "merge":
        shape = shapely.from_wkb(row.wkb)
        near = [
            other
            for other in somebody.around(row)
            if not other.is_locked and other.attributes["margin_of"] is None
            and shapely.intersection(shape, shapely.from_wkb(other.wkb)).length > 1
        ]  # fmt: skip
        return somebody.merge(polygon_id, near[int(first * len(near))].id) if near else None
    xmin, ymin, xmax, ymax = shapely.from_wkb(row.wkb).bounds
    height = ymax - ymin
    line = [(xmin - 3.0, ymin + first * height), (xmax + 3.0, ymin + second * height)]
    return somebody.split(polygon_id, line)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(left=gestures, right=gestures, is_turned=st.booleans())
def test_both_sides_of_a_border(made, left, right, is_turned):
    with tempfile.TemporaryDirectory() as folder:
        handout = copied(made, Path(folder))
        counts = [
            work(lot, name, wishes)
            for lot, name, wishes in zip(handout.lots, ("Anne", "Paul"), (left, right), strict=True)
        ]
        for lot in handout.lots:
            set_state(lot, LotState.IN_INTERPRETATION, by="x")
            set_state(lot, LotState.DELIVERED, by="x")

        reports = merge_lots(handout.parent, handout.lots[::-1] if is_turned else handout.lots)

        assert [report.conflicts for report in reports] == [[], []]
        assert sorted(report.applied for report in reports) == sorted(counts)
        footprint = shapely.from_wkt(metadata(handout.parent)["footprint_wkt"])
        assert faults(handout.parent, footprint) == []
        after = polygons(handout.parent)
        ours = {key: value for lot in handout.lots for key, value in own(lot).items()}
        assert {key: told["code_cs"] for key, (_, told) in after.items()} == {
            key: told["code_cs"] for key, (_, told) in ours.items()
        }
        for key, (shape, _) in ours.items():
            assert shapely.symmetric_difference(shape, after[key][0]).area < 1e-4
        with open_lot(handout.parent) as parent:
            require_journalled(parent)
        once = ask(handout.parent, "SELECT * FROM occupation_sol")
        assert sum(report.applied for report in merge_lots(handout.parent, handout.lots)) == 0
        assert ask(handout.parent, "SELECT * FROM occupation_sol") == once
