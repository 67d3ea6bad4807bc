# SPDX-License-Identifier: GPL-2.0-or-later
"""The repair report: figures, every repair, and the account of every feature that was touched."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from inference_backend import __version__
from inference_backend.atomic import replace_when_done
from inference_backend.contracts.profile import Profile
from inference_backend.errors import OutputError
from inference_backend.ingest.balance import Accounts
from inference_backend.ingest.codes import Reading
from inference_backend.ingest.lot_columns import Columns
from inference_backend.ingest.repair import Repaired
from inference_backend.ingest.resolution import Said
from inference_backend.ingest.types import NO_ROW, Move, Repair, Source, SourceFile

_DIGITS = 6
"""Of areas in m2: a millionth of a square metre."""


@dataclass(frozen=True)
class Report:
    """What an import did, in JSON values.

    Attributes:
        content: see `docs/import.md`, “The report”.
    """

    content: dict[str, Any]

    @property
    def json(self) -> str:
        """The report as a document."""
        return json.dumps(self.content, ensure_ascii=False, indent=1)

    @property
    def summary(self) -> dict[str, Any]:
        """Counts and sums."""
        found: dict[str, Any] = self.content["summary"]
        return found


def build_report(
    source: Source,
    said: Said,
    repaired: Repaired,
    columns: Columns,
    profile: Profile,
    output: Path,
    review_items: int,
) -> Report:
    """Everything that is worth knowing of an import."""
    ledger = repaired.ledger
    touched = sorted({row for move in ledger.moves for row in (move.loser, move.winner) if row != NO_ROW})
    content = {
        "software": __version__,
        "created_utc": datetime.now(UTC).isoformat(timespec="seconds"),
        "profile": f"{profile.name} {profile.version}",
        "lot": str(output),
        "crs": source.crs,
        "partition_expected": source.is_partition,
        "files": [_file(file) for file in source.files],
        "summary": _summary(source, repaired, columns, touched, review_items),
        "balance": _balance(repaired),
        "codes": _codes(source, said, columns),
        "repairs": [_move(source, move) for move in ledger.moves],
        "accounts": _accounts(source, repaired, columns, touched),
    }
    return Report(content)


def write_text(path: Path, text: str) -> None:
    """Write a report, whole or not at all.

    Raises:
        OutputError: the file cannot be written.
    """
    try:
        with replace_when_done(path) as temporary:
            temporary.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(path=path, reason=error) from error


def feature_name(source: Source, row: int) -> dict[str, Any] | None:
    """Which feature a row is: file, fid, and its identifier where it has one."""
    if row == NO_ROW:
        return None
    ids = source.text.get("id")
    name: dict[str, Any] = {"file": int(source.file[row]), "fid": int(source.fid[row])}
    if ids is not None and ids[row] is not None:
        name["id"] = ids[row]
    return name


def _file(file: SourceFile) -> dict[str, Any]:
    return {
        "path": str(file.path),
        "layer": file.layer,
        "kind": file.kind,
        "rows": file.rows,
        "crs": file.crs,
        "transformed": file.transformed,
        "columns": file.columns,
        "dates": list(file.dates),
        "date": file.date,
    }


def _summary(
    source: Source, repaired: Repaired, columns: Columns, touched: Sequence[int], review_items: int
) -> dict[str, Any]:
    moves = repaired.ledger.moves
    excused = Counter(str(excuse) for excuse in columns["excuse"] if excuse)
    return {
        "features": len(source),
        "features_touched": len(touched),
        "features_split": int((shapely.get_num_geometries(source.geometry) > 1).sum()),
        "polygons": len(repaired.pieces.row),
        "untouched": repaired.is_untouched,
        "review_items": review_items,
        "excused": dict(sorted(excused.items())),
        "repairs": {
            kind.value: {
                "count": sum(move.repair is kind for move in moves),
                "area_m2": _round(sum(abs(move.area_m2) for move in moves if move.repair is kind)),
            }
            for kind in Repair
        },
    }


def _balance(repaired: Repaired) -> dict[str, Any]:
    """Sums over all features; `brought - lost + gained + rounding = result`, checked for each of them."""
    accounts: Accounts = repaired.accounts
    sums = {
        name: _round(float(getattr(accounts, name).sum()))
        for name in ("drawn", "brought", "lost", "gained", "result", "rounding")
    }
    worst = int(np.argmax(np.abs(accounts.rounding))) if len(accounts.rounding) else 0
    return {
        **{f"{name}_m2": value for name, value in sums.items()},
        "largest_rounding_m2": _round(float(np.abs(accounts.rounding).max(initial=0.0))),
        "largest_rounding_tolerance_m2": _round(float(accounts.tolerance[worst])),
        "checked": True,
    }


def _codes(source: Source, said: Said, columns: Columns) -> dict[str, Any]:
    texts = {
        "cs": _texts(source.text.get("cs"), said.cs),
        "us": _texts(source.text.get("us"), said.us),
    }
    rules = {
        dimension: dict(Counter(map(str, columns[f"{dimension}_rule"])).most_common())
        for dimension in ("cs", "us")
    }
    return {"texts": texts, "rules": rules}


def _texts(column: Any, readings: Sequence[Reading]) -> list[dict[str, Any]]:
    """Each text that is no leaf as it stands: how often, and what it was taken for."""
    counts: Counter[tuple[str | None, Reading]] = Counter()
    for row, reading in enumerate(readings):
        counts[(None if column is None else column[row], reading)] += 1
    return [
        {
            "text": text,
            "rows": rows,
            "saying": reading.saying.value,
            "code": reading.code,
            "under": reading.under,
        }
        for (text, reading), rows in counts.most_common()
        if reading.saying.value != "given"
    ]


def _move(source: Source, move: Move) -> dict[str, Any]:
    return {
        "repair": move.repair.value,
        "area_m2": _round(move.area_m2),
        "from": feature_name(source, move.loser),
        "to": feature_name(source, move.winner),
        "x": None if math.isnan(move.x) else round(move.x, 3),
        "y": None if math.isnan(move.y) else round(move.y, 3),
        "note": move.note,
    }


def _accounts(
    source: Source, repaired: Repaired, columns: Columns, touched: Sequence[int]
) -> list[dict[str, Any]]:
    accounts, ids = repaired.accounts, columns["id"]
    pieces: dict[int, list[str]] = {row: [] for row in touched}
    for place, row in enumerate(repaired.pieces.row.tolist()):
        if row in pieces:
            pieces[row].append(str(ids[place]))
    names = ("drawn", "brought", "lost", "gained", "result", "rounding")
    return [
        {
            **(feature_name(source, row) or {}),
            **{f"{name}_m2": _round(float(getattr(accounts, name)[row])) for name in names},
            "polygons": pieces[row],
        }
        for row in touched
    ]


def _round(value: float) -> float:
    return round(float(value), _DIGITS)
