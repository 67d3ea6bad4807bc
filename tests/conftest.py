# SPDX-License-Identifier: GPL-2.0-or-later
"""What every part of the tests shares."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the checkout."""
    return Path(__file__).resolve().parent.parent
