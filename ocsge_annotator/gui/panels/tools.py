# SPDX-License-Identifier: GPL-2.0-or-later
"""Tools, what is set on them, what they leave alone, and tidying."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from qgis.PyQt import uic
from qgis.PyQt.QtCore import QSignalBlocker, QSize, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QSlider,
    QSpinBox,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.tool_choices import MAX_TIDY_PX
from ocsge_annotator.gui.gestures import TOOL, Gesture
from ocsge_annotator.gui.icons import RESOURCES, swatch
from ocsge_annotator.gui.panels.tool_options import ToolOptions
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language

COLUMNS = 10
ICON = QSize(22, 22)
LEAST_SLIDER_PX = 40
OPTIONS_PX = 34
"""Height of what can be set on a tool, or of two lines of hint: nothing jumps when the tool changes."""
SWITCHES = ("labels", "outlines", "keep", "stay", "same", "over")
BUTTONS = ("undo", "redo", "view", "smooth", "gaps", "specks", "copy", *SWITCHES)


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
    option_stack: QStackedWidget
    opacity_label: QLabel
    opacity_slider: QSlider
    opacity_spin: QSpinBox
    limit_label: QLabel
    over_combo: QComboBox
    tidy_label: QLabel
    tidy_spin: QSpinBox
    tidy_class_box: QCheckBox

    def __init__(self, session: AnnotationSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        uic.loadUi(str(RESOURCES / "ui" / "tools_panel.ui"), self)
        self.tool_grid.setColumnStretch(COLUMNS, 1)
        self.tools: dict[str, QToolButton] = {}
        self._gestures: Mapping[str, Gesture] = {}
        self.options = ToolOptions(session, self.option_stack)
        self.option_stack.setFixedHeight(OPTIONS_PX)
        self._set_up_buttons()
        self._set_up_opacity()
        self._set_up_limits()
        self._set_up_tidying()
        session.campaign_changed.connect(self._fill_over)
        session.choice_changed.connect(self.show_choice)
        session.limits_changed.connect(self.show_limits)
        session.segments_changed.connect(self.show_limits)
        self._fill_over()
        self.show_choice()

    def switch(self, name: str) -> QToolButton:
        """The button of a gesture."""
        return self.findChild(QToolButton, f"{name}_button")

    def make_buttons(self, gestures: Mapping[str, Gesture]) -> None:
        """A button for each tool that has none yet."""
        self._gestures = gestures
        for gesture in gestures.values():
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
        gesture = self._gestures.get(name)
        self.options.show_tool(name, "" if gesture is None else gesture.hint)

    def _set_up_buttons(self) -> None:
        for name in BUTTONS:
            button = self.switch(name)
            button.setIconSize(ICON)
            button.setAutoRaise(True)
            button.setCheckable(name in SWITCHES)
        self.switch("labels").setChecked(True)

    def _set_up_opacity(self) -> None:
        self.opacity_label.setText(tr("Opacity"))
        for widget in (self.opacity_slider, self.opacity_spin):
            widget.setRange(0, 100)
            widget.setValue(self._session.settings.opacity_percent)
            widget.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.opacity_spin.setSuffix(" %")
        self.opacity_slider.setMinimumWidth(LEAST_SLIDER_PX)
        self.opacity_slider.valueChanged.connect(self.opacity_spin.setValue)
        self.opacity_spin.valueChanged.connect(self.opacity_slider.setValue)
        self.opacity_spin.valueChanged.connect(self.opacity_chosen)

    def _set_up_limits(self) -> None:
        self.limit_label.setText(tr("Paint only"))
        self.over_combo.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.over_combo.setToolTip(tr("Paint only over this class"))
        self.over_combo.activated.connect(self._on_over)

    def _set_up_tidying(self) -> None:
        self.tidy_label.setText(tr("Tidy"))
        self.tidy_spin.setRange(1, MAX_TIDY_PX)
        self.tidy_spin.setSuffix(" px")
        self.tidy_spin.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.tidy_spin.setToolTip(tr("Area of the largest gap closed and of the largest speck removed"))
        self.tidy_spin.valueChanged.connect(
            lambda value: self._session.choose(replace(self._session.choices, tidy_px=value))
        )
        self.tidy_class_box.setText(tr("this class"))
        self.tidy_class_box.setToolTip(tr("Change only what the chosen class gains or loses"))
        self.tidy_class_box.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tidy_class_box.toggled.connect(
            lambda checked: self._session.choose(replace(self._session.choices, tidy_class_only=checked))
        )

    @guarded
    def _fill_over(self) -> None:
        campaign = self._session.campaign
        self.over_combo.clear()
        self.over_combo.addItem(tr("over everything"), None)
        for entry in campaign.classes if campaign is not None else ():
            label = tr("over {}").format(entry.label(user_language()))
            self.over_combo.addItem(swatch(entry.rgb), label, entry.value)
        self.show_limits()

    @guarded
    def _on_over(self, row: int) -> None:
        self._session.limit(replace(self._session.limits, only_over=self.over_combo.itemData(row)))

    @guarded
    def show_choice(self) -> None:
        """What is set for tidying."""
        choices = self._session.choices
        with QSignalBlocker(self.tidy_spin), QSignalBlocker(self.tidy_class_box):
            self.tidy_spin.setValue(choices.tidy_px)
            self.tidy_class_box.setChecked(choices.tidy_class_only)

    @guarded
    def show_limits(self) -> None:
        """Limits in force; a limit to the segment needs segments."""
        limits = self._session.limits
        for name, is_on in (
            ("keep", limits.keep_labelled),
            ("stay", limits.within_segment),
            ("same", limits.same_class),
            ("over", limits.only_over is not None),
        ):
            self.switch(name).setChecked(is_on)
        self.switch("stay").setEnabled(self._session.segments is not None)
        row = self.over_combo.findData(limits.only_over) if limits.only_over is not None else 0
        self.over_combo.setCurrentIndex(max(0, row))
