# SPDX-License-Identifier: GPL-2.0-or-later
"""One person, one connection to a lot: two people of one name would get the same items."""

from __future__ import annotations

import time
import zlib

from ocsge_pi_review.adapters.postgis_connection import Database
from ocsge_pi_review.domain.errors import LotError

_OPERATORS = 0x0C56F
"""First half of the advisory lock of a name; the other is made from the lot and the name."""
_LOOKS, _LOOK_S = 20, 0.1


class OperatorSession:
    """Greets every new connection to a lot.

    Args:
        schema: of the lot.
        operator: the name that holds items.
        label: what messages call the lot.
    """

    def __init__(self, schema: str, operator: str, label: str) -> None:
        self._schema, self._operator, self._label = schema, operator, label
        self._pid: int | None = None

    def greet(self, database: Database) -> None:
        """Find PostGIS, and take the name; our own connection that the server still believes alive is ended.

        Raises:
            LotError: no PostGIS, or somebody else works under this name.
        """
        self._find_postgis(database)
        key = zlib.crc32(f"{self._schema}\n{self._operator}".encode()) - 2**31
        for _ in range(_LOOKS):
            (row,) = database.execute(
                "SELECT pg_try_advisory_lock(%s, %s) AS is_ours, pg_backend_pid() AS pid", (_OPERATORS, key)
            )
            if row["is_ours"]:
                self._pid = row["pid"]
                return
            if not self._end_own(database, key):
                break
            time.sleep(_LOOK_S)
        database.close()
        raise self._taken()

    def _end_own(self, database: Database, key: int) -> bool:
        """Whether the name is taken by the connection that we had and lost."""
        rows = database.execute(
            "SELECT pid, CASE WHEN pid = %(pid)s THEN pg_terminate_backend(pid) END AS ended FROM pg_locks "
            "WHERE locktype = 'advisory' AND classid = %(class)s AND objid = %(key)s AND granted "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            {"pid": self._pid, "class": _OPERATORS, "key": key % 2**32},
        )
        # Nobody: it was let go between the two questions.
        return all(row["pid"] == self._pid for row in rows)

    def _find_postgis(self, database: Database) -> None:
        rows = database.execute(
            "SELECT extnamespace::regnamespace::text AS name FROM pg_extension WHERE extname = 'postgis'"
        )
        if not rows:
            database.close()
            raise LotError(
                path=self._label,
                problem_en="the database lacks PostGIS",
                problem_fr="PostGIS manque à la base de données",
                remedy_en="Choose another database.",
                remedy_fr="Choisissez une autre base.",
            )
        database.execute("SELECT set_config('search_path', %s, false)", (rows[0]["name"],))

    def _taken(self) -> LotError:
        return LotError(
            path=self._label,
            problem_en=f"somebody already works there as “{self._operator}”",
            problem_fr=f"quelqu'un y travaille déjà sous le nom « {self._operator} »",
            remedy_en="Close the lot in the other window, or take another name in the options; after a "
            "crash wait a minute.",
            remedy_fr="Fermez le lot dans l'autre fenêtre, ou prenez un autre nom dans les options ; "
            "après un arrêt brutal, attendez une minute.",
        )
