# SPDX-License-Identifier: GPL-2.0-or-later
"""Control files that are old, damaged, hostile, not blind, on a disk that refuses, or left by a kill."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from qgis.core import QgsProject

from ocsge_pi_review.adapters.control_opening import is_control_file
from ocsge_pi_review.adapters.control_store import ControlStore
from ocsge_pi_review.adapters.open_control import open_control
from ocsge_pi_review.domain.control import Judgement
from ocsge_pi_review.domain.control_errors import (
    AnswerNotWrittenError,
    ControlFileError,
    DamagedControlError,
)
from ocsge_pi_review.domain.errors import LotError
from tests.qgis.pi_review.control.answers_on_disk import answers, execute, in_force

ROOT = Path(__file__).resolve().parents[4]
SAID = Judgement("CS2.2.1", "US1.1")


def refused(path: Path) -> str:
    """What a file that does not open is refused with; nothing is left behind."""
    with pytest.raises(LotError) as caught:
        open_control(path, "essai", QgsProject.instance())
    assert path.name in caught.value.text("en")
    assert QgsProject.instance().layerTreeRoot().children() == []
    assert not path.with_name(f".{path.name}.lock").exists()
    return caught.value.text("fr")


@pytest.fixture
def control(control_path, qgis_new_project):
    opened = open_control(control_path, "essai", QgsProject.instance())
    yield opened
    opened.close(QgsProject.instance())


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE control SET schema_version = '9'", "9"),
        ("UPDATE control_sample SET map_cs = 'CS2.2.1' WHERE sample_id = 3", "aveugle"),
        ("UPDATE control_sample SET polygon_id = 'OCSGE1' WHERE sample_id = 3", "aveugle"),
        ("CREATE TABLE Occupation_Sol (id TEXT)", "aveugle"),
        ("DELETE FROM control", "0 contrôles"),
        ("DELETE FROM control_sample", "aucune unité"),
        ("DROP TABLE control_outline", "control_outline"),
        ("ALTER TABLE control_answer DROP COLUMN replaces", "replaces"),
        ("UPDATE lot SET value = 'chief' WHERE key = 'role'", "chief"),
        ("UPDATE control SET design_json = '[3]'", "illisible"),
        ("UPDATE control_sample SET sample_id = 'x' WHERE sample_id = 3", "illisible"),
        (
            "CREATE TRIGGER spy AFTER INSERT ON control_answer BEGIN DELETE FROM control_sample; END",
            "déclencheur spy",
        ),
    ],
)
def test_a_file_that_is_none_or_that_is_not_blind_is_refused(control_path, statement, told, qgis_new_project):
    execute(control_path, statement)
    assert told in refused(control_path)


def test_a_file_that_was_cut_short_or_is_something_else_is_refused(control_path, qgis_new_project):
    whole = control_path.read_bytes()
    control_path.write_bytes(whole[: len(whole) // 2])
    assert "tronqué" in refused(control_path)
    control_path.write_bytes(b"no database, but as long as a header of one" * 9)
    assert "ocsge control sample" in refused(control_path)
    control_path.unlink()
    assert "illisible" in refused(control_path)


def test_a_file_that_cannot_be_written_is_refused_with_a_remedy(made_control):
    """By somebody without rights, where the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="ocsge-"))
    try:
        path = Path(shutil.copy(made_control, folder / made_control.name))
        path.chmod(0o444)
        folder.chmod(0o555)
        script = (
            "import sys; from pathlib import Path\n"
            "from ocsge_pi_review.adapters.control_opening import open_control_gpkg\n"
            "from ocsge_pi_review.domain.errors import LotError\n"
            "try:\n    open_control_gpkg(Path(sys.argv[1]))\n"
            "except LotError as error:\n    print(error.text('fr'))\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script, str(path)],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            user=65534 if os.getuid() == 0 else None,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "impossible d'y écrire" in done.stdout, done.stderr[-800:]
        assert "Copiez-le" in done.stdout
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_lot_is_no_control_file_and_a_control_file_by_another_name_is_one(lot_path, control_path, tmp_path):
    assert not is_control_file(lot_path)
    assert not is_control_file(tmp_path / "nowhere.gpkg")
    assert is_control_file(control_path)
    assert is_control_file(Path(shutil.copy(control_path, tmp_path / "renamed.gpkg")))


def test_one_person_at_a_time(control, control_path):
    with pytest.raises(LotError):
        open_control(control_path, "essai", QgsProject.instance())


def test_an_answer_that_cannot_be_written_stays_on_the_screen(control, control_path):
    session = control.session
    session.start()
    session.say(SAID)
    execute(
        control_path,
        "CREATE TRIGGER full BEFORE INSERT ON control_answer BEGIN SELECT RAISE(FAIL, 'full'); END",
    )
    with pytest.raises(AnswerNotWrittenError) as caught:
        session.confirm()
    assert "full" in caught.value.text("fr")
    assert (session.judgement, session.is_changed) == (SAID, True)
    execute(control_path, "DROP TRIGGER full")
    assert session.confirm()
    assert in_force(control_path) == {1: (SAID.cs, SAID.us)}


def test_an_answer_that_says_nonsense_is_told_in_our_words(control_path, qgis_new_project):
    store = ControlStore(control_path, "Claire")
    execute(
        control_path,
        "INSERT INTO control_answer (answer_id, control_id, sample_id, controller, role) "
        f"VALUES ('a', '{store.control_id}', 1, 'Claire', 'chief')",
    )
    with pytest.raises(DamagedControlError):
        store.answers()
    store.close()


def test_every_answer_confirmed_before_a_kill_is_there(control_path):
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from qgis.core import QgsApplication\n"
        "application = QgsApplication([], False)\n"
        "application.initQgis()\n"
        "from ocsge_pi_review.adapters.control_store import ControlStore\n"
        "from ocsge_pi_review.adapters.control_session import ControlSession\n"
        "from ocsge_pi_review.adapters.lot_profile import profile_of\n"
        "from ocsge_pi_review.domain.control import Judgement\n"
        f"store = ControlStore(Path({str(control_path)!r}), 'x')\n"
        "session = ControlSession(store, profile_of(store.metadata))\n"
        "number = 0\n"
        "while True:\n"
        "    session.show_place(number % 12)\n"
        "    session.say(Judgement('CS2.2.1', f'US{number}'))\n"
        "    session.confirm()\n"
        "    number += 1\n"
        "    print(number, flush=True)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        confirmed = [int(child.stdout.readline()) for _ in range(14)][-1]
    finally:
        child.send_signal(signal.SIGKILL)
        confirmed += sum(1 for line in child.stdout if line.strip())
        child.wait()
    store = ControlStore(control_path, "x")
    store.close()
    # One more may be written that there was no time to tell of.
    assert confirmed <= len(answers(control_path)) <= confirmed + 1
    assert len(in_force(control_path)) == 12


def test_a_refused_file_names_its_remedy_in_both_languages(control_path, qgis_new_project):
    execute(control_path, "UPDATE control SET schema_version = '9'")
    with pytest.raises(ControlFileError) as caught:
        open_control(control_path, "essai", QgsProject.instance())
    assert "Use the plugin and the backend of one release" in caught.value.text("en")
    assert "même version" in caught.value.text("fr")
