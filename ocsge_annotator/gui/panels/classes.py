# SPDX-License-Identifier: GPL-2.0-or-later
"""The palette, and above it the classes used lately and most."""

from __future__ import annotations

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.gui.class_palette import ClassPalette
from ocsge_annotator.gui.icons import swatch
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language

SHORTLIST = 5
"""Classes in each of the two short lists."""


class ClassesPanel(QWidget):
    """Every way to choose a class by the mouse.

    Args:
        session: the work.
        parent: owner.
    """

    def __init__(self, session: AnnotationSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: object = None
        self.palette_view = ClassPalette()
        self.recent, self.frequent = ([QToolButton(self) for _ in range(SHORTLIST)] for _ in range(2))
        row = QHBoxLayout()
        row.setSpacing(2)
        for title, buttons in ((tr("Recent"), self.recent), (tr("Frequent"), self.frequent)):
            row.addWidget(QLabel(title))
            for button in buttons:
                button.setAutoRaise(True)
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                button.clicked.connect(self._on_short)
                row.addWidget(button)
            row.addStretch(1)
        self.swap_button = QToolButton(self)
        self.swap_button.setObjectName("swap_button")
        self.swap_button.setAutoRaise(True)
        row.addWidget(self.swap_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addWidget(self.palette_view)
        self.palette_view.chosen.connect(session.choose_class)
        session.gesture_done.connect(self.show_use)
        session.choice_changed.connect(self.show_choice)

    @guarded
    def show_classes(self) -> None:
        """Classes of the campaign in hand."""
        campaign = self._session.campaign
        self.palette_view.show_classes(campaign.classes if campaign is not None else ())
        self.show_use()
        self.show_choice()

    @guarded
    def show_choice(self) -> None:
        """Class in force."""
        self.palette_view.choose(self._session.value)

    @guarded
    def show_use(self) -> None:
        """Classes used lately and most."""
        use, campaign = self._session.class_use, self._session.campaign
        shown = (campaign, use.recent(), use.frequent())
        if shown == self._shown:
            return
        self._shown = shown
        classes = {entry.value: entry for entry in (campaign.classes if campaign is not None else ())}
        for buttons, values in ((self.recent, use.recent()), (self.frequent, use.frequent())):
            shown = [classes[value] for value in values if value in classes][:SHORTLIST]
            for place, button in enumerate(buttons):
                entry = shown[place] if place < len(shown) else None
                button.setEnabled(entry is not None)
                button.setProperty("value", -1 if entry is None else entry.value)
                button.setIcon(swatch((235, 235, 235) if entry is None else entry.rgb))
                button.setToolTip("" if entry is None else entry.label(user_language()))

    @guarded
    def _on_short(self) -> None:
        self._session.choose_class(int(self.sender().property("value")))
