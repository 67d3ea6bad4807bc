# SPDX-License-Identifier: GPL-2.0-or-later
"""The work of operators against a new result at the same place."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from inference_backend.postprocess.lot.reviewed_lot import (
    LotInUseError,
    ReviewedLotError,
    UnreadableLotError,
    count_gestures,
    require_replaceable,
    set_aside,
)


def make_lot(path, gestures, wal=False):
    database = sqlite3.connect(path, isolation_level=None)
    if wal:
        database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE edit_journal (seq INTEGER)")
    database.executemany("INSERT INTO edit_journal VALUES (?)", [(i,) for i in range(gestures)])
    return database


@pytest.fixture
def killed_review(tmp_path):
    """A lot as a killed QGIS leaves it: its gestures are in the write-ahead log alone."""
    path = tmp_path / "lot.gpkg"
    with closing(make_lot(tmp_path / "open.gpkg", 3, wal=True)):
        for suffix in ("", "-wal"):
            shutil.copy(tmp_path / f"open.gpkg{suffix}", tmp_path / f"lot.gpkg{suffix}")
    return path


def test_gestures_are_counted_in_the_log_of_a_killed_review(killed_review):
    with pytest.raises(ReviewedLotError) as caught:
        require_replaceable(killed_review)
    assert "lot.gpkg" in caught.value.text("fr")
    assert "3 gestes" in caught.value.text("fr")


def test_a_lot_set_aside_takes_the_gestures_of_its_log_along(killed_review):
    kept = set_aside(killed_review)
    assert count_gestures(kept) == 3
    assert not list(killed_review.parent.glob("lot.gpkg*"))


def test_a_lot_that_somebody_reviews_is_left_alone(tmp_path):
    path = tmp_path / "lot.gpkg"
    with closing(make_lot(path, 0, wal=True)):
        with pytest.raises(LotInUseError, match=r"lot\.gpkg"):
            require_replaceable(path)
        with pytest.raises(LotInUseError):
            set_aside(path)
    require_replaceable(path)


def test_a_damaged_lot_is_not_replaced(tmp_path):
    path = tmp_path / "lot.gpkg"
    with closing(make_lot(path, 3)) as database:
        statement = "SELECT rootpage FROM sqlite_master WHERE name = 'edit_journal'"
        root = database.execute(statement).fetchone()[0]
        (page,) = database.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * page)
        file.write(b"\xff" * page)
    with pytest.raises(UnreadableLotError, match=r"lot\.gpkg"):
        require_replaceable(path)


@pytest.mark.parametrize("content", [None, b"", b"no database, but as long as a header of one" * 9])
def test_what_holds_no_gesture_may_be_replaced(tmp_path, content):
    path = tmp_path / "lot.gpkg"
    if content is not None:
        path.write_bytes(content)
    require_replaceable(path)
