# SPDX-License-Identifier: GPL-2.0-or-later
"""What lots said when they were last read, in a file beside the production file.

It can be removed at any time: the next report is slower, and interpreters get new pseudonyms.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from inference_backend.indicators.lot_summary import SUMMARY_VERSION, LotSummary
from inference_backend.indicators.summarise import Limits

SUFFIX = ".index"
_SALT_BYTES = 16
_TIMEOUT_S = 5.0


@dataclass(frozen=True)
class Kept:
    """A summary that was kept.

    Attributes:
        departement: that the lot belonged to.
        stamp: of the file when it was read.
        text: JSON of the summary.
    """

    departement: str
    stamp: str
    text: str

    def summary(self) -> LotSummary | None:
        """The summary, None where it cannot be read any more."""
        try:
            return LotSummary.from_json(self.text)
        except (ValueError, KeyError, TypeError):
            return None


@dataclass(frozen=True)
class Index:
    """What the file holds.

    Attributes:
        salt: secret of the pseudonyms.
        kept: by path of the lot.
    """

    salt: bytes
    kept: Mapping[str, Kept]


def index_path(production: Path) -> Path:
    """The file beside a production file."""
    return production.with_name(production.name + SUFFIX)


def read_index(path: Path, limits: Limits) -> Index:
    """What was kept; nothing where the file is missing, damaged, or of other rules."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            known = dict(database.execute("SELECT key, value FROM meta").fetchall())
            salt = bytes.fromhex(known["salt"])
            if known["rules"] != _rules(limits):
                return Index(salt, {})
            rows = database.execute("SELECT path, departement, stamp, summary FROM lot").fetchall()
            return Index(salt, {row[0]: Kept(*row[1:]) for row in rows})
    except (sqlite3.Error, KeyError, ValueError, TypeError):
        return Index(secrets.token_bytes(_SALT_BYTES), {})


def write_index(
    path: Path, index: Index, limits: Limits, new: Mapping[str, Kept], gone: Iterable[str]
) -> None:
    """Keep what was read.

    Args:
        path: of the index.
        index: what `read_index` gave.
        limits: rules of the summaries.
        new: lots that were read, by path.
        gone: lots to forget.

    Raises:
        sqlite3.Error: it cannot be written; the report stands without.
    """
    with closing(sqlite3.connect(path, timeout=_TIMEOUT_S, isolation_level=None)) as database:
        try:
            database.execute("BEGIN IMMEDIATE")
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            # Damaged: it holds nothing that cannot be read again.
            database.close()
            path.unlink()
            write_index(path, index, limits, {**index.kept, **new}, gone)
            return
        _write(database, index, limits, new, gone)
        database.execute("COMMIT")


def _write(
    database: sqlite3.Connection, index: Index, limits: Limits, new: Mapping[str, Kept], gone: Iterable[str]
) -> None:
    database.execute("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT)")
    database.execute(
        "CREATE TABLE IF NOT EXISTS lot (path TEXT PRIMARY KEY, departement TEXT, stamp TEXT, summary TEXT)"
    )
    meta = {"salt": index.salt.hex(), "rules": _rules(limits)}
    if dict(database.execute("SELECT key, value FROM meta").fetchall()).get("rules") != meta["rules"]:
        database.execute("DELETE FROM lot")
    database.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta.items())
    database.executemany("DELETE FROM lot WHERE path = ?", ((path,) for path in gone))
    database.executemany(
        "INSERT OR REPLACE INTO lot VALUES (?, ?, ?, ?)",
        ((path, kept.departement, kept.stamp, kept.text) for path, kept in new.items()),
    )


def _rules(limits: Limits) -> str:
    return f"{SUMMARY_VERSION} {limits}"
