# SPDX-License-Identifier: GPL-2.0-or-later
"""`Check conformity`: the backend's process `check` on the open lot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.PyQt.QtCore import QObject

from ocsge_common.messages import MessageLog
from ocsge_common.translation import tr
from ocsge_pi_review.gui.backend_run import BackendRun, Job, RunTexts

PROCESS = "check"


class ConformityCheck(BackendRun):
    """Follows one check at a time.

    Args:
        messages: where to speak.
        show_report: receives the results of a finished check.
        parent: owner.
    """

    def __init__(
        self,
        messages: MessageLog,
        show_report: Callable[[dict[str, Any]], None],
        parent: QObject | None = None,
    ) -> None:
        texts = RunTexts(
            busy=tr("A check is already running."),
            done=tr("The check is done."),
            cancelled=tr("The check was cancelled."),
        )
        super().__init__(messages, texts, parent)
        self.succeeded.connect(show_report)

    def check(self, lot: Path) -> None:
        """Check a lot; a backend elsewhere gets a copy of its file.

        Raises:
            BackendNotFoundError: no backend is set up.
        """
        self.run(Job(tr("Conformity of {}").format(lot.name), PROCESS, {"path": lot}, {}))
