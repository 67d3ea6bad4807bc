# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes a control's report: page, tables and document, each whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

from inference_backend.atomic import replace_when_done
from inference_backend.control.report_page import report_page
from inference_backend.control.report_source import ReportSource
from inference_backend.control.report_tables import csv_files
from inference_backend.errors import OutputError
from inference_backend.reporting.words import Words

PAGE = "report.html"
DOCUMENT = "report.json"


def write_report_files(source: ReportSource, folder: Path, language: str) -> list[Path]:
    """Write `report.html`, `report.json` and the tables; earlier ones are replaced, other files stay.

    Args:
        source: what to write.
        folder: created where it is missing.
        language: `fr` or `en`, of the page.

    Returns:
        The files, the page first.

    Raises:
        OutputError: one cannot be written.
    """
    page = report_page(source.report, Words(language), nomenclature=source.nomenclature, ground=source.ground)
    document = json.dumps(source.report.to_dict(), ensure_ascii=False, indent=1) + "\n"
    written = [_write(folder / PAGE, page), _write(folder / DOCUMENT, document)]
    for name, text in csv_files(source.report).items():
        written.append(_write(folder / name, text, "utf-8-sig"))
    return written


def _write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    try:
        with replace_when_done(path) as temporary:
            temporary.write_text(text, encoding=encoding, newline="")
    except OSError as error:
        raise OutputError(path=path, reason=error.strerror or error) from error
    return path
