# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether a lot that is there may be replaced by one that a distant backend made, which cannot see it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from inference_backend.contracts.lot import EDIT_JOURNAL
from ocsge_pi_review.domain.errors import LotError


def require_replaceable(path: Path) -> None:
    """Accept a path where a new lot may be written.

    Raises:
        LotError: the lot there holds review gestures, or cannot be looked at.
    """
    gestures = _gestures(path)
    if gestures:
        raise LotError(
            path=path,
            problem_en=f"it holds {gestures} review gestures, which a new result would replace",
            problem_fr=f"il contient {gestures} gestes de reprise, qu'un nouveau résultat remplacerait",
            remedy_en="Choose another output, or move this file elsewhere.",
            remedy_fr="Choisissez une autre sortie, ou déplacez ce fichier.",
        )


def _gestures(path: Path) -> int:
    if not path.is_file():
        return 0
    try:
        # Not read-only: what a killed QGIS left in the write-ahead log counts.
        uri = f"{path.resolve().as_uri()}?mode=rw"
        with closing(sqlite3.connect(uri, uri=True)) as database:
            statement = f"SELECT count(*) FROM {EDIT_JOURNAL.name}"  # nosec B608 - our own constant
            return int(database.execute(statement).fetchone()[0])
    except sqlite3.DatabaseError as error:
        # No lot, or no GeoPackage at all; a damaged one may hold work.
        if "no such table" in str(error) or "not a database" in str(error):
            return 0
        raise LotError(
            path=path,
            problem_en=str(error),
            problem_fr=str(error),
            remedy_en="Close it, then try again; if it is damaged, move it elsewhere.",
            remedy_fr="Fermez-le, puis recommencez ; s'il est endommagé, déplacez-le.",
        ) from error
