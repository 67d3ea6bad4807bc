# SPDX-License-Identifier: GPL-2.0-or-later
"""Segments and proposals: scale, who proposes, how sure, and the quiet line on what is missing."""

from __future__ import annotations

from qgis.PyQt import uic
from qgis.PyQt.QtCore import QLocale, QSignalBlocker, Qt
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QListWidget, QListWidgetItem, QSlider, QToolButton, QWidget

from inference_backend.contracts.errors import OcsgeError
from ocsge_annotator.adapters.machine import Machine
from ocsge_annotator.domain.proposal import ProposalSource
from ocsge_annotator.gui.gestures import TOOL, Gesture
from ocsge_annotator.gui.icons import RESOURCES
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language

MOST_ROWS = 5
_TICKS = (Qt.CheckState.Unchecked, Qt.CheckState.Checked)


def machine_gestures() -> list[Gesture]:
    """Gestures of segments and proposals."""
    return [
        Gesture(
            "segment",
            "S",
            tr("Segments"),
            tr("Click or drag: the segment gets the class; with Shift, what the machine proposes"),
            TOOL,
        ),
        Gesture(
            "interactive",
            "M",
            tr("Interactive model"),
            tr("Click inside, right click outside, or drag a box; Return gives the class, Backspace undoes"),
            TOOL,
        ),
        Gesture(
            "move_hints",
            "Ctrl+H",
            tr("Move hints"),
            tr("Drag a reference layer onto the image, for this patch; right click puts it back"),
            TOOL,
        ),
        Gesture("hints", "H", tr("Hints"), tr("Show or hide the reference vectors")),
        Gesture("coarser", "+", tr("Coarser"), tr("Coarser segments")),
        Gesture("finer", "-", tr("Finer"), tr("Finer segments")),
        Gesture("grow", "G", tr("Accept"), tr("Take over what is proposed; begin with the learner")),
        Gesture("accept_sure", "Ctrl+G", tr("Accept sure"), tr("Take over what is sure")),
        Gesture("reject", "Ctrl+Shift+G", tr("Reject"), tr("Send the proposal away, till the next gesture")),
    ]


class MachinePanel(QWidget):
    """What the machine offers for the patch in hand.

    Args:
        machine: proposes.
        parent: owner.
    """

    segment_label: QLabel
    scale_slider: QSlider
    source_label: QLabel
    source_box: QComboBox
    floor_label: QLabel
    floor_slider: QSlider
    model_label: QLabel
    model_box: QComboBox
    share_label: QLabel
    grow_button: QToolButton
    accept_sure_button: QToolButton
    reject_button: QToolButton
    hints_button: QToolButton
    hint_list: QListWidget
    state_label: QLabel

    def __init__(self, machine: Machine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._machine = machine
        uic.loadUi(str(RESOURCES / "ui" / "machine_panel.ui"), self)
        self.source_label.setText(tr("Proposal"))
        self.floor_slider.setRange(0, 100)
        self.floor_slider.setValue(round(100 * machine.proposals.floor))
        self.floor_slider.setToolTip(tr("Confidence from which the machine counts as sure"))
        self.scale_slider.setToolTip(tr("Size of the segments"))
        for source, text in (
            (None, tr("None")),
            (ProposalSource.PRELABEL, tr("Model's prediction")),
            (ProposalSource.LEARNER, tr("Learner, from your strokes")),
            (ProposalSource.HINT, tr("Reference vectors")),
        ):
            self.source_box.addItem(text, source)
        self.hint_list.itemChanged.connect(self._on_hint)
        machine.hints.changed.connect(self._show_hints)
        self.model_label.setText(tr("Interactive model"))
        self.model_box.activated.connect(self._on_model)
        for widget in (self.hint_list, self.source_box, self.model_box, self.floor_slider, self.scale_slider):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.source_box.activated.connect(self._on_source)
        self.floor_slider.valueChanged.connect(self._on_floor)
        self.scale_slider.valueChanged.connect(self._on_scale)
        machine.changed.connect(self.refresh)
        machine.refused.connect(self.show_refusal)
        machine.session.gesture_done.connect(self.refresh)
        self._show_hints()
        self.refresh()

    @guarded
    def refresh(self) -> None:
        """Everything as it is now."""
        self._show_segments()
        self._show_proposal()
        self._show_models()
        if self._machine.segments.is_waiting:
            self.state_label.setText(tr("Segments are being computed…"))
        elif self._machine.interactive.is_waiting:
            self.state_label.setText(tr("The interactive model is looking at the patch…"))
        elif self._machine.learner.is_waiting:
            self.state_label.setText(tr("The learner is at work…"))
        elif self._machine.segments.segments is not None:
            self.state_label.setText("")

    @guarded
    def show_refusal(self, error: BaseException) -> None:
        """One quiet line on what is missing; every manual tool goes on working."""
        text = error.text(user_language()) if isinstance(error, OcsgeError) else str(error)
        self.state_label.setText(text)
        self.state_label.setToolTip(text)

    def _show_segments(self) -> None:
        segments = self._machine.segments.segments
        self.scale_slider.setEnabled(segments is not None)
        if segments is None:
            self.segment_label.setText(tr("Segments: none yet"))
            return
        with QSignalBlocker(self.scale_slider):
            self.scale_slider.setRange(0, segments.scale_count - 1)
            self.scale_slider.setValue(segments.scale)
        self.segment_label.setText(tr("{} segments").format(QLocale().toString(segments.count())))

    def _show_proposal(self) -> None:
        desk = self._machine.proposals
        with QSignalBlocker(self.source_box):
            self.source_box.setCurrentIndex(self.source_box.findData(self._machine.source))
        self.floor_label.setText(tr("Sure from {} %").format(round(100 * desk.floor)))
        offered, sure = (round(100 * share) for share in desk.shares)
        is_there = desk.proposal is not None
        self.share_label.setText(
            tr("{} % proposed, {} % sure").format(offered, sure) if is_there else tr("Nothing is proposed")
        )
        for button in (self.accept_sure_button, self.reject_button):
            button.setEnabled(is_there)

    def _show_models(self) -> None:
        desk = self._machine.interactive
        with QSignalBlocker(self.model_box):
            self.model_box.clear()
            self.model_box.addItems(desk.models)
            self.model_box.setCurrentText(desk.model)
        for widget in (self.model_label, self.model_box):
            widget.setVisible(bool(desk.models))

    @guarded
    def _show_hints(self) -> None:
        """A row to tick for each reference layer of the campaign."""
        hints = self._machine.hints
        with QSignalBlocker(self.hint_list):
            self.hint_list.clear()
            for title in hints.titles:
                item = QListWidgetItem(title, self.hint_list)
                item.setCheckState(_TICKS[title not in hints.hidden])
        self.hint_list.setVisible(bool(hints.titles))
        row_px = self.hint_list.sizeHintForRow(0)
        self.hint_list.setFixedHeight(row_px * min(MOST_ROWS, len(hints.titles)) + 6)

    @guarded
    def _on_hint(self, item: QListWidgetItem) -> None:
        self._machine.hints.show(item.text(), item.checkState() == Qt.CheckState.Checked)

    @guarded
    def _on_model(self, index: int) -> None:
        self._machine.interactive.choose(self.model_box.itemText(index))

    @guarded
    def _on_source(self, index: int) -> None:
        try:
            self._machine.choose_source(self.source_box.itemData(index))
        except OcsgeError as error:
            self.refresh()
            self.show_refusal(error)

    @guarded
    def _on_floor(self, percent: int) -> None:
        self._machine.proposals.choose_floor(percent / 100)

    @guarded
    def _on_scale(self, scale: int) -> None:
        segments = self._machine.segments.segments
        if segments is not None:
            self._machine.segments.step(scale - segments.scale)
