# SPDX-License-Identifier: GPL-2.0-or-later
"""The queue on the panel: table, filters, counts and pace, in step with the review."""

from __future__ import annotations

from qgis.core import QgsCoordinateTransform, QgsProject
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QModelIndex, QObject, QTimer
from qgis.PyQt.QtWidgets import QAbstractItemView

from inference_backend.contracts.nomenclature import Nomenclature
from ocsge_common.slots import guarded
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.queue_facts import communes, decided_today
from ocsge_pi_review.adapters.review import Review
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.pace import Day, LiveCounts, others, own_day
from ocsge_pi_review.gui.filter_bar import Box, FilterBar
from ocsge_pi_review.gui.panel import ReviewPanel
from ocsge_pi_review.gui.queue_model import ITEM_ROLE, QueueModel
from ocsge_pi_review.gui.texts import duration_text, number_text, pace_text, progress_text, states_text

REST_MS = 1500
"""Quiet time after a decision before the store counts again, ms."""
COLLEAGUES_MS = 60_000
"""How often the counts of a shared lot are read again, ms."""


class QueueTable(QObject):
    """Connects the queue to the panel until `close`.

    Args:
        panel: the dock's content.
        canvas: the map.
        review: what is reviewed.
        nomenclature: labels and colours.
        show_names: whether colleagues are named beside what they decided.
    """

    def __init__(
        self,
        panel: ReviewPanel,
        canvas: QgsMapCanvas,
        review: Review,
        nomenclature: Nomenclature,
        show_names: bool,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._panel, self._canvas, self._review, self._show_names = panel, canvas, review, show_names
        self._live = LiveCounts()
        self._days: tuple[Day, ...] = ()
        self.model = QueueModel(review.store, nomenclature, self)
        self.filters = FilterBar(self._view_box, lambda: communes(review.store))
        self.filters.classes.offer(nomenclature)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._colleagues = QTimer(self)
        self._colleagues.setInterval(COLLEAGUES_MS)
        self._links = [
            (self.model.read, self._live.see),
            (self.filters.changed, self._on_filter),
            (panel.queue_view.clicked, self._on_row),
            (review.focus_changed, self._on_focus),
            (review.item_changed, self._on_item),
            (review.filter_changed, self._on_review_filter),
            (self._rest.timeout, self.count),
            (self._colleagues.timeout, self._on_colleagues),
        ]
        for signal, slot in self._links:
            signal.connect(slot)
        self._fill()

    def close(self) -> None:
        """Take the queue off the panel; safe to call again."""
        for signal, slot in self._links:
            signal.disconnect(slot)
        if self._links:
            self._rest.stop()
            self._colleagues.stop()
            self._panel.queue_view.setModel(None)
            self._panel.filter_layout.removeWidget(self.filters)
            self.filters.hide()
            self.filters.deleteLater()
            self._panel.lot_progress.reset()
            self._panel.pace_label.clear()
        self._links = []

    @property
    def counts_left(self) -> int:
        """Items of the filter that somebody still has to decide."""
        return self._live.counts.left

    @guarded
    def count(self) -> None:
        """Count again, the filter's states left aside."""
        self._live.restart(self._review.store.counts(self._unstated()))
        if self._shown_count() != self.model.rowCount() and not self.model.is_waiting:
            self._show_rows()
        self._show_pace()

    def _fill(self) -> None:
        self._panel.filter_layout.addWidget(self.filters)
        self._panel.queue_view.setModel(self.model)
        self._review.filter = self.filters.wanted
        self._days = decided_today(self._review.store)
        self._on_review_filter()
        if self._review.store.is_shared:
            self._colleagues.start()

    def _unstated(self) -> ItemFilter:
        wanted = self._review.filter
        return ItemFilter((), wanted.reasons, wanted.covers, wanted.uses, wanted.communes, wanted.box)

    def _shown_count(self) -> int:
        by_state = self._live.counts.by_state
        states = self._review.filter.states or tuple(by_state)
        return sum(by_state.get(state, 0) for state in states)

    def _show_rows(self) -> None:
        self.model.show(self._review.filter, self._shown_count())
        self._panel.fit_columns(len(str(self._live.counts.total)))
        self._on_focus()

    def _show_pace(self) -> None:
        counts, operator = self._live.counts, self._review.store.operator
        own = own_day(self._days, operator)
        today = Day(operator, own.count + self._live.done_here, own.spent_s + self._live.spent_here_s)
        bar = self._panel.lot_progress
        bar.setMaximum(max(counts.total, 1))
        bar.setValue(counts.done)
        bar.setFormat(progress_text(counts))
        bar.setToolTip(states_text(counts))
        self._panel.pace_label.setText(pace_text(counts, today))
        self._panel.pace_label.setToolTip("\n".join(self._colleague_lines()))

    def _colleague_lines(self) -> list[str]:
        lines = []
        for day in others(self._days, self._review.store.operator, self._show_names):
            name = day.name or tr("The others")
            line = tr("{} today: {} in {}")
            lines.append(line.format(name, number_text(day.count), duration_text(day.spent_s)))
        return lines

    def _view_box(self) -> Box | None:
        """The part of the map in sight, in the lot's CRS."""
        transform = QgsCoordinateTransform(
            self._canvas.mapSettings().destinationCrs(), self._review.store.crs, QgsProject.instance()
        )
        box = transform.transformBoundingBox(self._canvas.extent())
        return None if box.isEmpty() else (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())

    @guarded
    def _on_filter(self, wanted: ItemFilter) -> None:
        self._review.filter = wanted

    @guarded
    def _on_review_filter(self) -> None:
        self._live.restart(self._review.store.counts(self._unstated()))
        self._show_rows()
        self._show_pace()

    @guarded
    def _on_row(self, index: QModelIndex) -> None:
        self._review.show_item(index.data(ITEM_ROLE))
        self._canvas.setFocus()

    @guarded
    def _on_focus(self) -> None:
        item, view = self._review.item, self._panel.queue_view
        if item is not None:
            self._live.see((item,))
        row = self.model.put_in_front(item)
        if row is None:
            view.clearSelection()
            return
        view.selectRow(row)
        view.scrollTo(self.model.index(row, 0), QAbstractItemView.ScrollHint.PositionAtCenter)

    @guarded
    def _on_item(self, item_id: int) -> None:
        item = self._review.store.item(item_id)
        if item is None:
            return
        self._live.change(item)
        self.model.change(item)
        self._show_pace()
        self._rest.start()

    @guarded
    def _on_colleagues(self) -> None:
        """What others decided meanwhile."""
        self._days = decided_today(self._review.store)
        self._live.forget_here()
        self.model.read_again()
        self.count()
