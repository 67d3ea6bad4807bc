# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot, and two lots cut from it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from inference_backend.contracts.profile import Profile
from inference_backend.lots.cut import cut_lot
from inference_backend.lots.cut_options import CutOptions

from .coverages import make_lot


@dataclass(frozen=True)
class Handout:
    """A parent and what was cut from it."""

    parent: Path
    lots: list[Path]


@pytest.fixture(scope="session")
def profile():
    return Profile.load()


@pytest.fixture(scope="session")
def made(tmp_path_factory, profile):
    """One parent and its two halves; never written to."""
    folder = tmp_path_factory.mktemp("handout")
    parent = make_lot(folder / "commune.gpkg", profile)
    return Handout(parent, [lot.path for lot in cut_lot(parent, folder / "lots", CutOptions(count=2))])


@pytest.fixture
def handout(made, tmp_path):
    """The same, to be changed."""
    return copied(made, tmp_path)


def copied(made, folder):
    """A copy of a parent and its lots."""
    return Handout(
        Path(shutil.copy(made.parent, folder)), [Path(shutil.copy(lot, folder)) for lot in made.lots]
    )
