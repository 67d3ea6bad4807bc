# SPDX-License-Identifier: GPL-2.0-or-later
"""The report of a control as a JSON file."""

from __future__ import annotations

import json
from pathlib import Path

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.control_report import ControlReport
from inference_backend.control.errors import ControlFileError
from inference_backend.errors import OutputError


def write_report(report: ControlReport, path: Path) -> None:
    """Write a report, whole or not at all.

    Raises:
        OutputError: it cannot be written.
    """
    text = json.dumps(report.to_dict(), ensure_ascii=False, indent=1)
    try:
        with replace_when_done(path) as temporary:
            temporary.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise OutputError(path=path, reason=error.strerror or error) from error


def read_report(path: Path) -> ControlReport:
    """Read a report back.

    Raises:
        ControlFileError: no such file, or no such report.
    """
    try:
        return ControlReport.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ControlFileError(
            path=path,
            problem_en=f"is no report of a control ({error!r})",
            problem_fr=f"ce n'est pas un rapport de contrôle ({error!r})",
            remedy_en="Have it written again: ocsge control decide --output.",
            remedy_fr="Faites-le réécrire : ocsge control decide --output.",
        ) from error
