# SPDX-License-Identifier: GPL-2.0-or-later
"""Whatever the layer: a valid coverage of what it covered, every square metre accounted for."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from inference_backend.ingest.errors import NothingLeftError
from inference_backend.ingest.types import Repair
from tests.backend.ingest.dirty import boxes, dirty_layers, is_noded, repaired

GRID_M = 1e-4


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(dirty_layers(), st.booleans(), st.sampled_from(["small", "large", "first", "last"]))
def test_any_layer_becomes_a_valid_coverage_of_what_it_covered(layer, is_partition, overlaps):
    shapes, ossature = layer
    valid = shapely.make_valid(np.array(shapes, dtype=object), method="structure", keep_collapsed=False)
    covered = shapely.union_all(valid[shapely.get_dimensions(valid) == 2])
    assume(shapely.area(covered) > 0)
    try:
        done = repaired(shapes, ossature, is_partition=is_partition, overlaps=overlaps)
    except NothingLeftError:
        assert shapely.area(covered) < 1e-6
        return
    pieces = done.pieces.geometry
    assert set(shapely.get_type_id(pieces)) == {int(shapely.GeometryType.POLYGON)}
    assert shapely.is_valid(pieces).all()
    assert shapely.coverage_is_valid(pieces) or is_noded(pieces)
    rounding = GRID_M * (shapely.length(pieces).sum() + shapely.length(covered)) + 1e-6
    union = shapely.union_all(pieces)
    assert abs(shapely.area(pieces).sum() - shapely.area(union)) <= rounding
    assert shapely.area(shapely.difference(covered, union)) <= rounding, "something was lost"
    filled = sum(move.area_m2 for move in done.ledger.of(Repair.GAP_FILLED))
    assert abs(shapely.area(union) - shapely.area(covered) - filled) <= rounding


@settings(max_examples=30, deadline=None)
@given(dirty_layers())
def test_the_accounts_of_all_features_add_up_to_the_area_of_the_result(layer):
    shapes, ossature = layer
    valid = shapely.make_valid(np.array(shapes, dtype=object), method="structure", keep_collapsed=False)
    assume(shapely.area(valid).sum() > 0.01)
    done = repaired(shapes, ossature)
    accounts = done.accounts
    sums = accounts.brought - accounts.lost + accounts.gained + accounts.rounding
    np.testing.assert_allclose(sums, accounts.result, atol=1e-9)
    assert (np.abs(accounts.rounding) <= accounts.tolerance).all()
    by_row = np.bincount(done.pieces.row, shapely.area(done.pieces.geometry), len(shapes))
    np.testing.assert_allclose(accounts.result, by_row)
    np.testing.assert_allclose(accounts.brought, np.nan_to_num(shapely.area(valid)), rtol=1e-9)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(boxes(), min_size=2, max_size=8, unique_by=lambda shape: round(shape.area, 3)),
    st.randoms(use_true_random=False),
)
def test_who_keeps_an_area_does_not_depend_on_who_comes_first(shapes, random):
    order = list(range(len(shapes)))
    random.shuffle(order)
    first, second = repaired(shapes), repaired([shapes[i] for i in order])
    np.testing.assert_allclose(lost_to_overlaps(first)[order], lost_to_overlaps(second), atol=1e-6)


def lost_to_overlaps(done):
    lost = np.zeros(len(done.accounts.brought))
    for move in done.ledger.of(Repair.OVERLAP):
        lost[move.loser] += move.area_m2
    return lost
