# SPDX-License-Identifier: GPL-2.0-or-later
"""The queue of a lot in PostGIS, read by index: pages and places. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from inference_backend.contracts.lot import REVIEW_ITEM
from ocsge_pi_review.adapters.postgis_connection import Database
from ocsge_pi_review.adapters.postgis_filter import FilterText
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.known_places import KnownPlaces

COLUMNS = ", ".join((*REVIEW_ITEM.column_names, "ST_X(geom) AS x", "ST_Y(geom) AS y"))
_FAR = 500
"""A place so far from a known one is looked for by ranks alone."""


class QueueRows:
    """Reads items.

    Args:
        database: connected, with the lot's names.
        filters: writes their conditions.
    """

    def __init__(self, database: Database, filters: FilterText) -> None:
        self._database, self._filters = database, filters
        self._places = KnownPlaces()

    def item(self, item_id: int) -> ReviewItem | None:
        """An item as it stands."""
        found = self._select("item_id = %(item_id)s", {"item_id": item_id})
        return found[0] if found else None

    def items_of(self, polygon_ids: Iterable[str]) -> dict[str, ReviewItem]:
        """Items of polygons, by polygon id."""
        found = self._select("polygon_id = ANY(%(ids)s)", {"ids": list(polygon_ids)})
        return {item.polygon_id: item for item in found}

    def page(self, wanted: ItemFilter, offset: int, limit: int) -> list[ReviewItem]:
        """Items by rank from a place on."""
        rank, place = self._places.before_place(wanted, offset)
        text, values = self._filters.condition(wanted)
        values.update(rank=rank, skipped=offset - place, limit=limit)
        if offset - place > _FAR:
            # The ranks alone are in an index: far places are found without reading the items before.
            found = self._database.rows(
                f"SELECT rank FROM {{review_item}} WHERE {text} AND rank >= %(rank)s "  # nosec B608 - text of our own
                "ORDER BY rank OFFSET %(skipped)s LIMIT 1",
                values,
            )
            if not found:
                return []
            values.update(rank=found[0]["rank"], skipped=0)
        items = self._select(
            f"{text} AND rank >= %(rank)s", values, "ORDER BY rank OFFSET %(skipped)s LIMIT %(limit)s"
        )
        if items:
            self._places.keep(wanted, items[0].rank, offset)
            self._places.keep(wanted, items[-1].rank, offset + len(items) - 1)
        return items

    def place(self, wanted: ItemFilter, item_id: int) -> int | None:
        """Place of an item in a filter's order, from 0; None if the filter leaves it out."""
        text, values = self._filters.condition(wanted)
        found = self._select(f"{text} AND item_id = %(item_id)s", {**values, "item_id": item_id})
        if not found:
            return None
        known_rank, known = self._places.before_rank(wanted, found[0].rank)
        values.update(low=known_rank, high=found[0].rank)
        counted = self._database.rows(
            f"SELECT count(*) AS n FROM {{review_item}} WHERE {text} AND rank >= %(low)s AND rank < %(high)s",  # nosec B608 - text of our own
            values,
        )
        place = known + int(counted[0]["n"])
        self._places.keep(wanted, found[0].rank, place)
        return place

    def neighbour(self, wanted: ItemFilter, rank: int, step: int) -> ReviewItem | None:
        """The item `step` places after (negative: before) a rank; None at the ends."""
        text, values = self._filters.condition(wanted)
        beyond, order = (">", "rank") if step > 0 else ("<", "rank DESC")
        values.update(rank=rank, skipped=max(abs(step) - 1, 0))
        found = self._select(
            f"{text} AND rank {beyond} %(rank)s", values, f"ORDER BY {order} OFFSET %(skipped)s LIMIT 1"
        )
        return found[0] if found and step else None

    def forget(self) -> None:
        """Forget the places known: items were added, or stand elsewhere in the order."""
        self._places.forget()

    def _select(self, where: str, values: dict[str, Any], rest: str = "") -> list[ReviewItem]:
        statement = f"SELECT {COLUMNS} FROM {{review_item}} WHERE {where} {rest}"  # nosec B608 - text of our own
        return [ReviewItem.from_row(row) for row in self._database.rows(statement, values)]
