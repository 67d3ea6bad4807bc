# SPDX-License-Identifier: GPL-2.0-or-later
"""The control of a lot in the real desktop, from the sample to the dashboard; then remarks, in and answered.

    .venv-qgis/bin/python -m tests.qgis.pi_review.desktop.tell_control FOLDER [PICTURES]

A commune that trained nothing is cut into a lot, which Anne delivers too early. The manager has it sampled,
Claire and Didier judge it blind at two windows at once, the manager rejects it, Anne decides again, a second
control accepts it; report and dashboard follow. Every window is a fresh French profile with the plugin from
its zip; everybody sees what the truth of the made commune says. Ends with 0 if all of it held. With
PICTURES, writes the pictures of the documents there.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.backend.browser import dom, screenshot, spoken
from tests.qgis.pi_review.desktop import control_facts as facts
from tests.qgis.pi_review.desktop.real_qgis import shrink
from tests.qgis.pi_review.desktop.tell_story import ROOT, cut, new_folder, prepare, report_of, start_qgis
from tests.qgis.pi_review.signalements import tell_desktop

PYTHON = ROOT / ".venv" / "bin" / "python"
LONGEST_S = 540
"""No window stays open longer."""
ANNE, MANAGER, CLAIRE, DIDIER = "Anne", "C. Martin", "Claire", "Didier"
SIZE_M = 1200
EARLY = 5
"""Items that Anne decides before she delivers for the first time."""
SIZE, SECOND_PERCENT, SEEDS = 150, 20, (11, 12)
CONTRACT = {"RULE": 0, "BY": 0, "DECIDED_ON": 0, "OVERALL_CS": 94, "OVERALL_US": 94}
"""What was agreed: shares of polygons, the lower end of their interval."""

PICTURES = ("control-story-sample", "control-story-rejected-log", "control-page", "production-dock")
"""Of those that are taken, the ones that the documents show."""


class Told:
    """The folder of one telling, its lot, and what happened so far."""

    def __init__(self, folder: Path, pictures: bool) -> None:
        self.data = prepare(folder, SIZE_M)
        self.out = new_folder(folder / "told")
        self.parent, self.lot = cut(self.data, self.out)
        self.pictures = "1" if pictures else ""
        self.happened: dict[str, Any] = {}
        self.windows = 0
        self.processes: list[subprocess.Popen[str]] = []

    def desk(self) -> Path:
        """A folder for one more window."""
        self.windows += 1
        return new_folder(self.out / f"window-{self.windows}")

    def open(self, desk: Path, who: str, script: str, **more: str) -> Callable[[], dict[str, Any]]:
        """Open a window; gives what waits for its report."""
        process = start_qgis(desk, who, script=script, longest_s=LONGEST_S, **more)
        self.processes.append(process)
        return lambda: dict(report_of(desk, process, LONGEST_S + 30))

    def window(self, who: str, script: str, **more: str) -> dict[str, Any]:
        """One window until it closes."""
        return self.open(self.desk(), who, script, **more)()

    def close(self) -> None:
        """End the windows that are still open."""
        for process in self.processes:
            process.terminate()

    def truth(self) -> dict[str, list[str]]:
        """What is on the ground, by polygon of the lot as it is now."""
        target = self.out / "truth.json"
        module = "tests.qgis.pi_review.desktop.truth_codes"
        real = self.data / "scene" / "truth.gpkg"
        subprocess.run([PYTHON, "-m", module, self.lot, real, target], check=True, cwd=ROOT)
        found: dict[str, list[str]] = json.loads(target.read_text(encoding="utf-8"))
        return found

    def manage(self, *steps: dict[str, Any]) -> list[dict[str, Any]]:
        """The manager's window: algorithms from their dialogs, the dashboard."""
        plan = self.out / f"steps-{self.windows}.json"
        plan.write_text(json.dumps(steps), encoding="utf-8")
        more = {"OCSGE_STORY_STEPS": str(plan), "OCSGE_STORY_PICTURES": self.pictures}
        found: list[dict[str, Any]] = self.window(MANAGER, "manager_story.py", **more)["steps"]
        return found


def deliver_early(told: Told) -> dict[str, Any]:
    """Anne decides a few items and delivers."""
    more = {"OCSGE_STORY_LOT": str(told.lot), "OCSGE_STORY_DECIDE": str(EARLY)}
    report = told.window(ANNE, "story.py", **more)
    require(facts.lot_value(told.lot, "state") == "delivered", "Anne's lot is delivered")
    require(report["decided"] == EARLY, "Anne decided a few items")
    return report


def sample(told: Told, turn: int) -> dict[str, Any]:
    """The manager draws a sample from the dialog."""
    files = told.out / f"controle-{turn + 1}"
    parameters = {
        "LOTS": [str(told.lot)],
        "CONTROLLERS": f"{CLAIRE}, {DIDIER}",
        "SIZE": SIZE,
        "SECOND": SECOND_PERCENT,
        "SEED": SEEDS[turn],
        "OUTPUT": str(files),
    }
    picture = None if turn else "control-story-sample"
    (done,) = told.manage({"algorithm": "controlsample", "parameters": parameters, "picture": picture})
    require(facts.lot_value(told.lot, "state") == "in_control", "the lot is in control")
    drawn = int(done["results"]["DRAWN"])
    require(drawn >= SIZE and len(list(files.glob("*.control.gpkg"))) == 2, "two control files were written")
    return {"drawn": drawn}


def control(told: Told, turn: int) -> dict[str, Any]:
    """Claire and Didier at two windows at once; the lot does not change."""
    truth, before = told.truth(), facts.coverage(told.lot)
    desks = {}
    for who, differs in ((CLAIRE, 0), (DIDIER, 3)):
        (file,) = (told.out / f"controle-{turn + 1}").glob(f"*{who}*.control.gpkg")
        units = facts.require_blind(file)
        said = facts.answers_of(told.lot, truth, units, differs=differs, remarks=who == CLAIRE)
        desk = told.desk()
        plan = desk / "truth.json"
        plan.write_text(json.dumps(said), encoding="utf-8")
        more = {"OCSGE_STORY_CONTROL": str(file), "OCSGE_STORY_TRUTH": str(plan)}
        more["OCSGE_STORY_PICTURES"] = "control-story" if told.pictures and (who, turn) == (CLAIRE, 0) else ""
        desks[who] = told.open(desk, who, "controller_story.py", **more), len(units)
    reports = {}
    for who, (wait, units) in desks.items():
        reports[who] = wait()
        require(reports[who]["units"] == units, f"{who} answered every unit")
    require(facts.coverage(told.lot) == before, "a control changes nothing of the lot")
    return reports


def decide(told: Told, turn: int) -> dict[str, Any]:
    """The manager brings the answers back, twice, and signs."""
    files = sorted(map(str, (told.out / f"controle-{turn + 1}").glob("*.control.gpkg")))
    report = told.out / f"decision-{turn + 1}.json"
    before = facts.coverage(told.lot)
    collect = {"algorithm": "controlcollect", "parameters": {"LOT": str(told.lot), "FILES": files}}
    signed = {"LOT": str(told.lot), "SIGN": MANAGER, "OUTPUT": str(report), **CONTRACT}
    picture = ("control-story-rejected", "control-story-accepted")[turn]
    first, again, done = told.manage(
        {**collect, "picture": None if turn else "control-story-collect"},
        collect,
        {"algorithm": "controldecide", "parameters": signed, "picture": picture},
    )
    require(first["results"]["LEFT"] == "0", "no unit is without an answer")
    require(again["results"]["NEW"] == "0", "collected twice, an answer counts once")
    require(facts.coverage(told.lot) == before, "a decision changes no polygon")
    found = facts.figures(report)
    require(done["results"]["VERDICT"] == found["verdict"], "dialog and document say the same")
    return {**found, "differing": first["results"]["DIFFERING"], "log": done["log"]}


def reject(told: Told) -> dict[str, Any]:
    """The first decision."""
    found = decide(told, 0)
    require(found["verdict"] == "rejected", f"the first control rejects: {found}")
    require(facts.lot_value(told.lot, "state") == "rejected", "the lot is rejected")
    require("rejeté" in found["log"], "the log says so in French")
    require(found["unsaid"][1] == 1, "one use could not be said")
    redo = facts.items_to_redo(told.lot)
    require(len(redo) > 0, "items come back")
    require(any(facts.COMMENT in words for words in redo.values()), "the controller's words come back")
    return {**shortened(found), "items_to_redo": len(redo)}


def redo(told: Told) -> dict[str, Any]:
    """Anne decides what came back, then the rest, and delivers again."""
    wanted = facts.items_to_redo(told.lot)
    plan = told.out / "truth.json"
    plan.write_text(json.dumps(told.truth()), encoding="utf-8")
    more = {"OCSGE_STORY_LOT": str(told.lot), "OCSGE_STORY_TRUTH": str(plan)}
    report = told.window(ANNE, "redo_story.py", OCSGE_STORY_PICTURES=told.pictures, **more)
    require(set(report["sent_back"]) == set(wanted), "what came back was decided before all others")
    require(set(report["words"]) == set(wanted.values()), "Anne read the controller's words")
    require(not facts.items_to_redo(told.lot), "nothing is left to redo")
    require(facts.lot_value(told.lot, "state") == "delivered", "delivered again")
    return {**report, "words": report["words"][:3], "sent_back": len(report["sent_back"])}


def accept(told: Told) -> dict[str, Any]:
    """The second decision."""
    found = decide(told, 1)
    require(found["verdict"] == "accepted", f"the second control accepts: {found}")
    require(facts.lot_value(told.lot, "state") == "accepted", "the lot is accepted")
    require("accepté" in found["log"], "the log says so in French")
    return shortened(found)


def shortened(found: dict[str, Any]) -> dict[str, Any]:
    """A decision without the log that was read."""
    return {name: value for name, value in found.items() if name != "log"}


def publish(told: Told) -> dict[str, Any]:
    """The page of the control, and the dashboard of a production of this lot."""
    folder, production = told.out / "rapport", told.out / "production.json"
    production.write_text(json.dumps(production_of(told.lot), ensure_ascii=False), encoding="utf-8")
    report, dock = told.manage(
        {"algorithm": "controlreport", "parameters": {"SOURCE": str(told.lot), "OUTPUT": str(folder)}},
        {"production": str(production), "picture": "production-dock"},
    )
    page = Path(report["results"]["PAGE"])
    words = spoken(dom(page))
    require("LOT ACCEPTÉ" in words and MANAGER in words, "the page says the decision and who signed")
    screenshot(page, told.out / "control-page.png")
    accepted = dock["tiles"]["accepted"]
    shown = float(
        accepted[1].split("km²")[0].replace("\u202f", "").replace("\xa0", "").replace(",", ".").strip()
    )
    require(
        abs(shown - facts.own_km2(told.lot)) <= 0.05, f"accepted km²: {accepted}, {facts.own_km2(told.lot)}"
    )
    require(dock["states"] == ["accepted"], "the map shows the lot as accepted")
    return {"page": str(page), "tiles": dock["tiles"]}


def production_of(lot: Path) -> dict[str, Any]:
    """A production of one lot, with a plan and rates."""
    year = time.gmtime().tm_year
    return {
        "format": "ocsge-production/1",
        "name": "OCS GE, essai d'une commune",
        "departements": [{"code": "32", "name": "Gers", "area_km2": 4, "lots": [str(lot)]}],
        "plan": [{"date": f"{year}-01-01", "km2": 0}, {"date": f"{year}-12-31", "km2": 1.6}],
        "roles": {
            "interpreter": {"eur_h": 34, "hours": "journals"},
            "controller": {"eur_h": 48, "hours": "journals"},
        },
        "targets": {"cs_accuracy": 0.9, "us_accuracy": 0.9},
    }


def remarks(told: Told) -> dict[str, Any]:
    """Remarks of the territory on the commune's lot: fetched, answered, sent once."""
    desk = told.desk()
    lot = Path(shutil.copy(told.data / "lot.gpkg", desk / "lot.gpkg"))
    found = tell_desktop.tell(lot, desk, None)
    tell_desktop.require(found)
    return {"answered": found["sent"], "text": found["prepared"], "remarks": found["rows"]}


CHAPTERS: tuple[tuple[str, Callable[[Told], dict[str, Any]]], ...] = (
    ("delivered early", deliver_early),
    ("first sample", lambda told: sample(told, 0)),
    ("first control", lambda told: control(told, 0)),
    ("rejected", reject),
    ("redone", redo),
    ("second sample", lambda told: sample(told, 1)),
    ("second control", lambda told: control(told, 1)),
    ("accepted", accept),
    ("published", publish),
    ("remarks", remarks),
)


def require(holds: bool, what: str) -> None:
    """Go on only where it holds.

    Raises:
        AssertionError: it does not.
    """
    if not holds:
        raise AssertionError(what)


def main(folder: Path, pictures: Path | None) -> int:
    """Tell every chapter; 0 where all of it held."""
    # Who ends this ends the windows, too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder.mkdir(parents=True, exist_ok=True)
    told = Told(folder, pictures is not None)
    try:
        for name, chapter in CHAPTERS:
            began = time.monotonic()
            told.happened[name] = chapter(told)
            sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    finally:
        told.close()
    sys.stdout.write(json.dumps(told.happened, indent=1, ensure_ascii=False) + "\n")
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        for name in PICTURES:
            (shot,) = [*told.out.glob(f"window-*/{name}.png"), *told.out.glob(f"{name}.png")]
            shrink(Path(shutil.copy(shot, pictures / shot.name)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve() if sys.argv[2:] else None))
