# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import subprocess
import zipfile

from scripts import build_bundle


def make_folder(tmp_path):
    folder = tmp_path / "bundle"
    (folder / "wheels").mkdir(parents=True)
    (folder / "wheels" / "a.whl").write_bytes(b"wheel")
    (folder / build_bundle.INSTALLER).write_text("#!/bin/sh\n")
    return folder


def test_checksums_are_those_of_the_system_tool(tmp_path):
    folder = make_folder(tmp_path)
    (folder / "SHA256SUMS").write_text(build_bundle.checksums(folder))
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, check=True)


def test_the_installer_keeps_its_executable_bit(tmp_path):
    target = tmp_path / "bundle.zip"
    build_bundle.write_bundle(make_folder(tmp_path), target)
    with zipfile.ZipFile(target) as archive:
        modes = {info.filename: info.external_attr >> 16 & 0o777 for info in archive.infolist()}
    assert modes == {"ocsge-backend/install.sh": 0o755, "ocsge-backend/wheels/a.whl": 0o644}


def test_a_damaged_bundle_is_refused(tmp_path, repository):
    folder = make_folder(tmp_path)
    (folder / build_bundle.INSTALLER).write_bytes(
        (repository / "scripts" / "bundle" / build_bundle.INSTALLER).read_bytes()
    )
    (folder / "VERSION").write_text("0\nlinux\nPython 3.11\n")
    (folder / "SHA256SUMS").write_text(build_bundle.checksums(folder))
    (folder / "wheels" / "a.whl").write_bytes(b"other")
    done = subprocess.run(
        ["bash", str(folder / build_bundle.INSTALLER), str(tmp_path / "env")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "damaged" in done.stderr
    assert not (tmp_path / "env").exists()
