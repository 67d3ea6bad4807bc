# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge control plan`, `decide` and `history` as a person types them."""

from __future__ import annotations

import json

import pytest

from inference_backend.cli.main import main
from inference_backend.contracts.profile import Profile
from tests.backend.control.controlled_lot import put_in_control
from tests.backend.lots.coverages import make_lot


@pytest.fixture
def lot(tmp_path):
    return make_lot(tmp_path / "lot.gpkg", Profile.load(), columns=6, rows=6)


def test_a_plan_names_units_limits_and_what_to_draw(capsys):
    assert main(["--lang", "en", "control", "plan", "20000"]) == 0
    told = capsys.readouterr().out
    assert "judge 315, accept up to 21 wrong" in told
    assert "--size 315 --strata none" in told


def test_an_aql_that_the_standard_does_not_have_is_refused(capsys):
    assert main(["--lang", "fr", "control", "plan", "20000", "--aql-cs", "3"]) == 2
    assert "2.5, 4" in capsys.readouterr().err


def test_exit_status_tells_the_verdict_and_history_tells_what_follows(lot, tmp_path, capsys):
    put_in_control(lot, set(range(1, 16)))
    page = tmp_path / "decision.json"
    assert (
        main(["--lang", "fr", "control", "decide", str(lot), "--sign", "Marie", "--output", str(page)]) == 1
    )
    told = capsys.readouterr().out
    assert "refusé, signé par Marie" in told
    assert "NON TENU: 50,0 %" in told
    assert json.loads(page.read_text(encoding="utf-8"))["decision"]["verdict"] == "rejected"
    put_in_control(lot)
    assert main(["--lang", "en", "control", "decide", str(lot), "--sign", "Marie"]) == 0
    put_in_control(lot, missing={1})
    assert main(["--lang", "en", "control", "decide", str(lot)]) == 3
    capsys.readouterr()
    assert main(["--lang", "fr", "control", "history", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Atelier\n")
    assert "accepté, 0 fausses sur 30, contrôle n° 2" in told
    assert "couverture contrôle normal" in told
