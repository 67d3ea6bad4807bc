# SPDX-License-Identifier: GPL-2.0-or-later
"""The report of a control: what stands in it, in which order, and what never gets out of it."""

from __future__ import annotations

import csv
import html
import http.server
import io
import json
import threading
from dataclasses import replace

import numpy as np
import pytest
import shapely

from inference_backend.contracts.control_report import Verdict
from inference_backend.control.report_map import MapData
from inference_backend.control.report_page import report_page
from inference_backend.control.report_source import ReportSource, load_report
from inference_backend.control.report_tables import csv_files
from inference_backend.control.report_write import write_report_files
from inference_backend.quality.acceptance.iso2859 import IsoRule, iso_test
from inference_backend.quality.acceptance.plans import Severity
from inference_backend.quality.acceptance.verdict import decision_of
from inference_backend.reporting.csv_file import csv_text
from inference_backend.reporting.words import Words
from tests.backend.browser import dom, printed, spoken

from .made_report import BOX, HOSTILE, made_report, nomenclature


@pytest.fixture(scope="module")
def source():
    """A rejected lot on a made ground."""
    centres = np.random.default_rng(1).uniform(BOX[:2], BOX[2:], (300, 2))
    frame = shapely.box(*BOX)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(centres), extend_to=frame))
    ground = MapData(np.array([frame]), shapely.intersection(cells, frame), centres[:280], centres[280:290])
    return ReportSource(made_report(), nomenclature(), ground)


@pytest.fixture(scope="module")
def page(source, tmp_path_factory):
    """Its page on disk."""
    return write_report_files(source, tmp_path_factory.mktemp("report"), "fr")[0]


@pytest.fixture
def requests():
    """Addresses that somebody asked a local server for, and its own."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield asked, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def said(page):
    """The words that a page shows."""
    return html.unescape(spoken(page.partition("<body>")[2])).replace("\u00a0", " ")


def test_the_decision_comes_first_then_why(source):
    text = said(report_page(source.report, Words("fr"), nomenclature=source.nomenclature))
    places = [text.index(part) for part in ("LOT REJETÉ", "pas tenue", "Claire Marchand",
        "Couverture du sol (CS), par nombre", "Condition ", "Unités par nature", "en aveugle",
        "20261121")]  # fmt: skip
    assert places == sorted(places)
    assert "signé par claire marchand le 20 novembre 2026 à 15 h 42 utc" in text.lower()


def test_nothing_from_outside_runs_or_calls_in_a_browser(page, requests, tmp_path):
    """Comments stay text; and where escaping failed, the page's policy would still hold."""
    asked, address = requests
    raw = (
        '<script id="raw">document.title="bitten"</script>'
        f'<img src="{address}/img"><link rel="stylesheet" href="{address}/css">'
        f'<iframe src="{address}/frame"></iframe><style>h1{{background:url({address}/bg)}}</style>'
        f'<svg><image href="{address}/svg"/></svg><p style="background:url({address}/attr)">q</p>'
    )
    broken = tmp_path / "broken.html"
    broken.write_text(page.read_text(encoding="utf-8").replace("</main>", raw + "</main>"), encoding="utf-8")
    seen = dom(broken)
    assert "<title>Contrôle du lot D034_lot_07 &lt;Bitterrois&gt;</title>" in seen
    assert asked == []
    body = seen.partition("<body>")[2].partition('<script id="raw">')[0]
    assert "<script" not in body
    assert "<img" not in body
    assert '&lt;script&gt;document.title="bitten"&lt;/script&gt;' in body
    assert "LOT REJETÉ" in body


def test_it_prints_to_numbered_sheets_with_a_running_title(page, tmp_path):
    sheets = printed(page, tmp_path / "report.pdf")
    assert 6 < len(sheets) < 20
    assert "LOT REJETÉ" in sheets[0]
    assert "non tenue" in sheets[0]
    for number, sheet in enumerate(sheets, 1):
        assert f"Page {number} sur {len(sheets)}" in sheet
        assert "Contrôle du lot D034_lot_07 <Bitterrois> — Claire Marchand, 20/11/2026" in sheet


def test_the_page_is_the_same_in_english(source):
    text = spoken(
        report_page(source.report, Words("en"), nomenclature=source.nomenclature, ground=source.ground)
    )
    assert "LOT REJECTED" in text
    assert "Signed by Claire Marchand on 20 November 2026, 15:42 UTC" in text
    for french in ("Exactitude", "Méthode", "Unités", "Surface", "tenue"):
        assert french not in text


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_its_page(verdict, source):
    text = said(report_page(made_report(verdict, units=60), Words("fr")))
    heads = {Verdict.ACCEPTED: "LOT ACCEPTÉ", Verdict.REJECTED: "LOT REJETÉ", Verdict.UNDECIDED: "IMPOSSIBLE"}
    assert heads[verdict] in text
    assert ("Non signé" in text) == (verdict is Verdict.UNDECIDED)


def test_tables_say_what_the_page_says_and_run_nothing(source):
    files = csv_files(source.report)
    tables = {name: list(csv.DictReader(io.StringIO(text))) for name, text in files.items()}
    overall = {
        (r["dimension"], r["by"]): r
        for r in tables["accuracy.csv"]
        if r["what"] == "overall" and r["level"] == "0"
    }
    first = source.report.assessments[0]
    written = overall[first.dimension, first.by]
    assert (float(written["value"]), float(written["low"])) == (first.overall.value, first.overall.low)
    assert len(tables["errors.csv"]) == len(source.report.errors)
    hostile = next(row for row in tables["errors.csv"] if "bitten" in row["comment"])
    assert hostile["comment"] == HOSTILE
    numbers = {row["measure"] for row in tables["iso19157.csv"]}
    assert {"7", "60", "61", "64"} <= numbers
    square = tables["matrix-cs-units.csv"]
    assert (
        sum(int(v) for row in square for key, v in row.items() if key != "delivered / control")
        == first.overall.units
    )


def test_a_cell_that_a_spreadsheet_would_run_is_text():
    assert (
        csv_text(["a"], [["=1+1"], [-1.5], [None], ["d'accord"], ["\n=1+1"], ["＝1+1"]])
        == "a\r\n'=1+1\r\n-1.5\r\n\"\"\r\nd'accord\r\n\"'\n=1+1\"\r\n'＝1+1\r\n"
    )


def test_the_document_gives_the_page_again(page, source):
    again = load_report(page.with_name("report.json"))
    assert json.dumps(again.report.to_dict()) == json.dumps(source.report.to_dict())
    assert again.nomenclature is not None


def test_where_nothing_could_be_said_no_figure_is_made_up():
    report = made_report(accuracy=(0.0, 0.0), unsaid=1.0, units=30)
    text = said(report_page(report, Words("fr"), nomenclature=nomenclature()))
    assert "non estimable" in text
    assert "nan" not in text.lower().replace("planification", "")
    assert "Aucune unité ne diffère du contrôle" in text
    assert csv_files(report)["accuracy.csv"].count("nan") == 0


def test_a_plan_of_the_standard_shows_its_numbers_and_risks():
    right = [False] * 200
    rule = IsoRule({"cs": 1.0, "us": 4.0}, "II", Severity.TIGHTENED, 0.85)
    tests = [iso_test("cs", [True] * 9 + right, rule, 2000), iso_test("us", right, rule, 2000)]
    report = made_report()
    decision = replace(
        decision_of("iso2859", tests, severity="tightened"), signed_by="C", signed_utc="2026-11-20"
    )
    text = said(report_page(replace(report, decision=decision), Words("fr"), nomenclature=nomenclature()))
    assert "plan d'échantillonnage simple ISO 2859-1, contrôle renforcé" in text
    assert "Unités fausses, couverture ≤ 2 fausses 9" in text
    assert "125 unités jugées, NQA 1 %, niveau II, lettre K" in text
    assert "un lot juste à 99,0 % est rejeté" in text
