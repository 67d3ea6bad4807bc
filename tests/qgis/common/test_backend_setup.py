# SPDX-License-Identifier: GPL-2.0-or-later
"""The set-up button with a real Python and pip, and a tiny wheel in place of ours, which needs a network."""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ocsge_common.backend import setup_task
from ocsge_common.backend.environment import environment_command
from ocsge_common.backend.setup_task import BackendSetupTask, find_python
from ocsge_common.backend_section import BackendSection
from ocsge_common.errors import SetupError
from ocsge_common.settings import BackendSettings, backend_settings
from ocsge_common.tasks import start_task

COMMAND = Path(__file__).resolve().parents[3] / ".venv" / "bin" / "ocsge"


def write_wheel(folder: Path, exit_code: int = 0) -> Path:
    """A wheel named like ours whose command prints a version."""
    info = "ocsge_backend-9.9.dist-info"
    files = {
        "tiny_ocsge.py": f"def main():\n    print('ocsge 9.9')\n    return {exit_code}\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: ocsge-backend\nVersion: 9.9\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[console_scripts]\nocsge = tiny_ocsge:main\n",
    }
    record = ""
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(text.encode())}\n"
    files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    path = folder / "ocsge_backend-9.9-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return path


def write_bundle(folder: Path, *, damaged: bool = False) -> Path:
    content = write_wheel(folder).read_bytes()
    name = "wheels/ocsge_backend-9.9-py3-none-any.whl"
    digest = hashlib.sha256(content + (b"x" if damaged else b"")).hexdigest()
    path = folder / "bundle.zip"
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr(f"ocsge-bundle/{name}", content)
        bundle.writestr("ocsge-bundle/SHA256SUMS", f"{digest}  {name}\n")
    return path


def set_up(qtbot, source, folder):
    """Run a set-up to its end; returns its command or its error."""
    ends = []
    task = BackendSetupTask(source, folder)
    task.succeeded.connect(ends.append)
    task.failed.connect(ends.append)
    start_task(task)
    qtbot.waitUntil(lambda: bool(ends), timeout=120000)
    return ends[0]


def test_a_bundle_becomes_an_environment_without_network(qtbot, tmp_path):
    command = set_up(qtbot, write_bundle(tmp_path), tmp_path / "env")
    assert command == environment_command(tmp_path / "env")
    assert subprocess.run([command], capture_output=True, text=True, check=True).stdout == "ocsge 9.9\n"


def test_a_damaged_bundle_is_refused_and_the_former_environment_kept(qtbot, tmp_path):
    (tmp_path / "env").mkdir()
    (tmp_path / "env" / "precious").touch()
    error = set_up(qtbot, write_bundle(tmp_path, damaged=True), tmp_path / "env")
    assert isinstance(error, SetupError)
    assert "is damaged" in error.text("en")
    assert "abîmé" in error.text("fr")
    assert [path.name for path in (tmp_path / "env").iterdir()] == ["precious"]


@pytest.mark.parametrize("content", [b"no zip", None])
def test_a_file_that_is_no_bundle_is_named(qtbot, tmp_path, content):
    path = tmp_path / "thing.zip"
    if content is None:
        zipfile.ZipFile(path, "w").close()
    else:
        path.write_bytes(content)
    error = set_up(qtbot, path, tmp_path / "env")
    assert str(path) in error.text("en")
    assert not (tmp_path / "env").exists()


def test_a_backend_that_does_not_run_is_no_success(qtbot, tmp_path):
    error = set_up(qtbot, write_wheel(tmp_path, exit_code=3), tmp_path / "env")
    assert isinstance(error, SetupError)
    assert not (tmp_path / "env").exists()


def test_no_python_is_said(qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(setup_task, "find_python", lambda version: None)
    error = set_up(qtbot, write_wheel(tmp_path), tmp_path / "env")
    assert "Python 3.11" in error.text("fr")


def test_a_python_that_can_make_environments_is_found():
    assert find_python() is not None
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    found = find_python(own)
    code = "import sys; print('.'.join(map(str, sys.version_info[:2])))"
    assert subprocess.run([found, "-c", code], capture_output=True, text=True).stdout.strip() == own
    assert find_python("3.2") is None


def test_a_bundle_for_a_python_that_is_not_there_says_which(qtbot, tmp_path):
    bundle = write_bundle(tmp_path)
    with zipfile.ZipFile(bundle, "a") as archive:
        archive.writestr("ocsge-bundle/VERSION", "ocsge-backend 9.9\nPython 3.2\n")
    error = set_up(qtbot, bundle, tmp_path / "env")
    assert "Python 3.2 was not found" in error.text("en")


def test_the_options_section_saves_and_shows_the_set_up(qtbot, tmp_path):
    section = BackendSection()
    qtbot.addWidget(section)
    section.url.setText(" https://ocsge.example ")
    section.save()
    assert backend_settings().load().url == "https://ocsge.example"
    section.start_set_up(BackendSetupTask(write_bundle(tmp_path), tmp_path / "env"))
    assert not section.set_up.isEnabled()
    qtbot.waitUntil(section.set_up.isEnabled, timeout=120000)
    assert str(tmp_path / "env") in section.state.text()


def test_the_test_button_tells_the_version(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("OCSGE_DATA_DIR", str(tmp_path))
    backend_settings().save(BackendSettings(command=str(COMMAND)))
    section = BackendSection()
    qtbot.addWidget(section)
    section.test.click()
    qtbot.waitUntil(section.test.isEnabled, timeout=60000)
    assert "version" in section.state.text()


def test_the_test_button_asks_a_remote_backend(qtbot):
    section = BackendSection()
    qtbot.addWidget(section)
    section.url.setText("http://127.0.0.1:9")
    section.test.click()
    assert not section.test.isEnabled()
    qtbot.waitUntil(section.test.isEnabled, timeout=30000)
    assert "127.0.0.1:9" in section.state.text()


def test_the_test_button_explains_a_missing_command(qtbot):
    section = BackendSection()
    qtbot.addWidget(section)
    section.command.setFilePath("/nowhere/ocsge")
    section.test.click()
    assert "/nowhere/ocsge" in section.state.text()
    assert section.test.isEnabled()
