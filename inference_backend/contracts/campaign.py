# SPDX-License-Identifier: GPL-2.0-or-later
"""Schema of an annotation campaign: one GeoPackage and a folder of label GeoTIFFs beside it.

A label raster is uint8, on the image's own grid; values are those of the table `label_class`, and
`UNLABELLED` where nobody has decided.
"""

from __future__ import annotations

from enum import Enum

from .tables import Column, Table

SCHEMA_VERSION = "2"
UNLABELLED = 255
LABEL_FOLDER = "labels"
SECOND_FOLDER = "labels_second"
"""Labels of the second annotator of a patch that is labelled twice, under the same names."""
CONFLICT_FOLDER = "conflicts"
IMAGE_FOLDER = "images"

PATCH = Table(
    "patch",
    (
        Column("patch_id", "text", "unique; also the label file's name without extension"),
        Column("row", "integer", "row of the grid"),
        Column("col", "integer", "column of the grid"),
        Column("rank", "integer", "order of work, 1 comes first"),
        Column("state", "text", "PatchState"),
        Column("split", "text", "train, val, test or empty"),
        Column("annotator", "text"),
        Column("started_at", "datetime", "UTC"),
        Column("submitted_at", "datetime", "UTC"),
        Column("duration_s", "real", "s of active work"),
        Column("gestures", "integer", "number of gestures, undone ones included"),
        Column("labelled_share", "real", "0..1"),
        Column("label_path", "text", "relative to the GeoPackage"),
        Column("comment", "text"),
        Column("lot", "text", "part of the campaign that one annotator was given, or empty"),
        Column(
            "twice",
            "integer",
            "1 where a second annotator labels the patch as well, 2 in the lot of the second annotator",
        ),
        Column(
            "uncertainty", "real", "0..1, of the model when the patch was chosen; null where none predicted"
        ),
        Column("image_fingerprint", "text", "SHA-256 of the image's pixels of the patch when it was chosen"),
        Column("controller", "text"),
        Column("controlled_at", "datetime", "UTC"),
        Column("base_labels", "text", "SHA-256 of the labels when the patch went into a lot, or empty"),
    ),
    "Polygon",
)
LABEL_CLASS = Table(
    "label_class",
    (
        Column("value", "integer", "0..253, value in the label rasters"),
        Column("name", "text", "name by which a profile maps it to a cover code"),
        Column("label_fr", "text"),
        Column("label_en", "text"),
        Column("colour", "text", "#RRGGBB"),
        Column("key", "text", "shortcut"),
    ),
)
SOURCE = Table(
    "source",
    (
        Column("role", "text", "SourceRole"),
        Column("title", "text", "for people"),
        Column("uri", "text", "path relative to the GeoPackage, or the URI of a QGIS provider"),
        Column("provider", "text", "gdal, wms or ogr"),
        Column("options", "text", "JSON: bands, stretch, no data, attribute of the class"),
    ),
)
CONFLICT = Table(
    "conflict",
    (
        Column("patch_id", "text", "labelled in the campaign and in a lot since the lot was cut"),
        Column("lot", "text", "lot of the other labels"),
        Column("annotator", "text", "of the other labels"),
        Column("label_path", "text", "the other labels, relative to the GeoPackage"),
        Column("differing_px", "integer", "pixels labelled differently"),
        Column("patch_row", "text", "JSON: the patch's row in the lot"),
        Column("choice", "text", "ours, theirs, or empty while nobody has chosen"),
        Column("chosen_by", "text"),
        Column("chosen_at", "datetime", "UTC"),
    ),
)
CAMPAIGN = Table("campaign", (Column("key", "text", "CampaignKey"), Column("value", "text")))
TABLES = (PATCH, LABEL_CLASS, SOURCE, CONFLICT, CAMPAIGN)


class CampaignKey(str, Enum):
    """Keys of the table `campaign`."""

    SCHEMA = "schema_version"
    NAME = "name"
    IMAGE = "image_path"
    PATCH_SIZE_PX = "patch_size_px"
    PROFILE = "profile"
    CREATED = "created_utc"
    ID = "campaign_id"
    """The same in every lot of a campaign; missing in those of schema 1 that were never cut."""
    LOT = "lot"
    """Name of the lot that this file is; missing in a whole campaign."""


class SourceRole(str, Enum):
    """What a source besides the image shows."""

    IMAGE_ORIGIN = "image_origin"
    """The map service that the image beside the campaign was fetched from."""
    INFRARED = "infrared"
    HEIGHT = "height"
    OTHER_DATE = "other_date"
    OTHER_LABELS = "other_labels"
    HINT = "hint"
    BACKGROUND = "background"


class PatchState(str, Enum):
    """Life of a patch."""

    TODO = "todo"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    IN_CONTROL = "in_control"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
