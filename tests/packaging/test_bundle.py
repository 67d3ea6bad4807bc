# SPDX-License-Identifier: GPL-2.0-or-later
"""The bundle's parts on wheels of a few bytes; `make bundle-test` does the same with the real ones."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from inference_backend.contracts.backend_home import environment_command, read_current
from inference_backend.contracts.bundle import Manifest, damaged_files, machine_platform
from scripts import build_bundle, bundle_wheels
from scripts.bundle_wheels import LINUX, WINDOWS, missing, read_pins
from tests.qgis.common.tiny_backend import PIP, RUNNING

CONTRACTS = ("__init__.py", "contracts/__init__.py", "contracts/bundle.py", "contracts/backend_home.py")


def write_wheel(folder, name, *requirements, tag="py3-none-any", members=None):
    info = f"{name}-1.0.dist-info"
    needs = "".join(f"Requires-Dist: {text}\n" for text in requirements)
    files = {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needs}",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
        **(members or {}),
    }
    files[f"{info}/RECORD"] = "".join(f"{member},,\n" for member in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(folder / f"{name}-1.0-{tag}.whl", "w") as wheel:
        for member, text in files.items():
            wheel.writestr(member, text)


@pytest.fixture
def bundle_folder(tmp_path, repository):
    """An unpacked bundle of this machine: the backend's contracts and a command, nothing else."""
    folder = tmp_path / "Éléonore Lefèvre" / "ocsge-backend"
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    package = repository / "inference_backend"
    members = {
        f"inference_backend/{name}": (package / name).read_text(encoding="utf-8") for name in CONTRACTS
    }
    members["tiny.py"] = "def main():\n    print('ocsge 1.0')\n"
    members["ocsge_backend-1.0.dist-info/entry_points.txt"] = "[console_scripts]\nocsge = tiny:main\n"
    write_wheel(wheels, "ocsge_backend", members=members)
    shutil.copy(PIP[0], wheels)
    for name in build_bundle.INSTALLERS:
        shutil.copy(repository / "scripts" / "bundle" / name, folder)
    return seal(folder, Manifest("1.0", machine_platform(), (RUNNING,)))


def seal(folder, manifest):
    (folder / "bundle.json").write_text(manifest.to_text())
    (folder / "SHA256SUMS").write_text(build_bundle.checksums(folder))
    return folder


def install(folder, home, script="install.py"):
    program = [sys.executable] if script.endswith(".py") else ["bash"]
    environment = {**os.environ, "OCSGE_BACKEND_HOME": str(home), "OCSGE_EXTRAS": ""}
    environment["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        [*program, str(folder / script)], capture_output=True, text=True, check=False, env=environment
    )


@pytest.mark.skipif(not PIP, reason="this Python comes without pip")
@pytest.mark.parametrize("script", ["install.py", "install.sh"])
def test_the_installer_makes_what_the_plugins_look_for(bundle_folder, tmp_path, script):
    done = install(bundle_folder, tmp_path / "home", script)
    assert done.returncode == 0, done.stderr
    current = read_current(tmp_path / "home")
    command = environment_command(tmp_path / "home" / current.folder)
    assert done.stdout.splitlines()[-1] == str(command)
    assert (current.version, current.python) == ("1.0", RUNNING)
    assert subprocess.run([command], capture_output=True, text=True).stdout == "ocsge 1.0\n"


@pytest.mark.parametrize("script", ["install.py", "install.sh"])
def test_a_damaged_bundle_installs_nothing(bundle_folder, tmp_path, script):
    with (bundle_folder / "LICENSE").open("a") as file:
        file.write("x")
    seal(bundle_folder, Manifest("1.0", machine_platform(), (RUNNING,)))
    (bundle_folder / "LICENSE").write_text("other")
    done = install(bundle_folder, tmp_path / "home", script)
    assert done.returncode != 0
    assert "damaged" in done.stderr
    assert "abîmé" in done.stderr
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [({"platform": "win_arm64"}, "win_arm64"), ({"pythons": ("3.2",)}, "3.2")],
    ids=["platform", "python"],
)
def test_a_bundle_for_another_machine_says_so(bundle_folder, tmp_path, change, said):
    manifest = Manifest("1.0", machine_platform(), (RUNNING,))
    done = install(
        seal(bundle_folder, dataclasses.replace(manifest, **change)), tmp_path / "home", "install.sh"
    )
    assert done.returncode != 0
    assert said in done.stderr
    assert not (tmp_path / "home").exists()


def test_checksums_are_those_of_the_system_tool(bundle_folder):
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=bundle_folder, check=True)
    assert damaged_files(bundle_folder) == []


def test_the_same_files_give_the_same_bundle(bundle_folder, tmp_path):
    build_bundle.write_bundle(bundle_folder, tmp_path / "a.zip")
    for path in bundle_folder.rglob("*"):
        os.utime(path, (1, 1))
    build_bundle.write_bundle(bundle_folder, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        modes = {info.filename: info.external_attr >> 16 & 0o777 for info in archive.infolist()}
    assert modes["ocsge-backend/install.sh"] == 0o755
    assert modes["ocsge-backend/install.py"] == 0o644


def test_a_foreign_bundle_needs_what_its_own_system_needs(tmp_path):
    write_wheel(tmp_path, "app", 'terminal; sys_platform == "win32"', 'unixy; os_name == "posix"')
    roots = [Requirement("app")]
    assert missing(tmp_path, WINDOWS, "3.12", roots) == [
        'terminal; sys_platform == "win32" (Python 3.12): no wheel'
    ]
    write_wheel(tmp_path, "terminal", tag="cp312-cp312-win_amd64")
    assert missing(tmp_path, WINDOWS, "3.12", roots) == []
    assert [line.split(";")[0] for line in missing(tmp_path, LINUX, "3.12", roots)] == ["unixy"]


def test_extras_versions_and_pythons_are_looked_at(tmp_path):
    write_wheel(tmp_path, "app", 'fast>=2; extra == "speed"', 'old; python_version < "3.12"')
    write_wheel(tmp_path, "fast")
    assert missing(tmp_path, LINUX, "3.12", [Requirement("app")]) == []
    lacks = missing(tmp_path, LINUX, "3.12", [Requirement("app[speed]")])
    assert len(lacks) == 1
    assert "fast-1.0-py3-none-any.whl is another version" in lacks[0]
    assert "old" in missing(tmp_path, LINUX, "3.11", [Requirement("app")])[0]


def test_what_has_no_pin_stops_the_build(tmp_path):
    write_wheel(tmp_path, "app", "loose")
    with pytest.raises(bundle_wheels.IncompleteError, match="no pin for loose"):
        bundle_wheels.fetch(tmp_path, LINUX, [Requirement("app")], {})


def test_every_requirement_of_the_backend_is_pinned(repository):
    pins = read_pins(repository / "constraints" / "backend.txt", repository / "constraints" / "bundle.txt")
    assert "pip" in pins
    assert "openvino" in pins
    assert json.loads(Manifest("1", "linux_x86_64", ("3.12",)).to_text())["pythons"] == ["3.12"]
