# SPDX-License-Identifier: GPL-2.0-or-later
"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from contextlib import closing

import pytest

from inference_backend.atomic import (
    ABANDONED_AFTER_S,
    remove_unfinished,
    replace_folder_when_done,
    replace_when_done,
)


class StopError(Exception):
    """Something that goes wrong while writing."""


def write_half(target):
    with replace_when_done(target) as temporary:
        temporary.write_bytes(b"half")
        temporary.with_name(temporary.name + "-wal").write_bytes(b"half")
        raise StopError


@pytest.mark.parametrize("name", ["lot.gpkg", "lot [2022].gpkg"])
def test_a_failure_leaves_nothing_whatever_the_name(tmp_path, name):
    with pytest.raises(StopError):
        write_half(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_whatever_the_name(tmp_path):
    target = tmp_path / "lot [2022].gpkg"
    left = tmp_path / ".lot [2022].0123abcd.part.gpkg"
    left.write_bytes(b"half")
    remove_unfinished(target)
    assert not left.exists()


@pytest.mark.parametrize(("age_s", "stays"), [(ABANDONED_AFTER_S + 60, False), (1.0, True)])
def test_the_next_run_removes_what_nobody_writes_any_more(tmp_path, age_s, stays):
    """Young files may be those of another process that works on the same target."""
    file, folder = tmp_path / ".lot.0123abcd.part.gpkg", tmp_path / ".scene.0123abcd.part"
    folder.mkdir()
    (folder / "ortho.tif").write_bytes(b"half")
    file.write_bytes(b"half")
    for path in (file, folder / "ortho.tif", folder):
        os.utime(path, (time.time() - age_s,) * 2)
    with replace_when_done(tmp_path / "lot.gpkg") as temporary:
        temporary.write_bytes(b"whole")
    with replace_folder_when_done(tmp_path / "scene"):
        pass
    assert (file.exists(), folder.exists()) == (stays, stays)
    assert (tmp_path / "lot.gpkg").read_bytes() == b"whole"


def test_the_log_of_a_killed_writer_does_not_get_into_the_database_that_replaces_its_own(tmp_path):
    with closing(sqlite3.connect(tmp_path / "open.gpkg", isolation_level=None)) as old:
        old.execute("PRAGMA journal_mode = WAL")
        old.execute("CREATE TABLE old (x)")
        for suffix in ("", "-wal"):
            shutil.copy(tmp_path / f"open.gpkg{suffix}", tmp_path / f"lot.gpkg{suffix}")
    target = tmp_path / "lot.gpkg"
    with replace_when_done(target) as temporary, closing(sqlite3.connect(temporary)) as new:
        new.execute("CREATE TABLE new (x)")
    with closing(sqlite3.connect(target)) as database:
        assert database.execute("SELECT name FROM sqlite_master").fetchall() == [("new",)]
