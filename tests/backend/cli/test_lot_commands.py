# SPDX-License-Identifier: GPL-2.0-or-later
"""`ocsge lot`: a lot goes out and comes back on the command line."""

from __future__ import annotations

import pytest

from inference_backend.cli.main import main
from inference_backend.contracts.profile import Profile
from tests.backend.lots.coverages import make_lot
from tests.backend.lots.interpreter import at_work


@pytest.fixture
def parent(tmp_path):
    return make_lot(tmp_path / "commune.gpkg", Profile.load(), columns=4, rows=2)


def test_cut_hand_over_deliver_and_merge(parent, tmp_path, capsys):
    folder = tmp_path / "lots"
    assert main(["--lang", "fr", "lot", "cut", str(parent), "--count", "2", "-o", str(folder)]) == 0
    assert "polygones, marge" in capsys.readouterr().out
    lot = str(folder / "commune_01.gpkg")
    state = ["--lang", "fr", "lot", "state", lot]
    assert main([*state, "--set", "assigned", "--to", "Anne", "--by", "Chef"]) == 0
    assert "affecté (Anne)" in capsys.readouterr().out
    for path, code in ((folder / "commune_01.gpkg", "CS1.2.2"), (parent, "CS2.1.3")):
        with at_work(path) as somebody:
            somebody.cover(somebody.own_ids()[0], code)
    for wanted in ("in_interpretation", "delivered"):
        assert main([*state, "--set", wanted]) == 0

    assert main(["--lang", "fr", "lot", "merge", str(parent), lot]) == 1

    told = capsys.readouterr()
    assert "0 gestes fusionnés, 0 annulés, 0 déjà connus, 1 conflits" in told.out
    assert "modifié entre-temps" in told.err
    assert (folder / "commune_01-conflicts.gpkg").is_file()
    assert main(["--lang", "fr", "lot", "state", str(parent)]) == 0
    assert "1 conflits" in capsys.readouterr().out
    again = ["lot", "cut", str(parent), "--count", "2", "-o", str(tmp_path / "again")]
    assert main(["--lang", "fr", *again]) == 0
    assert ", pas encore fusionnés : commune_02." in capsys.readouterr().err


def test_what_was_merged_before_a_failure_is_said(parent, tmp_path, capsys):
    folder = tmp_path / "lots"
    main(["lot", "cut", str(parent), "--count", "2", "-o", str(folder)])
    first, second = (str(folder / f"commune_0{number}.gpkg") for number in (1, 2))
    for state in ("in_interpretation", "delivered"):
        main(["lot", "state", first, "--set", state])
    capsys.readouterr()

    assert main(["lot", "merge", str(parent), first, second]) == 2

    told = capsys.readouterr()
    assert "0 gestures merged" in told.out
    assert "commune_02" in told.err


def test_wrong_use_is_said(parent, tmp_path, capsys):
    lots = ["-o", str(tmp_path / "lots")]
    assert main(["--lang", "fr", "lot", "cut", str(parent), "--by", "grid", *lots]) == 2
    assert "--size" in capsys.readouterr().err
    assert main(["--lang", "fr", "lot", "state", str(parent), "--set", "accepted"]) == 2
    assert "ne peut pas passer à l'état « accepté »" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--lang", "fr", "lot", "cut", str(parent), "--count", "0", *lots])
    assert "entier supérieur à 0" in capsys.readouterr().err
