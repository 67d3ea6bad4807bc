# SPDX-License-Identifier: GPL-2.0-or-later
"""Talking to the service: credentials, pages, and what it answers when it does not work."""

from __future__ import annotations

import json

import pytest
from qgis.core import QgsApplication, QgsAuthMethodConfig
from qgis.PyQt.QtTest import QTest

from ocsge_common.tasks import start_task
from ocsge_pi_review.adapters.signalement_client import EspaceClient
from ocsge_pi_review.adapters.signalement_tasks import AskTask
from ocsge_pi_review.domain.signalement_errors import (
    BusyServiceError,
    NoAnswerError,
    NotSignedInError,
    RefusedRequestError,
    StrangeAnswerError,
    UnsafeAddressError,
)
from tests.qgis.pi_review.signalements.conftest import report_at
from tests.qgis.pi_review.signalements.espace_server import EspaceServer

WORLD = (-180.0, -90.0, 180.0, 90.0)


def test_who_one_is_and_ones_communities(client):
    name, communities = client.communities()
    assert name == "anne"
    assert [(one.id, one.name) for one in communities] == [(80, "OCS GE"), (81, "BD TOPO")]


def test_reports_come_page_after_page(server, client):
    server.service.add(*(report_at(1000 + n, 60, 60) for n in range(230)))
    numbers = [report["id"] for report in client.reports(WORLD)]
    assert len(numbers) == 235
    assert len(set(numbers)) == 235
    assert sum("/reports?" in path for _, path, _ in server.service.requests) == 3


def test_box_communities_and_date_are_asked_for(server, client):
    server.service.add(report_at(900, 60, 60, community={"id": 81, "name": "BD TOPO"}))
    assert {r["id"] for r in client.reports(WORLD, [81])} == {900}
    assert {r["id"] for r in client.reports(WORLD, opened_after="2026-03-02")} == {101, 103}
    assert list(client.reports((0.0, 0.0, 1.0, 1.0))) == []


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("500", NoAnswerError),
        ("503", NoAnswerError),
        ("drop", NoAnswerError),
        ("cut", NoAnswerError),
        ("401", NotSignedInError),
        ("busy", BusyServiceError),
        ("403", RefusedRequestError),
        ("html", StrangeAnswerError),
    ],
)
def test_what_goes_wrong_has_a_name(server, client, kind, error):
    server.service.fail("GET", "/reports", kind, times=9)
    with pytest.raises(error) as raised:
        list(client.reports(WORLD))
    assert server.url in raised.value.text("fr")


def test_an_answer_that_does_not_come_ends_the_wait(server, authcfg):
    server.service.fail("GET", "/reports", "slow", delay_s=1.5)
    with pytest.raises(NoAnswerError):
        list(EspaceClient(server.url, authcfg, timeout_s=0.3).reports(WORLD))


def test_credentials_go_to_no_other_place(server, client, authcfg):
    elsewhere = EspaceServer()
    server.service.fail("GET", "/reports", f"redirect {elsewhere.url}/gcms/api/reports")
    with pytest.raises(StrangeAnswerError):
        list(client.reports(WORLD))
    assert elsewhere.service.requests == []
    elsewhere.stop()
    for url in ("http://espace.example.org", "ftp://espace.example.org", "https://a:b@example.org", "x"):
        with pytest.raises(UnsafeAddressError):
            EspaceClient(url, authcfg)


def oauth2(server, password: str) -> str:
    """Credentials of QGIS for OAuth2, by name and password."""
    config = QgsAuthMethodConfig("OAuth2")
    config.setName("oauth")
    values = {
        "accessMethod": 0,
        "clientId": "qgis",
        "clientSecret": "",
        "configType": 1,
        "grantFlow": 2,
        "username": "anne",
        "password": password,
        "tokenUrl": f"{server.url}/oauth/token",
        "refreshTokenUrl": f"{server.url}/oauth/token",
        "persistToken": False,
        "requestTimeout": 5,
        "version": 1,
    }
    config.setConfig("oauth2config", json.dumps(values))
    assert QgsApplication.authManager().storeAuthenticationConfig(config)
    return config.id()


def test_a_token_comes_from_oauth2_of_qgis_in_a_task(server, authcfg):
    server.service.tokens.clear()
    answers = []
    client = EspaceClient(server.url, oauth2(server, "secret"))
    for turn in (1, 2):
        task = AskTask(client, lambda asked: asked.communities())
        task.succeeded.connect(answers.append)
        task.failed.connect(answers.append)
        start_task(task)
        for _ in range(500):
            if len(answers) == turn:
                break
            QTest.qWait(20)
        assert answers[-1][0] == "anne"
        # The service forgets the token before its time: QGIS gets another.
        server.service.tokens.clear()
    used = {credentials for verb, path, credentials in server.service.requests if "users/me" in path}
    assert used == {"Bearer oauth-1", "Bearer oauth-2"}
