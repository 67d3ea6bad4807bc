# SPDX-License-Identifier: GPL-2.0-or-later
"""What docs/review.md may say of a measure: the figure, whether it keeps its aim, or that there is none."""

import json
import re
import shutil

import pytest

from benchmarks import review_page


@pytest.fixture
def page(repository, tmp_path):
    """The page as it is, and an empty folder of figures."""
    (tmp_path / "build").mkdir()
    return shutil.copy(repository / "docs" / "review.md", tmp_path / "review.md")


def filled(page, **files):
    """The page with figures of some files, by name without suffix."""
    build = page.parent / "build"
    for name, figures in files.items():
        (build / f"{name}.json").write_text(json.dumps(figures))
    assert review_page.main(build, page) == 0
    return page.read_text()


def test_what_was_not_measured_is_said_in_both_languages(page):
    text = filled(page)
    assert "| Élément suivant (ms) | non mesuré | non mesuré | non mesuré | non mesuré | ≤ 100 |" in text
    assert "- QGIS killed: not measured." in text


def test_figures_stand_in_their_language_with_the_size_of_what_was_measured(page):
    text = filled(
        page,
        ui={"lot_polygons": 1_000_000, "next_item_ms_median": 12.34, "next_item_ms_p95_postgis": 48},
        kill_db={"kills": {"server": 17, "people": 16}, "db_gestures_confirmed": 5000, "db_items_lost": 0},
    )
    assert "Polygones du lot : 1\u202f000\u202f000." in text
    assert "| Élément suivant (ms) | 12,3 | non mesuré | non mesuré | 48 | ≤ 100 |" in text
    assert "| Next item (ms) | 12.3 | not measured | not measured | 48 | ≤ 100 |" in text
    assert "33 kills, during 5,000 confirmed gestures; items given twice: **not measured**" in text


def test_a_missed_aim_is_marked_and_a_kept_one_is_not(page):
    text = filled(page, db={"db_items_twice": 1, "db_next_item_ms_p99": 200})
    assert "| Éléments donnés à deux personnes | **1** (manqué) | 0 |" in text
    assert "| Next item, 99th percentile (ms) | 200 | ≤ 200 |" in text


def test_a_part_that_failed_says_why(page):
    assert "- `memory_failed`: took longer than 5400 s" in filled(
        page, ui={"memory_failed": "took longer than 5400 s"}
    )


def test_only_what_stands_between_the_marks_changes_and_renewing_twice_changes_nothing(page):
    before = page.read_text()
    once = filled(page, review={"gestures_median": 1})
    assert once != before
    assert filled(page) == once
    between = re.compile(r"(<!-- (\w+ \w\w) -->).*?(<!-- /\2 -->)", re.DOTALL)
    assert between.sub(r"\1\3", once) == between.sub(r"\1\3", before)
