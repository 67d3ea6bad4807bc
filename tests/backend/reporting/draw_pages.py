# SPDX-License-Identifier: GPL-2.0-or-later
"""Draws the pictures of docs/control-report.md from a made control (`make report-pictures`)."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely

from inference_backend.control.report_map import MapData
from inference_backend.control.report_source import ReportSource
from inference_backend.control.report_write import write_report_files
from tests.backend.browser import printed

from .made_report import BOX, made_report, nomenclature

SHEETS = {"LOT REJETÉ": "decision", "Précision utilisateur": "classes", "Unités par nature": "errors",
    "Risques des deux parties": "risks"}  # fmt: skip
DPI = 84


def source() -> ReportSource:
    """The report of a made lot whose outlines are cells around random points."""
    report = made_report()
    lot = {**report.lot, "name": "D034_lot_07"}
    errors = tuple(
        replace(error, comment="limite décalée de 12 m" if error.comment else "") for error in report.errors
    )
    points = np.random.default_rng(1).uniform(BOX[:2], BOX[2:], (400, 2))
    frame = shapely.box(*BOX)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=frame))
    ground = MapData(np.array([frame]), shapely.intersection(cells, frame), points[:335], points[335:345])
    return ReportSource(replace(report, lot=lot, errors=errors), nomenclature(), ground)


def main(folder: Path) -> None:
    """Print the report and keep the sheets that the documentation shows."""
    with tempfile.TemporaryDirectory() as work:
        page = write_report_files(source(), Path(work), "fr")[0]
        pdf = Path(work) / "report.pdf"
        sheets = printed(page, pdf)
        for words, name in SHEETS.items():
            number = next(place for place, text in enumerate(sheets, 1) if words in text)
            target = folder / f"control-report-{name}"
            options = ["-png", "-r", str(DPI), "-f", str(number), "-l", str(number), "-singlefile"]
            subprocess.run(["pdftoppm", *options, str(pdf), str(target)], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/images"))
