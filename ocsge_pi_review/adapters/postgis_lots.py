# SPDX-License-Identifier: GPL-2.0-or-later
"""Which lots a database holds, for somebody who chooses one."""

from __future__ import annotations

from dataclasses import dataclass

from inference_backend.contracts.lot import EDIT_JOURNAL, LOT, OCCUPATION_SOL, REVIEW_ITEM, ItemState, LotKey
from ocsge_pi_review.adapters.postgis_address import Account, LotAddress, place_of
from ocsge_pi_review.adapters.postgis_connection import Database
from ocsge_pi_review.adapters.postgis_filter import OPEN

_SCHEMAS = """
    SELECT n.nspname AS name, has_schema_privilege(n.oid, 'USAGE') AS is_ours FROM pg_namespace AS n
    WHERE (SELECT count(*) FROM pg_class AS c WHERE c.relnamespace = n.oid AND c.relname = ANY(%s)) = %s
    ORDER BY 1"""
_TABLES = (OCCUPATION_SOL.name, REVIEW_ITEM.name, EDIT_JOURNAL.name, LOT.name)


@dataclass(frozen=True)
class SharedLot:
    """A lot that somebody may choose.

    Attributes:
        name: its own, the schema's without one.
        state: `LotState` value, empty where unknown.
        left: items to do; None where the account may not look.
        total: items that count.
        workers: names that have items in hand now.
    """

    address: LotAddress
    name: str
    state: str = ""
    left: int | None = None
    total: int = 0
    workers: tuple[str, ...] = ()


def shared_lots(uri: str, connection: str = "") -> list[SharedLot]:
    """Lots of a database, those that the account may not open last.

    Args:
        uri: QGIS's text of the connection.
        connection: name under which QGIS saved it.

    Raises:
        LotError: psycopg2 is missing.
        LostConnectionError: the server does not answer, or refuses the account.
    """
    database = Database(Account(uri), connection or place_of(uri))
    try:
        found = database.rows(_SCHEMAS, (list(_TABLES), len(_TABLES)))
        lots = [
            _described(database, LotAddress(uri, row["name"], connection), row["is_ours"]) for row in found
        ]
    finally:
        database.close()
    return sorted(lots, key=lambda lot: lot.left is None)


def _described(database: Database, address: LotAddress, is_ours: bool) -> SharedLot:
    lot, items = (database.identifier(address.schema, table) for table in (LOT.name, REVIEW_ITEM.name))
    if not is_ours or not _may_read(database, address.schema):
        return SharedLot(address, address.schema)
    metadata = {r["key"]: r["value"] for r in database.rows("SELECT key, value FROM {lot}", lot=lot)}
    counted = database.rows(
        f"SELECT count(*) FILTER (WHERE {OPEN}) AS open, count(*) FILTER (WHERE state <> %(gone)s) AS total, "  # nosec B608 - our own
        "array_remove(array_agg(DISTINCT holder) FILTER (WHERE held_until > now()), NULL) AS workers "
        "FROM {items}",
        {"gone": ItemState.GONE.value},
        items=items,
    )[0]
    return SharedLot(
        address,
        metadata.get(LotKey.NAME.value) or address.schema,
        metadata.get(LotKey.STATE.value) or "",
        counted["open"],
        counted["total"],
        tuple(counted["workers"] or ()),
    )


def _may_read(database: Database, schema: str) -> bool:
    rows = database.rows(
        "SELECT bool_and(has_table_privilege(format('%%I.%%I', %s::text, name), 'SELECT')) AS is_ours "
        "FROM unnest(%s) AS name",
        (schema, list(_TABLES)),
    )
    return bool(rows[0]["is_ours"])
