# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a shared lot is: a PostgreSQL connection as QGIS knows it, and a schema."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsCredentials, QgsDataSourceUri, QgsProviderRegistry


@dataclass(frozen=True)
class LotAddress:
    """One lot in a database.

    Attributes:
        uri: QGIS's text of the connection; `authcfg` may stand in for account and password.
        schema: the lot's.
        connection: name under which QGIS saved the connection, or empty.
    """

    uri: str
    schema: str
    connection: str = ""

    @property
    def label(self) -> str:
        """What messages call it."""
        return f"{self.connection or place_of(self.uri)}/{self.schema}"

    def account(self) -> Account:
        """What connects there."""
        return Account(self.uri)

    def table_uri(self, table: str, geometry: str | None) -> str:
        """QGIS's data source of a table; secrets stay behind `authcfg`."""
        uri = QgsDataSourceUri(self.uri)
        uri.setDataSource(self.schema, table, geometry or "", "", "fid")
        # Counting a million rows to open them takes a second, and nobody reads the number.
        uri.setUseEstimatedMetadata(True)
        return str(uri.uri(False))


class Account:
    """Connection text of libpq for a QGIS connection; QGIS asks for a password that nobody saved.

    Args:
        uri: QGIS's text of the connection.
    """

    def __init__(self, uri: str) -> None:
        self._source = QgsDataSourceUri(uri)
        self._realm = self._source.connectionInfo(False)
        self._typed: tuple[str, str] | None = None

    def conninfo(self, refusal: str = "") -> str | None:
        """The text, secrets included: to be used at once and kept nowhere.

        Args:
            refusal: why the server refused the last one, empty at first.

        Returns:
            None where nothing else can be tried: the user gave up, or what QGIS saved is wrong.
        """
        source = QgsDataSourceUri(self._source)
        if source.authConfigId() or source.password():
            return None if refusal else str(source.connectionInfo(True))
        # Takes what was typed earlier out of QGIS's memory, where it goes back once it was accepted.
        found, username, password = QgsCredentials.instance().get(
            self._realm, source.username(), "", refusal, bool(refusal)
        )
        if found:
            self._typed = (username, password)
        elif refusal:
            return None
        if self._typed is not None:
            source.setUsername(self._typed[0])
            source.setPassword(self._typed[1])
        return str(source.connectionInfo(True))

    def accepted(self) -> None:
        """Let QGIS remember what the server accepted: the layers of the lot find it there."""
        if self._typed is not None:
            QgsCredentials.instance().put(self._realm, *self._typed)


def place_of(uri: str) -> str:
    """Service, or host and database."""
    source = QgsDataSourceUri(uri)
    return str(source.service() or f"{source.host() or 'localhost'}/{source.database()}")


def saved_connections() -> dict[str, str]:
    """QGIS's PostgreSQL connections: name to connection text."""
    provider = QgsProviderRegistry.instance().providerMetadata("postgres")
    if provider is None:
        return {}
    return {name: str(connection.uri()) for name, connection in sorted(provider.connections(False).items())}
