# SPDX-License-Identifier: GPL-2.0-or-later
"""One connection to PostgreSQL: statements with quoted names, connecting again, errors that say what to do.

psycopg2 comes with QGIS; it is imported when a connection is made, so that the plugin loads without it.
Dates come as the text that a GeoPackage holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ocsge_pi_review.adapters.postgis_address import Account
from ocsge_pi_review.adapters.postgis_errors import is_lost, is_refusal, translated
from ocsge_pi_review.domain.errors import LostConnectionError, LotError

CONNECT_TIMEOUT_S = 5
LOCK_TIMEOUT_S = 5
ANSWER_TIMEOUT_S = 10
"""A network that swallows packets is taken for dead after so long; the system's own patience is minutes."""

_TIMESTAMP_OID = 1184
_KEEPALIVE = {
    "keepalives": 1,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 1000 * ANSWER_TIMEOUT_S,
}
_SERVER_OPTIONS = {
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "lock_timeout": f"{LOCK_TIMEOUT_S}s",
    # The server, too, lets go of whoever has vanished: what he held is free sooner.
    "tcp_keepalives_idle": "20",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "idle_in_transaction_session_timeout": "60s",
}


def driver(label: str) -> Any:
    """The module psycopg2.

    Raises:
        LotError: this QGIS has none.
    """
    try:
        import psycopg2
        import psycopg2.extensions
        import psycopg2.sql
    except ImportError as error:
        raise LotError(
            path=label,
            problem_en="this QGIS lacks psycopg2, the driver of PostgreSQL",
            problem_fr="psycopg2, le pilote de PostgreSQL, manque à ce QGIS",
            remedy_en="Install your system's package python3-psycopg2, or work on a lot in a GeoPackage.",
            remedy_fr="Installez le paquet python3-psycopg2 de votre système, ou travaillez sur un lot en "
            "GeoPackage.",
        ) from error
    return psycopg2


class Database:
    """A connection that comes back.

    Args:
        account: gives the connection text, and asks for a password where one is missing.
        label: what messages call the place.
        greet: what every new connection is asked first.

    Raises:
        LotError: psycopg2 is missing.
        LostConnectionError: the server does not answer, or refuses the account.
    """

    def __init__(
        self,
        account: Account,
        label: str,
        greet: Callable[[Database], None] | None = None,
    ) -> None:
        self.label = label
        self.driver = driver(label)
        self._account, self._greet = account, greet
        self._connection: Any = None
        self._was_open = self._begins = False
        self.names: Mapping[str, Any] = {}
        self.connect()

    def connect(self) -> None:
        """Connect again.

        Raises:
            LostConnectionError: the server does not answer, or refuses the account.
        """
        self.close()
        try:
            self._connection = self._connected()
            self._was_open = True
            self._connection.autocommit = True
            self._register_dates()
            with self._connection.cursor() as cursor:
                pairs = [pair for option in _SERVER_OPTIONS.items() for pair in option]
                calls = ", ".join(["set_config(%s, %s, false)"] * len(_SERVER_OPTIONS))
                cursor.execute(f"SELECT {calls}", pairs)  # nosec B608 - marks alone
        except self.driver.Error as error:
            self.close()
            raise LostConnectionError(label=self.label, reason=_first_line(error)) from error
        if self._greet is not None:
            self._greet(self)

    def _connected(self) -> Any:
        refusal = ""
        while True:
            conninfo = self._account.conninfo(refusal)
            if conninfo is None:
                raise LostConnectionError(label=self.label, reason=refusal)
            try:
                connection = self.driver.connect(
                    conninfo,
                    connect_timeout=CONNECT_TIMEOUT_S,
                    application_name="ocsge_pi_review",
                    **_KEEPALIVE,
                )
            except self.driver.OperationalError as error:
                refusal = _first_line(error)
                # A server that starts again refuses, too: who was in once is not asked again.
                if self._was_open or not is_refusal(refusal):
                    raise
            else:
                self._account.accepted()
                return connection

    @property
    def is_open(self) -> bool:
        """Whether the connection was alive when last used."""
        return self._connection is not None and not self._connection.closed

    @property
    def raw(self) -> Any:
        """The connection of psycopg2."""
        return self._connection

    def close(self) -> None:
        """Close; safe to call again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def composed(self, statement: str, **parts: Any) -> Any:
        """A statement whose `{names}` are quoted identifiers, never text."""
        return self.driver.sql.SQL(statement).format(**self.names, **parts)

    def identifier(self, *names: str) -> Any:
        """A quoted name."""
        return self.driver.sql.Identifier(*names)

    def rows(self, statement: str, values: Any = None, **parts: Any) -> list[dict[str, Any]]:
        """Rows of a query that may be asked twice: a lost connection is made again once.

        Raises:
            LostConnectionError: the server does not answer.
            JournalError: the server refuses.
        """
        composed = self.composed(statement, **parts)
        try:
            return self._execute(composed, values)
        except LostConnectionError:
            self.connect()
            return self._execute(composed, values)

    def execute(self, statement: str, values: Any = None, **parts: Any) -> list[dict[str, Any]]:
        """The same, asked once: inside a transaction, or where twice is not the same as once."""
        return self._execute(self.composed(statement, **parts), values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements or none.

        Raises:
            LostConnectionError: the connection went; whether the last commit was done is not known here.
            JournalError: the server refuses.
        """
        if not self.is_open:
            self.connect()
        # Goes with the first statement: a journey less on a slow line.
        self._begins = True
        try:
            yield
        except BaseException:
            self._begins = False
            if self.is_open:
                self.execute("ROLLBACK")
            raise
        self._begins = False
        self.execute("COMMIT")

    def _execute(self, composed: Any, values: Any) -> list[dict[str, Any]]:
        if not self.is_open:
            raise LostConnectionError(label=self.label, reason="closed")
        if self._begins:
            composed, self._begins = self.driver.sql.SQL("BEGIN; ") + composed, False
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(composed, values)
                if cursor.description is None:
                    return []
                names = [column.name for column in cursor.description]
                return [dict(zip(names, row)) for row in cursor.fetchall()]
        except self.driver.Error as error:
            if is_lost(error, self._connection):
                self.close()
                raise LostConnectionError(label=self.label, reason=_first_line(error)) from error
            raise translated(error, self.driver, self.label, self._user()) from error

    def _user(self) -> str:
        return str(self._connection.info.user) if self.is_open else ""

    def _register_dates(self) -> None:
        extensions = self.driver.extensions
        dates = extensions.new_type((_TIMESTAMP_OID,), "GEOPACKAGE_TIME", lambda text, _: as_utc_text(text))
        extensions.register_type(dates, self._connection)


def as_utc_text(text: str | None) -> str | None:
    """A date as PostgreSQL writes it in UTC, in the form that a GeoPackage holds."""
    if text is None:
        return None
    day, _, rest = text.partition(" ")
    clock, _, fraction = rest.partition("+")[0].partition(".")
    return f"{day}T{clock}.{fraction[:3]:0<3}Z"


def placeholders(database: Database, columns: Sequence[str]) -> tuple[Any, Any]:
    """Quoted column names and as many marks, each joined by commas."""
    sql = database.driver.sql
    names = sql.SQL(", ").join(sql.Identifier(name) for name in columns)
    return names, sql.SQL(", ").join([sql.Placeholder()] * len(columns))


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
