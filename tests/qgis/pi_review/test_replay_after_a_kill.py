# SPDX-License-Identifier: GPL-2.0-or-later
"""A process is really killed between journal and layer; opening the lot again brings everything back."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from qgis.core import QgsProject

from inference_backend.contracts.lot import ItemState
from ocsge_pi_review.adapters.open_lot import open_lot
from ocsge_pi_review.adapters.replay import replay_pending
from ocsge_pi_review.domain.errors import LotError
from tests.qgis.pi_review.layer_checks import assert_coverage, item_row, journal, rows_in_qgis, rows_on_disk

ROOT = Path(__file__).resolve().parents[3]


def run_and_kill(lot_path: Path, moment: str) -> dict[str, object]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    script = str(ROOT / "tests" / "qgis" / "pi_review" / "killed_between.py")
    done = subprocess.run(
        [sys.executable, script, str(lot_path), moment],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """Per moment, the file as the kill left it, and the rows expected."""
    from tests.qgis.pi_review.lot_factory import make_lot

    results = {}
    for moment in ("before-layer", "before-save", "before-flip"):
        folder = tmp_path_factory.mktemp(moment)
        results[moment] = (folder, run_and_kill(make_lot(folder / "lot.gpkg"), moment))
    return results


@pytest.mark.parametrize("moment", ["before-layer", "before-save", "before-flip"])
def test_the_replay_gives_the_layer_that_the_operator_saw(killed, moment, tmp_path, qgis_new_project):
    folder, expected = killed[moment]
    for file in folder.iterdir():
        shutil.copy(file, tmp_path / file.name)
    path = tmp_path / "lot.gpkg"
    states = [row["state"] for row in journal(path)]
    assert states[0] == "applied"
    assert set(states[1:]) == {"written"}
    lot = open_lot(path, "essai", lambda gesture: "", QgsProject.instance())
    assert lot.replayed == 6 - 1
    rows = rows_in_qgis(lot.layers.occupation)
    assert {key: row.to_dict() for key, row in rows.items()} == expected
    assert_coverage(rows, (30 * 12.0) ** 2)
    assert {row["state"] for row in journal(path)} == {"applied"}
    assert lot.review.queue[4].state is ItemState.DONE
    assert item_row(path, 5)["state"] == "todo"
    lot.review.undo()
    assert lot.review.queue[3].state is ItemState.TODO
    assert lot.close(QgsProject.instance())


def test_replaying_twice_changes_nothing_more(killed, tmp_path):
    folder, _ = killed["before-save"]
    for file in folder.iterdir():
        shutil.copy(file, tmp_path / file.name)
    path = tmp_path / "lot.gpkg"
    assert replay_pending(path) == 5
    once = rows_on_disk(path)
    assert replay_pending(path) == 0
    assert rows_on_disk(path) == once


def test_a_lot_that_cannot_be_written_says_so_and_keeps_its_journal(killed, tmp_path):
    import sqlite3

    folder, _ = killed["before-save"]
    for file in folder.iterdir():
        shutil.copy(file, tmp_path / file.name)
    path = tmp_path / "lot.gpkg"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("CREATE TRIGGER refuse BEFORE UPDATE ON edit_journal BEGIN SELECT RAISE(ABORT, 'no'); END")
    other.close()
    before = rows_on_disk(path)
    with pytest.raises(LotError) as caught:
        replay_pending(path)
    assert "lot.gpkg" in caught.value.text("fr")
    assert rows_on_disk(path) == before
    assert [row["state"] for row in journal(path)].count("written") == 5
