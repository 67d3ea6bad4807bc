# SPDX-License-Identifier: GPL-2.0-or-later
"""What a review needs of the place where a lot is kept: a GeoPackage, or a schema of PostGIS.

A store is the only writer of a lot. A gesture is one transaction: its journal row, the rows of the coverage
and the decisions, all or none, on disk when the call returns. Nothing is read whole: queue and coverage are
asked for by index, so that a lot of a million polygons opens as fast as a small one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle, QgsVectorLayer

from inference_backend.contracts.lot import ItemState
from ocsge_pi_review.adapters.signalement_store import SignalementStore
from ocsge_pi_review.domain.item import ReviewItem
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.journal import Gesture, JournalRow
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.queue import QueueCounts
from ocsge_pi_review.domain.rings import Point


class LotStore(Protocol):
    """One open lot.

    Attributes:
        label: what messages call it: a path, or service and schema.
        metadata: values of the table `lot` by `LotKey` value.
        crs: of every geometry.
        is_shared: whether several people take items from it at once; then items are held while worked on.
        operator: who works; held items and journal rows carry this name.
        signalements: what people in the territory remarked.
    """

    label: str
    metadata: dict[str, str]
    crs: QgsCoordinateReferenceSystem
    is_shared: bool
    operator: str
    signalements: SignalementStore

    def layer(self, table: str, name: str) -> QgsVectorLayer:
        """A read-only layer on a table, not yet in a project.

        Raises:
            LotError: QGIS cannot read the table.
        """
        ...

    def row(self, polygon_id: str) -> PolygonRow:
        """A polygon as it stands.

        Raises:
            LostPolygonError: it is not in the lot.
        """
        ...

    def rows(self, polygon_ids: Iterable[str]) -> dict[str, PolygonRow]:
        """Those of the polygons that are there, by id."""
        ...

    def rows_in(self, box: QgsRectangle) -> list[PolygonRow]:
        """Polygons whose box meets `box`, margin included, in the order of their ids."""
        ...

    def row_at(self, point: Point) -> PolygonRow | None:
        """The polygon that contains a point of the lot's CRS."""
        ...

    def zone_share(self, row: PolygonRow) -> float:
        """Share of a polygon's area in the zone construite, 0..1."""
        ...

    def code_shares(self, column: str) -> dict[str, float]:
        """By code of `code_cs` or `code_us`, about its share of the polygons (of a sample in a large lot)."""
        ...

    def new_ids(self, count: int) -> list[str]:
        """Polygon ids that nobody has, not even an undone gesture or a colleague."""
        ...

    def item(self, item_id: int) -> ReviewItem | None:
        """An item as it stands."""
        ...

    def items_of(self, polygon_ids: Iterable[str]) -> dict[str, ReviewItem]:
        """Items of polygons, by polygon id."""
        ...

    def counts(self, wanted: ItemFilter) -> QueueCounts:
        """How many items of a filter are in each state, and the time spent on the decided ones."""
        ...

    def page(self, wanted: ItemFilter, offset: int, limit: int) -> list[ReviewItem]:
        """Items of a filter by rank, `limit` of them from place `offset` on."""
        ...

    def place(self, wanted: ItemFilter, item_id: int) -> int | None:
        """Place of an item in a filter's order, from 0; None if the filter leaves it out."""
        ...

    def neighbour(self, wanted: ItemFilter, rank: int, step: int) -> ReviewItem | None:
        """The item `step` places after (negative: before) a rank in a filter's order; None at the ends."""
        ...

    def take_next(self, wanted: ItemFilter, after_rank: int) -> ReviewItem | None:
        """The next item to do after a rank, from the top again after the end; the operator then holds it.

        In a shared lot no two people get the same item. None when nothing is left.
        """
        ...

    def take(self, item_id: int) -> ReviewItem:
        """Hold one item that the operator chose.

        Raises:
            HeldItemError: a colleague has it; names the colleague and until when.
        """
        ...

    def renew(self) -> None:
        """Extend the operator's holds; does nothing where items are not held."""
        ...

    def release(self, item_ids: Iterable[int] | None = None) -> None:
        """Give items back; None: all that the operator holds."""
        ...

    def perform(self, gesture: Gesture, duration_s: float) -> int:
        """Journal a gesture and apply it, in one transaction.

        Returns:
            The journal row's number.

        Raises:
            StalePolygonError: a row of the lot is not as `gesture.patch.before` says; nothing is written.
            HeldItemError: a colleague holds one of its items or, in a shared lot, decided it meanwhile.
            JournalError: full disk, lost connection, no right to write; nothing is written.
        """
        ...

    def last_done(self) -> Gesture | None:
        """The operator's newest gesture in force, as it was made: what an undo takes back."""
        ...

    def last_undone(self) -> Gesture | None:
        """The gesture that a redo makes again: the newest taken back since the operator's last new one."""
        ...

    def journal(self, after_seq: int = 0) -> Iterator[JournalRow]:
        """Journal rows in order, read as they are asked for."""
        ...

    def last_seq(self) -> int:
        """Number of the newest journal row; 0 without any."""
        ...

    def set_metadata(self, values: Mapping[str, str]) -> None:
        """Write values of the table `lot`.

        Raises:
            JournalError: they cannot be written.
        """
        ...

    def close(self) -> bool:
        """Release holds and close; False if a GeoPackage could not become one plain file again."""
        ...


OPEN_STATES = (ItemState.TODO, ItemState.REDO)
"""States that `take_next` serves."""
