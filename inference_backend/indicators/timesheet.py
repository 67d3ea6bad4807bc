# SPDX-License-Identifier: GPL-2.0-or-later
"""Hours that no lot knows: a CSV with the columns `departement`, `role` and `hours`."""

from __future__ import annotations

import csv
import io
import math
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from inference_backend.indicators.errors import ProductionFileError

COLUMNS = ("departement", "role", "hours")
EVERYWHERE = ""
"""Département of hours that are nobody's in particular: shared like fixed costs."""
Hours = dict[tuple[str, str], float]
"""Hours by (département, role)."""


def read_timesheet(path: Path, codes: Iterable[str], roles: Iterable[str]) -> Hours:
    """Sum the hours of a timesheet.

    Args:
        path: CSV in UTF-8, commas, semicolons or tabs; decimal comma or point.
        codes: départements; an empty cell stands for all of them.
        roles: those that the production file names.

    Raises:
        ProductionFileError: missing, without these columns, or a value that does not fit.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _bad(path, "timesheet", f"cannot be read ({error})", f"lecture impossible ({error})") from error
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    rows = csv.DictReader(io.StringIO(text), delimiter=separator)
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        listed = ", ".join(missing)
        raise _bad(path, "1", f"no column {listed}", f"colonne absente : {listed}")
    known, wanted = {EVERYWHERE, *codes}, set(roles)
    hours: Hours = defaultdict(float)
    for row in rows:
        line = str(rows.line_num)
        code, role = (row["departement"] or "").strip(), (row["role"] or "").strip()
        if code not in known:
            raise _bad(path, line, f"unknown département “{code}”", f"département « {code} » inconnu")
        if role not in wanted:
            raise _bad(path, line, f"unknown role “{role}”", f"rôle « {role} » inconnu")
        hours[code, role] += _number(path, line, row["hours"])
    return dict(hours)


def _number(path: Path, line: str, text: str | None) -> float:
    try:
        value = float((text or "").strip().replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise _bad(path, line, f"“{text}” is no number of hours", f"« {text} » n'est pas un nombre d'heures")
    return value


def _bad(path: Path, line: str, en: str, fr: str) -> ProductionFileError:
    return ProductionFileError(
        path=path,
        key=line if line == "timesheet" else f"line {line}",
        problem_en=en,
        problem_fr=fr,
        remedy_en="It needs the columns departement, role and hours; departements and roles are those of the "
        "production file.",
        remedy_fr="Il faut les colonnes departement, role et hours ; départements et rôles sont ceux du "
        "fichier de production.",
    )
