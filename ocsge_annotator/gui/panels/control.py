# SPDX-License-Identifier: GPL-2.0-or-later
"""Control: what waits, accept or send back, and the areas on which two annotators differ."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import QLocale, QSignalBlocker, Qt
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inference_backend.contracts.campaign import UNLABELLED, PatchState
from ocsge_annotator.adapters.control import ControlDesk
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.disagreements import Disagreement
from ocsge_annotator.gui.gestures import Gesture
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language

SHOWN_ROWS = 4
BUTTONS = (("control_next", 0, 0), ("accept_patch", 1, 0), ("reject_patch", 2, 0))
"""Below each other: with their keys they are wider than the dock."""
CHOICES = (("keep_first", 0, 0), ("take_second", 0, 1))


def control_gestures() -> list[Gesture]:
    """Gestures of the controller."""
    return [
        Gesture("control_next", "Ctrl+Down", tr("Next to control"), tr("Next patch that was handed in")),
        Gesture("accept_patch", "Ctrl+Shift+Return", tr("Accept the patch"), tr("Accept, take the next")),
        Gesture(
            "reject_patch",
            "Ctrl+Shift+Backspace",
            tr("Send back"),
            tr("Send the patch back with the comment"),
        ),
        Gesture("keep_first", "Ctrl+1", tr("Keep the first"), tr("The labels as they are stay here")),
        Gesture("take_second", "Ctrl+2", tr("Take the second"), tr("The second annotator's class goes here")),
    ]


class ControlPanel(QWidget):
    """What the controller sees.

    Args:
        session: the work.
        desk: decides.
        show: leads the view to an area, or to none.
        parent: owner.
    """

    def __init__(
        self,
        session: AnnotationSession,
        desk: ControlDesk,
        show: Callable[[Disagreement | None], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._desk, self._show = session, desk, show
        self.mode_box = QCheckBox(tr("I control what others handed in"))
        self.state_label, self.comment_label = QLabel(), QLabel()
        self.comment_edit = QLineEdit()
        self.comment_edit.setPlaceholderText(tr("What has to be done again"))
        self.area_list = QListWidget()
        self.area_list.setFixedHeight(SHOWN_ROWS * (self.fontMetrics().height() + 6))
        for label in (self.state_label, self.comment_label):
            label.setWordWrap(True)
        for widget in (self.mode_box, self.area_list):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.mode_box)
        layout.addWidget(self.state_label)
        layout.addWidget(self.comment_label)
        self._work = QWidget()
        inner = QVBoxLayout(self._work)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.comment_edit)
        inner.addLayout(_row(BUTTONS))
        inner.addWidget(self.area_list)
        inner.addLayout(_row(CHOICES))
        layout.addWidget(self._work)
        self.mode_box.toggled.connect(self._on_mode)
        self.area_list.currentRowChanged.connect(self._on_area)
        desk.changed.connect(self.refresh)
        for signal in (session.patch_changed, session.patches_changed, session.campaign_changed):
            signal.connect(self.refresh)
        self.refresh()

    def actions(self) -> dict[str, Callable[[], object]]:
        """What each gesture does, by name."""
        return {
            "control_next": self._desk.next_waiting,
            "accept_patch": self._accept,
            "reject_patch": self._reject,
            "keep_first": lambda: self._on_choice(self._desk.keep_first),
            "take_second": lambda: self._on_choice(self._desk.take_second),
        }

    @guarded
    def refresh(self) -> None:
        """Everything as it is now."""
        desk, patch = self._desk, self._session.patch
        with QSignalBlocker(self.mode_box):
            self.mode_box.setChecked(desk.is_on)
        self._work.setVisible(desk.is_on)
        waiting = desk.count(PatchState.SUBMITTED) + desk.count(PatchState.IN_CONTROL)
        counts = (waiting, desk.count(PatchState.ACCEPTED), desk.count(PatchState.REJECTED))
        self.state_label.setText(tr("{} to control, {} accepted, {} sent back").format(*counts))
        is_sent_back = patch is not None and patch.state is PatchState.REJECTED and bool(patch.comment)
        self.comment_label.setVisible(is_sent_back)
        if is_sent_back:
            self.comment_label.setText(tr("{} sent it back: {}").format(patch.controller, patch.comment))
        self._fill()

    def _fill(self) -> None:
        row = max(0, self.area_list.currentRow())
        with QSignalBlocker(self.area_list):
            self.area_list.clear()
            for area in self._desk.areas:
                pair = f"{self._name(area.first)} / {self._name(area.second)}"
                self.area_list.addItem(f"{pair}, {QLocale().toString(area.area_px)} px")
        count = len(self._desk.areas)
        self.area_list.setVisible(bool(count))
        for name, *_ in CHOICES:
            self.findChild(QPushButton, f"{name}_button").setVisible(bool(count))
        if count:
            self.area_list.setCurrentRow(min(row, count - 1))
        else:
            self._show(None)

    def _name(self, value: int) -> str:
        if value == UNLABELLED:
            return tr("without label")
        classes = self._session.campaign.classes if self._session.campaign is not None else ()
        return next((c.label(user_language()) for c in classes if c.value == value), str(value))

    @guarded
    def _on_mode(self, is_on: bool) -> None:
        self._desk.turn(is_on)

    @guarded
    def _on_area(self, row: int) -> None:
        self._show(self._desk.areas[row] if 0 <= row < len(self._desk.areas) else None)

    def _on_choice(self, choose: Callable[[Disagreement], None]) -> None:
        row = self.area_list.currentRow()
        if 0 <= row < len(self._desk.areas):
            choose(self._desk.areas[row])

    def _accept(self) -> None:
        self._desk.accept()
        self._desk.next_waiting()

    def _reject(self) -> None:
        self._desk.reject(self.comment_edit.text())
        self.comment_edit.clear()
        self._desk.next_waiting()


def _row(names: tuple[tuple[str, int, int], ...]) -> QGridLayout:
    layout = QGridLayout()
    for name, row, column in names:
        button = QPushButton()
        button.setObjectName(f"{name}_button")
        layout.addWidget(button, row, column)
    return layout
