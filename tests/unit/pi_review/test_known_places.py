# SPDX-License-Identifier: GPL-2.0-or-later
"""Known places of a queue: the nearest one before, of the last filters, however long the day."""

from __future__ import annotations

import random

from inference_backend.contracts.lot import ItemState
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.known_places import APART, KEPT_FILTERS, START, KnownPlaces

ALL = ItemFilter()


def test_the_nearest_known_place_before_is_given():
    places = KnownPlaces()
    for rank in (10, 1000, 500):
        places.keep(ALL, rank, rank // 10)
    assert places.before_rank(ALL, 9) == START
    assert places.before_rank(ALL, 10) == (10, 1)
    assert places.before_rank(ALL, 999) == (500, 50)
    assert places.before_place(ALL, 99) == (500, 50)
    assert places.before_place(ALL, 100) == (1000, 100)


def test_a_day_along_a_queue_keeps_one_place_in_a_hundred():
    places = KnownPlaces()
    for rank in range(1, 20_001):
        places.keep(ALL, rank, rank - 1)
    assert len(places) == 20_000 // APART
    assert places.before_rank(ALL, 20_000) == (20_001 - APART, 20_000 - APART)


def test_what_was_seen_in_any_order_is_kept_in_the_order_of_ranks():
    places, ranks = KnownPlaces(), list(range(0, 10_000, 7))
    random.Random(4).shuffle(ranks)
    for rank in ranks:
        places.keep(ALL, rank, rank // 7)
    found = [places.before_rank(ALL, rank) for rank in range(0, 10_000, 7)]
    assert found == sorted(found)
    assert all(place == rank // 7 for rank, place in found if (rank, place) != START)


def test_the_view_followed_for_a_day_leaves_the_last_filters_alone():
    places = KnownPlaces()
    places.keep(ALL, 300, 299)
    for step in range(10_000):
        places.keep(ItemFilter(box=(step, 0.0, step + 1.0, 1.0)), step, 0)
        places.keep(ALL, 300, 299)
    assert len(places) == KEPT_FILTERS
    assert places.before_rank(ALL, 400) == (300, 299)


def test_places_in_a_filter_by_state_are_not_kept():
    """They change with every decision."""
    places = KnownPlaces()
    places.keep(ItemFilter(states=(ItemState.TODO,)), 300, 299)
    assert len(places) == 0


def test_nothing_is_known_after_a_change_of_the_order():
    places = KnownPlaces()
    places.keep(ALL, 300, 299)
    places.forget()
    assert places.before_rank(ALL, 400) == START
