# SPDX-License-Identifier: GPL-2.0-or-later
"""A remote backend through QGIS's network: token, certificate, address, versions."""

from __future__ import annotations

import json

import pytest
from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsSettings
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from ocsge_common.backend.client import BackendClient
from ocsge_common.backend.compatibility import misfit
from ocsge_common.backend.token_store import kept_headers, save_token
from ocsge_common.backend_page.status_light import Level
from ocsge_common.backend_section import BackendSection
from ocsge_common.errors import (
    BackendRefusedError,
    BackendTooOldError,
    HostNotFoundError,
    NotABackendError,
    PluginTooOldError,
    UntrustedError,
    WrongTokenError,
)
from ocsge_common.settings import BackendSettings, backend_settings
from tests.qgis.common.servers import Quiet, make_certificates, running
from tests.qgis.common.test_setup_network import trusted_in_qgis

TOKEN = "secret-token-of-the-test"


def backend_handler(**landing):
    """A landing page behind a token."""

    class Landing(Quiet):
        def do_GET(self):  # noqa: N802 - the name that http.server calls
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self.answer(401, b'{"title": "Unauthorized"}', "application/json")
                return
            document = {"title": "OCS GE", "version": "0.9", "api": "1", **landing}
            self.answer(200, json.dumps(document).encode(), "application/json")

    return Landing


@pytest.fixture
def master_password(qgis_app):
    """As the user would give it once a session."""
    assert QgsApplication.authManager().setMasterPassword("master password", True)


@pytest.fixture
def section(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("OCSGE_BACKEND_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("OCSGE_BACKEND", raising=False)
    section = BackendSection()
    qtbot.addWidget(section)
    section.show()
    return section


def click(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_token_saved_from_the_page_opens_the_backend_and_stays_in_the_database(
    section, qtbot, master_password, tmp_path
):
    authority, server = make_certificates(tmp_path / "tls")
    with running(backend_handler(engines=[{"name": "openvino"}]), server) as port, trusted_in_qgis(authority):
        section.remote.url.setText(f"https://127.0.0.1:{port}")
        section.remote.token.setText(TOKEN)
        click(section.remote.save_token)
        qtbot.waitUntil(lambda: section.light.status.level is Level.GOOD, timeout=15000)
    assert "0.9" in section.light.text.text()
    assert "openvino" in section.light.detail.text()
    assert section.remote.token.text() == ""
    section.save()
    stored = backend_settings().load()
    assert kept_headers(stored.authcfg) == {"Authorization": f"Bearer {TOKEN}"}
    values = QgsSettings()
    assert not [key for key in values.allKeys() if TOKEN in str(values.value(key))]
    click(section.logs.copy)
    assert TOKEN not in QgsApplication.clipboard().text()


def test_a_new_token_replaces_the_old_one_and_spares_other_entries(master_password):
    manager = QgsApplication.authManager()
    first = save_token("https://a", "one")
    assert save_token("https://a", "two", first) == first
    assert kept_headers(first) == {"Authorization": "Bearer two"}
    basic = QgsAuthMethodConfig("Basic")
    basic.setName("mine")
    basic.setConfigMap({"username": "u", "password": "p"})
    manager.storeAuthenticationConfig(basic)
    assert save_token("https://a", "three", basic.id()) != basic.id()
    assert kept_headers(basic.id()) == {}


@pytest.mark.parametrize(
    ("url", "error", "french"),
    [
        (
            "https://no-such-host.invalid",
            HostNotFoundError,
            "aucun ordinateur ne s'appelle no-such-host.invalid",
        ),
        ("http://127.0.0.1:9", None, "ne répond pas"),
    ],
)
def test_an_address_without_backend_is_said(url, error, french):
    with pytest.raises(error or Exception) as failed:
        BackendClient(url).landing()
    assert french in failed.value.text("fr")


def test_a_certificate_that_nobody_vouches_for_is_said_with_its_reason(tmp_path):
    _, server = make_certificates(tmp_path)
    with running(backend_handler(), server) as port, pytest.raises(UntrustedError) as failed:
        BackendClient(f"https://127.0.0.1:{port}").landing()
    assert "certificat" in failed.value.text("fr")
    assert "issuer" in failed.value.text("en")


def test_a_certificate_of_another_host_is_said_with_its_reason(tmp_path):
    authority, server = make_certificates(tmp_path, host="other.example")
    with (
        running(backend_handler(), server) as port,
        trusted_in_qgis(authority),
        pytest.raises(UntrustedError) as failed,
    ):
        BackendClient(f"https://127.0.0.1:{port}").landing()
    assert "host name" in failed.value.text("en")


def test_a_wrong_token_and_another_service_are_told_apart(master_password):
    with running(backend_handler()) as port:
        entry = save_token("http://127.0.0.1", "wrong")
        with pytest.raises(WrongTokenError) as refused:
            BackendClient(f"http://127.0.0.1:{port}", authcfg=entry).landing()
    assert "jeton" in refused.value.text("fr")

    class Gate(Quiet):
        def do_GET(self):  # noqa: N802 - the name that http.server calls
            self.answer(403, b"<html>Forbidden</html>")

    with running(Gate) as port, pytest.raises(WrongTokenError):
        BackendClient(f"http://127.0.0.1:{port}").landing()

    class Website(Quiet):
        def do_GET(self):  # noqa: N802 - the name that http.server calls
            self.answer(200, b"<html>hello</html>")

    with running(Website) as port, pytest.raises(NotABackendError) as other:
        BackendClient(f"http://127.0.0.1:{port}").landing()
    assert "n'est pas un moteur OCS GE" in other.value.text("fr")


def test_a_file_out_of_reach_is_no_wrong_token():
    problem = {
        "type": "about:blank",
        "title": "OutOfReach",
        "status": 403,
        "detail": "« a.tif » : hors de portée",
    }

    class Limited(Quiet):
        def do_POST(self):  # noqa: N802 - the name that http.server calls
            self.answer(403, json.dumps(problem).encode(), "application/problem+json")

    with running(Limited) as port, pytest.raises(BackendRefusedError) as refused:
        BackendClient(f"http://127.0.0.1:{port}").submit("predict", {})
    assert not isinstance(refused.value, WrongTokenError)
    assert refused.value.text("fr") == "« a.tif » : hors de portée (HTTP 403)"


@pytest.mark.parametrize(
    ("api", "wanted", "kind"),
    [
        ("1", "1", None),
        ("1.3", "1.2", None),
        ("1.2", "1.3", BackendTooOldError),
        ("1", "2", BackendTooOldError),
        ("", "1", BackendTooOldError),
        ("3", "2", PluginTooOldError),
    ],
)
def test_who_has_to_be_updated(api, wanted, kind):
    error = misfit("0.9", api, wanted)
    assert type(error) is (kind or type(None))
    if kind is BackendTooOldError:
        assert "Mettre à jour le moteur" in error.text("fr")
    elif kind is PluginTooOldError:
        assert "Extensions" in error.text("fr")


@pytest.mark.parametrize(("api", "word"), [("0", "too old"), ("99", "newer than this plugin")])
def test_a_backend_of_another_time_turns_the_light_red_with_the_remedy(
    section, qtbot, master_password, api, word
):
    with running(backend_handler(api=api)) as port:
        url = f"http://127.0.0.1:{port}"
        backend_settings().save(BackendSettings(url=url))
        section.remote.url.setText(url)
        section.remote.authcfg.setConfigId(save_token(url, TOKEN))
        click(section.test)
        qtbot.waitUntil(lambda: section.light.status.level is Level.BAD, timeout=10000)
    assert word in section.light.detail.text()


def test_a_token_over_plain_http_is_warned_about(section):
    section.remote.url.setText("http://ocsge.example")
    assert "clear" in section.remote.warning.text()
    section.remote.url.setText("https://ocsge.example")
    assert section.remote.warning.isHidden()
