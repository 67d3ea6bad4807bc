# SPDX-License-Identifier: GPL-2.0-or-later
"""What the rules say of the patch in hand: a list that leads to each place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qgis.PyQt.QtCore import QLocale, Qt, QTimer
from qgis.PyQt.QtWidgets import QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from ocsge_annotator.adapters.patch_checks import PatchChecks
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_annotator.domain.label_rules import Finding, RuleKind
from ocsge_annotator.domain.pixels import PixelWindow
from ocsge_annotator.gui.gestures import Gesture
from ocsge_common.slots import guarded
from ocsge_common.translation import tr, user_language

SHOWN_ROWS = 4


def check_gestures() -> list[Gesture]:
    """Gestures of the rules."""
    return [Gesture("check", "Shift+Return", tr("Check"), tr("Hold the patch against the rules"))]


class ChecksPanel(QWidget):
    """Findings of the patch in hand.

    Args:
        session: the work.
        checks: finds.
        pixel_m: gives the side of a pixel on the ground, m; None without patch.
        show: leads the view to a window of the patch.
        parent: owner.
    """

    def __init__(
        self,
        session: AnnotationSession,
        checks: PatchChecks,
        pixel_m: Callable[[], float | None],
        show: Callable[[PixelWindow], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._checks, self._pixel_m, self._show = session, checks, pixel_m, show
        self.findings: list[Finding] = []
        self.state_label = QLabel()
        self.state_label.setWordWrap(True)
        self.list = QListWidget()
        self.list.setObjectName("finding_list")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFixedHeight(SHOWN_ROWS * (self.fontMetrics().height() + 6))
        self.button = QPushButton()
        self.button.setObjectName("check_button")
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.button, self.state_label, self.list):
            layout.addWidget(widget)
        self.list.itemClicked.connect(self._on_item)
        session.patch_changed.connect(self.forget)
        session.gesture_done.connect(self._on_gesture)
        self.forget()

    @guarded
    def forget(self) -> None:
        """Nothing has been checked yet."""
        self._fill([])
        self.state_label.setText(tr("Not checked yet"))

    def run(self) -> int:
        """Check the patch in hand; the number of findings.

        Raises:
            ProfileError: the rules cannot be read.
        """
        pixel_m = self._pixel_m()
        if pixel_m is None:
            self.forget()
            return 0
        self._fill(self._checks.run(pixel_m))
        count = len(self.findings)
        self.state_label.setText(
            tr("{} places to look at").format(count) if count else tr("Nothing to complain of")
        )
        return count

    def _fill(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        self.list.clear()
        for finding in self.findings:
            item = QListWidgetItem(self._text(finding))
            item.setToolTip(item.text())
            self.list.addItem(item)
        self.list.setVisible(bool(self.findings))

    def _text(self, finding: Finding) -> str:
        size = QLocale().toString(finding.size, "f", 1)
        limit = QLocale().toString(finding.limit, "f", 1)
        name = self._name(finding.value)
        if finding.kind is RuleKind.SPECK:
            return tr("{}: {} m², less than {} m²").format(name, size, limit)
        if finding.kind is RuleKind.TOO_LARGE:
            return tr("{}: {} m², more than {} m²").format(name, size, limit)
        return tr("{} beside {} along {} m").format(name, self._name(finding.other), size)

    def _name(self, value: int | None) -> str:
        classes = self._session.campaign.classes if self._session.campaign is not None else ()
        return next((c.label(user_language()) for c in classes if c.value == value), str(value))

    @guarded
    def _on_gesture(self) -> None:
        if self.findings:  # what has been mended leaves the list, once the gesture is on the screen
            QTimer.singleShot(0, self._check_again)

    @guarded
    def _check_again(self) -> None:
        self.run()

    @guarded
    def _on_item(self, item: QListWidgetItem) -> None:
        self._show(self.findings[self.list.row(item)].window)
