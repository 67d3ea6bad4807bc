# SPDX-License-Identifier: GPL-2.0-or-later
"""Answers leave once, whatever the service, the network or a kill do half-way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsAuthMethodConfig

from inference_backend.contracts.profile import Profile
from inference_backend.contracts.signalement import Motive, Outbox, ReportStatus
from ocsge_pi_review.adapters.gpkg_store import GpkgStore
from ocsge_pi_review.adapters.signalement_client import EspaceClient
from ocsge_pi_review.adapters.signalement_delivery import Outcome
from ocsge_pi_review.adapters.signalement_import import bring_in
from ocsge_pi_review.adapters.signalement_outbox import OutboxRun, send_all, take_back, waiting, write_answer
from ocsge_pi_review.domain.errors import JournalError
from ocsge_pi_review.domain.signalement_errors import NotSignedInError, StaleSignalementError
from ocsge_pi_review.domain.signalement_report import from_report
from tests.qgis.pi_review.signalements.espace_server import BASIC_TOKEN

ROOT = Path(__file__).resolve().parents[4]
POST, REPLIES = "POST", "/replies"


@pytest.fixture(scope="module")
def profile() -> Profile:
    return Profile.load()


@pytest.fixture
def store(lot_path, server, profile):
    with closing(GpkgStore(lot_path, "anne")) as opened:
        fetch(opened, profile, server)
        yield opened


def fetch(store, profile, server):
    return bring_in(store, profile, [from_report(r, server.url) for r in server.service.reports.values()])


def remark(store, number="101"):
    return next(one for one in store.signalements.all() if one.remote_id == number)


def answer(store, number="101", status=ReportStatus.VALID, text="Merci : c'est corrigé."):
    return write_answer(store, remark(store, number), status, Motive.CORRECTED, text, is_ready=True)


def test_answers_leave_with_status_and_mark(store, server, client):
    written = answer(store)
    answer(store, "102", ReportStatus.REJECT_UNRELATED, "Hors sujet <b>&</b>")
    assert remark(store).outbox == Outbox.READY.value, "on the disk before anything is sent"
    sent = send_all(OutboxRun(store, server.url), client)
    assert sent.counts == {Outcome.SENT: 2}
    (reply,) = server.service.replies_of(101)
    assert reply["content"] == f"Merci : c'est corrigé.\n\n[OCS GE {written.answer_id}]"
    assert server.service.reports[101]["status"] == "valid"
    assert server.service.replies_of(102)[0]["content"].startswith("Hors sujet <b>&</b>")
    one = remark(store)
    assert (one.outbox, one.status) == (Outbox.SENT.value, "valid")
    assert one.sent_at
    assert one.reply_list[-1].content == reply["content"]
    assert send_all(OutboxRun(store, server.url), client).counts == {}
    assert not [verb for verb, _, _ in server.service.requests if verb == "PATCH"]


def test_a_service_whose_replies_leave_the_status_is_told_it(store, server, client):
    server.service.applies_status_of_replies = False
    answer(store)
    server.service.fail("PATCH", "reports", "500")
    run = OutboxRun(store, server.url, settling_s=0)
    assert send_all(run, client).counts == {Outcome.UNKNOWN: 1}
    assert send_all(run, client).counts == {Outcome.SENT: 1}
    assert server.service.reports[101]["status"] == "valid"
    assert len(server.service.replies_of(101)) == 1


@pytest.mark.parametrize(
    "kind", ["500", "500 after", "502 after", "drop", "drop after", "cut after", "html after"]
)
def test_half_way_errors_end_in_one_reply(store, server, client, kind):
    answer(store)
    server.service.fail(POST, REPLIES, kind)
    run = OutboxRun(store, server.url, settling_s=0)
    first = send_all(run, client)
    if "after" in kind:
        assert first.counts == {Outcome.SENT: 1}, "it is found on the server"
    else:
        assert first.counts == {Outcome.UNKNOWN: 1}
        assert remark(store).outbox == Outbox.SENDING.value
        assert send_all(run, client).counts == {Outcome.SENT: 1}
    assert len(server.service.replies_of(101)) == 1
    assert remark(store).outbox == Outbox.SENT.value


def test_what_is_taken_late_is_not_sent_a_second_time(store, server, authcfg):
    impatient = EspaceClient(server.url, authcfg, timeout_s=0.4)
    answer(store)
    server.service.fail(POST, REPLIES, "slow late", delay_s=1.2)
    run = OutboxRun(store, server.url)
    assert send_all(run, impatient).counts == {Outcome.UNKNOWN: 1}
    assert server.service.replies_of(101) == [], "the server has not taken it yet"
    again = OutboxRun(store, server.url)
    assert send_all(again, impatient).counts == {Outcome.UNKNOWN: 1}, "too early to send it again"
    deadline = time.monotonic() + 10
    while not server.service.replies_of(101) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert send_all(again, impatient).counts == {Outcome.SENT: 1}
    assert len(server.service.replies_of(101)) == 1


def test_an_expired_token_stops_all_and_loses_nothing(store, server, authcfg):
    answer(store)
    answer(store, "102")
    manager = QgsApplication.authManager()
    old = QgsAuthMethodConfig("APIHeader")
    old.setName("périmé")
    old.setConfig("Authorization", "Bearer autre")
    assert manager.storeAuthenticationConfig(old)
    run = OutboxRun(store, server.url)
    sent = send_all(run, EspaceClient(server.url, old.id()))
    manager.removeAuthenticationConfig(old.id())
    assert sent.counts == {Outcome.KEPT: 1}
    (error,) = sent.errors.values()
    assert isinstance(error, NotSignedInError)
    assert [one.outbox for one in waiting(store, server.url)] == [Outbox.READY.value] * 2
    server.service.fail(POST, REPLIES, "401", times=2)
    assert send_all(run, EspaceClient(server.url, authcfg)).counts == {Outcome.KEPT: 1}
    assert send_all(run, EspaceClient(server.url, authcfg)).counts == {Outcome.SENT: 2}
    assert BASIC_TOKEN in server.service.tokens


def test_a_busy_service_is_left_alone(store, server, client):
    answer(store)
    answer(store, "102")
    server.service.fail(POST, REPLIES, "busy")
    run = OutboxRun(store, server.url)
    sent = send_all(run, client)
    assert (sent.counts, sent.left) == ({Outcome.KEPT: 1}, 1)
    assert next(iter(sent.errors.values())).values["wait_s"] == 7
    assert send_all(run, client).counts == {Outcome.SENT: 2}


def test_a_refusal_names_its_reason_and_lets_the_answer_be_changed(store, server, client):
    answer(store)
    answer(store, "102")
    server.service.fail(POST, "101/replies", "403")
    sent = send_all(OutboxRun(store, server.url), client)
    assert sent.counts == {Outcome.REFUSED: 1, Outcome.SENT: 1}
    assert "Erreur interne" in sent.errors["101"].text("fr")
    assert remark(store).outbox == Outbox.REFUSED.value
    answer(store, text="Autrement")
    assert send_all(OutboxRun(store, server.url), client).counts == {Outcome.SENT: 1}


def test_a_report_changed_meanwhile_is_not_answered_unseen(store, server, client, profile):
    answer(store)
    server.service.reply(101, "paul", "J'ai déjà répondu", "valid0")
    sent = send_all(OutboxRun(store, server.url), client)
    assert (sent.counts, sent.changed) == ({Outcome.CHANGED: 1}, ["101"])
    one = remark(store)
    assert (one.outbox, one.status, one.answer) == (Outbox.NONE.value, "valid0", "Merci : c'est corrigé.")
    assert one.reply_list[-1].author == "paul"
    assert len(server.service.replies_of(101)) == 1
    answer(store, "102")
    server.service.reply(102, "mairie", "Encore un mot", "submit")
    done = fetch(store, profile, server)
    assert done.held_back == ["102"], "an import sees it, too"
    assert waiting(store, server.url) == []


def test_an_answer_may_be_taken_back_and_is_not_written_over(store, server, client):
    earlier = remark(store)
    one = answer(store)
    with pytest.raises(StaleSignalementError):
        write_answer(store, earlier, ReportStatus.VALID, Motive.CORRECTED, "autre", is_ready=True)
    back = take_back(store, one)
    assert send_all(OutboxRun(store, server.url), client).counts == {}
    assert remark(store) == back


def test_an_answer_that_cannot_be_marked_is_held_by_nobody(store, server, monkeypatch):
    answer(store)
    let_go = []
    run = OutboxRun(store, server.url)
    run.start()

    def refuse(_before, _after):
        raise JournalError(path="lot", reason="disk full")

    monkeypatch.setattr(store.signalements, "replace", refuse)
    monkeypatch.setattr(store.signalements, "let_go", lambda one: let_go.append(one.remote_id))
    with pytest.raises(JournalError):
        run.next_one()
    assert let_go == ["101"]


def test_remarks_of_another_service_stay(store, server, client):
    answer(store)
    assert send_all(OutboxRun(store, "https://ailleurs.example.org"), client).counts == {}
    assert remark(store).outbox == Outbox.READY.value


KILLED = """
import sys
from qgis.core import QgsApplication
app = QgsApplication([], False)
app.initQgis()
from pathlib import Path
from ocsge_pi_review.adapters.gpkg_store import GpkgStore
from ocsge_pi_review.adapters.signalement_client import EspaceClient
from ocsge_pi_review.adapters.signalement_outbox import OutboxRun, send_all
send_all(OutboxRun(GpkgStore(Path(sys.argv[1]), "anne"), sys.argv[2]), EspaceClient(sys.argv[2]))
"""


def test_killed_while_it_was_on_its_way(lot_path, server, client, profile):
    """The server took it; QGIS never learned."""
    with closing(GpkgStore(lot_path, "anne")) as store:
        fetch(store, profile, server)
        answer(store)
    server.service.tokens.add("")
    server.service.fail(POST, REPLIES, "slow after", delay_s=20)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(lot_path), server.url], cwd=ROOT, env=environment
    )
    deadline = time.monotonic() + 60
    while not server.service.replies_of(101) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    with closing(GpkgStore(lot_path, "anne")) as store:
        assert remark(store).outbox == Outbox.SENDING.value
        assert send_all(OutboxRun(store, server.url), client).counts == {Outcome.SENT: 1}
    assert len(server.service.replies_of(101)) == 1


@pytest.mark.parametrize(("verb", "path"), [("GET", "reports/101"), (POST, REPLIES)])
def test_some_other_object_is_no_report_and_the_others_go_on(store, server, client, verb, path):
    answer(store)
    answer(store, "102")
    server.service.fail(verb, path, "object")
    run = OutboxRun(store, server.url, settling_s=0)
    sent = send_all(run, client)
    assert sent.counts[Outcome.SENT] >= 1
    send_all(run, client)
    assert {remark(store, number).outbox for number in ("101", "102")} == {Outbox.SENT.value}
    assert [len(server.service.replies_of(number)) for number in (101, 102)] == [1, 1]
