# SPDX-License-Identifier: GPL-2.0-or-later
"""The real backend as a child process of QGIS, through QGIS's own network."""

from __future__ import annotations

import dataclasses
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsNetworkAccessManager,
    QgsSettings,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from inference_backend.contracts.service import JobStatus
from ocsge_common.backend.client import BackendClient
from ocsge_common.backend.environment import COMMAND_ENVIRONMENT, find_command
from ocsge_common.backend.job_task import BackendJobTask
from ocsge_common.backend.local import LocalBackend, scrubbed_environment
from ocsge_common.errors import (
    BackendNotFoundError,
    BackendNotStartedError,
    BackendRefusedError,
    BackendUnreachableError,
)
from ocsge_common.settings import BackendSettings
from ocsge_common.tasks import start_task

COMMAND = Path(__file__).resolve().parents[3] / ".venv" / "bin" / "ocsge"


@pytest.fixture
def dead_proxy():
    """QGIS's own proxy settings, pointing at a port where nobody listens."""
    manager, stored = QgsNetworkAccessManager.instance(), QgsSettings()
    values = {"proxyEnabled": True, "proxyType": "HttpProxy", "proxyHost": "127.0.0.1", "proxyPort": "9"}
    for name, value in values.items():
        stored.setValue(f"proxy/{name}", value)
    manager.setupDefaultProxyAndCache()
    yield
    stored.remove("proxy")
    manager.setupDefaultProxyAndCache()


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("OCSGE_DATA_DIR", str(tmp_path / "data"))
    return BackendSettings(command=str(COMMAND))


@pytest.fixture
def backend(settings):
    backend = LocalBackend(settings)
    yield backend
    backend.stop()


@pytest.fixture
def layer_file(tmp_path):
    """Two squares side by side, as a file to check."""
    fields = "field=id:string&field=code_cs:string&field=code_us:string"
    layer = QgsVectorLayer(f"Polygon?crs=EPSG:2154&{fields}", "occupation_sol", "memory")
    for number, (code_cs, x) in enumerate((("CS1.1.1.1", 700000), ("CS2.2.1", 700100))):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([f"OCSGE{number:010d}", code_cs, "US5"])
        ring = f"{x} 6600000,{x + 100} 6600000,{x + 100} 6600100,{x} 6600100,{x} 6600000"
        feature.setGeometry(QgsGeometry.fromWkt(f"POLYGON(({ring}))"))
        assert layer.dataProvider().addFeature(feature)
    path = tmp_path / "layer.gpkg"
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = "occupation_sol"
    error = QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), layer.transformContext(), options)
    assert error[0] == QgsVectorFileWriter.WriterError.NoError, error
    return path


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_it_starts_answers_and_leaves_nothing_behind(backend, qtbot):
    with qtbot.waitSignal(backend.ready, timeout=30000) as arrived:
        backend.start()
    client, pid = arrived.args[0], backend.pid
    assert client.landing()["version"] == backend.handshake.version
    known = {process["id"] for process in client.processes()}
    steps = {"predict", "postprocess", "import", "check", "run", "cut", "merge", "report"}
    assert known == steps | {f"control_{step}" for step in ("sample", "collect", "decide", "report")}
    backend.stop()
    assert not is_alive(pid)
    backend.stop()
    with pytest.raises(BackendUnreachableError):
        client.landing()


def test_a_job_runs_as_a_task_of_qgis(backend, layer_file, qtbot):
    client = backend.wait_ready()
    task = BackendJobTask("check", client, "check", {"path": str(layer_file)})
    steps = []
    task.message_changed.connect(steps.append)
    with qtbot.waitSignal(task.succeeded, timeout=60000) as arrived:
        start_task(task)
    results = arrived.args[0]
    assert results["conformity"]["polygons"] == 2
    assert results["conformity"]["gap_m2"] == 0.0
    assert task.progress() == 100.0


def test_a_job_that_fails_speaks_the_language_of_qgis(backend, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr("ocsge_common.backend.client.user_language", lambda: "fr")
    task = BackendJobTask("check", backend.wait_ready(), "check", {"path": str(tmp_path / "none.gpkg")})
    with qtbot.waitSignal(task.failed, timeout=60000) as arrived:
        start_task(task)
    text = str(arrived.args[0])
    assert "none.gpkg" in text
    assert " : " in text


def test_bad_inputs_are_refused_with_the_reason(backend):
    with pytest.raises(BackendRefusedError, match="Did you mean") as refused:
        backend.wait_ready().submit("check", {"pth": "/a.gpkg"})
    assert refused.value.values["status"] == 400


def test_dismissing_ends_the_job(backend, layer_file):
    client = backend.wait_ready()
    jobs = [client.submit("check", {"path": str(layer_file)}) for _ in range(2)]
    assert client.dismiss(jobs[1].job_id).status is JobStatus.DISMISSED
    assert client.dismiss(jobs[0].job_id).status is JobStatus.DISMISSED
    assert client.status(jobs[1].job_id).status is JobStatus.DISMISSED


def test_cancelling_the_task_dismisses_the_job(backend, layer_file, qtbot):
    client = backend.wait_ready()
    submitted = []

    class Remembering(BackendClient):
        def submit(self, process_id, inputs):
            job = client.submit(process_id, inputs)
            submitted.append(job.job_id)
            return job

        def status(self, job_id):
            return client.status(job_id)

        def dismiss(self, job_id):
            return client.dismiss(job_id)

    task = BackendJobTask("check", Remembering(client.url), "check", {"path": str(layer_file)})
    with qtbot.waitSignal(task.cancelled, timeout=30000):
        start_task(task)
        qtbot.waitUntil(lambda: bool(submitted), timeout=10000)
        task.cancel()
    assert client.status(submitted[0]).status is JobStatus.DISMISSED


def test_what_qgis_sets_for_its_own_libraries_does_not_reach_the_backend(tmp_path, settings, monkeypatch):
    """A wrong PROJ folder would make the backend's rasters lose their coordinate system silently."""
    monkeypatch.setenv("PROJ_LIB", "/nonexistent/proj")
    monkeypatch.setenv("GDAL_DATA", "/nonexistent/gdal")
    monkeypatch.setenv("PYTHONHOME", "/nonexistent/python")
    names = set(scrubbed_environment().keys())
    assert not {"PROJ_LIB", "GDAL_DATA", "PYTHONHOME"} & names
    assert "PATH" in names
    backend = LocalBackend(settings)
    try:
        backend.wait_ready()
        seen = Path(f"/proc/{backend.pid}/environ").read_bytes().split(b"\0")
        assert not [entry for entry in seen if b"/nonexistent/" in entry]
        assert backend.client.landing()["api"] == "1"
    finally:
        backend.stop()


def test_a_proxy_of_the_user_does_not_stand_between_qgis_and_its_own_backend(backend, dead_proxy):
    assert backend.wait_ready().landing()["api"] == "1"


def test_a_remote_service_is_reached_through_the_proxy_of_the_user(backend, dead_proxy, monkeypatch):
    client = backend.wait_ready()
    monkeypatch.setattr("ocsge_common.backend.transport.LOOPBACK", ())
    with pytest.raises(BackendUnreachableError):
        client.landing()


def test_the_calls_work_through_the_network_of_qgis_too(backend, layer_file, monkeypatch):
    client = backend.wait_ready()
    monkeypatch.setattr("ocsge_common.backend.transport.LOOPBACK", ())
    assert client.landing()["api"] == "1"
    job = client.submit("check", {"path": str(layer_file)})
    assert client.dismiss(job.job_id).status is JobStatus.DISMISSED
    with pytest.raises(BackendRefusedError, match="Did you mean"):
        client.submit("check", {"pth": "/a.gpkg"})


def test_another_token_is_refused(backend):
    url = backend.wait_ready().url
    with pytest.raises(BackendRefusedError) as refused:
        BackendClient(url, "wrong").landing()
    assert refused.value.values["status"] == 401


def test_a_backend_that_dies_is_announced_and_can_be_started_again(backend, qtbot):
    backend.wait_ready()
    with qtbot.waitSignal(backend.failed, timeout=10000):
        os.kill(backend.pid, signal.SIGKILL)
    assert backend.client is None
    assert backend.wait_ready().landing()["api"] == "1"


@pytest.mark.parametrize("body", ["exit 3", "echo 'no handshake here'; echo 'library missing' >&2; exit 1"])
def test_a_command_that_is_no_backend_is_named_with_its_last_words(tmp_path, settings, body):
    command = tmp_path / "ocsge"
    command.write_text(f"#!/bin/sh\n{body}\n")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    backend = LocalBackend(dataclasses.replace(settings, command=str(command)))
    with pytest.raises(BackendNotStartedError) as failed:
        backend.wait_ready(10)
    assert str(command) in str(failed.value)
    assert "library missing" in str(failed.value) or "exit 3" in str(failed.value)


def test_a_failure_is_announced_once(tmp_path, settings, qtbot):
    command = tmp_path / "ocsge"
    command.write_text("#!/bin/sh\nexit 3\n")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    backend = LocalBackend(dataclasses.replace(settings, command=str(command), start_timeout_s=1))
    failures = []
    backend.failed.connect(failures.append)
    backend.start()
    qtbot.wait(1500)
    assert ["exit 3" in str(error) for error in failures] == [True]
    backend.stop()


def test_a_command_that_cannot_be_run_is_an_error_not_a_wait(tmp_path, settings):
    command = tmp_path / "ocsge"
    command.write_text("not a program")
    started = time.monotonic()
    with pytest.raises(BackendNotStartedError):
        LocalBackend(dataclasses.replace(settings, command=str(command))).wait_ready(10)
    assert time.monotonic() - started < 5


def test_the_command_comes_from_the_settings_then_the_environment(tmp_path, monkeypatch):
    other = tmp_path / "other"
    other.write_text("")
    monkeypatch.setenv(COMMAND_ENVIRONMENT, str(other))
    assert find_command(BackendSettings(command=str(COMMAND))) == COMMAND
    assert find_command(BackendSettings()) == other
    monkeypatch.setenv(COMMAND_ENVIRONMENT, str(tmp_path / "gone"))
    with pytest.raises(BackendNotFoundError, match="gone"):
        find_command(BackendSettings())


def test_the_backend_ends_when_qgis_is_killed(tmp_path, settings):
    """A killed QGIS runs no `unload`; the closed pipe alone must end the backend."""
    script = (
        "import sys\nfrom qgis.core import QgsApplication\napp = QgsApplication([], False)\napp.initQgis()\n"
        "from ocsge_common.backend.local import LocalBackend\n"
        "from ocsge_common.settings import BackendSettings\n"
        f"backend = LocalBackend(BackendSettings(command={str(COMMAND)!r}))\nbackend.wait_ready()\n"
        "print(backend.pid, flush=True)\nsys.stdin.read()\n"
    )
    qgis = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[3],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    pid = int(qgis.stdout.readline())
    assert is_alive(pid)
    qgis.kill()
    qgis.wait()
    limit = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not is_alive(pid)
