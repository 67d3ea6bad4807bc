# SPDX-License-Identifier: GPL-2.0-or-later
"""What was painted is what is exported, to the pixel, read by the reference reader of each format."""

from __future__ import annotations

import csv
import json

import numpy as np
import pystac
import pytest
import rasterio
from PIL import Image
from pycocotools.coco import COCO
from pystac.extensions.classification import ClassificationExtension
from pystac.extensions.label import LabelExtension, LabelType
from skimage.draw import polygon, polygon_perimeter

from inference_backend.contracts.campaign import PatchState
from inference_backend.datasets.errors import DatasetError, UnknownClassError
from inference_backend.datasets.export import FORMATS, ExportOptions, export_dataset
from tests.backend.datasets.campaigns import CLASSES, make_campaign, patchy

VALUES = [entry[0] for entry in CLASSES]
IDS = ["r000c000", "r000c001", "r000c002", "r001c000", "r001c001", "r001c002"]


@pytest.fixture(scope="module")
def exported(campaign, tmp_path_factory):
    """A data set per format, made once."""
    made = {}

    def export(name):
        if name not in made:
            folder = tmp_path_factory.mktemp("sets") / name
            made[name] = export_dataset(
                campaign, name, folder, ExportOptions(domain="D032-2019", acquired="2019-07-01")
            )
        return made[name]

    return export


def read_csv(path, delimiter=","):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file, delimiter=delimiter))


def pixels(path):
    with rasterio.open(path) as raster:
        return raster.read()


def image_of(campaign, index):
    row, col = divmod(index, 3)
    with rasterio.open(campaign.parent / "ortho.tif") as raster:
        return raster.read(window=rasterio.windows.Window(col * 48, row * 48, 48, 48))


def test_flair_pairs_hold_the_images_and_the_labels_in_flair_numbers(exported, campaign, painted):
    folder = exported("flair").folder
    numbers = {0: 1, 3: 3, 6: 5, 7: 10, 11: 7, 255: 19}  # building, impervious, water, herbaceous, deciduous
    back = np.zeros(256, dtype=np.uint8)
    back[list(numbers.values())] = list(numbers)
    rows = [row for split in ("train", "val", "test", "unsplit")
            for row in read_csv(folder / f"flair-1-paths-{split}.csv")]  # fmt: skip
    assert len(rows) == len(painted)
    with rasterio.open(campaign.parent / "height.tif") as raster:
        heights = raster.read(1)
    for image, mask in rows:
        index = int(image[-10:-4]) - 1
        np.testing.assert_array_equal(back[pixels(folder / mask)[0]], painted[index])
        bands = pixels(folder / image)
        np.testing.assert_array_equal(bands[:4], image_of(campaign, index))
        row, col = divmod(index, 3)
        height = heights[row * 48 : row * 48 + 48, col * 48 : col * 48 + 48]
        np.testing.assert_array_equal(bands[4], np.rint(height / 0.2))
    described = json.loads((folder / "flair-1_metadata_aerial.json").read_text())
    assert described["IMG_000001"]["patch_centroid_x"] == pytest.approx(651004.8)


def test_flair_hub_columns_are_modalities_and_names_can_be_cut_at_underscores(exported, campaign, painted):
    folder = exported("flair-hub").folder
    with rasterio.open(campaign.parent / "height.tif") as raster:
        heights = raster.read(1)
    for split, count in (("TRAIN", 3), ("VALID", 1), ("TEST", 1), ("ALL", 1)):
        rows = read_csv(folder / "csv" / f"FLAIR-HUB_ESSAI-DU-GERS_{split}.csv")
        assert rows[0] == ["patch_id", "AERIAL_LABEL-COSIA", "AERIAL_RGBI", "DEM_ELEV"]
        assert len(rows) == count + 1
        for patch_id, mask, image, elevation in rows[1:]:
            parts = mask.split("/")[-1].split("_")
            assert "_".join([parts[0], parts[-2], parts[-1].split(".")[0]]) == patch_id
            row, col = map(int, parts[-1].split(".")[0].split("-"))
            index = 3 * row + col
            numbers = np.full(256, 18)
            numbers[VALUES] = [0, 3, 6, 8, 12]
            np.testing.assert_array_equal(pixels(folder / "csv" / mask)[0], numbers[painted[index]])
            np.testing.assert_array_equal(pixels(folder / "csv" / image), image_of(campaign, index))
            surface, ground = pixels(folder / "csv" / elevation)
            expected = heights[row * 48 : row * 48 + 48, col * 48 : col * 48 + 48]
            np.testing.assert_array_equal(surface - ground, expected)


def test_odeon_masks_have_one_band_of_zeros_and_ones_per_class(exported, campaign, painted):
    folder = exported("odeon").folder
    for split, count in (("train", 3), ("val", 1), ("test", 1), ("unsplit", 1)):
        rows = read_csv(folder / f"{split}.csv")
        centres = read_csv(folder / "sampling" / f"{split}.csv", ";")
        assert len(rows) == len(centres) == count
        for (image, mask), (x, y) in zip(rows, centres, strict=True):
            index = int(mask[:-4].split("_")[-1])
            bands = pixels(folder / mask)
            for band, value in zip(bands, VALUES, strict=True):
                np.testing.assert_array_equal(band, painted[index] == value)
            np.testing.assert_array_equal(pixels(folder / image)[:4], image_of(campaign, index))
            with rasterio.open(folder / mask) as raster:
                assert raster.descriptions == tuple(entry[1] for entry in CLASSES)
                xmin, ymin, xmax, ymax = raster.bounds
            assert (float(x), float(y)) == pytest.approx(((xmin + xmax) / 2, (ymin + ymax) / 2))


def test_png_masks_are_indices_with_a_palette(exported, campaign, painted):
    folder = exported("png").folder
    for image, mask in read_csv(folder / "train.csv"):
        index = IDS.index(mask[-12:-4])
        with Image.open(folder / mask) as picture:
            assert picture.mode == "P"
            np.testing.assert_array_equal(np.asarray(picture), painted[index])
        with Image.open(folder / image) as picture:
            np.testing.assert_array_equal(
                np.asarray(picture), np.moveaxis(image_of(campaign, index)[:3], 0, -1)
            )


def test_coco_objects_paint_the_masks_back(exported, painted, capsys):
    folder = exported("coco").folder
    for split in ("train", "val", "test", "unsplit"):
        coco = COCO(str(folder / "annotations" / f"instances_{split}.json"))
        assert {entry["name"] for entry in coco.loadCats(coco.getCatIds())} == {c[1] for c in CLASSES}
        for image in coco.loadImgs(coco.getImgIds()):
            mask = np.full((image["height"], image["width"]), 255, dtype=np.uint8)
            for found in coco.loadAnns(coco.getAnnIds(image["id"])):
                inside = coco.annToMask(found).astype(bool)
                assert inside.sum() == found["area"]
                rows, cols = np.nonzero(inside)
                left, top, width, height = found["bbox"]
                assert (cols.min(), rows.min()) == (left, top)
                assert (np.ptp(cols) + 1, np.ptp(rows) + 1) == (width, height)
                assert (mask[inside] == 255).all()
                mask[inside] = found["category_id"] - 1
            np.testing.assert_array_equal(mask, painted[image["id"] - 1])


def test_coco_panoptic_pictures_agree_with_their_segments(exported, painted):
    folder = exported("coco").folder / "annotations"
    content = json.loads((folder / "panoptic_val.json").read_text())
    (annotation,) = content["annotations"]
    with Image.open(folder / "panoptic_val" / annotation["file_name"]) as picture:
        colours = np.asarray(picture).astype(np.int64)
    ids = colours[..., 0] + 256 * colours[..., 1] + 256**2 * colours[..., 2]
    mask = np.full(ids.shape, 255)
    for segment in annotation["segments_info"]:
        mask[ids == segment["id"]] = segment["category_id"] - 1
    np.testing.assert_array_equal(mask, painted[2])


def test_yolo_outlines_paint_the_masks_back(exported, painted):
    """Filled by a rasteriser that is not ours, from the largest to the smallest, as YOLO's readers do."""
    folder = exported("yolo").folder
    for index, name in enumerate(IDS):
        (path,) = folder.glob(f"labels/*/{name}.txt")
        shapes = []
        for line in path.read_text().splitlines():
            words = line.split()
            x, y = (np.array(words[start::2], dtype=float) * 48 // 1 for start in (1, 2))
            inside = np.zeros((48, 48), dtype=bool)
            inside[polygon(y, x, inside.shape)] = True
            inside[polygon_perimeter(y.astype(int), x.astype(int), inside.shape)] = True
            shapes.append((inside.sum(), int(words[0]), inside))
        mask = np.full((48, 48), 255, dtype=np.uint8)
        for _, position, inside in sorted(shapes, key=lambda shape: -shape[0]):
            mask[inside] = VALUES[position]
        np.testing.assert_array_equal(mask, painted[index])
    assert 'names:\n  0: "building"\n' in (folder / "data.yaml").read_text()


def test_stac_items_name_classes_and_the_image_of_the_labels(exported, campaign, painted):
    folder = exported("stac").folder
    catalogue = pystac.Catalog.from_file(str(folder / "catalog.json"))
    items = {item.id: item for item in catalogue.get_items(recursive=True)}
    assert len(items) == 2 * len(painted)
    for index, name in enumerate(IDS):
        item = items[f"{name}-labels"]
        label = LabelExtension.ext(item)
        assert label.label_type is LabelType.RASTER
        assert set(label.label_classes[0].classes) == {entry[1] for entry in CLASSES}
        (source,) = label.get_sources()
        assert source.id == name
        asset = item.assets["labels"]
        classes = ClassificationExtension.ext(asset).classes
        assert [entry.value for entry in classes] == [*VALUES, 255]
        np.testing.assert_array_equal(pixels(asset.get_absolute_href())[0], painted[index])
        found = pixels(source.assets["image"].get_absolute_href())
        np.testing.assert_array_equal(found[:4], image_of(campaign, index))
        west, south, east, north = item.bbox
        assert 2.3 < west < east < 2.4
        assert 48.8 < south < north < 48.9


@pytest.mark.parametrize("name", FORMATS)
def test_a_data_set_says_how_to_read_it_back(exported, campaign, name):
    result = exported(name)
    content = json.loads((result.folder / "ocsge_dataset.json").read_text())
    assert content["reversible"]
    assert [row["id"] if "id" in row else row["patch_id"] for row in content["patches"]] == IDS
    assert all((result.folder / row["mask"]).is_file() for row in content["patches"])
    assert result.by_split == {"train": 3, "val": 1, "test": 1, "unsplit": 1}


def test_classes_that_share_a_cover_are_named_as_lost(campaign, tmp_path):
    result = export_dataset(campaign, "png", tmp_path / "set", ExportOptions(mapping="cover"))
    assert not result.lost
    two_soils = [*CLASSES[:3], (7, "agricultural land", "#FFF30D"), (11, "plowed land", "#E4DF7C")]
    other = make_campaign(tmp_path / "other", [patchy(1)], 1, classes=two_soils)
    result = export_dataset(other, "png", tmp_path / "set", ExportOptions(mapping="cover"))
    assert result.lost == ("agricultural land", "plowed land")
    assert not result.manifest.is_reversible


def test_a_class_without_counterpart_is_named(tmp_path):
    classes = [(0, "CS1.1.1.1", "#FF0000"), *((v, n, c) for v, n, c in CLASSES[1:4]), (11, "lava", "#111111")]
    campaign = make_campaign(tmp_path / "c", [patchy(1)], 1, classes=classes)
    with pytest.raises(UnknownClassError, match="lava"):
        export_dataset(campaign, "flair", tmp_path / "set")
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (ExportOptions(splits=("val",)), "no patch is"),
        (ExportOptions(states=(PatchState.IN_PROGRESS,)), "gestures are not saved"),
    ],
)
def test_nothing_to_export_and_unsaved_gestures_are_told(tmp_path, options, expected):
    campaign = make_campaign(tmp_path / "c", [patchy(1)] * 2, 2, states=["accepted", "in_progress"])
    (tmp_path / "c" / "labels" / "r000c001.journal").write_bytes(b'{"format": 1}\nOCSJrecord')
    with pytest.raises(DatasetError, match=expected):
        export_dataset(campaign, "png", tmp_path / "set", options)


def test_a_folder_with_other_things_is_left_alone(campaign, tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(DatasetError, match="something else"):
        export_dataset(campaign, "png", tmp_path)
    assert (tmp_path / "mine.txt").read_text() == "keep"


@pytest.mark.parametrize("damage", ["moved", "foreign value", "no image", "other pixels"])
def test_what_no_longer_fits_the_campaign_is_refused_and_leaves_nothing(tmp_path, damage):
    seen = "of another image" if damage == "other pixels" else ""
    campaign = make_campaign(tmp_path / "c", [patchy(1)], 1, fingerprint=seen)
    labels = tmp_path / "c" / "labels" / "r000c000.tif"
    if damage == "moved":
        with rasterio.open(tmp_path / "c" / "ortho.tif", "r+") as raster:
            raster.transform = raster.transform @ rasterio.Affine.translation(0.5, 0)
    elif damage == "foreign value":
        with rasterio.open(labels, "r+") as raster:
            raster.write(np.full((1, 48, 48), 77, dtype=np.uint8))
    elif damage == "no image":
        (tmp_path / "c" / "ortho.tif").unlink()
    expected = {
        "moved": "on its pixels",
        "foreign value": r"\[77\]",
        "no image": "cannot be read",
        "other pixels": "other pixels",
    }[damage]
    with pytest.raises(Exception, match=expected):
        export_dataset(campaign, "png", tmp_path / "set")
    assert not (tmp_path / "set").exists()
