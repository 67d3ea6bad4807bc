# SPDX-License-Identifier: GPL-2.0-or-later
"""Interpreters, controllers and accounts without rights, as the database's own roles."""

from __future__ import annotations

import psycopg2
import pytest

from ocsge_pi_review.adapters.postgis_lots import shared_lots
from ocsge_pi_review.domain.errors import JournalError, NoRightError
from ocsge_pi_review.domain.item_filter import ItemFilter
from tests.qgis.postgis.conftest import SCHEMA, address_of
from tests.qgis.postgis.gestures import set_cover

ALL = ItemFilter()


@pytest.mark.parametrize("account", ["anne", "chloe"])
def test_interpreters_and_controllers_review_and_keep_the_journal(opened, server, database, account):
    store = opened(account, address=address_of(server, database, account))
    item = store.take_next(ALL, 0)
    gesture = set_cover(store, item)
    store.perform(gesture, 1.0)
    store.set_metadata({"state": "in_interpretation"})
    (new_id,) = store.new_ids(1)
    assert new_id > item.polygon_id
    for forbidden in (
        "DELETE FROM {}.edit_journal",
        "UPDATE {}.edit_journal SET operator = 'x'",
        "UPDATE {}.review_item SET proposed_cs = 'CS1.2.2'",
        # What a controller sends back goes to the top of the queue; an interpreter does not reorder it.
        *(["UPDATE {}.review_item SET rank = 1"] if account == "anne" else []),
        "DELETE FROM {}.review_item",
        "DROP TABLE {}.lot",
    ):
        with psycopg2.connect(store.address.account().conninfo()) as raw, raw.cursor() as cursor:
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(forbidden.format(SCHEMA))
            raw.rollback()


def test_only_controllers_write_the_control_sample(server, database):
    insert = f"INSERT INTO {SCHEMA}.control_sample (sample_id) VALUES (1)"
    with (
        psycopg2.connect(address_of(server, database, "chloe").account().conninfo()) as raw,
        raw.cursor() as cursor,
    ):
        cursor.execute(insert)
    with (
        psycopg2.connect(address_of(server, database, "anne").account().conninfo()) as raw,
        raw.cursor() as cursor,
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(insert)
        raw.rollback()


def test_an_account_without_rights_is_told_whom_to_ask(opened, server, database):
    foreign = address_of(server, database, "paul")
    (lot,) = shared_lots(foreign.uri)
    assert (lot.address.schema, lot.left) == (SCHEMA, None)
    with pytest.raises(NoRightError) as refused:
        opened("paul", address=foreign)
    assert "paul" in refused.value.text("fr")
    assert "droits d'interprète" in refused.value.text("fr")


def test_an_account_that_may_only_read_changes_nothing_and_is_told(opened, server, database):
    server.sql(
        f"GRANT USAGE ON SCHEMA {SCHEMA} TO paul; GRANT SELECT ON ALL TABLES IN SCHEMA {SCHEMA} TO paul",
        database,
    )
    reader = opened("paul", address=address_of(server, database, "paul"))
    item = reader.page(ALL, 0, 1)[0]
    for attempt in (lambda: reader.take_next(ALL, 0), lambda: reader.perform(set_cover(reader, item), 1.0)):
        with pytest.raises(NoRightError):
            attempt()
    assert reader.last_seq() == 0
    assert reader.item(item.item_id) == item


def test_a_lot_is_listed_with_its_work_left_and_who_is_at_it(opened, address):
    store = opened("anne")
    store.perform(set_cover(store, store.take_next(ALL, 0)), 1.0)
    store.take_next(ALL, 0)
    (lot,) = shared_lots(address.uri, "Équipe")
    assert (lot.name, lot.left, lot.total, lot.workers) == ("Commune d'essai", 23, 24, ("anne",))
    assert lot.address.label == f"Équipe/{SCHEMA}"


def test_a_server_that_refuses_to_write_is_no_lost_gesture(opened, server, database):
    store = opened("anne")
    item = store.take_next(ALL, 0)
    gesture = set_cover(store, item)
    server.sql(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    store._database.connect()
    with pytest.raises(JournalError) as refused:
        store.perform(gesture, 1.0)
    assert "read-only" in refused.value.text("en")
    server.sql(f"ALTER DATABASE {database} SET default_transaction_read_only = off")
    store._database.connect()
    assert store.perform(gesture, 1.0) == 1
