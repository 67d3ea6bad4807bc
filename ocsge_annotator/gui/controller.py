# SPDX-License-Identifier: GPL-2.0-or-later
"""What buttons and keys do. The canvas is reached through the `bench` that the plugin hands over."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from pathlib import Path
from typing import Protocol

from qgis.core import QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QObject, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QFileDialog

from ocsge_annotator.adapters.campaign_file import read_campaign
from ocsge_annotator.adapters.campaign_update import write_image_path
from ocsge_annotator.adapters.image import read_image, require_fit
from ocsge_annotator.adapters.prelabel_run import PreLabelRun
from ocsge_annotator.adapters.project_layers import refresh_patches, show_campaign
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.adapters.settings import AnnotatorSettings
from ocsge_annotator.domain.campaign import Campaign
from ocsge_annotator.domain.holes import Hole
from ocsge_annotator.errors import ImageError
from ocsge_annotator.gui.dock import AnnotatorDock
from ocsge_annotator.gui.gestures import GestureTable
from ocsge_annotator.gui.prelabel_dialog import PreLabelDialog
from ocsge_common.errors import BackendError
from ocsge_common.job_view import JobView, show_job
from ocsge_common.messages import MessageLog
from ocsge_common.slots import guarded
from ocsge_common.translation import tr


class CanvasBench(Protocol):
    """What the controller needs of the canvas."""

    tools: Container[str]

    def choose_tool(self, name: str) -> None:
        """Take a tool."""

    def show_patch(self) -> None:
        """Fit the view to the patch."""

    def show_hole(self, hole: Hole) -> None:
        """Fit the view to a hole."""

    def set_opacity(self, percent: int) -> None:
        """Opacity of the labels."""


class Controller(QObject):
    """Carries out gestures.

    Args:
        session: the work.
        dock: asks for gestures.
        bench: the canvas.
        table: all gestures.
        messages: where the user is told.
        create: opens the form that makes a campaign.

    Signals:
        predicted(): there is a prediction to be proposed.

    Attributes:
        count_faults: number of places that break a rule, asked before a patch is handed in.
    """

    predicted = pyqtSignal()

    def __init__(
        self,
        session: AnnotationSession,
        dock: AnnotatorDock,
        bench: CanvasBench,
        table: GestureTable,
        messages: MessageLog,
        create: Callable[[], object],
    ) -> None:
        super().__init__(dock)
        self.messages = messages
        self._session, self._dock, self._bench, self._table = session, dock, bench, table
        self._layer: QgsVectorLayer | None = None
        self._asked_to_submit = -1
        self.count_faults: Callable[[], int] = lambda: 0
        self.run: PreLabelRun | None = None
        self._view: JobView | None = None
        self._actions: dict[str, Callable[[], object]] = {
            "undo": session.undo,
            "redo": session.redo,
            "hole": self._next_hole,
            "view": bench.show_patch,
            "previous": lambda: self._move(session.previous_patch),
            "next": lambda: self._move(session.next_patch),
            "next_open": lambda: self._move(session.next_open_patch),
            "submit": self._submit,
            "open": self.ask_for_campaign,
            "create": create,
            "predict": self.predict,
        }
        dock.asked.connect(self.do)
        dock.opacity_chosen.connect(bench.set_opacity)
        session.patches_changed.connect(self._refresh_layer)
        session.patch_changed.connect(self._forget_question)

    def bindings(self, settings: AnnotatorSettings) -> dict[str, Callable[[], object]]:
        """Action by key: gestures, then the classes of the campaign in hand."""
        keys: dict[str, Callable[[], object]] = {}
        for entry in self._session.campaign.classes if self._session.campaign is not None else ():
            if entry.key:
                keys[entry.key] = lambda value=entry.value: self._session.choose_class(value)
        for gesture in self._table.load(settings.key_changes).values():
            if gesture.key:
                keys[gesture.key] = lambda name=gesture.name: self.do(name)
        return keys

    def add_actions(self, actions: Mapping[str, Callable[[], object]]) -> None:
        """What more gestures do, by name; a gesture that takes a tool in hand needs none."""
        self._actions.update(actions)

    @guarded
    def do(self, name: str) -> None:
        """Carry out a gesture by its name."""
        if name in self._bench.tools:
            self._bench.choose_tool(name)
        else:
            self._actions[name]()

    # Campaign

    def ask_for_campaign(self) -> None:
        """Let the user choose a campaign."""
        title, kinds = tr("Open an annotation campaign"), tr("Campaign (*.gpkg)")
        path, _ = QFileDialog.getOpenFileName(self._dock, title, "", kinds)
        if path:
            self.open_campaign(Path(path))

    def open_campaign(self, path: Path) -> None:
        """Open a campaign, show its layers, take the brush.

        Raises:
            AnnotatorError: it cannot be opened.
        """
        campaign = read_campaign(path)
        if not campaign.image.exists():
            self._offer_to_locate(campaign)
            return
        self._layer = show_campaign(campaign)
        self._session.open_campaign(path)
        self._dock.setUserVisible(True)
        self._bench.choose_tool("brush")
        # QGIS shows the whole of a project's first layers once they are drawn: after that comes the patch.
        QTimer.singleShot(0, self._bench.show_patch)
        recovered = self._session.opened.editor.recovered if self._session.opened is not None else 0
        if recovered:
            self.messages.info(tr("{} gestures were recovered from the journal.").format(recovered))

    def _offer_to_locate(self, campaign: Campaign) -> None:
        image = campaign.image
        self.messages.report(
            ImageError(
                path=image,
                problem_en="the campaign's image is not there",
                problem_fr="l'image de la campagne est introuvable",
                remedy_en="Put it back, or show where it is now in the window that opens.",
                remedy_fr="Remettez-la en place ou indiquez où elle se trouve dans la fenêtre qui s'ouvre.",
            )
        )
        found, _ = QFileDialog.getOpenFileName(self._dock, tr("Locate the image {}").format(image.name))
        if found:
            # Before it is written down: a wrong one would be taken for the campaign's from then on.
            require_fit(read_image(Path(found)), campaign)
            write_image_path(campaign.path, Path(found))
            self.open_campaign(campaign.path)

    # Gestures

    def _move(self, step: Callable[[], bool]) -> None:
        if self._session.opened is not None and not step():
            self.messages.info(tr("This is the end of the queue."))

    def _next_hole(self) -> None:
        hole = self._session.next_hole()
        if hole is None:
            self._bench.show_patch()
            self.messages.info(tr("Every pixel of this patch has its class."))
        else:
            self._bench.show_hole(hole)

    def _submit(self) -> None:
        opened = self._session.opened
        if opened is None:
            return
        if self._session.is_locked:
            self.messages.info(tr("This patch is with the controller and cannot be changed."))
            return
        if self._asked_to_submit != self._session.index and self._has_questions(opened.editor.unlabelled_px):
            self._asked_to_submit = self._session.index
            return
        self._forget_question()
        index = self._session.index
        self._session.submit()
        if self._session.index == index and not opened.is_barred:
            self.messages.success(tr("Every patch of the campaign has been handed in."))

    def _has_questions(self, unlabelled_px: int) -> bool:
        """Whether something speaks against handing the patch in; the user is told what."""
        faults = self.count_faults()
        if unlabelled_px:
            text = tr("{} pixels have no label. Submit again to hand the patch in as it is.")
            self.messages.info(text.format(unlabelled_px))
            self._next_hole()
        elif faults:
            text = tr("{} places break a rule, see “Checks”. Submit again to hand the patch in as it is.")
            self.messages.info(text.format(faults))
        return bool(unlabelled_px or faults)

    @guarded
    def _forget_question(self) -> None:
        self._asked_to_submit = -1

    @guarded
    def _refresh_layer(self) -> None:
        if self._layer is not None and not sip.isdeleted(self._layer):
            refresh_patches(self._layer)

    # Prediction

    def predict(self) -> None:
        """Ask, then predict the image on the backend and pre-label the open patches."""
        campaign = self._session.campaign
        if campaign is None:
            return
        if self.run is not None:
            self.run.cancel()
            return
        dialog = PreLabelDialog(campaign.image, self._dock)
        if not dialog.exec():
            return
        self.run = PreLabelRun(campaign, dialog.choice, self)
        self._view = show_job(self.messages, tr("Predict and pre-label {}").format(campaign.image.name))
        self._view.cancel_asked.connect(self.run.cancel)
        self.run.step.connect(self._view.say)
        self.run.following.connect(self._view.follow)
        self.run.labelling.connect(self._session.suspend)
        self.run.done.connect(self._on_prelabelled)
        self.run.failed.connect(self._on_failed)
        self.run.ended.connect(self._on_ended)
        self._dock.show_running(True)
        try:
            self.run.start()
        except BackendError:
            self._on_ended()
            raise

    @guarded
    def _on_prelabelled(self, changed: int, share: float) -> None:
        if self.run is None or self.run.labels:
            text = tr("{} patches pre-labelled, {} % of their pixels.").format(changed, f"{100 * share:.0f}")
        else:
            text = tr("The image is predicted: the model's classes are proposed patch by patch.")
            self.predicted.emit()
        if sip.isdeleted(self._view):  # closed by the user
            self.messages.success(text)
        else:
            self._view.show_done(text)

    @guarded
    def _on_failed(self, error: BaseException) -> None:
        self.messages.debug(str(error))
        if sip.isdeleted(self._view):
            self.messages.report(error)
        else:
            self._view.show_failed(error)

    @guarded
    def _on_ended(self) -> None:
        self.run = None
        self._dock.show_running(False)
        self._session.resume()
