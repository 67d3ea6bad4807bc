# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a report's page gets its document and its ground from: a lot, or the JSON of a decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely

from inference_backend.contracts.control_report import ControlReport
from inference_backend.contracts.errors import ProfileError
from inference_backend.contracts.lot import LotKey
from inference_backend.contracts.nomenclature import Nomenclature
from inference_backend.contracts.profile import Profile
from inference_backend.control.decide import report_of, require_unchanged
from inference_backend.control.decide_options import DecideOptions, Rule
from inference_backend.control.lot_source import LotTables, lot_place, open_tables
from inference_backend.control.read import control_of
from inference_backend.control.report_again import report_again
from inference_backend.control.report_file import read_report
from inference_backend.control.report_map import MapData
from inference_backend.control.types import Control
from inference_backend.postgis.address import LotAddress
from inference_backend.progress import Progress, Silent
from inference_backend.quality.acceptance.verdict import decision_of

OUTLINES = 1500
"""Polygons drawn below the signs: what a page can show, whatever the lot's size."""


@dataclass(frozen=True)
class ReportSource:
    """What a page is made from."""

    report: ControlReport
    nomenclature: Nomenclature | None
    ground: MapData


def load_report(
    source: str | Path | LotAddress,
    *,
    control_id: str | None = None,
    progress: Progress = Silent(),  # noqa: B008 - stateless
) -> ReportSource:
    """The report of a lot's control with the ground of its map.

    A decided control gives the figures that were signed; one that nobody decided is judged by the profile's
    contract, without a signature, without the check of the whole lot and without writing anything.

    Args:
        source: a lot, or a report as JSON, whose page has no ground below the errors.
        control_id: which control of the lot; the latest by default.
        progress: told the share that is done.

    Raises:
        ControlFileError: no such report.
        ControlError: the lot has no control, or its figures cannot be had again.
        LotChangedError, PopulationChangedError: it is not decided, and the lot is no longer what was drawn.
        LotFileError, ConfigError: no lot there.
    """
    place = lot_place(source)
    if isinstance(place, Path) and place.suffix.lower() == ".json":
        report = read_report(place)
        return ReportSource(report, _installed(report), MapData())
    with open_tables(place) as tables:
        control = control_of(tables, control_id)
        nomenclature = tables.profile().nomenclature
        progress.update(0.1)
        ground = ground_of(tables, control)
        progress.update(0.4)
        report = report_again(tables, control) if control.decision else _draft(tables, control.control_id)
    progress.update(1.0)
    return ReportSource(report, nomenclature, _told(ground, control, report))


def _draft(tables: LotTables, control_id: str) -> ControlReport:
    """What the answers say so far by the contract; the whole lot is checked by who decides, not here.

    On a million polygons that check takes minutes, and a page should not.
    """
    control = control_of(tables, control_id, check=True)
    require_unchanged(control)
    report = report_of(tables, control, Rule.CONTRACT, DecideOptions(), {"conform": True, "faults": []}, [])
    tests = [
        replace(test, passed=None) if test.name == "conformity" else test for test in report.decision.tests
    ]
    decision = decision_of(report.decision.rule, tests)
    return replace(report, conformity={}, decision=decision)


def ground_of(tables: LotTables, control: Control) -> MapData:
    """Outline of the lot, its largest polygons, and the units of the sample, all of them as `right`."""
    own = "WHERE margin_of IS NULL " if "margin_of" in tables.columns("occupation_sol") else ""
    query = f"SELECT fid FROM {{occupation_sol}} {own}ORDER BY coalesce(area_m2, 0) DESC LIMIT ?"  # nosec B608
    fids = np.array([row[0] for row in tables.select(query, (OUTLINES,))], dtype=np.int64)
    wkt = tables.metadata.get(LotKey.FOOTPRINT.value)
    footprint = np.array([shapely.from_wkt(wkt)] if wkt else [], dtype=object)
    units = np.array([(unit.x, unit.y) for unit in control.units], dtype=np.float64).reshape(-1, 2)
    return MapData(footprint, tables.polygons(fids), units, np.zeros((0, 2)))


def _told(ground: MapData, control: Control, report: ControlReport) -> MapData:
    """Units apart by what is known of them."""
    wrong = {error.sample_id for error in report.errors}
    said = np.array(
        [
            unit.answer is not None and bool(unit.answer.control_cs) and bool(unit.answer.control_us)
            for unit in control.units
        ],
        dtype=bool,
    )
    rest = np.array([unit.sample_id not in wrong for unit in control.units], dtype=bool)
    units = ground.right
    return MapData(ground.footprint, ground.outlines, units[rest & said], units[rest & ~said])


def _installed(report: ControlReport) -> Nomenclature | None:
    """Labels of the profile that the report names, None where it is not installed here."""
    name = str(report.lot.get("profile") or "").split(" ")[0]
    try:
        return Profile.load(name or "ocsge-2.0").nomenclature
    except ProfileError:
        return None
