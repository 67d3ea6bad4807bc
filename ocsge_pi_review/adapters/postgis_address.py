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

    def conninfo(self) -> str:
        """Connection text of libpq, secrets included: to be used at once and kept nowhere."""
        return conninfo(self.uri)

    def table_uri(self, table: str, geometry: str | None) -> str:
        """QGIS's data source of a table; secrets stay behind `authcfg`."""
        uri = QgsDataSourceUri(self.uri)
        uri.setDataSource(self.schema, table, geometry or "", "", "fid")
        # Counting a million rows to open them takes a second, and nobody reads the number.
        uri.setUseEstimatedMetadata(True)
        return str(uri.uri(False))


def conninfo(uri: str) -> str:
    """Connection text of libpq for a QGIS connection; a password that QGIS asked for earlier is in it."""
    source = QgsDataSourceUri(uri)
    if not source.authConfigId() and not source.password():
        found, username, password = QgsCredentials.instance().get(
            source.connectionInfo(False), source.username(), "", "", False
        )
        if found:
            source.setUsername(username)
            source.setPassword(password)
    return str(source.connectionInfo(True))


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
