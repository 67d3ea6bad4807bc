# SPDX-License-Identifier: GPL-2.0-or-later
"""Once at the start and then every hour: forget old jobs and remove files that nobody came back for."""

from __future__ import annotations

import logging
import threading

from inference_backend.service.jobs.job_runner import RETENTION_DAYS, JobRunner
from inference_backend.service.jobs.submission import texts_in
from inference_backend.service.uploads import Uploads

INTERVAL_S = 3600.0
_log = logging.getLogger("ocsge.service")


class Housekeeping:
    """A thread that tidies up until it is stopped."""

    def __init__(self, runner: JobRunner, uploads: Uploads, days: float = RETENTION_DAYS) -> None:
        self._runner, self._uploads, self._days = runner, uploads, days
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stopped.set()
        self._thread.join()

    def tidy(self) -> None:
        """Do it once."""
        self._runner.purge(self._days)
        used = {text for job in self._runner.store.unfinished() for text in texts_in(job.inputs)}
        self._uploads.purge(self._days, used)

    def _run(self) -> None:
        while True:
            try:
                self.tidy()
            except Exception:  # border: the thread must live on
                _log.exception("could not tidy up")
            if self._stopped.wait(INTERVAL_S):
                return
