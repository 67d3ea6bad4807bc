# SPDX-License-Identifier: GPL-2.0-or-later
"""The page in a real Chromium: nothing in it runs or calls out, and it prints."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from inference_backend.contracts.indicators import PAGE_FILE

from .productions import change, lot, report, write_production

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
HOSTILE = "</svg></title><script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">"
ROLES = {"interpreter": {"eur_h": 36.0, "hours": "journals"}}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page of a production whose lots and people bear hostile names."""
    folder = tmp_path_factory.mktemp("page")
    plan = [{"date": "2025-09-01", "km2": 0}, {"date": "2026-12-31", "km2": 100}]
    lots = [
        lot("32_1", operators=(HOSTILE,), assigned_to=HOSTILE, remarks=((2.0, "valid", HOSTILE),)),
        lot("34_1"),
    ]
    path = write_production(folder, lots=lots, plan=plan, roles=ROLES, name=f"Essai {HOSTILE}")
    change(folder / "32" / "32_1.gpkg", ["UPDATE lot SET value = ? WHERE key = 'name'", HOSTILE])
    (folder / "34" / "broken.gpkg").write_bytes(b"SQLite format 3\0" + b"x" * 9000)
    report(path, show_names=True)
    return folder / "report" / PAGE_FILE


def chromium(*options):
    assert CHROMIUM, "Chromium is missing: run scripts/setup_browser.sh"
    command = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def test_names_from_outside_are_texts_in_a_browser(page):
    document = chromium("--dump-dom", page.as_uri())
    assert "<title>Tableau de bord : Essai &lt;/svg&gt;" in document
    assert "<script" not in document
    assert "<img" not in document
    assert document.count("<main>") == 1


def test_the_page_asks_for_nothing_outside_itself(page):
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"(src|href)=\"(?!#|data:)", text)
    assert "default-src 'none'" in text


def test_what_matters_stands_above_the_first_heading_of_the_rest(page):
    text = page.read_text(encoding="utf-8")
    top = text[: text.index("<h2")]
    for word in ("km² acceptés", "plan à ce jour", "CS", "US", "€/km²", "Taux de reprise", "Illisibles"):
        assert word in top, word
    assert "non tenu" in top


def test_it_prints_to_a4(page, tmp_path):
    target = tmp_path / "page.pdf"
    chromium(f"--print-to-pdf={target}", "--no-pdf-header-footer", page.as_uri())
    printed = subprocess.run(["pdftotext", target, "-"], capture_output=True, text=True, check=True).stdout
    size = subprocess.run(["pdfinfo", target], capture_output=True, text=True, check=True).stdout
    assert "A4" in size
    assert "Taux de reprise" in printed
    assert "Prestataires" in printed
