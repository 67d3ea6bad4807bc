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
        Column("twice", "integer", "1 where a second annotator labels the patch as well"),
        Column(
            "uncertainty", "real", "0..1, of the model when the patch was chosen; null where none predicted"
        ),
        Column("image_fingerprint", "text", "SHA-256 of the image's pixels of the patch when it was chosen"),
        Column("controller", "text"),
        Column("controlled_at", "datetime", "UTC"),
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
CAMPAIGN = Table("campaign", (Column("key", "text", "CampaignKey"), Column("value", "text")))
TABLES = (PATCH, LABEL_CLASS, SOURCE, CAMPAIGN)


class CampaignKey(str, Enum):
    """Keys of the table `campaign`."""

    SCHEMA = "schema_version"
    NAME = "name"
    IMAGE = "image_path"
    PATCH_SIZE_PX = "patch_size_px"
    PROFILE = "profile"
    CREATED = "created_utc"


class SourceRole(str, Enum):
    """What a source besides the image shows."""

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
