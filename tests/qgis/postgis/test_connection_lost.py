# SPDX-License-Identifier: GPL-2.0-or-later
"""A connection or a whole server that dies: nothing confirmed is lost, nothing is done twice."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from inference_backend.contracts.lot import ItemState
from ocsge_pi_review.adapters.postgis_address import LotAddress
from ocsge_pi_review.adapters.postgis_store import PostgisStore
from ocsge_pi_review.domain.errors import LostConnectionError, LotError, UncertainGestureError
from ocsge_pi_review.domain.item_filter import ItemFilter
from tests.qgis.postgis.conftest import SCHEMA, address_of
from tests.qgis.postgis.gestures import accept, set_cover

ALL = ItemFilter()


def end_connections(server, database):
    server.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        f"WHERE application_name = 'ocsge_pi_review' AND datname = '{database}'"
    )


class Wire:
    """Between the plugin and the server; cuts the connection when a text goes by.

    Args:
        port: of the server.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._cut: tuple[bytes, bool] | None = None
        self.cuts = 0
        self.refuses = False
        self.on_cut: Callable[[], None] = lambda: None
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_at(self, text: bytes, passes: bool) -> None:
        """Cut once a text comes from the plugin; the server still gets it if it `passes`."""
        self._cut = (text, passes)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                plugin, _ = self._listener.accept()
                if self.refuses:
                    plugin.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self._port))
                threading.Thread(target=self._carry, args=(server, plugin, False), daemon=True).start()
                threading.Thread(target=self._carry, args=(plugin, server, True), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, is_question: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if is_question and self._cut is not None and self._cut[0] in data:
                    passes, self._cut = self._cut[1], None
                    self.cuts += 1
                    self.on_cut()
                    source.shutdown(socket.SHUT_RDWR)
                    if passes:
                        target.sendall(data)
                        # The answer comes back to nobody.
                        target.recv(65536)
                    break
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def wire(server):
    made = Wire(server.port)
    yield made
    made.close()


@pytest.fixture
def behind(wire, database):
    store = PostgisStore(
        LotAddress(
            f"host=127.0.0.1 port={wire.port} user=postgres dbname={database} sslmode=disable", SCHEMA
        ),
        "anne",
    )
    yield store
    store.close()


@pytest.mark.parametrize(
    ("text", "passes"),
    [(b"BEGIN", False), (b"FOR UPDATE", True), (b"INSERT INTO", True), (b"COMMIT", False), (b"COMMIT", True)],
)
def test_a_gesture_cut_off_at_any_moment_is_made_once(behind, wire, text, passes):
    item = behind.take_next(ALL, 0)
    wire.cut_at(text, passes)
    seq = behind.perform(set_cover(behind, item), 1.0)
    assert wire.cuts == 1
    assert seq == 1
    assert [row.gesture.item_id for row in behind.journal()] == [item.item_id]
    assert behind.item(item.item_id).state is ItemState.DONE
    following = behind.take_next(ALL, 0)
    assert behind.perform(set_cover(behind, following), 1.0) == 2, "numbers have no hole"


def test_reading_goes_on_over_a_lost_connection_and_holds_are_kept(opened, server, database):
    store = opened("anne")
    item = store.take_next(ALL, 0)
    end_connections(server, database)
    assert store.row(item.polygon_id).id == item.polygon_id
    end_connections(server, database)
    assert store.take(item.item_id).holder == "anne"
    end_connections(server, database)
    store.perform(accept(store, item), 1.0)
    assert store.last_seq() == 1


def test_a_server_that_is_gone_is_said_and_comes_back_with_everything_confirmed(opened, server):
    store = opened("anne")
    first, second = store.page(ALL, 0, 2)
    store.perform(set_cover(store, first), 1.0)
    pending = set_cover(store, second)
    server.kill()
    for attempt in (lambda: store.perform(pending, 1.0), lambda: store.take_next(ALL, 0), store.last_seq):
        with pytest.raises(LostConnectionError):
            attempt()
    server.start()
    assert store.perform(pending, 1.0) == 2
    assert [row.gesture.item_id for row in store.journal()] == [first.item_id, second.item_id]


def test_a_commit_whose_end_nobody_could_ask_for_is_found_when_the_server_is_back(behind, wire, server):
    item = behind.take_next(ALL, 0)
    gesture = set_cover(behind, item)
    wire.cut_at(b"COMMIT", True)
    wire.on_cut = lambda: setattr(wire, "refuses", True)
    with pytest.raises(UncertainGestureError):
        behind.perform(gesture, 1.0)
    wire.refuses = False
    again = set_cover(behind, behind.item(item.item_id))
    assert behind.perform(again, 1.0) == 1, "the gesture that was kept, not a second one"
    assert behind.last_seq() == 1
    assert behind.perform(set_cover(behind, behind.take_next(ALL, 0)), 1.0) == 2


def test_no_database_at_all_and_a_wrong_one_are_said(server, database):
    gone = LotAddress("host=127.0.0.1 port=1 user=postgres dbname=x", SCHEMA)
    with pytest.raises(LostConnectionError) as refused:
        PostgisStore(gone, "anne")
    assert "127.0.0.1/x/lot_1" in refused.value.text("fr")
    with pytest.raises(LotError) as refused:
        PostgisStore(replace(address_of(server, database), schema="public"), "anne")
    assert "occupation_sol" in refused.value.text("en")
