# SPDX-License-Identifier: GPL-2.0-or-later
"""Tools, brush, opacity and limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from qgis.PyQt import uic
from qgis.PyQt.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QCheckBox, QGridLayout, QLabel, QSlider, QSpinBox, QToolButton, QWidget

from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.brush import MAX_SIZE_PX, MIN_SIZE_PX
from ocsge_annotator.gui.gestures import TOOL, Gesture
from ocsge_annotator.gui.icons import RESOURCES
from ocsge_common.slots import guarded
from ocsge_common.translation import tr

COLUMNS = 9
ICON = QSize(22, 22)


class ToolsPanel(QWidget):
    """A button per tool, and what all tools share.

    Signals:
        opacity_chosen(int): percent.

    Args:
        session: the work.
        parent: owner.
    """

    opacity_chosen = pyqtSignal(int)

    tool_grid: QGridLayout
    brush_label: QLabel
    brush_slider: QSlider
    brush_spin: QSpinBox
    opacity_label: QLabel
    opacity_slider: QSlider
    opacity_spin: QSpinBox
    keep_box: QCheckBox
    segment_box: QCheckBox
    same_box: QCheckBox

    def __init__(self, session: AnnotationSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        uic.loadUi(str(RESOURCES / "ui" / "tools_panel.ui"), self)
        self.tools: dict[str, QToolButton] = {}
        for name in ("undo", "redo", "labels", "view"):
            button = self.findChild(QToolButton, f"{name}_button")
            button.setIconSize(ICON)
            button.setAutoRaise(True)
            button.setCheckable(name == "labels")
            button.setChecked(name == "labels")
        self._set_up_sizes()
        self._set_up_limits()
        session.choice_changed.connect(self.show_choice)
        session.limits_changed.connect(self.show_limits)
        session.segments_changed.connect(self.show_limits)
        self.show_limits()

    def make_buttons(self, gestures: Iterable[Gesture]) -> None:
        """A button for each tool that has none yet."""
        for gesture in gestures:
            if gesture.group != TOOL or gesture.name in self.tools:
                continue
            button = QToolButton(self)
            button.setObjectName(f"{gesture.name}_button")
            button.setIconSize(ICON)
            button.setCheckable(True)
            place = len(self.tools)
            self.tool_grid.addWidget(button, place // COLUMNS, place % COLUMNS)
            self.tools[gesture.name] = button

    def show_tool(self, name: str) -> None:
        """Tool in hand, empty for one of QGIS."""
        for tool, button in self.tools.items():
            button.setChecked(tool == name)

    def _set_up_sizes(self) -> None:
        settings = self._session.settings
        self.brush_label.setText(tr("Brush"))
        self.opacity_label.setText(tr("Opacity"))
        for slider, spin, low, high, value, suffix in (
            (self.brush_slider, self.brush_spin, MIN_SIZE_PX, MAX_SIZE_PX, self._session.brush_px, " px"),
            (self.opacity_slider, self.opacity_spin, 0, 100, settings.opacity_percent, " %"),
        ):
            for widget in (slider, spin):
                widget.setRange(low, high)
                widget.setValue(value)
                widget.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            spin.setSuffix(suffix)
            slider.valueChanged.connect(spin.setValue)
            spin.valueChanged.connect(slider.setValue)
        self.brush_spin.valueChanged.connect(self._session.choose_brush)
        self.opacity_spin.valueChanged.connect(self.opacity_chosen)

    def _set_up_limits(self) -> None:
        for box, text, hint in (
            (self.keep_box, tr("Only where there is no label"), tr("What has a class stays as it is")),
            (self.segment_box, tr("Stay in the segment"), tr("Paint only the segment where you begin")),
            (self.same_box, tr("Same class only"), tr("Paint only over the class where you begin")),
        ):
            box.setText(text)
            box.setToolTip(hint)
            box.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            box.toggled.connect(self._on_limit)

    @guarded
    def _on_limit(self) -> None:
        self._session.limit(
            replace(
                self._session.limits,
                keep_labelled=self.keep_box.isChecked(),
                within_segment=self.segment_box.isChecked(),
                same_class=self.same_box.isChecked(),
            )
        )

    @guarded
    def show_choice(self) -> None:
        """Brush in force."""
        for widget in (self.brush_spin, self.brush_slider):
            with QSignalBlocker(widget):
                widget.setValue(self._session.brush_px)

    @guarded
    def show_limits(self) -> None:
        """Limits in force; a limit to the segment needs segments."""
        limits = self._session.limits
        for box, checked in (
            (self.keep_box, limits.keep_labelled),
            (self.segment_box, limits.within_segment),
            (self.same_box, limits.same_class),
        ):
            with QSignalBlocker(box):
                box.setChecked(checked)
        self.segment_box.setEnabled(self._session.segments is not None)
