# SPDX-License-Identifier: GPL-2.0-or-later
"""Plans, chosen polygons, and lines drawn by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from inference_backend.contracts.lot import Operation
from ocsge_pi_review.domain.nearest import snapped, thinned
from ocsge_pi_review.domain.patch import Patch
from ocsge_pi_review.domain.plan import Plan, new_ids
from ocsge_pi_review.domain.selection import MOST, alike, choosable, toggled
from tests.unit.pi_review.review_coverage import ROAD_ID, make_rows

SQUARE = np.array([(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)])


@pytest.fixture(scope="module")
def rows():
    return make_rows()


def test_new_polygons_of_a_plan_get_their_ids_when_it_is_made(rows):
    row = rows["OCSGE0000000005"]
    fresh = new_ids()
    ids = [fresh(), fresh()]
    made = [type(row)(name, row.attributes, row.wkb) for name in ids]
    plan = Plan(Operation.SPLIT, Patch((row,), (row, *made)), (), ids[1])
    assert plan.placeholders == tuple(ids)
    real = plan.with_ids(dict(zip(ids, ("A", "B"), strict=True)))
    assert [after.id for after in real.patch.after] == [row.id, "A", "B"]
    assert real.front == "B"
    assert plan.with_ids({}) == plan


def test_a_plan_shows_what_changes_and_not_who_only_receives_vertices(rows):
    changed, noded = rows["OCSGE0000000005"], rows["OCSGE0000000006"]
    shell = noded.polygon[0]
    middle = ((shell[0][0] + shell[1][0]) / 2, (shell[0][1] + shell[1][1]) / 2)
    with_vertex = noded.with_polygon(((shell[0], middle, *shell[1:]), *noded.polygon[1:]))
    after = changed.with_values(code_cs="CS1.2.2")
    plan = Plan(Operation.SET_COVER, Patch((changed, noded), (after, with_vertex)))
    assert plan.shown == (after,)


def test_polygons_are_chosen_one_by_one_and_the_skeleton_never(rows):
    assert toggled(("A", "B"), "C") == ("A", "B", "C")
    assert toggled(("A", "B"), "A") == ("B",)
    assert len(toggled([str(i) for i in range(MOST)], "more")) == MOST
    assert ROAD_ID not in choosable(rows.values())
    row = rows["OCSGE0000000005"]
    twin = type(row)("twin", row.attributes, row.wkb)
    other = type(row)("other", {**row.attributes, "runner_up_cs": None}, row.wkb)
    assert alike(row, [other, twin, row]) == (row.id, "twin")


def test_a_pointer_is_attracted_by_a_corner_before_a_side():
    assert snapped((9.2, 0.1), [SQUARE], 1.0) == (10.0, 0.0)
    assert snapped((5.0, 0.4), [SQUARE], 1.0) == (5.0, 0.0)
    assert snapped((5.0, 3.0), [SQUARE], 1.0) is None
    assert snapped((5.0, 3.0), [], 1.0) is None
    assert snapped((-0.9, -0.9), [SQUARE], 1.0) is None, "within the square around it, not within reach"


def test_a_line_by_hand_keeps_the_vertices_that_matter():
    wave = [(i / 4, 0.02 * math.sin(i)) for i in range(80)] + [(20.0, 10.0)]
    thin = thinned(wave, 0.1)
    assert len(thin) == 3
    assert (thin[0], thin[-1]) == (wave[0], wave[-1])
    assert math.dist(thin[1], (19.75, 0)) < 0.3
