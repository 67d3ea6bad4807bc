# SPDX-License-Identifier: GPL-2.0-or-later
"""Remarks in a lot that a team shares: the same as in a file, and each answer sent by one person."""

from __future__ import annotations

import shutil
import time
from contextlib import closing
from dataclasses import replace

import pytest

from inference_backend.contracts.profile import Profile
from inference_backend.contracts.signalement import Motive, Outbox, ReportStatus
from ocsge_pi_review.adapters.gpkg_store import GpkgStore
from ocsge_pi_review.adapters.signalement_client import EspaceClient
from ocsge_pi_review.adapters.signalement_delivery import Outcome, deliver
from ocsge_pi_review.adapters.signalement_import import bring_in
from ocsge_pi_review.adapters.signalement_outbox import OutboxRun, send_all, write_answer
from ocsge_pi_review.domain.errors import LotError, NoRightError
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.signalement_errors import StaleSignalementError
from ocsge_pi_review.domain.signalement_report import from_report
from tests.qgis.pi_review.signalements.conftest import report_at
from tests.qgis.pi_review.signalements.espace_server import EspaceServer
from tests.qgis.postgis.conftest import address_of

ALL = ItemFilter()


@pytest.fixture
def espace(qgis_app):
    made = EspaceServer([report_at(101, 60, 60), report_at(102, 200, 150), report_at(103, 380, 100)])
    made.service.tokens.add("")
    yield made
    made.stop()


def remarks(espace):
    return [from_report(report, espace.url) for report in espace.service.reports.values()]


def seen(store):
    """Items at the top and every remark, without what differs by nature."""
    items = [replace(item, holder=None, held_until=None) for item in store.page(ALL, 0, 4)]
    return items, store.signalements.all(), store.counts(ALL)


def test_both_stores_take_remarks_alike(published, opened, tmp_path, espace):
    shutil.copy(published[1], tmp_path / "lot.gpkg")
    server = opened("anne")
    server.page(ALL, 0, 9)
    with closing(GpkgStore(tmp_path / "lot.gpkg", "anne")) as file:
        profile = Profile.load()
        done = [bring_in(store, profile, remarks(espace)) for store in (file, server)]
        assert done[0] == done[1]
        assert seen(file) == seen(server)
        espace.service.reply(102, "mairie", "Encore", "pending")
        again = [bring_in(store, profile, remarks(espace)) for store in (file, server)]
        assert again[0] == again[1]
        assert again[0].updated == ["102"]
        assert seen(file) == seen(server)
        item = server.take_next(ALL, -(2**31))
        assert item.item_id == done[1].items[done[1].new[0]]


def answered(store, number, text="Merci"):
    one = next(one for one in store.signalements.all() if one.remote_id == number)
    return write_answer(store, one, ReportStatus.VALID, Motive.CORRECTED, text, is_ready=True)


def test_an_interpreter_answers_and_only_the_owner_brings_in(server, database, opened, espace):
    profile = Profile.load()
    anne = opened("anne", address=address_of(server, database, "anne"))
    with pytest.raises(NoRightError):
        bring_in(anne, profile, remarks(espace))
    assert anne.signalements.all() == []
    bring_in(opened("chef"), profile, remarks(espace))
    before = next(one for one in anne.signalements.all() if one.remote_id == "101")
    answered(anne, "101")
    with pytest.raises(StaleSignalementError):
        anne.signalements.replace(before, replace(before, text="autre"))


def test_a_lot_of_an_earlier_release_opens_and_takes_none(server, database, opened, espace):
    for table in ("signalement", "control", "control_answer"):
        server.sql(f"DROP TABLE lot_1.{table}", database)
    server.sql("UPDATE lot_1.lot SET value = '2' WHERE key = 'schema_version'", database)
    store = opened("anne")
    assert store.signalements.all() == store.signalements.of_item(1) == []
    with pytest.raises(LotError, match="publish it again"):
        bring_in(store, Profile.load(), remarks(espace))


def test_two_people_send_the_same_outbox_once(opened, espace):
    first, second = opened("anne"), opened("paul")
    bring_in(first, Profile.load(), remarks(espace))
    answered(first, "101")
    answered(first, "102")
    one, other = OutboxRun(first, espace.url, 0), OutboxRun(second, espace.url, 0)
    one.start()
    other.start()
    mine = one.next_one()
    theirs = other.next_one()
    assert mine.signalement.remote_id != theirs.signalement.remote_id
    other.settle(theirs, _delivered(espace, theirs))
    # What is on its way in the hands of a colleague is nobody else's.
    assert send_all(other, EspaceClient(espace.url)).counts == {}
    one.settle(mine, _delivered(espace, mine))
    assert send_all(one, EspaceClient(espace.url)).counts == {}
    assert [len(espace.service.replies_of(number)) for number in (101, 102)] == [1, 1]
    assert {one.outbox for one in first.signalements.all() if one.is_answered} == {Outbox.SENT.value}


def test_who_lost_the_connection_lets_a_colleague_look_first(opened, espace):
    first, second = opened("anne"), opened("paul")
    bring_in(first, Profile.load(), remarks(espace))
    answered(first, "101")
    run = OutboxRun(first, espace.url)
    run.start()
    claim = run.next_one()
    _delivered(espace, claim)
    first.close()
    assert _sent_once_free(second, espace) == {Outcome.SENT: 1}
    assert len(espace.service.replies_of(101)) == 1


def _sent_once_free(store, espace):
    """What was sent as soon as the server noticed that the other connection is gone."""
    end = time.monotonic() + 20
    counts = {}
    while not counts and time.monotonic() < end:
        counts = send_all(OutboxRun(store, espace.url), EspaceClient(espace.url)).counts
        time.sleep(0.05)
    return counts


def _delivered(espace, claim):
    return deliver(
        EspaceClient(espace.url), claim.signalement, may_post=claim.may_post, was_sending=claim.was_sending
    )
