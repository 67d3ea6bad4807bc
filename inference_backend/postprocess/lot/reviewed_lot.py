# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether a lot that is there may be replaced: the work of operators is in it, and nowhere else."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from inference_backend.contracts.lot import EDIT_JOURNAL
from inference_backend.errors import OutputError

BUSY_TIMEOUT_S = 2.0
"""How long to wait for a program that writes to the lot, s."""


class ReviewedLotError(OutputError):
    """The result would overwrite reviewed work: `path`, `gestures`."""

    templates = {
        "en": "{path}: holds {gestures} review gestures, which a new result would replace. Choose another "
        "output, move this file elsewhere, or use `ocsge run --force`, which keeps it beside the new one.",
        "fr": "{path} : contient {gestures} gestes de reprise, qu'un nouveau résultat remplacerait. "
        "Choisissez une autre sortie, déplacez ce fichier, ou employez `ocsge run --force`, qui le conserve "
        "à côté du nouveau.",
    }


class LotInUseError(OutputError):
    """Another program has the lot open: `path`, `reason`."""

    templates = {
        "en": "{path}: another program has this lot open ({reason}), and what is done there would be lost. "
        "Close it in QGIS, then try again.",
        "fr": "{path} : un autre programme a ouvert ce lot ({reason}) ; ce qu'on y fait serait perdu. "
        "Fermez-le dans QGIS, puis recommencez.",
    }


class UnreadableLotError(OutputError):
    """A lot too damaged to say whether it was reviewed: `path`, `reason`."""

    templates = {
        "en": "{path}: this lot is damaged ({reason}) and may hold review gestures, which a new result would "
        "replace. Choose another output, or move this file elsewhere.",
        "fr": "{path} : ce lot est endommagé ({reason}) et contient peut-être des gestes de reprise, qu'un "
        "nouveau résultat remplacerait. Choisissez une autre sortie, ou déplacez ce fichier.",
    }


def require_replaceable(lot: Path) -> None:
    """Accept a path where a new lot may be written.

    Raises:
        ReviewedLotError: the lot there holds gestures.
        LotInUseError: it is under review at this moment.
        UnreadableLotError: it is damaged.
    """
    gestures = count_gestures(lot)
    if gestures:
        raise ReviewedLotError(path=lot, gestures=gestures)


def count_gestures(lot: Path) -> int:
    """Number of review gestures in a lot; 0 where there is no such file or table.

    Raises:
        LotInUseError: another program has it open.
        UnreadableLotError: it is damaged.
    """
    if not lot.is_file():
        return 0
    try:
        with _in_one_file(lot) as database:
            (count,) = database.execute(f"SELECT count(*) FROM {EDIT_JOURNAL.name}").fetchone()  # nosec B608 - our own constant
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return 0
        raise LotInUseError(path=lot, reason=error) from error
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error):
            return 0
        raise UnreadableLotError(path=lot, reason=error) from error
    return int(count)


def set_aside(lot: Path) -> Path:
    """Rename a lot, with everything that a review wrote into it; the new path.

    Raises:
        LotInUseError: another program has it open.
    """
    try:
        with _in_one_file(lot):
            pass
    except sqlite3.Error as error:
        raise LotInUseError(path=lot, reason=error) from error
    now = datetime.datetime.now(datetime.UTC)
    return lot.rename(lot.with_name(f"{lot.stem}-reviewed-{now:%Y%m%dT%H%M%S}{lot.suffix}"))


@contextmanager
def _in_one_file(lot: Path) -> Iterator[sqlite3.Connection]:
    """The lot without its write-ahead log, which a killed QGIS leaves beside it, full of gestures."""
    uri = f"{lot.resolve().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        yield database
