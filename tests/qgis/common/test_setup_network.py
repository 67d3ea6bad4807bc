# SPDX-License-Identifier: GPL-2.0-or-later
"""Set-ups over HTTP: pip's settings, QGIS's proxy and authorities, cancel and kill in mid-download."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from qgis.core import QgsApplication, QgsNetworkAccessManager, QgsSettings
from qgis.PyQt.QtNetwork import QSslCertificate

from inference_backend.contracts.backend_home import environments, read_current
from ocsge_common.backend import pip_runs
from ocsge_common.backend.setup_source import Source
from ocsge_common.backend.setup_state import interrupted, log_path
from ocsge_common.backend.setup_task import BackendSetupTask
from ocsge_common.errors import SetupError
from ocsge_common.tasks import start_task
from tests.qgis.common.servers import index_handler, make_certificates, proxy_handler, running
from tests.qgis.common.set_up import assert_unchanged, set_up
from tests.qgis.common.tiny_backend import write_wheel

PASSWORD = "p@ss wörd/é%"


@pytest.fixture
def pip_conf(tmp_path, monkeypatch):
    """Writes a user's pip.conf; pip's variables of this machine do not count."""
    for name in list(os.environ):
        if name.startswith("PIP_") or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    path = tmp_path / "pip.conf"
    monkeypatch.setenv("PIP_CONFIG_FILE", str(path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(pip_runs, "EXPECTED_DOWNLOAD_BYTES", 1000)

    def write(**values):
        lines = "".join(f"{name.replace('_', '-')} = {value}\n" for name, value in values.items())
        path.write_text(f"[global]\nretries = 0\n{lines}")

    return write


@pytest.fixture
def qgis_proxy():
    """Sets the proxy in QGIS's own options."""
    manager, stored = QgsNetworkAccessManager.instance(), QgsSettings()

    def use(port, user, password):
        values = {"Enabled": True, "Type": "HttpProxy", "Host": "127.0.0.1", "Port": str(port)}
        for name, value in {**values, "User": user, "Password": password}.items():
            stored.setValue(f"proxy/proxy{name}", value)
        manager.setupDefaultProxyAndCache()

    yield use
    stored.remove("proxy")
    manager.setupDefaultProxyAndCache()


def command_lines():
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            yield path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")


def processes_of(home):
    return [line for line in command_lines() if str(home) in line]


def test_the_password_of_the_proxy_reaches_it_and_nothing_else(
    qtbot,
    tmp_path,
    home,
    pip_conf,
    qgis_proxy,
    capfd,
):
    write_wheel(tmp_path / "wheels")
    seen, shown = [], []

    with running(index_handler(tmp_path / "wheels")) as port:
        handler = proxy_handler(f"jean dupont:{PASSWORD}", port, seen)
        plain = handler.do_GET

        def watching(self):
            shown.extend(command_lines())
            plain(self)

        handler.do_GET = watching
        with running(handler) as proxy_port:
            qgis_proxy(proxy_port, "jean dupont", PASSWORD)
            pip_conf(index_url="http://index.invalid/simple", trusted_host="index.invalid")
            assert set_up(qtbot, None, home).is_file()
    assert any("index.invalid/files/" in path for path in seen)
    told = "\n".join([log_path(home).read_text(), *shown, *capfd.readouterr()])
    for secret in (PASSWORD, quote(PASSWORD, safe="")):
        assert secret not in told


def test_a_wrong_password_of_the_proxy_is_said(qtbot, home, former, pip_conf, qgis_proxy):
    with running(proxy_handler("jean:right", 9, [])) as proxy_port:
        qgis_proxy(proxy_port, "jean", "wrong word")
        pip_conf(index_url="http://index.invalid/simple", trusted_host="index.invalid")
        error = set_up(qtbot, None, home)
    assert "(407)" in error.text("fr")
    assert "wrong word" not in error.text("fr") + log_path(home).read_text()
    assert_unchanged(home, former)


def test_an_index_that_does_not_answer_is_said(qtbot, home, former, pip_conf):
    pip_conf(index_url="http://127.0.0.1:9/simple")
    error = set_up(qtbot, None, home)
    assert "index de paquets ne répond pas" in error.text("fr")
    assert_unchanged(home, former)


def test_an_authority_that_qgis_trusts_is_trusted_by_pip(qtbot, tmp_path, home, pip_conf):
    write_wheel(tmp_path / "wheels")
    authority, server = make_certificates(tmp_path / "tls")
    with running(index_handler(tmp_path / "wheels"), server) as port:
        pip_conf(index_url=f"https://127.0.0.1:{port}/simple")
        error = set_up(qtbot, None, home)
        assert isinstance(error, SetupError)
        assert "certificat" in error.text("fr")
        with trusted_in_qgis(authority):
            command = set_up(qtbot, None, home)
    assert subprocess.run([command], capture_output=True, text=True, check=True).stdout == "ocsge 9.9\n"
    assert read_current(home).source == "index"


@contextlib.contextmanager
def trusted_in_qgis(authority):
    manager = QgsApplication.authManager()
    certificate = QSslCertificate(authority.read_bytes())
    assert manager.storeCertAuthority(certificate)
    manager.initSslCaches()
    try:
        yield
    finally:
        manager.removeCertAuthority(certificate)
        manager.initSslCaches()


def test_a_cancel_in_the_middle_of_a_download_ends_pip_and_changes_nothing(
    qtbot,
    tmp_path,
    home,
    former,
    pip_conf,
):
    write_wheel(tmp_path / "wheels", padding=400_000)
    stall, ended, texts = threading.Event(), [], []
    with running(index_handler(tmp_path / "wheels", stall)) as port:
        pip_conf(index_url=f"http://127.0.0.1:{port}/simple")
        task = BackendSetupTask(Source(), home)
        task.message_changed.connect(texts.append)
        task.cancelled.connect(lambda: ended.append("cancelled"))
        start_task(task)
        qtbot.waitUntil(
            lambda: any("Downloading" in t and "ocsge_backend" in t for t in texts), timeout=30000
        )
        assert processes_of(home)
        task.cancel()
        qtbot.waitUntil(lambda: bool(ended), timeout=15000)
        stall.set()
    assert processes_of(home) == []
    assert_unchanged(home, former)


def test_a_killed_qgis_takes_pip_along_and_leaves_what_counted(
    qtbot,
    tmp_path,
    home,
    former,
    pip_conf,
):
    write_wheel(tmp_path / "wheels", padding=400_000)
    script = (
        "import sys\nfrom qgis.core import QgsApplication\napp = QgsApplication([], False)\napp.initQgis()\n"
        "from pathlib import Path\nfrom ocsge_common.backend.setup_task import BackendSetupTask\n"
        "from ocsge_common.backend.setup_source import Source\nfrom ocsge_common.tasks import start_task\n"
        f"start_task(BackendSetupTask(Source(), Path({str(home)!r})))\napp.exec()\n"
    )
    stall, seen = threading.Event(), []
    with running(index_handler(tmp_path / "wheels", stall, seen)) as port:
        pip_conf(index_url=f"http://127.0.0.1:{port}/simple")
        qgis = subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=Path(__file__).resolve().parents[3],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
        qtbot.waitUntil(lambda: any(path.endswith(".whl") for path in seen), timeout=90000)
        qgis.kill()
        qgis.wait()
        limit = time.monotonic() + 10
        while processes_of(home) and time.monotonic() < limit:
            time.sleep(0.05)
        assert processes_of(home) == []
        stall.set()
        assert read_current(home).folder == former.name
        left = interrupted(home)
        assert left is not None
        assert "Downloading" in left.stage or "environment" in left.stage
        assert len(environments(home)) == 2
