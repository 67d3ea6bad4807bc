# SPDX-License-Identifier: GPL-2.0-or-later
"""Where remarks come from: address, credentials, communities and the date from which they are wanted."""

from __future__ import annotations

from datetime import datetime

from qgis.gui import QgsAuthConfigSelect
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from ocsge_common.backend.token_store import unlock
from ocsge_common.slots import guarded
from ocsge_common.tasks import start_task
from ocsge_common.translation import tr, user_language
from ocsge_pi_review.adapters.signalement_client import Community, EspaceClient
from ocsge_pi_review.adapters.signalement_settings import SignalementSettings
from ocsge_pi_review.adapters.signalement_tasks import AskTask


class FetchDialog(QDialog):
    """Edits the settings of the remarks.

    Args:
        settings: to begin with.
    """

    def __init__(self, settings: SignalementSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Remarks of the collaborative service"))
        self._settings = settings
        self._task: AskTask | None = None
        self.url = QLineEdit(settings.url)
        self.authcfg = QgsAuthConfigSelect()
        self.authcfg.setConfigId(settings.authcfg)
        self.communities = QListWidget()
        self.communities.setMaximumHeight(110)
        self.ask_button = QPushButton(tr("Sign in and list my communities"))
        self.ask_button.clicked.connect(self._on_ask)
        self.said = QLabel()
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        self.since = QLineEdit(settings.opened_after)
        self.since.setPlaceholderText("2026-01-31")
        self._lay_out()
        self._offer([Community(number, str(number)) for number in settings.community_numbers])

    @property
    def settings(self) -> SignalementSettings:
        """What was entered; the date as the service reads it."""
        return SignalementSettings(
            self.url.text().strip(), self.authcfg.configId(), tuple(self._chosen()), self._date()
        )

    def accept(self) -> None:
        """Keep what was entered, unless the date is none: without it every report ever opened would come."""
        text = self.since.text().strip()
        if text and not self._date():
            self.said.setText(tr("{} is no date: write it as 2026-01-31 or 31/01/2026.").format(text))
            return
        super().accept()

    def done(self, result: int) -> None:
        """Close; a question under way is given up."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
        super().done(result)

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.addRow(tr("Address"), self.url)
        form.addRow(tr("Credentials (OAuth2)"), self.authcfg)
        row = QHBoxLayout()
        row.addWidget(self.ask_button)
        row.addWidget(self.said, 1)
        form.addRow("", row)
        form.addRow(tr("Communities (none ticked: all)"), self.communities)
        form.addRow(tr("Opened since"), self.since)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        form.addRow(buttons)
        self.resize(520, 0)

    def _chosen(self) -> list[str]:
        items = [self.communities.item(row) for row in range(self.communities.count())]
        checked = Qt.CheckState.Checked
        return [str(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() == checked]

    def _date(self) -> str:
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.strptime(self.since.text().strip(), form).date().isoformat()
            except ValueError:
                continue
        return ""

    @guarded
    def _on_ask(self) -> None:
        unlock()
        client = EspaceClient(self.url.text().strip(), self.authcfg.configId())
        self.said.setText(tr("Asking…"))
        self.ask_button.setEnabled(False)
        self._task = AskTask(client, lambda asked: asked.communities())
        self._task.succeeded.connect(self._on_answer)
        self._task.failed.connect(self._on_failed)
        start_task(self._task)

    @guarded
    def _on_answer(self, answer: tuple[str, list[Community]]) -> None:
        if self._task is None:
            return
        self._task = None
        name, communities = answer
        self.ask_button.setEnabled(True)
        self.said.setText(tr("Signed in as {}").format(name))
        self._offer(communities)

    @guarded
    def _on_failed(self, error: BaseException) -> None:
        if self._task is None:
            return
        self._task = None
        self.ask_button.setEnabled(True)
        self.said.setText(error.text(user_language()) if hasattr(error, "text") else str(error))

    def _offer(self, communities: list[Community]) -> None:
        chosen = {*self._chosen(), *self._settings.communities}
        self.communities.clear()
        for one in communities:
            item = QListWidgetItem(one.name)
            item.setData(Qt.ItemDataRole.UserRole, one.id)
            is_chosen = str(one.id) in chosen
            item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)
            self.communities.addItem(item)
