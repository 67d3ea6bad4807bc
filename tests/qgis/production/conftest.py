# SPDX-License-Identifier: GPL-2.0-or-later
"""A small scene and real backends: one on this computer, one as if it were elsewhere."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from qgis.core import QgsApplication

from ocsge_common.backend.client import BackendClient
from ocsge_pi_review.processing.provider import ReviewProvider
from tests.qgis.common.backends import COMMAND, serving, use

ROOT = Path(__file__).resolve().parents[3]
PROCESSING = "/usr/share/qgis/python/plugins"
EXTENT = "652000,652090,6862050,6862140 [EPSG:2154]"
"""A part of the scene that is predicted in a second."""


@dataclass(frozen=True)
class Scene:
    """Files of a scene of 150 m."""

    folder: Path

    @property
    def rasters(self) -> list[str]:
        return [str(self.folder / f"{name}_2022.tif") for name in ("ortho", "height")]

    @property
    def references(self) -> Path:
        return self.folder / "references"


@pytest.fixture(scope="session")
def scene(tmp_path_factory) -> Scene:
    folder = tmp_path_factory.mktemp("scene") / "scène d'été"
    subprocess.run([COMMAND, "scene", folder, "--seed", "5", "--size-m", "150"], check=True)
    return Scene(folder)


@pytest.fixture(scope="session")
def prediction(scene, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("prediction") / "prediction.tif"
    subprocess.run([COMMAND, "predict", *scene.rasters, "-o", path], check=True, capture_output=True)
    return path


@pytest.fixture(scope="session")
def shared_address(tmp_path_factory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("shared"), "127.0.0.1") as address:
        yield address


@pytest.fixture(scope="session")
def distant_address(tmp_path_factory) -> Iterator[str]:
    """A service that may name no file of this computer; not at an address that stands for it either."""
    with serving(tmp_path_factory.mktemp("distant"), "127.0.0.2", "--allow", "none") as address:
        yield address


@pytest.fixture
def shared_backend(_fresh_settings, shared_address) -> BackendClient:
    return use(shared_address)


@pytest.fixture
def distant_backend(_fresh_settings, distant_address) -> BackendClient:
    return use(distant_address)


@pytest.fixture
def local_backend(_fresh_settings, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("OCSGE_BACKEND", str(COMMAND))
    monkeypatch.setenv("OCSGE_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture(scope="session")
def toolbox(qgis_app):
    """Processing as the desktop has it."""
    sys.path.insert(0, PROCESSING)
    from processing.core.Processing import Processing

    Processing.initialize()
    yield
    sys.path.remove(PROCESSING)


@pytest.fixture
def provider(qgis_app):
    made = ReviewProvider(ROOT / "ocsge_pi_review" / "resources" / "icons" / "plugin.svg")
    QgsApplication.processingRegistry().addProvider(made)
    yield made
    QgsApplication.processingRegistry().removeProvider(made)
