# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scripts import build_zips

COPIED = (*build_zips.PLUGINS, "ocsge_common", "inference_backend", "resources")


@pytest.fixture
def broken_tree(repository, tmp_path) -> Path:
    """A copy of what the zips are built from, to be broken by the test."""
    ignore = shutil.ignore_patterns("__pycache__", "*.onnx")
    for name in COPIED:
        shutil.copytree(repository / name, tmp_path / name, ignore=ignore)
    for name in ("metadata.txt", "CHANGELOG.md", "LICENSE"):
        shutil.copy(repository / name, tmp_path / name)
    for path in tmp_path.rglob("*.ts"):
        path.with_suffix(".qm").touch()
    return tmp_path
