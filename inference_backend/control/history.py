# SPDX-License-Identifier: GPL-2.0-or-later
"""Earlier decisions on the lots of one supplier, wherever these lots are."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from inference_backend.contracts.control_report import Verdict
from inference_backend.contracts.errors import OcsgeError
from inference_backend.contracts.lot import LotKey
from inference_backend.control.lot_source import LotTables, lot_place, open_tables
from inference_backend.control.read import control_rows
from inference_backend.postgis.address import LotAddress, connected
from inference_backend.quality.acceptance.plans import Severity
from inference_backend.quality.acceptance.switching import Inspection, Standing, standing_after

ALL_SCHEMAS = "*"
"""In the place of a schema: every lot of the database."""
_LOT_SCHEMAS = (
    "SELECT table_schema FROM information_schema.tables WHERE table_name IN ('control', 'occupation_sol') "
    "GROUP BY table_schema HAVING count(*) = 2 ORDER BY table_schema"
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PastControl:
    """One decision.

    Attributes:
        lot: name of the lot.
        lot_uuid: the lot.
        control_id: the control.
        supplier: who had the lot.
        verdict: what was decided.
        rule: `contract` or `iso2859`.
        signed_utc: ISO 8601.
        severity: of ISO 2859-1, else empty.
        errors: units found wrong, None where unknown.
        units: units answered.
        attempt: 1 for the first control of a lot, 2 after its first redo…
        plans: by dimension, figures of the test of ISO 2859-1: `severity`, `accept`, `found`,
            `accept_tighter`, `passed`.
    """

    lot: str
    lot_uuid: str
    control_id: str
    supplier: str
    verdict: str
    rule: str
    signed_utc: str
    severity: str
    errors: int | None
    units: int
    attempt: int
    plans: dict[str, dict[str, Any]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Line of a report."""
        return asdict(self)


def supplier_history(
    places: Iterable[str | Path | LotAddress], supplier: str | None = None
) -> list[PastControl]:
    """Decisions on the lots at these places, oldest first.

    Args:
        places: lots, folders that hold lots at any depth, addresses in PostGIS; a schema `*` stands for all.
        supplier: whose; None for everyone's.

    Lots that cannot be read are named in the log and left out: an old damaged file must not stop a control.
    """
    found: dict[str, PastControl] = {}
    for place in lots_at(places):
        try:
            with open_tables(place) as tables:
                for past in past_controls(tables):
                    if supplier in (None, past.supplier):
                        found.setdefault(past.control_id, past)
        except (OcsgeError, ValueError, KeyError, TypeError) as error:
            _log.warning("%s", error)
    return _numbered(sorted(found.values(), key=lambda past: (past.signed_utc, past.control_id)))


def _numbered(history: list[PastControl]) -> list[PastControl]:
    """The same with attempts counted by lot: one that comes back may lie in another file or schema."""
    seen: Counter[str] = Counter()
    numbered = []
    for past in history:
        seen[past.lot_uuid] += 1
        attempt = max(past.attempt, seen[past.lot_uuid] if past.lot_uuid else 1)
        numbered.append(replace(past, attempt=attempt))
    return numbered


def past_controls(tables: LotTables) -> list[PastControl]:
    """Decisions on one lot, oldest first.

    Raises:
        ValueError, KeyError, TypeError: one of them cannot be understood.
    """
    rows = [row for row in control_rows(tables) if row["decision_json"]]
    rows.sort(key=lambda row: str(row["decided_utc"]))
    return [_past(tables, row, attempt) for attempt, row in enumerate(rows, 1)]


def standing_of(history: Iterable[PastControl], dimension: str, *, may_reduce: bool) -> Standing:
    """Where a supplier stands in one dimension: each has its own switching (ISO 2859-1:1999, 9.3)."""
    firsts = (past.plans[dimension] for past in history if past.attempt == 1 and dimension in past.plans)
    # A lot that was rejected before enough of it was judged, not being conform, failed no plan.
    judged = (plan for plan in firsts if plan["passed"] is not None)
    return standing_after((_inspection(plan) for plan in judged), may_reduce=may_reduce)


def lots_at(places: Iterable[str | Path | LotAddress]) -> Iterator[Path | LotAddress]:
    """The lots at these places, each once; folders are searched for GeoPackages that are no control files."""
    seen: set[object] = set()
    for place in places:
        for lot in _lots_at(place):
            key = lot.resolve() if isinstance(lot, Path) else lot
            if key not in seen:
                seen.add(key)
                yield lot


def _lots_at(place: str | Path | LotAddress) -> Iterator[Path | LotAddress]:
    if isinstance(place, str) and place.endswith(f"/{ALL_SCHEMAS}"):
        yield from _schemas(LotAddress.parse(place.removesuffix(ALL_SCHEMAS) + "public"))
        return
    known = lot_place(place)
    if isinstance(known, Path) and known.is_dir():
        found = (path for path in sorted(known.rglob("*.gpkg")) if not path.name.endswith(".control.gpkg"))
        yield from found
    else:
        yield known


def _schemas(any_schema: LotAddress) -> Iterator[LotAddress]:
    with connected(any_schema) as connection, connection.cursor() as cursor:
        cursor.execute(_LOT_SCHEMAS)
        names = [str(row[0]) for row in cursor.fetchall()]
    yield from (LotAddress(any_schema.conninfo, name) for name in names)


def _past(tables: LotTables, row: dict[str, Any], attempt: int) -> PastControl:
    report = json.loads(row["decision_json"])
    decision, errors = report["decision"], report.get("errors")
    return PastControl(
        str(row["lot_name"] or ""),
        str(row["lot_uuid"] or ""),
        str(row["control_id"]),
        str(report.get("lot", {}).get("assigned_to") or tables.metadata.get(LotKey.ASSIGNED_TO.value, "")),
        Verdict(decision["verdict"]).value,
        str(decision["rule"]),
        str(decision.get("signed_utc") or row["decided_utc"] or ""),
        str(decision.get("severity") or ""),
        errors if isinstance(errors, int) else None,
        int(report.get("answers", {}).get("answered") or 0),
        attempt,
        {test["subject"]: _plan(test) for test in decision["tests"] if test["name"].startswith("iso2859_")},
    )


def _plan(test: dict[str, Any]) -> dict[str, Any]:
    names = ("severity", "accept", "accept_tighter")
    return {
        **{name: test["detail"].get(name) for name in names},
        "found": test["found"],
        "passed": test["passed"],
    }


def _inspection(plan: dict[str, Any]) -> Inspection:
    return Inspection(
        Severity(plan["severity"]),
        bool(plan["passed"]),
        int(plan["accept"]),
        int(plan["found"] or 0),
        plan["accept_tighter"],
    )
