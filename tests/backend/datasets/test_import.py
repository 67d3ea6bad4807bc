# SPDX-License-Identifier: GPL-2.0-or-later
"""Masks into a campaign: of ours exactly, of others by place, name and class; nothing is lost on the way."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
from datetime import UTC, datetime

import numpy as np
import pytest
import rasterio
from PIL import Image

from inference_backend.datasets.campaign import read_campaign
from inference_backend.datasets.errors import CampaignError, DatasetError, UnknownClassError
from inference_backend.datasets.export import FORMATS, ExportOptions, export_dataset
from inference_backend.datasets.import_masks import ImportOptions, import_masks
from tests.backend.datasets.campaigns import LEFT, TOP, make_campaign, patchy, write_image

BLANK = np.full((48, 48), 255, dtype=np.uint8)
LEFT_OVER = {"flair": "flair-1", "flair-hub": "flair-hub"}


def blank_campaign(folder, count=6, states=()):
    return make_campaign(folder, [BLANK] * count, 3, states=states or ["todo"] * count)


def labels_of(campaign, index):
    path = campaign.parent / "labels" / f"r{index // 3:03d}c{index % 3:03d}.tif"
    with rasterio.open(path) as raster:
        return raster.read(1)


def row_of(campaign, patch_id):
    with sqlite3.connect(campaign) as database:
        database.row_factory = sqlite3.Row
        return database.execute("SELECT * FROM patch WHERE patch_id = ?", (patch_id,)).fetchone()


@pytest.mark.parametrize("described", [True, False])
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_comes_back_to_the_pixel_with_and_without_its_description(
    campaign, painted, tmp_path, name, described
):
    folder = tmp_path / "set"
    export_dataset(campaign, name, folder, ExportOptions(domain="D032-2019"))
    if not described:
        (folder / "ocsge_dataset.json").unlink()
    target = blank_campaign(tmp_path / "c")
    result = import_masks(folder, target, ImportOptions("" if described else LEFT_OVER.get(name, "")))
    assert len(result.changed) == len(painted)
    assert result.pixels == sum(int((labels != 255).sum()) for labels in painted)
    for index, labels in enumerate(painted):
        np.testing.assert_array_equal(labels_of(target, index), labels)


def test_the_row_of_a_patch_follows_its_labels_and_geometry_stays(campaign, tmp_path):
    export_dataset(campaign, "png", tmp_path / "set")
    target = blank_campaign(tmp_path / "c")
    before = row_of(target, "r000c001")
    import_masks(tmp_path / "set", target, ImportOptions(annotator="paul"))
    row = row_of(target, "r000c001")
    assert (row["state"], row["annotator"]) == ("in_progress", "anne")
    assert row["labelled_share"] == pytest.approx((labels_of(target, 1) != 255).mean(), abs=1e-6)
    assert row["started_at"]
    assert row["geom"] == before["geom"]


def test_labels_that_exist_stay_unless_asked_and_are_kept_aside_then(campaign, painted, tmp_path):
    export_dataset(campaign, "png", tmp_path / "set")
    mine = np.full((48, 48), 7, dtype=np.uint8)
    mine[:10] = 255
    target = make_campaign(tmp_path / "c", [mine] * 6, 3, states=["in_progress"] * 6)
    import_masks(tmp_path / "set", target)
    expected = np.where(mine == 255, painted[0], mine)
    np.testing.assert_array_equal(labels_of(target, 0), expected)
    import_masks(tmp_path / "set", target, ImportOptions(replace=True))
    np.testing.assert_array_equal(labels_of(target, 0), np.where(painted[0] == 255, expected, painted[0]))
    kept = sorted((tmp_path / "c" / "labels_before_import").glob("*/r000c000.tif"))
    with rasterio.open(kept[0]) as raster:
        np.testing.assert_array_equal(raster.read(1), mine)


def test_patches_handed_in_open_elsewhere_or_unsaved_are_left_alone(campaign, tmp_path):
    export_dataset(campaign, "png", tmp_path / "set")
    states = ["todo", "submitted", "accepted", "in_progress", "in_progress", "rejected"]
    target = blank_campaign(tmp_path / "c", states=states)
    (target.parent / "labels" / "r001c000.journal").write_bytes(b'{"format": 1}\nOCSJ')
    (target.parent / "locks").mkdir()
    holder = {
        "user": "anne",
        "host": "elsewhere",
        "pid": 1,
        "since": "",
        "seen": datetime.now(UTC).isoformat(),
    }
    (target.parent / "locks" / "r001c001.lock").write_text(json.dumps(holder))
    ours = {**holder, "host": socket.gethostname(), "pid": 2**22 - 1}
    (target.parent / "locks" / "r001c002.lock").write_text(json.dumps(ours))
    result = import_masks(tmp_path / "set", target)
    assert result.changed == ["r000c000", "r001c002"]
    assert result.handed_in == ["r000c001", "r000c002"]
    assert result.in_hand == ["r001c000", "r001c001"]
    assert (labels_of(target, 3) == 255).all()


def test_an_unknown_class_is_named_with_its_pixels_and_nothing_is_written(tmp_path):
    target = blank_campaign(tmp_path / "c", 1)
    mask = np.full((48, 48), 3, dtype=np.uint8)
    mask[0, :5] = 99
    write_image(tmp_path / "mask.tif", mask[np.newaxis], LEFT, TOP)
    with pytest.raises(UnknownClassError, match=r"99 \(5 px\)"):
        import_masks(tmp_path / "mask.tif", target, ImportOptions("campaign"))
    assert (labels_of(target, 0) == 255).all()
    mapping = tmp_path / "names.json"
    mapping.write_text(
        json.dumps({"classes": [{"value": 3, "name": "route"}, {"value": 99, "name": "lava"}]})
    )
    with pytest.raises(UnknownClassError, match="“route”"):
        import_masks(tmp_path / "mask.tif", target, ImportOptions(str(mapping)))


def test_a_mosaic_on_another_grid_falls_on_the_patches_it_reaches(tmp_path):
    target = blank_campaign(tmp_path / "c", 2)
    mosaic = np.zeros((1, 20, 20), dtype=np.uint8)
    mosaic[:, :, 10:] = 6
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 1, "height": 20, "width": 20}
    transform = rasterio.Affine(0.5, 0, LEFT - 2, 0, -0.5, TOP + 1)
    with rasterio.open(tmp_path / "m.tif", "w", crs="EPSG:2154", transform=transform, **profile) as raster:
        raster.write(mosaic)
    result = import_masks(tmp_path / "m.tif", target, ImportOptions("campaign"))
    labels = labels_of(target, 0)
    assert result.changed == ["r000c000"]
    assert result.without == ["r000c001"]
    assert set(np.unique(labels[:45, :15])) == {0}
    assert set(np.unique(labels[:44, 16:39])) == {6}
    assert (labels[:, 41:] == 255).all()
    assert (labels[46:] == 255).all()


def test_objects_of_others_with_polygons_and_other_names(tmp_path):
    target = blank_campaign(tmp_path / "c", 1)
    coco = {
        "images": [{"id": 8, "file_name": "tiles/r000c000.jpg", "width": 48, "height": 48}],
        "categories": [{"id": 40, "name": "Lac"}, {"id": 41, "name": "maison"}, {"id": 42, "name": "?"}],
        "annotations": [
            {"id": 1, "image_id": 8, "category_id": 41, "segmentation": [[2, 2, 6, 2, 6, 6, 2, 6]]},
            {"id": 2, "image_id": 8, "category_id": 40, "segmentation": [[0, 0, 20, 0, 20, 20, 0, 20]]},
            {
                "id": 3,
                "image_id": 8,
                "category_id": 42,
                "segmentation": {"size": [48, 48], "counts": [2300, 4]},
            },
        ],
    }
    (tmp_path / "coco.json").write_text(json.dumps(coco))
    with pytest.raises(UnknownClassError, match="Lac"):
        import_masks(tmp_path / "coco.json", target)
    names = {"names": {"lac": "water", "Maison": "building", "?": None}}
    (tmp_path / "names.json").write_text(json.dumps(names))
    import_masks(tmp_path / "coco.json", target, ImportOptions(str(tmp_path / "names.json")))
    expected = BLANK.copy()
    expected[:20, :20] = 6
    expected[2:6, 2:6] = 0
    np.testing.assert_array_equal(labels_of(target, 0), expected)


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("r000c000.png", None, "the patch 48 x 48"),
        ("coco.json", b'{"images": []}', "not COCO"),
        ("mask.tif", b"no raster", "cannot be read"),
        ("notes.txt", b"", "no mask|cannot be read"),
    ],
)
def test_damaged_masks_are_told(tmp_path, name, content, expected):
    target = blank_campaign(tmp_path / "c", 1)
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / name
    if content is None:
        Image.fromarray(np.zeros((20, 30), dtype=np.uint8)).save(path)
    else:
        path.write_bytes(content)
    with pytest.raises(DatasetError, match=expected):
        import_masks(path, target)


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_campaign_is_told(campaign, tmp_path):
    export_dataset(campaign, "png", tmp_path / "set")
    target = blank_campaign(tmp_path / "c")
    target.chmod(0o444)
    with pytest.raises(Exception, match="written"):
        import_masks(tmp_path / "set", target)


def test_masks_that_fit_no_patch_are_told(tmp_path):
    target = blank_campaign(tmp_path / "c", 1)
    write_image(tmp_path / "far.tif", np.full((1, 48, 48), 6, dtype=np.uint8), LEFT + 1000, TOP)
    with pytest.raises(DatasetError, match="no mask for any"):
        import_masks(tmp_path / "far.tif", target, ImportOptions("campaign"))


def test_images_of_a_moved_campaign_do_not_matter(tmp_path):
    labels = [patchy(3)]
    source = make_campaign(tmp_path / "a", labels, 1)
    export_dataset(source, "coco", tmp_path / "set")
    target = blank_campaign(tmp_path / "c", 1)
    import_masks(tmp_path / "set" / "annotations" / "instances_train.json", target)
    np.testing.assert_array_equal(labels_of(target, 0), labels[0])


def test_a_patch_that_somebody_takes_in_hand_meanwhile_is_left_alone(campaign, tmp_path):
    export_dataset(campaign, "png", tmp_path / "set")
    target = blank_campaign(tmp_path / "c")
    (target.parent / "locks").mkdir()

    class Taking:
        def update(self, share, text=""):
            holder = {"user": "eve", "host": "poste-12", "pid": 7, "since": "", "seen": ""}
            holder["seen"] = datetime.now(UTC).isoformat()
            (target.parent / "locks" / "r000c001.lock").write_text(json.dumps(holder))

    result = import_masks(tmp_path / "set", target, progress=Taking())
    assert result.in_hand == ["r000c001"]
    assert len(result.changed) == 5
    assert (labels_of(target, 1) == 255).all()


@pytest.mark.parametrize("change", ["label_path = '../../x.tif'", "label_path = '/elsewhere/x.tif'"])
def test_a_campaign_of_others_cannot_lead_out_of_its_folder(tmp_path, change):
    target = blank_campaign(tmp_path / "c")
    with sqlite3.connect(target) as database:
        for name in [
            row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type='trigger'")
        ]:
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute(f"UPDATE patch SET {change} WHERE patch_id = 'r000c002'")
    with pytest.raises(CampaignError):
        read_campaign(target)
