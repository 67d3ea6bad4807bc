# SPDX-License-Identifier: GPL-2.0-or-later
"""The campaign: whose the patch in hand is, whether its image changed, conflicts of lots, further rounds."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtCore import QLocale, QSize, Qt
from qgis.PyQt.QtWidgets import (
    QGridLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ocsge_annotator.adapters.campaign_desk import CampaignDesk
from ocsge_annotator.adapters.conflicts import OURS, THEIRS, Conflict
from ocsge_annotator.adapters.session import AnnotationSession
from ocsge_common.messages import current_log
from ocsge_common.slots import guarded
from ocsge_common.translation import tr

SHOWN_ROWS = 4
STEPS = ("drawmorepatches", "cutlots", "mergelots", "compareannotators", "exportdataset")


class CampaignPanel(QWidget):
    """What concerns the campaign as a whole, and what keeps the patch in hand from being painted.

    Args:
        session: the work.
        desk: carries out what is asked for.
        open_algorithm: opens the form of one of `STEPS`.
        parent: owner.
    """

    def __init__(
        self,
        session: AnnotationSession,
        desk: CampaignDesk,
        open_algorithm: Callable[[str], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._desk, self._open = session, desk, open_algorithm
        self.facts_label, self.notice_label, self.conflict_label = QLabel(), QLabel(), QLabel()
        self.take_over_button = QPushButton(tr("Take the patch over…"))
        self.accept_image_button = QPushButton(tr("The labels still fit"))
        self.conflict_list = QListWidget()
        self.show_button = QPushButton(tr("Show"))
        self.ours_button = QPushButton(tr("Keep ours"))
        self.theirs_button = QPushButton(tr("Take theirs"))
        self.reload_button = QPushButton(tr("Read again"))
        titles = {
            "drawmorepatches": tr("Add patches…"),
            "cutlots": tr("Cut into lots…"),
            "mergelots": tr("Merge a lot…"),
            "compareannotators": tr("Compare annotators…"),
            "exportdataset": tr("Export…"),
        }
        self.step_buttons = {name: QPushButton(title) for name, title in titles.items()}
        self._lay_out()
        self._connect()
        self.show_campaign()

    def _lay_out(self) -> None:
        self.conflict_list.setFixedHeight(SHOWN_ROWS * (self.fontMetrics().height() + 6))
        for label in (self.facts_label, self.notice_label, self.conflict_label):
            label.setWordWrap(True)
        self.notice_label.setStyleSheet("QLabel { color: #B3261E; }")
        for widget in (*self._buttons(), self.conflict_list):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.reload_button.setToolTip(
            tr("Read the states of the patches again: others may have changed them")
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.facts_label, self.notice_label, self.take_over_button, self.accept_image_button):
            layout.addWidget(widget)
        layout.addWidget(self.conflict_label)
        layout.addWidget(self.conflict_list)
        choices, steps = QGridLayout(), QGridLayout()
        for col, button in enumerate((self.show_button, self.ours_button, self.theirs_button)):
            choices.addWidget(button, 0, col)
        for place, button in enumerate((*self.step_buttons.values(), self.reload_button)):
            steps.addWidget(button, place // 2, place % 2)
        layout.addLayout(choices)
        layout.addLayout(steps)

    def _buttons(self) -> tuple[QPushButton, ...]:
        return (
            self.take_over_button,
            self.accept_image_button,
            self.show_button,
            self.ours_button,
            self.theirs_button,
            self.reload_button,
            *self.step_buttons.values(),
        )

    def _connect(self) -> None:
        self.take_over_button.clicked.connect(self._on_take_over)
        self.accept_image_button.clicked.connect(self._on_accept_image)
        self.show_button.clicked.connect(self._on_show)
        self.ours_button.clicked.connect(lambda: self._choose(OURS))
        self.theirs_button.clicked.connect(lambda: self._choose(THEIRS))
        self.reload_button.clicked.connect(self._on_reload)
        self.conflict_list.itemDoubleClicked.connect(self._on_show)
        for name, button in self.step_buttons.items():
            button.clicked.connect(lambda _checked=False, name=name: self._open(name))
        self._session.campaign_changed.connect(self.show_campaign)
        self._session.patch_changed.connect(self.show_patch)
        self._session.patch_changed.connect(self._announce)
        self._session.patches_changed.connect(self.show_patch)

    # Showing

    @guarded
    def show_campaign(self) -> None:
        """Facts and conflicts of the campaign."""
        campaign = self._session.campaign
        self.facts_label.setText("" if campaign is None else self._facts())
        self.setEnabled(campaign is not None)
        self._show_conflicts()
        self.show_patch()

    def _facts(self) -> str:
        campaign, count = self._session.campaign, QLocale().toString
        lines = [tr("{} patches, {} sources").format(count(len(campaign.patches)), len(campaign.sources))]
        if campaign.lot:
            lines.append(tr("Lot “{}”: when it is done, send the whole folder back.").format(campaign.lot))
        splits = [sum(patch.split == name for patch in campaign.patches) for name in ("train", "val", "test")]
        if any(splits):
            texts = (count(number) for number in splits)
            lines.append(tr("Training {}, validation {}, test {}").format(*texts))
        return "<br>".join(lines)

    @guarded
    def show_patch(self) -> None:
        """What keeps the patch in hand from being painted, or should be looked at."""
        notice = self._desk.notice()
        self.notice_label.setText(notice)
        self.notice_label.setVisible(bool(notice))
        self.take_over_button.setVisible(self._desk.holder is not None)
        self.accept_image_button.setVisible(self._desk.is_image_changed)

    @guarded
    def _announce(self) -> None:
        """Say it over the map as well: this panel may be folded away."""
        notice = self._desk.notice()
        if notice:
            current_log().warning(notice)

    def _show_conflicts(self) -> None:
        conflicts = self._desk.conflicts()
        self.conflict_list.clear()
        for conflict in conflicts:
            text = tr("{} – lot {}, {}: {} px differ").format(
                conflict.patch_id,
                conflict.lot,
                conflict.annotator or "?",
                QLocale().toString(conflict.differing_px),
            )
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, conflict)
            self.conflict_list.addItem(item)
        if conflicts:
            self.conflict_list.setCurrentRow(0)
            self.conflict_label.setText(
                tr("Labelled in the campaign and in a lot; choose whose labels stay ({} left):").format(
                    len(conflicts)
                )
            )
        for widget in (
            self.conflict_label,
            self.conflict_list,
            self.show_button,
            self.ours_button,
            self.theirs_button,
        ):
            widget.setVisible(bool(conflicts))

    def sizeHint(self) -> QSize:
        """As high as what is shown."""
        return self.layout().sizeHint()

    # Asking

    def _conflict(self) -> Conflict | None:
        item = self.conflict_list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item is not None else None

    @guarded
    def _on_take_over(self, _checked: bool = False) -> None:
        question = tr(
            "{}\n\nTake it over only when you know that nobody works on it any more: what its holder paints "
            "from now on will not be saved."
        ).format(self._desk.notice())
        if QMessageBox.question(self, tr("Take the patch over"), question) == QMessageBox.StandardButton.Yes:
            self._session.take_over()
            self.show_patch()

    @guarded
    def _on_accept_image(self, _checked: bool = False) -> None:
        self._desk.accept_image()
        self.show_patch()

    @guarded
    def _on_reload(self, _checked: bool = False) -> None:
        self._session.reload()

    @guarded
    def _on_show(self, _item: object = None) -> None:
        conflict = self._conflict()
        if conflict is not None:
            self._desk.show_conflict(conflict)

    @guarded
    def _choose(self, choice: str) -> None:
        conflict = self._conflict()
        if conflict is not None:
            self._desk.choose(conflict, choice)
            self.show_campaign()
