# SPDX-License-Identifier: GPL-2.0-or-later
"""Set-ups with a real Python and a real pip, and a tiny wheel in place of ours, which needs a network."""

from __future__ import annotations

import errno
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from inference_backend.contracts import backend_home as layout
from inference_backend.contracts.backend_home import environments, read_current
from ocsge_common.backend import pip_runs, setup_task
from ocsge_common.backend.pythons import advice, find_python, own_python
from ocsge_common.backend.setup_faults import fault_of_lines, fault_of_system
from ocsge_common.backend.setup_state import SetupLock, log_path
from ocsge_common.backend.wheel_set import WheelSize, path_excess
from ocsge_common.errors import SetupError
from tests.qgis.common.set_up import assert_unchanged, set_up
from tests.qgis.common.tiny_backend import RUNNING, WHEEL, write_bundle, write_wheel


@pytest.mark.parametrize("unpacked", [False, True], ids=["zip", "folder"])
def test_a_bundle_becomes_the_environment_that_counts_without_network(
    qtbot, tmp_path, home, former, unpacked
):
    source = write_bundle(tmp_path)
    if unpacked:
        with zipfile.ZipFile(source) as archive:
            archive.extractall(tmp_path / "unpacked")
        source = tmp_path / "unpacked"
    command = set_up(qtbot, source, home)
    assert subprocess.run([command], capture_output=True, text=True, check=True).stdout == "ocsge 9.9\n"
    current = read_current(home)
    assert (current.version, current.python, current.source) == ("9.9", RUNNING, source.name)
    assert environments(home) == [home / current.folder]
    log = log_path(home).read_text()
    assert "Successfully installed ocsge-backend-9.9" in log
    # A backend that cannot be compiled beforehand compiles in its first run.
    assert log.index("ocsge 9.9 --version") < log.index("ocsge 9.9 warmup") < log.index("not compiled now")


@pytest.mark.parametrize(
    ("options", "english", "french"),
    [
        ({"damaged": True}, f"wheels/{WHEEL} of the bundle is damaged", "est abîmé"),
        ({"platform": "win_arm64"}, "this bundle is for win_arm64", "ce lot est fait pour win_arm64"),
        ({"pythons": ("3.2",)}, "Python 3.2 (64 bits) was not found", "Python 3.2 (64 bits) est introuvable"),
    ],
    ids=["damaged", "platform", "python"],
)
def test_a_bundle_that_will_not_do_is_refused_and_nothing_changes(
    qtbot, tmp_path, home, former, options, english, french
):
    error = set_up(qtbot, write_bundle(tmp_path, **options), home)
    assert isinstance(error, SetupError)
    assert english in error.text("en")
    assert french in error.text("fr")
    assert_unchanged(home, former)


@pytest.mark.parametrize("kind", ["no zip", "empty zip", "truncated", "unlisted wheel", "absent"])
def test_a_file_that_is_no_whole_bundle_is_named(qtbot, tmp_path, home, former, kind):
    path = write_bundle(tmp_path)
    if kind == "no zip":
        path.write_bytes(b"no zip")
    elif kind == "empty zip":
        zipfile.ZipFile(path, "w").close()
    elif kind == "truncated":
        path.write_bytes(path.read_bytes()[:-200])
    elif kind == "unlisted wheel":
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("ocsge-backend/wheels/evil-1.0-py3-none-any.whl", b"")
    else:
        path.unlink()
    error = set_up(qtbot, path, home)
    assert isinstance(error, SetupError)
    assert str(path) in error.text("fr")
    assert_unchanged(home, former)


def test_a_backend_that_does_not_run_is_no_success(qtbot, tmp_path, home, former):
    assert isinstance(set_up(qtbot, write_wheel(tmp_path, exit_code=3), home), SetupError)
    assert_unchanged(home, former)


def test_what_a_killed_set_up_left_is_swept_and_never_counts(qtbot, tmp_path, home, former):
    half = layout.new_environment(home)
    layout.environment_command(half).parent.mkdir(parents=True)
    layout.environment_command(half).touch()
    (home / "setup-tmp").mkdir()
    assert read_current(home).folder == former.name
    set_up(qtbot, write_bundle(tmp_path), home)
    assert environments(home) == [home / read_current(home).folder]
    assert not (home / "setup-tmp").exists()


def test_a_second_set_up_waits_its_turn(qtbot, tmp_path, home, former):
    lock = SetupLock(home)
    assert lock.take()
    try:
        assert "already" in set_up(qtbot, write_bundle(tmp_path), home).text("en")
    finally:
        lock.release()
    assert_unchanged(home, former)


def test_a_backend_in_use_survives_its_update(qtbot, tmp_path, home, former, monkeypatch):
    from ocsge_common.backend import environment

    monkeypatch.setenv(layout.HOME_ENVIRONMENT, str(home))
    claim = environment.claim_use(layout.environment_command(former))
    set_up(qtbot, write_bundle(tmp_path), home)
    assert former.is_dir()
    claim.unlock()
    set_up(qtbot, write_bundle(tmp_path), home)
    assert not former.exists()


def test_a_disk_without_room_is_said_before_anything_is_installed(qtbot, tmp_path, home, former, monkeypatch):
    usage = setup_task.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(setup_task.shutil, "disk_usage", lambda _: usage._replace(free=100))
    error = set_up(qtbot, write_bundle(tmp_path), home)
    assert "disque" in error.text("fr")
    assert_unchanged(home, former)


def test_a_disk_that_fills_up_meanwhile_is_said():
    with pytest.raises(OSError, match="No space") as full, Path("/dev/full").open("w") as file:
        file.write("x" * 100000)
    assert full.value.errno == errno.ENOSPC
    assert "disk is full" in fault_of_system(full.value)[0]


@pytest.mark.parametrize("place", ["/sys/ocsge", "file"])
def test_a_folder_that_cannot_be_written_is_named(qtbot, tmp_path, place):
    if place == "file":
        (tmp_path / "file").touch()
        place = str(tmp_path / "file" / "home")
    error = set_up(qtbot, write_bundle(tmp_path), Path(place))
    assert isinstance(error, SetupError)
    assert place in error.text("fr")


def test_a_file_held_by_a_virus_scanner_is_tried_again(qtbot, tmp_path, home, monkeypatch):
    real, calls = pip_runs.run_child, []

    def held_once(command, environment, on_line, on_tick):
        if "install" in command:
            calls.append(command)
            if len(calls) == 1:
                on_line(
                    "ERROR: [WinError 32] The process cannot access the file: it is being used by "
                    "another process"
                )
                return 1
        return real(command, environment, on_line, on_tick)

    monkeypatch.setattr(pip_runs, "run_child", held_once)
    monkeypatch.setattr(pip_runs, "LOCKED_WAIT_S", 0.1)
    assert set_up(qtbot, write_bundle(tmp_path), home).is_file()
    assert len(calls) == 2


def test_the_marker_waits_for_a_file_that_is_held(tmp_path, monkeypatch):
    real, tries = Path.replace, []

    def held_twice(self, target):
        tries.append(target)
        if len(tries) < 3:
            raise PermissionError(13, "held")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", held_twice)
    monkeypatch.setattr(layout, "LOCKED_WAIT_S", 0.01)
    layout.write_whole(tmp_path / "current.json", "{}")
    assert (tmp_path / "current.json").read_text() == "{}"


def test_no_python_says_what_to_install(qtbot, tmp_path, home, monkeypatch):
    monkeypatch.setattr(setup_task, "find_python", lambda *_: None)
    monkeypatch.setattr(setup_task, "pythons", list)
    error = set_up(qtbot, write_wheel(tmp_path), home)
    assert "Python 3.11" in error.text("fr")
    assert "sudo" in error.text("fr")


@pytest.mark.parametrize(
    ("system", "english", "french"),
    [
        ("win32", "python.org", "OSGeo4W"),
        ("darwin", "brew install", "brew install"),
        ("linux", "sudo", "sudo"),
    ],
)
def test_the_advice_is_that_of_the_system(monkeypatch, system, english, french):
    monkeypatch.setattr(sys, "platform", system)
    assert english in advice()[0]
    assert french in advice()[1]


def test_a_python_that_can_make_environments_is_found():
    assert find_python() is not None
    found = find_python((RUNNING,))
    code = "import sys; print('.'.join(map(str, sys.version_info[:2])))"
    assert subprocess.run([found.path, "-c", code], capture_output=True, text=True).stdout.strip() == RUNNING
    assert find_python(("3.2",)) is None


def test_qgis_own_python_on_windows_is_not_its_executable():
    assert own_python(r"C:/OSGeo4W/apps/Python312", "win32").endswith("Python312/python.exe")


def test_a_path_too_long_for_windows_is_foreseen():
    sizes = [WheelSize("a.dist-info", 10, 150)]
    packages = Path("C:/Utilisateurs/prenom.nom/AppData/Local/ocsge/backend/e0a1b2c3/Lib/site-packages")
    assert path_excess(sizes, packages, 259) <= 0
    assert path_excess(sizes, Path(f"C:/{'x' * 60}") / packages, 259) > 0


@pytest.mark.parametrize(
    ("line", "french"),
    [
        ("WARNING: ... OSError('Tunnel connection failed: 407 Proxy Authentication Required')", "(407)"),
        ("ProxyError('Cannot connect to proxy.', NewConnectionError(...))", "mandataire ne répond pas"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]'))", "certificat"),
        (
            "NewConnectionError('Failed to establish a new connection: [Errno -2]')",
            "index de paquets ne répond",
        ),
        ("ERROR: HTTP error 401 Client Error: Unauthorized for url", "pip.conf"),
        ("ERROR: No matching distribution found for numba==9", "n'a pas numba"),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disque est plein"),
        ("ERROR: [WinError 5] Accès refusé: Permission denied", "pas autorisée"),
        ("something new", "something new"),
    ],
)
def test_words_of_pip_become_a_reason_with_a_remedy(line, french):
    assert french in fault_of_lines(["Looking in indexes", line])[1]
