# SPDX-License-Identifier: GPL-2.0-or-later
"""What `make bench` promises whatever it measures: one flat file, null and a reason for what failed."""

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio

from benchmarks import quality, quality_page, report, run
from benchmarks.annotator import mask_scene
from benchmarks.figures import FIGURES, Figure
from benchmarks.process_tree import run_and_watch
from inference_backend.scene.classes import CROP, DECIDUOUS, OUTSIDE, PERVIOUS
from training.seeds import DEMO_SEED

ROOT = Path(__file__).resolve().parents[2]


def test_every_figure_has_a_part_that_names_it():
    for figure in FIGURES:
        text = (ROOT / "benchmarks" / f"bench_{figure.part}.py").read_text(encoding="utf-8")
        stem = re.sub(r"_(default|24m|bf16|int8|ort|auto|s|mb)(_raster)?$", "", figure.key)
        assert stem in text, figure.key


def test_a_part_that_fails_leaves_null_and_its_reason(tmp_path, monkeypatch):
    target = tmp_path / "bench.json"
    monkeypatch.setattr(run, "_failure", lambda command: "MemoryError: no room")
    run.run_part("memory", target)
    figures = json.loads(target.read_text())
    assert figures["predict_rss_mb_5000"] is None
    assert figures["memory_failed"] == "MemoryError: no room"
    assert all(not isinstance(value, dict | list) for value in figures.values())


def test_a_reason_is_the_last_line_of_what_a_part_says():
    assert run._failure([sys.executable, "-c", "raise ValueError('too small')"]) == "ValueError: too small"
    assert run._failure([sys.executable, "-c", "pass"]) == ""


@pytest.mark.parametrize(("value", "kept"), [(0.96, True), (0.94, False), (None, None), ("text", None)])
def test_a_bound_is_held_against_numbers_alone(value, kept):
    assert Figure("k", "p", "says", at_least=0.95).is_kept(value, "avx2") is kept


@pytest.mark.parametrize(("units", "kept"), [("amx_bf16 avx2", False), ("avx512_vnni avx2", None)])
def test_a_bound_for_matrix_units_is_not_held_against_a_processor_without(units, kept):
    figures = {"predict_vs_deepness_int8": 4.5, "processor_units": units}
    text = report.as_markdown(figures)
    assert ("MISSED" in text) is (kept is False)
    assert "≥ 9 with matrix units" in text


def test_the_page_takes_the_table_between_its_marks():
    page = (ROOT / "docs" / "backend.md").read_text(encoding="utf-8")
    text = report.as_markdown({"predict_vs_raw_24m": 0.5, "predict_vs_deepness_ort": None, "x_failed": "why"})
    filled = report.fill(page, text)
    assert "| `predict_vs_raw_24m` |" in filled
    assert "| 0.5 | ≥ 0.95 MISSED |" in filled
    assert "- `x_failed`: why" in filled
    assert report.fill(filled, text) == filled
    assert filled.partition(report.BEGIN)[0] == page.partition(report.BEGIN)[0]


def test_memory_counts_children():
    """A child of 80 MB under a parent that holds nothing."""
    child = "import time; kept = bytearray(80 * 2**20); time.sleep(1)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); print('done')"
    run_of_both = run_and_watch([sys.executable, "-c", parent])
    assert run_of_both.stdout.strip() == "done"
    assert run_of_both.rss_mb > 85


def test_a_page_gets_the_figures_of_its_steps_alone():
    figures = {"predict_vs_raw_24m": 0.5, "blocks_identical": 1, "postprocess_vs_grass_why": "no grass"}
    text = report.as_markdown(figures, "postprocess.md")
    assert "blocks_identical" in text
    assert "no grass" in text
    assert "predict_vs_raw_24m" not in text
    assert "no grass" not in report.as_markdown(figures, "backend.md")


def test_the_page_of_quality_shows_shares_with_their_intervals():
    figures = {
        "seeds": "5000 5001",
        "cs_accuracy_final": 0.9123,
        "cs_accuracy_final_low": 0.9,
        "cs_accuracy_final_high": 0.925,
        "queue_error_share_10pct": 0.61,
    }

    text = quality_page.as_markdown(figures)

    assert "| and uses from neighbours: the lot | 91.2 % (90.0–92.5) | – |" in text
    assert "| our queue | – | 61.0 % | – |" in text
    filled = quality_page.fill("before\n<!-- quality -->\nold\n<!-- /quality -->\nafter", text)
    assert filled.startswith("before\n<!-- quality -->\nCommunes 5000 5001")
    assert filled.endswith("<!-- /quality -->\nafter")


def test_communes_that_fit_and_communes_that_judge_are_not_the_same():
    assert not set(quality.CALIBRATION_SEEDS) & set(quality.EVALUATION_SEEDS)
    assert DEMO_SEED not in (*quality.CALIBRATION_SEEDS, *quality.EVALUATION_SEEDS)


def test_an_image_drawn_over_masks_keeps_their_labels(tmp_path):
    masks, place = tmp_path / "masks", rasterio.Affine(0.25, 0, 478208, 0, -0.25, 6275840)
    masks.mkdir()
    codes = np.full((1, 96, 64), 13, np.uint8)
    codes[:, 20:60, :40], codes[:, 60:70], codes[:, 90:, 50:] = 10, 2, 0
    mask_scene.write(masks / "a.tif", codes[:, :48], place, "EPSG:2154").close()
    below = place @ rasterio.Affine.translation(0, 48)
    mask_scene.write(masks / "b.tif", codes[:, 48:], below, "EPSG:2154").close()
    assert mask_scene.main(masks, tmp_path / "scene") == 0
    with rasterio.open(tmp_path / "scene" / "labels_2022.tif") as labels:
        found = labels.read(1)
    assert (found == DECIDUOUS).sum() == (codes == 10).sum()
    assert ((found == CROP) == (codes[0] == 13)).all()
    assert ((found == OUTSIDE) == (codes[0] == 0)).all()
    with rasterio.open(tmp_path / "scene" / "ortho_2022.tif") as image:
        assert image.shape == (96, 64)
        assert image.read(4)[found == DECIDUOUS].mean() != image.read(4)[found == PERVIOUS].mean()
