# SPDX-License-Identifier: GPL-2.0-or-later
"""Figures per class and split, and the command."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from inference_backend.cli.main import main
from inference_backend.datasets.stats import count_campaign
from tests.backend.datasets.campaigns import make_campaign


def test_pixels_patches_and_work_per_split(campaign, painted):
    stats = count_campaign(campaign)
    assert [split.split for split in stats.splits] == ["train", "val", "test", "unsplit"]
    train = stats.splits[0]
    labels = np.stack([painted[0], painted[1], painted[4]])
    assert train.pixels[6] == (labels == 6).sum()
    assert train.pixels[255] == (labels == 255).sum()
    assert train.present[6] == 3
    assert stats.share(train, 6) == pytest.approx((labels == 6).sum() / (labels != 255).sum())
    assert (train.duration_s, train.gestures) == (60.0 * 8, 80)
    assert stats.pixel_area_m2 == pytest.approx(0.04)


def test_a_patch_without_label_raster_counts_as_unlabelled(tmp_path):
    campaign = make_campaign(tmp_path / "c", [np.zeros((48, 48), dtype=np.uint8)], 1)
    (tmp_path / "c" / "labels" / "r000c000.tif").unlink()
    (split,) = count_campaign(campaign).splits
    assert split.pixels[255] == 48 * 48


def test_the_command_exports_imports_and_counts(campaign, tmp_path, capsys):
    blank = np.full((48, 48), 255, dtype=np.uint8)
    target = make_campaign(tmp_path / "c", [blank] * 6, 3, states=["todo"] * 6)
    folder = str(tmp_path / "set")
    assert main(["dataset", "export", str(campaign), "--format", "coco", "-o", folder, "--split", "val"]) == 0
    assert main(["dataset", "import", folder, "--into", str(target)]) == 0
    assert main(["--lang", "fr", "dataset", "stats", str(target), "-o", str(tmp_path / "stats")]) == 0
    printed = capsys.readouterr().out
    assert "dalles" in printed
    rows = (tmp_path / "stats" / "stats.csv").read_text().splitlines()
    assert rows[0] == "split,value,class,pixels,share,hectares,patches"
    with Image.open(tmp_path / "stats" / "classes.png") as picture:
        assert picture.width > 800
    content = json.loads((tmp_path / "stats" / "stats.json").read_text())
    shares = {split["split"]: split["by_class"]["water"]["share"] for split in content["splits"]}
    assert shares["val"] > 0
    assert shares["train"] == 0


def test_the_command_tells_what_is_wrong_in_french(campaign, tmp_path, capsys):
    status = main(["--lang", "fr", "dataset", "export", str(campaign), "--format", "png", "-o",
                   str(tmp_path / "set"), "--split", "nuit"])  # fmt: skip
    assert status == 2
    assert "aucune dalle" in capsys.readouterr().err
