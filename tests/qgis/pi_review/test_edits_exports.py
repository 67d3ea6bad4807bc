# SPDX-License-Identifier: GPL-2.0-or-later
"""What leaves a journal: corrective patches, the journal as a layer, the layer made again."""

from __future__ import annotations

import random
import shutil
from contextlib import closing

import pytest
from qgis.core import QgsPointXY, QgsProcessingException, QgsRectangle, QgsVectorLayer
from qgis.PyQt import sip

from inference_backend.contracts.lot import OCCUPATION_SOL, Operation
from inference_backend.contracts.profile import Profile
from ocsge_pi_review.adapters.gpkg import connect
from ocsge_pi_review.adapters.gpkg_store import GpkgStore
from ocsge_pi_review.domain.gestures import cutting, inserting, merging
from ocsge_pi_review.domain.gestures.codes import Codes
from ocsge_pi_review.domain.item_filter import ItemFilter
from ocsge_pi_review.domain.journal import Gesture
from ocsge_pi_review.domain.merge import common_border
from ocsge_pi_review.domain.patch import Patch, PolygonRow
from tests.qgis.pi_review.algorithms import output, registered_provider, run

PROFILE = Profile.load()


@pytest.fixture
def provider(qgis_app):
    with registered_provider() as made:
        yield made


class Hand:
    """Makes gestures on a lot, without a window."""

    def __init__(self, path):
        self.store, self.count = GpkgStore(path, "ada"), 0

    def polygon(self, rank: int) -> PolygonRow:
        return self.store.row(self.store.page(ItemFilter(), rank - 1, 1)[0].polygon_id)

    def around(self, row: PolygonRow) -> list[PolygonRow]:
        xs, ys = zip(*row.polygon[0], strict=True)
        return self.store.rows_in(QgsRectangle(min(xs), min(ys), max(xs), max(ys)).buffered(1.0))

    def new_id(self) -> str:
        return self.store.new_ids(1)[0]

    def do(self, operation: Operation, patch: Patch, changed_m2: float = 0.0) -> None:
        self.count += 1
        gesture = Gesture(f"gesture {self.count}", operation, patch, changed_m2=changed_m2)
        self.store.perform(gesture, 1.5)

    def recode(self, row: PolygonRow, **codes: str) -> None:
        self.do(Operation.SET_COVER, Patch((row,), (row.with_values(**codes),)))

    def split(self, row: PolygonRow) -> list[str]:
        xs, ys = zip(*row.polygon[0], strict=True)
        middle = (min(ys) + max(ys)) / 2
        patch = cutting.split_by(
            row, [(min(xs) - 5, middle), (max(xs) + 5, middle)], self.around(row), self.new_id
        )
        self.do(Operation.SPLIT, patch)
        return [made.id for made in patch.after if made.id not in {old.id for old in patch.before}]

    def neighbour(self, row: PolygonRow) -> PolygonRow:
        free = [other for other in self.around(row) if other.id != row.id and not other.is_locked]
        return max(free, key=lambda other: common_border(row.polygon, other.polygon))


@pytest.fixture
def base_path(lot_path):
    """The lot as it was handed out, beside the one that is reviewed."""
    copy = lot_path.with_name("base.gpkg")
    GpkgStore(lot_path, "ada").close()
    return shutil.copy(lot_path, copy)


@pytest.fixture
def reviewed(lot_path, base_path):
    """A lot with every kind of change, some of it undone."""
    hand = Hand(lot_path)
    hand.recode(hand.polygon(1), code_cs="CS1.2.3")
    parts = hand.split(hand.polygon(2))
    hand.recode(hand.store.row(parts[0]), code_us="US3")
    absorbed = hand.polygon(5)
    hand.do(Operation.MERGE, merging.merge_into(absorbed, hand.neighbour(absorbed)))
    xs, ys = zip(*hand.polygon(8).polygon[0], strict=True)
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    square = ((x, y), (x + 31.3, y + 2.1), (x + 29.7, y + 30.9), (x - 1.1, y + 30.2), (x, y))
    around = hand.store.rows_in(QgsRectangle(x, y, x + 40, y + 40).buffered(40))
    patch = inserting.insert_polygon((square,), Codes("CS1.2.2", "US6.3"), around, hand.new_id, PROFILE)
    hand.do(Operation.INSERT, patch, changed_m2=900.0)
    hand.recode(hand.polygon(12), code_cs="CS1.2.3")
    hand.store.perform(hand.store.last_done().turned(Operation.UNDO), 0.5)
    assert hand.store.close()
    return lot_path


def layer_of(path) -> QgsVectorLayer:
    return QgsVectorLayer(f"{path}|layername={OCCUPATION_SOL.name}", "x", "ogr")


def codes_at(features, point) -> dict[str, object]:
    (found,) = [f for f in features if f.geometry().contains(point)]
    return found.attributeMap()


@pytest.mark.usefixtures("provider")
def test_corrections_laid_over_the_delivered_layer_give_the_reviewed_one(reviewed, base_path):
    answer, context = run("exportcorrections", {"LOT": str(reviewed), "OUTPUT": "TEMPORARY_OUTPUT"})
    patches = list(output(answer, context).getFeatures())
    assert {patch["decoup_geo"] for patch in patches} == {"0", "1"}
    base, now = (list(layer_of(path).getFeatures()) for path in (base_path, reviewed))
    extent, rng = layer_of(reviewed).extent(), random.Random(1)
    corrected = 0
    for _ in range(400):
        x, y = (rng.uniform(*ends) for ends in _ends(extent))
        was, become = codes_at(base, QgsPointXY(x, y)), codes_at(now, QgsPointXY(x, y))
        here = [patch for patch in patches if patch.geometry().contains(QgsPointXY(x, y))]
        assert len(here) <= 1
        for name, change in (("code_cs", "cs_corr"), ("code_us", "us_corr")):
            said = here[0][change] if here else "RAS"
            assert (was[name] if said == "RAS" else said) == become[name]
        if here:
            assert here[0]["id_ocs"] == was["id"]
            corrected += was["code_cs"] != become["code_cs"] or was["code_us"] != become["code_us"]
    assert corrected > 5


def _ends(extent):
    return (extent.xMinimum(), extent.xMaximum()), (extent.yMinimum(), extent.yMaximum())


@pytest.mark.usefixtures("provider")
def test_a_recoded_object_is_corrected_whole_and_a_cut_one_in_part(lot_path):
    hand = Hand(lot_path)
    recoded, cut = hand.polygon(1), hand.polygon(2)
    hand.recode(recoded, code_cs="CS1.2.3")
    (part,) = hand.split(cut)
    ground_m2 = hand.store.row(part).attributes["area_m2"]
    hand.store.close()
    answer, context = run("exportcorrections", {"LOT": str(lot_path), "OUTPUT": "TEMPORARY_OUTPUT"})
    found = {feature["id_ocs"]: feature for feature in output(answer, context).getFeatures()}
    assert set(found) == {recoded.id, cut.id}
    columns = ("cs_corr", "us_corr", "os_corr", "decoup_geo")
    assert [found[recoded.id][name] for name in columns] == ["CS1.2.3", "RAS", "RAS", "0"]
    assert found[recoded.id]["code_cs"] == recoded.cs
    assert [found[cut.id][name] for name in columns] == ["RAS", "RAS", "RAS", "1"]
    assert found[cut.id].geometry().area() == pytest.approx(ground_m2, abs=1.0)


@pytest.mark.usefixtures("provider")
def test_the_journal_as_a_layer(reviewed):
    answer, context = run("exportjournal", {"LOT": str(reviewed), "OUTPUT": "TEMPORARY_OUTPUT"})
    rows = list(output(answer, context).getFeatures())
    assert [row["operation"] for row in rows] == [
        "set_cover", "split", "set_cover", "merge", "insert", "set_cover", "undo",
    ]  # fmt: skip
    assert [row["in_force"] for row in rows] == [1, 1, 1, 1, 1, 0, 0]
    assert (rows[5]["cs_after"], rows[6]["cs_before"]) == ("CS1.2.3", "CS1.2.3")
    assert rows[4]["changed_m2"] == 900.0
    assert all(row.geometry().area() > 100 for row in rows)


@pytest.mark.usefixtures("provider")
def test_the_layer_of_edits_stands_for_its_journal_while_the_lot_is_open(reviewed):
    with closing(GpkgStore(reviewed, "ada")) as store:
        shown = store.layer("edit_journal", "Saisies")
        assert shown.setSubsetString("\"operation\" = 'merge'")
        for given in ({"JOURNAL": shown}, {"LOT": str(reviewed)}):
            answer, context = run("exportjournal", {**given, "OUTPUT": "TEMPORARY_OUTPUT"})
            assert output(answer, context).featureCount() == 7
        assert shown.featureCount() == 1
        store.perform(store.last_done().turned(Operation.UNDO), 0.5)
        sip.delete(shown)  # before QGIS ends


@pytest.mark.usefixtures("provider")
def test_replaying_the_journal_gives_the_layer_that_came_back(reviewed, base_path, tmp_path):
    given = {"LOT": str(reviewed), "BASE": str(base_path), "OUTPUT": str(tmp_path / "again.gpkg")}
    answer, _ = run("replayjournal", given)
    assert (answer["EDITS"], answer["DIFFERENCES"]) == (7, 0)
    answer, _ = run("replayjournal", {**given, "LAST": 1})
    changed = {f["id"]: f["code_cs"] for f in layer_of(given["OUTPUT"]).getFeatures()}
    before = {f["id"]: f["code_cs"] for f in layer_of(base_path).getFeatures()}
    assert answer["EDITS"] == 1
    assert sum(changed[name] != code for name, code in before.items()) == 1


@pytest.mark.usefixtures("provider")
def test_an_edit_past_the_journal_is_found(reviewed, base_path, tmp_path):
    with closing(connect(reviewed)) as database:
        (name,) = database.execute("SELECT id FROM occupation_sol WHERE ossature = 1").fetchone()
        database.execute("UPDATE occupation_sol SET code_us = 'US6.6' WHERE id = ?", (name,))
    given = {"LOT": str(reviewed), "BASE": str(base_path), "OUTPUT": str(tmp_path / "again.gpkg")}
    answer, _ = run("replayjournal", given)
    assert answer["DIFFERENCES"] == 1


@pytest.mark.usefixtures("provider")
def test_a_journal_is_not_replayed_on_another_layer(reviewed, base_path, tmp_path):
    target = tmp_path / "again.gpkg"
    with closing(connect(base_path)) as database:
        database.execute("UPDATE occupation_sol SET code_cs = 'CS2.2.2' WHERE ossature = 0")
    with pytest.raises(QgsProcessingException, match=r"base\.gpkg"):
        run("replayjournal", {"LOT": str(reviewed), "BASE": str(base_path), "OUTPUT": str(target)})
    assert not target.exists()


@pytest.mark.usefixtures("provider")
def test_what_is_no_lot_is_refused_in_words(tmp_path):
    path = tmp_path / "autre.gpkg"
    path.write_bytes(b"x" * 200)
    with pytest.raises(QgsProcessingException, match=r"autre\.gpkg"):
        run("exportjournal", {"LOT": str(path), "OUTPUT": "TEMPORARY_OUTPUT"})
