# SPDX-License-Identifier: GPL-2.0-or-later
"""Background work on the home of the environments: its size, and removing it."""

from __future__ import annotations

import shutil
from pathlib import Path

from inference_backend.contracts.backend_home import CURRENT_FILE, environments, read_current

from ..errors import SetupError
from ..tasks import BaseTask, TaskProgress
from ..translation import tr
from .environment import folder_bytes, is_in_use, remove_environment
from .setup_state import SetupLock, clear_state


class SizeTask(BaseTask):
    """Measures; `succeeded` carries (bytes taken, bytes free)."""

    def __init__(self, home: Path) -> None:
        super().__init__(tr("Size of the OCS GE backend"))
        self._home = home

    def work(self, progress: TaskProgress) -> tuple[int, int]:
        """Called in a thread."""
        return folder_bytes(self._home), shutil.disk_usage(self._home).free


class RemoveTask(BaseTask):
    """Removes the environment that counts and whatever was left of others."""

    def __init__(self, home: Path) -> None:
        super().__init__(tr("Remove the OCS GE backend"))
        self._home = home

    def work(self, progress: TaskProgress) -> None:
        """Called in a thread.

        Raises:
            SetupError: a set-up runs, or the backend is in use.
        """
        lock = SetupLock(self._home)
        if not lock.take():
            raise self._in_use()
        try:
            current = read_current(self._home)
            if current is not None and is_in_use(self._home / current.folder):
                raise self._in_use()
            (self._home / CURRENT_FILE).unlink(missing_ok=True)
            clear_state(self._home)
            for folder in environments(self._home):
                remove_environment(folder)
        finally:
            lock.release()

    def _in_use(self) -> SetupError:
        return SetupError(
            folder=self._home,
            detail_en="the backend is in use. Wait for its jobs, or close the other windows of QGIS.",
            detail_fr="le moteur est utilisé. Attendez la fin de ses travaux, ou fermez les autres fenêtres "
            "de "
            "QGIS.",
        )
