# SPDX-License-Identifier: GPL-2.0-or-later
"""Remarks of an open lot: shown with their item, answered, brought in, sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsProject
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QObject

from inference_backend.contracts.lot import LotKey
from inference_backend.contracts.signalement import Motive
from ocsge_common.backend.token_store import unlock
from ocsge_common.messages import MessageLog
from ocsge_common.slots import guarded
from ocsge_common.tasks import start_task
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.open_lot import OpenLot
from ocsge_pi_review.adapters.signalement_client import EspaceClient, LongLat, service_address
from ocsge_pi_review.adapters.signalement_files import read_signalements
from ocsge_pi_review.adapters.signalement_import import DEGREES, SECTION, bring_in
from ocsge_pi_review.adapters.signalement_outbox import SETTLING_S, waiting, write_answer
from ocsge_pi_review.adapters.signalement_settings import signalement_settings
from ocsge_pi_review.adapters.signalement_tasks import FetchTask
from ocsge_pi_review.domain.patch import PolygonRow
from ocsge_pi_review.domain.signalement import Signalement
from ocsge_pi_review.domain.signalement_answer import Facts, Prepared, likely_motive, prepared
from ocsge_pi_review.gui.panel import ReviewPanel
from ocsge_pi_review.gui.signalement_box import SignalementBox
from ocsge_pi_review.gui.signalement_dialog import AnswerDialog, AnswerUse
from ocsge_pi_review.gui.signalement_sender import SignalementSender
from ocsge_pi_review.gui.signalement_texts import brought_text

CARD_ROW = 9


class SignalementBench(QObject):
    """One lot's remarks on panel and map until `close`.

    Args:
        panel: the dock's content.
        canvas: the map.
        lot: what is reviewed.
        messages: where to speak.
        settling_s: see `OutboxRun`.
    """

    def __init__(
        self,
        panel: ReviewPanel,
        canvas: QgsMapCanvas,
        lot: OpenLot,
        messages: MessageLog,
        parent: QObject | None = None,
        settling_s: float = SETTLING_S,
    ) -> None:
        super().__init__(parent)
        self.messages = messages
        self._panel, self._canvas, self._lot = panel, canvas, lot
        self._review, self._store = lot.review, lot.store
        self.box = SignalementBox(canvas, lot.layers.occupation)
        panel.card.layout().addWidget(self.box, CARD_ROW, 0, 1, 3)
        self.sender = SignalementSender(self._store, self.connect_service, messages, settling_s, self)
        self.dialog: AnswerDialog | None = None
        self._task: FetchTask | None = None
        self._links = [
            (self._review.focus_changed, self.refresh),
            (self._review.item_changed, self._on_item),
            (self.box.answer_wanted, self.answer),
            (self.sender.written, self.refresh),
        ]
        for signal, slot in self._links:
            signal.connect(slot)
        self._remind()

    def close(self) -> None:
        """Take everything off panel and map, send no more; safe to call again."""
        for signal, slot in self._links:
            signal.disconnect(slot)
        self._links = []
        self.sender.stop()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
        self._leave_dialog()
        if self.box is not None:
            self.box.remove()
            self.box = None

    def connect_service(self) -> EspaceClient:
        """A client of the service that the settings name.

        Raises:
            UnsafeAddressError: credentials would travel readable.
            TokenNotKeptError: QGIS's master password was not given.
        """
        settings = signalement_settings().load()
        if settings.authcfg:
            unlock()
        return EspaceClient(settings.url, settings.authcfg)

    @guarded
    def refresh(self) -> None:
        """Show the remarks of the item in front."""
        item_id = self._review.item_id
        self.box.show_remarks([] if item_id is None else self._store.signalements.of_item(item_id))

    # Bringing in

    def fetch(self) -> None:
        """Read the reports of the lot's box in the background and bring them in."""
        if self._task is not None:
            self.messages.info(tr("Remarks are being read already."))
            return
        settings = signalement_settings().load()
        client = self.connect_service()
        self._task = FetchTask(
            client, self._box_in_degrees(), settings.community_numbers, settings.opened_after
        )
        self._task.succeeded.connect(self._on_fetched)
        self._task.failed.connect(self._on_failed)
        self._task.cancelled.connect(self._on_cancelled)
        start_task(self._task)

    def import_file(self, path: Path) -> None:
        """Bring in the remarks of a file.

        Raises:
            SignalementFileError: there are none in it.
            ClosedLotError, JournalError: nothing is written.
        """
        self._bring_in(read_signalements(path))

    @guarded
    def _on_fetched(self, remarks: Sequence[Signalement]) -> None:
        if self._task is not None:
            self._task = None
            self._bring_in(remarks)

    @guarded
    def _on_failed(self, error: BaseException) -> None:
        if self._task is not None:
            self._task = None
            self.messages.report(error)

    @guarded
    def _on_cancelled(self) -> None:
        self._task = None

    def _bring_in(self, remarks: Sequence[Signalement]) -> None:
        done = bring_in(self._store, self._lot.profile, remarks)
        self.messages.success(tr("Remarks: {}").format(brought_text(done)))
        if done.items:
            self._review.refresh()
            self._review.go_to_top()
            for item_id in dict.fromkeys(done.items.values()):
                self._review.item_changed.emit(item_id)
            self._review.next_todo()
        self.refresh()

    def _box_in_degrees(self) -> LongLat:
        layer = self._lot.layers.occupation
        degrees = QgsCoordinateReferenceSystem(DEGREES)
        way = QgsCoordinateTransform(layer.crs(), degrees, QgsProject.instance())
        box = way.transformBoundingBox(layer.extent())
        return box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()

    # Answering

    @guarded
    def answer(self, remark: Signalement) -> None:
        """Write the answer to a remark."""
        if self.dialog is not None:
            self.dialog.activateWindow()
            return
        gestures = [] if remark.item_id is None else self._store.signalements.gestures_of(remark.item_id)
        operations = [str(gesture["operation"]) for gesture in gestures]
        row = self._ground(remark)
        made = tr("{} gestures while it was in front").format(len(operations))
        can_send = remark.source == service_address(signalement_settings().load().url)
        self.dialog = AnswerDialog(
            remark,
            lambda motive: self._prepared(motive, row),
            likely_motive(operations),
            made if operations else tr("nothing yet"),
            can_send,
            self._canvas.window(),
        )
        self.dialog.settled.connect(self._on_settled)
        self.dialog.rejected.connect(self._leave_dialog)
        self.dialog.show()

    @guarded
    def _on_settled(self, use: AnswerUse) -> None:
        dialog = self.dialog
        write_answer(
            self._store,
            dialog.remark,
            dialog.status,
            dialog.motive,
            dialog.text,
            is_ready=use is not AnswerUse.DRAFT,
        )
        # Only once it is written: a refused answer stays in its dialog.
        self._leave_dialog()
        self.refresh()
        if use is AnswerUse.SEND:
            self.sender.start()

    @guarded
    def _leave_dialog(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.rejected.disconnect(self._leave_dialog)
            dialog.close()
            dialog.deleteLater()
            self._canvas.setFocus()

    def _ground(self, remark: Signalement) -> PolygonRow | None:
        """What lies there now."""
        if remark.x is None or remark.y is None:
            return None
        return self._store.row_at((remark.x, remark.y))

    def _prepared(self, motive: Motive, row: PolygonRow | None) -> Prepared:
        names = self._lot.profile.nomenclature
        cover, use = (
            f"«\u00a0{names[code].label('fr')}\u00a0» ({code})" if code in names else "–"
            for code in ((row.cs, row.us) if row is not None else ("", ""))
        )
        facts = Facts(
            self._store.metadata.get(LotKey.MILLESIME.value) or "–",
            cover,
            use,
            0.0 if row is None else self._review.minimum_m2(row),
        )
        return prepared(self._lot.profile.section(SECTION, "answers"), motive, facts)

    @guarded
    def _on_item(self, item_id: int) -> None:
        if item_id == self._review.item_id:
            self.refresh()

    def _remind(self) -> None:
        settings = signalement_settings().load()
        left = len(waiting(self._store, settings.url))
        if left:
            text = tr("{} answers to remarks wait in the outbox: menu Remarks > Send the answers.")
            self.messages.info(text.format(left))


Find = Callable[[], SignalementBench | None]
