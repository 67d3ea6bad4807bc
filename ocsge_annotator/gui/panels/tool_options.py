# SPDX-License-Identifier: GPL-2.0-or-later
"""What can be set on the tool in hand: one line of the dock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from qgis.PyQt.QtCore import QSignalBlocker, Qt
from qgis.PyQt.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QStackedWidget,
    QWidget,
)

from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.brush import MAX_SIZE_PX, MIN_SIZE_PX
from ocsge_annotator.domain.tool_choices import MAX_WIDTH_M, MIN_WIDTH_M, WIDTH_STEP_M
from ocsge_annotator.domain.wand import MAX_TOLERANCE
from ocsge_common.slots import guarded
from ocsge_common.translation import tr

HINT = ""
"""Page of the tools that have nothing to set: what to do with them."""


class ToolOptions:
    """The pages of a stack, one for each tool that has something to set.

    Args:
        session: the work.
        stack: where the pages go.
    """

    def __init__(self, session: AnnotationSession, stack: QStackedWidget) -> None:
        self._session, self._stack = session, stack
        self._pages: dict[str, QWidget] = {}
        self.hint = QLabel()
        self.hint.setWordWrap(True)
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.add(HINT, self.hint)
        self.brush_spin = self._add_number(
            ("brush", "eraser"), tr("Size"), (MIN_SIZE_PX, MAX_SIZE_PX), " px", session.choose_brush
        )
        self.tolerance_spin = self._add_number(
            ("wand",), tr("Tolerance"), (0, MAX_TOLERANCE), "", self._choose("wand_tolerance")
        )
        self.width_spin = QDoubleSpinBox()
        self.width_spin.setRange(MIN_WIDTH_M, MAX_WIDTH_M)
        self.width_spin.setSingleStep(WIDTH_STEP_M)
        self.width_spin.setDecimals(1)
        self.width_spin.setSuffix(" m")
        self.width_spin.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.width_spin.valueChanged.connect(self._choose("line_width_m"))
        self.add("line", _row(tr("Width"), self.width_spin, None))
        session.choice_changed.connect(self.show_choice)
        self.show_choice()

    def add(self, tool: str, page: QWidget) -> None:
        """The page of one more tool."""
        if self._stack.indexOf(page) < 0:
            self._stack.addWidget(page)
        self._pages[tool] = page

    def show_tool(self, name: str, hint: str) -> None:
        """The page of the tool in hand, or what to do with it."""
        self.hint.setText(hint)
        self._stack.setCurrentWidget(self._pages.get(name, self.hint))

    @guarded
    def show_choice(self) -> None:
        """What is set."""
        choices = self._session.choices
        for spin, value in (
            (self.brush_spin, self._session.brush_px),
            (self.tolerance_spin, choices.wand_tolerance),
            (self.width_spin, choices.line_width_m),
        ):
            with QSignalBlocker(spin):
                spin.setValue(value)
            slider = spin.parentWidget().findChild(QSlider)
            if slider is not None:
                with QSignalBlocker(slider):
                    slider.setValue(int(value))

    def _choose(self, field: str) -> Callable[[Any], None]:
        return lambda value: self._session.choose(replace(self._session.choices, **{field: value}))

    def _add_number(
        self,
        tools: tuple[str, ...],
        title: str,
        limits: tuple[int, int],
        suffix: str,
        choose: Callable[[int], object],
    ) -> QSpinBox:
        spin, slider = QSpinBox(), QSlider(Qt.Orientation.Horizontal)
        for widget in (spin, slider):
            widget.setRange(*limits)
            widget.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        spin.setSuffix(suffix)
        slider.valueChanged.connect(spin.setValue)
        spin.valueChanged.connect(choose)
        page = _row(title, spin, slider)
        for tool in tools:
            self.add(tool, page)
        return spin


def _row(title: str, spin: QWidget, slider: QSlider | None) -> QWidget:
    page = QWidget()
    layout = QHBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(QLabel(title))
    if slider is None:
        layout.addWidget(spin)
        layout.addStretch(1)
    else:
        layout.addWidget(slider, 1)
        layout.addWidget(spin)
    return page
