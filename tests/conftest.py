# SPDX-License-Identifier: GPL-2.0-or-later
"""What every part of the tests shares."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

with contextlib.suppress(ImportError):  # the tests in QGIS's Python do without
    from hypothesis import settings

    # A busy machine makes an example slow, not wrong.
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the checkout."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Engines that tests measure are not remembered among the user's own."""
    os.environ["OCSGE_CACHE"] = str(tmp_path_factory.mktemp("cache"))
