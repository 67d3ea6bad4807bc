# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot's GeoPackage, opened for reading or for one transaction that writes all or nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from inference_backend.contracts.lot import (
    EDIT_JOURNAL,
    LOT,
    OCCUPATION_SOL,
    REVIEW_ITEM,
    SCHEMA_VERSION,
    WORKABLE_SCHEMAS,
    LotKey,
)
from inference_backend.contracts.lot_states import history_of, state_of
from inference_backend.contracts.profile import Profile
from inference_backend.errors import OutputError
from inference_backend.lots.errors import LotFileError
from inference_backend.postprocess.lot.gpkg_functions import add_spatial_functions
from inference_backend.progress import Cancelled, Progress

BUSY_TIMEOUT_S = 5.0
"""How long to wait for a gesture that somebody writes into the lot at this moment, s."""
_NEEDED = (OCCUPATION_SOL.name, REVIEW_ITEM.name, EDIT_JOURNAL.name, LOT.name)
_STEPS_BETWEEN_LOOKS = 200_000


class LotFile:
    """An open lot; use `open_lot`.

    Attributes:
        path: the file.
        database: its connection, in autocommit mode.
        metadata: values of the table `lot` when it was opened.
    """

    def __init__(self, path: Path, database: sqlite3.Connection) -> None:
        self.path, self.database = path, database
        self.metadata: dict[str, str] = read_metadata(database)

    @property
    def name(self) -> str:
        """The lot's name, the file's where it has none."""
        return self.metadata.get(LotKey.NAME.value) or self.path.stem

    @property
    def lot_id(self) -> str:
        """Its UUID."""
        return self.metadata.get(LotKey.LOT_ID.value, "")

    @property
    def srs_id(self) -> int:
        """Number of its coordinate system inside the file."""
        return int(
            self.one("SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = ?", OCCUPATION_SOL.name)
        )

    @property
    def crs(self) -> str:
        """Its coordinate system, authority code or WKT."""
        row = self.database.execute(
            "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys "
            "WHERE srs_id = ?",
            (self.srs_id,),
        ).fetchone()
        known = str(row[0]).upper() not in ("", "NONE", "UNDEFINED")
        return f"{row[0]}:{row[1]}" if known else str(row[2])

    @property
    def last_seq(self) -> int:
        """Number of the journal's last row; 0 without any."""
        return int(self.one("SELECT coalesce(max(seq), 0) FROM edit_journal"))

    @property
    def lots(self) -> list[dict[str, Any]]:
        """What was cut from it: lines of `LotKey.LOTS`.

        Raises:
            LotFileError: they are damaged.
        """
        try:
            return [dict(entry) for entry in json.loads(self.metadata.get(LotKey.LOTS.value) or "[]")]
        except (ValueError, TypeError) as error:
            raise damaged(self.path, error) from error

    def one(self, query: str, *values: Any) -> Any:
        """The only value of a query's first row."""
        return self.database.execute(query, values).fetchone()[0]

    def profile(self) -> Profile:
        """The rules that the lot was made with; what they lack, being older, comes from this installation.

        Raises:
            ProfileError: they are damaged, or unknown here.
        """
        installed = Profile.load(self.metadata.get(LotKey.PROFILE.value) or "ocsge-2.0")
        text = self.metadata.get(LotKey.PROFILE_RULES.value)
        rules = {**installed.rules, **json.loads(text)} if text else installed.rules
        return Profile(installed.name, installed.path, installed.nomenclature, rules)

    def set_metadata(self, values: Mapping[str, str]) -> None:
        """Write values of the table `lot`, inside the caller's transaction where there is one."""
        for key, value in values.items():
            done = self.database.execute("UPDATE lot SET value = ? WHERE key = ?", (value, key))
            if not done.rowcount:
                self.database.execute("INSERT INTO lot (key, value) VALUES (?, ?)", (key, value))
        self.metadata.update(values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements or none.

        Raises:
            OutputError: the file cannot be written; it is as it was.
            LotFileError: another program writes to it all the time.
        """
        try:
            self.database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.database.execute("COMMIT")
            except BaseException:
                if self.database.in_transaction:
                    self.database.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise in_use(self.path, error) from error
            raise OutputError(path=self.path, reason=error) from error


@contextmanager
def open_lot(path: Path, *, write: bool = False) -> Iterator[LotFile]:
    """Open a lot of the present schema.

    Args:
        path: the GeoPackage.
        write: whether it will be changed.

    Raises:
        LotFileError: missing, damaged, no lot, of another version, or in use.
    """
    if not path.is_file():
        raise _error(path, "no such file", "fichier introuvable", "Correct the path.", "Corrigez le chemin.")
    # A file that only its folder keeps from being written still opens: reading must do without a log there.
    uri = f"{path.resolve().as_uri()}?mode={'rw' if write else 'ro'}"
    try:
        with closing(
            sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        ) as database:
            add_spatial_functions(database)
            _require_lot(path, database)
            _require_state(path, database)
            yield LotFile(path, database)
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise in_use(path, error) from error
        raise damaged(path, error) from error
    except sqlite3.DatabaseError as error:
        raise damaged(path, error) from error


def read_metadata(database: sqlite3.Connection) -> dict[str, str]:
    """Values of the table `lot` by `LotKey` value."""
    return {str(k): str(v) for k, v in database.execute("SELECT key, value FROM lot") if v is not None}


@contextmanager
def cancellable(database: sqlite3.Connection, progress: Progress, share: float) -> Iterator[None]:
    """Let the user stop long statements.

    Raises:
        Cancelled: the user asked to stop.
    """
    stopped: list[Cancelled] = []

    def look() -> int:
        try:
            progress.update(share)
        except Cancelled as wish:
            stopped.append(wish)
        return len(stopped)

    database.set_progress_handler(look, _STEPS_BETWEEN_LOOKS)
    try:
        yield
    except sqlite3.OperationalError:
        if stopped:
            raise stopped[0] from None
        raise
    finally:
        database.set_progress_handler(None, 0)


def in_use(path: Path, reason: object) -> LotFileError:
    """Another program keeps the lot to itself."""
    return _error(
        path,
        f"another program is writing to this lot ({reason})",
        f"un autre programme écrit dans ce lot ({reason})",
        "Close it there, then try again.",
        "Fermez-le là-bas, puis recommencez.",
    )


def _require_lot(path: Path, database: sqlite3.Connection) -> None:
    tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    missing = ", ".join(name for name in _NEEDED if name not in tables)
    if missing:
        raise _error(
            path,
            f"not a lot (it has no table {missing})",
            f"ce n'est pas un lot (table absente : {missing})",
            "Make one of this layer with `ocsge import`.",
            "Faites-en un lot avec `ocsge import`.",
        )
    version = read_metadata(database).get(LotKey.SCHEMA.value, "1")
    if version not in WORKABLE_SCHEMAS:
        raise _error(
            path,
            f"is a lot of version {version}, this installation works with {SCHEMA_VERSION}",
            f"lot de version {version}, cette installation travaille avec la version {SCHEMA_VERSION}",
            "An older one: open it once in the QGIS plugin, which brings it up to date. A newer one: update "
            "the backend.",
            "Plus ancien : ouvrez-le une fois dans l'extension QGIS, qui le met à jour. Plus récent : mettez "
            "à jour le moteur.",
        )


def _require_state(path: Path, database: sqlite3.Connection) -> None:
    metadata = read_metadata(database)
    try:
        state_of(metadata)
        history_of(metadata)
    except ValueError as error:
        raise damaged(path, error) from error


def damaged(path: Path, reason: object) -> LotFileError:
    """What is inside cannot be understood."""
    return _error(
        path,
        f"the file is damaged or cannot be read ({reason})",
        f"fichier endommagé ou illisible ({reason})",
        "Have it sent again, or restore a copy.",
        "Faites-le renvoyer, ou rétablissez une copie.",
    )


def _error(path: Path, en: str, fr: str, remedy_en: str, remedy_fr: str) -> LotFileError:
    return LotFileError(path=path, problem_en=en, problem_fr=fr, remedy_en=remedy_en, remedy_fr=remedy_fr)
