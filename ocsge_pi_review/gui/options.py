# SPDX-License-Identifier: GPL-2.0-or-later
"""The review's page in Settings > Options."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.PyQt.QtWidgets import QGroupBox, QVBoxLayout, QWidget

from ocsge_common.backend_section import BackendSection
from ocsge_common.options_page import OptionsPageFactory, SettingsForm
from ocsge_common.settings import SettingsStore
from ocsge_common.translation import tr
from ocsge_pi_review.adapters.settings import ReviewSettings
from ocsge_pi_review.gui.key_form import KeyForm


class Section(QGroupBox):
    """A titled form.

    Args:
        title: what it is about.
        form: its rows.
        on_saved: called after the form was stored.
    """

    def __init__(
        self, title: str, form: SettingsForm | KeyForm, on_saved: Callable[[], None] | None = None
    ) -> None:
        super().__init__(title)
        self.form = form
        self._on_saved = on_saved
        QVBoxLayout(self).addWidget(form)

    def save(self) -> None:
        """Store the form."""
        self.form.save()
        if self._on_saved is not None:
            self._on_saved()


def options_factory(
    icon: Path, store: SettingsStore[ReviewSettings], on_saved: Callable[[], None]
) -> OptionsPageFactory:
    """What QGIS registers; `on_saved` is called once the user confirmed."""

    def sections() -> list[QWidget]:
        return [
            Section(tr("Work"), SettingsForm(store, _work_labels())),
            BackendSection(),
            Section(tr("Keys"), KeyForm(store), on_saved),
        ]

    return OptionsPageFactory(tr("OCS GE review"), icon, sections)


def _work_labels() -> dict[str, tuple[str, str]]:
    return {
        "operator": (
            tr("Operator"),
            tr("Written into the journal; empty for the session's user"),
        ),
        "palette_by_context": (
            tr("Order cover keys by probability"),
            tr("Otherwise each cover keeps its key, the lot's most frequent first"),
        ),
        "advance_after_code": (
            tr("Go to the next item once one is decided"),
            tr("Otherwise it stays in front until you accept or move on"),
        ),
        "show_names": (
            tr("Name colleagues beside their pace"),
            tr("Otherwise what the others decided is one sum, without names"),
        ),
        "minimum_scale": (tr("Largest map scale 1:"), tr("Small polygons are not shown closer than this")),
    }
