# SPDX-License-Identifier: GPL-2.0-or-later
"""The engines of the local backend and their speed, measured by a process of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..errors import BackendNotStartedError
from ..tasks import BaseTask, TaskProgress
from ..translation import tr, user_language
from .child import run_child
from .scrubbed import scrubbed_variables
from .time_left import TimeLeft

EXPECTED_S = 15.0
"""What the measurement takes with the start of the process; for the progress bar alone."""


class EnginesTask(BaseTask):
    """Measures for about ten seconds; `succeeded` carries the report of `ocsge engines --json`.

    Args:
        command: `ocsge`.
    """

    def __init__(self, command: Path) -> None:
        super().__init__(tr("Speed of the engines"))
        self._command = command

    def work(self, progress: TaskProgress) -> dict[str, Any]:
        """Called in a thread.

        Raises:
            BackendNotStartedError: the command does not run, or says something else.
            TaskCancelledError: the user stopped; the process is gone.
        """
        lines: list[str] = []
        clock = TimeLeft()
        run_child(
            [str(self._command), "engines", "--json"],
            {**scrubbed_variables(), "OCSGE_LANG": user_language()},
            lines.append,
            lambda: progress.update(min(0.95, clock.elapsed_s / EXPECTED_S)),
        )
        text = "\n".join(lines)
        try:
            # What the measurement says of its progress comes first.
            report: dict[str, Any] = json.loads(text[text.index("\n{") if "\n{" in text else 0 :])
        except ValueError as error:
            raise BackendNotStartedError(command=self._command, detail=" ".join(lines[-2:])) from error
        return report


def engines_text(report: dict[str, Any]) -> str:
    """One line an engine, the one that `auto` takes marked.

    Args:
        report: of `EnginesTask`.
    """
    rows = []
    for engine in report.get("engines", []):
        mark = " ✓" if engine.get("name") == report.get("auto") else ""
        speed = engine.get("mpx_s")
        if speed is None:
            rows.append(tr("{}: not available here").format(engine.get("name")))
        else:
            rows.append(
                tr("{} ({}): {} Mpx/s").format(engine["name"], engine.get("precision", "?"), f"{speed:.2f}")
                + mark
            )
    return "\n".join(rows)
