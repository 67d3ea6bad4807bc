# SPDX-License-Identifier: GPL-2.0-or-later
"""A process of the backend for an algorithm of Processing: waits, speaks through its feedback, stops with it.

Runs in whatever thread Processing chose; a local backend lives as long as the run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qgis.core import QgsProcessingFeedback

from ..errors import TaskCancelledError
from ..settings import backend_settings
from ..translation import tr
from .client import BackendClient
from .compatibility import misfit
from .job_files import files_of, run_on_files
from .local import LocalBackend
from .token_store import unlock


def get_ready() -> None:
    """Have QGIS ask for its master password now, where the backend's token needs it; on the main thread.

    Raises:
        TokenNotKeptError: it was not given.
    """
    settings = backend_settings().load()
    if settings.url and settings.authcfg:
        unlock()


class ProcessingRun:
    """One process on the backend of the settings.

    Args:
        feedback: of the algorithm.
        same_disk: a remote backend sees the files of this computer under the same paths.
        may_replace: raises for a file that must not be replaced; asked of results that are fetched, before
            the work and after it. A backend that writes them itself asks by itself.
    """

    def __init__(
        self,
        feedback: QgsProcessingFeedback,
        *,
        same_disk: bool = False,
        may_replace: Callable[[Path], None] = lambda path: None,
    ) -> None:
        self._feedback, self._same_disk, self._may_replace = feedback, same_disk, may_replace
        self._step = ""
        self._listen: Callable[[], None] = lambda: None

    def results(
        self, process_id: str, inputs: dict[str, Any], outputs: dict[str, Path], output_input: str = "output"
    ) -> dict[str, Any]:
        """Run it.

        Args:
            process_id: for instance `predict`.
            inputs: as the process describes them; a file is a `Path`, an address or a name a text. Those that
                an older backend does not know are left out, and the log says so.
            outputs: name of an output to the file it is to be in; the first one is what `output_input` names.
            output_input: input that says where the first output goes; given only to a backend that sees this
                computer's files.

        Returns:
            The outputs of the process; files by their path here.

        Raises:
            BackendError: unreachable, refused or failed.
            TaskCancelledError: the user stopped it; the job is gone and so are its files.
        """
        with self._client() as client:
            files = files_of(client, self._say, self._stop_if_asked, same_disk=self._same_disk)
            known = self._known(client.process(process_id), inputs)
            return run_on_files(
                client, files, process_id, known, outputs, self._report, output_input, self._may_replace
            )

    @contextmanager
    def _client(self) -> Iterator[BackendClient]:
        settings = backend_settings().load()
        if settings.url:
            client = BackendClient(settings.url, authcfg=settings.authcfg)
            landing = client.landing()
            error = misfit(str(landing["version"]), str(landing["api"]))
            if error is not None:
                raise error
            yield client
            return
        self._say(tr("Starting the backend…"))
        backend = LocalBackend(settings)
        self._listen = backend.listen
        try:
            yield backend.wait_ready()
        finally:
            backend.stop()

    def _known(self, process: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
        offered = process.get("inputs", {})
        for name in inputs:
            if name not in offered:
                self._feedback.pushWarning(tr("This backend does not know “{}”; it is ignored.").format(name))
        return {name: value for name, value in inputs.items() if name in offered}

    def _say(self, text: str) -> None:
        self._feedback.setProgressText(text)

    def _stop_if_asked(self, _share: float = 0.0) -> None:
        if self._feedback.isCanceled():
            raise TaskCancelledError()

    def _report(self, share: float, step: str) -> None:
        self._stop_if_asked()
        self._listen()
        self._feedback.setProgress(100.0 * share)
        if step and step != self._step:
            self._step = step
            self._say(step)
