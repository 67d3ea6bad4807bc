# SPDX-License-Identifier: GPL-2.0-or-later
"""Schema of an annotation campaign: one GeoPackage and a folder of label GeoTIFFs beside it.

A label raster is uint8, on the image's own grid; values are those of the table `label_class`, and
`UNLABELLED` where nobody has decided.
"""

from __future__ import annotations

from enum import Enum

from .tables import Column, Table

SCHEMA_VERSION = "1"
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
CAMPAIGN = Table("campaign", (Column("key", "text", "CampaignKey"), Column("value", "text")))
TABLES = (PATCH, LABEL_CLASS, CAMPAIGN)


class CampaignKey(str, Enum):
    """Keys of the table `campaign`."""

    SCHEMA = "schema_version"
    NAME = "name"
    IMAGE = "image_path"
    PATCH_SIZE_PX = "patch_size_px"
    PROFILE = "profile"
    CREATED = "created_utc"


class PatchState(str, Enum):
    """Life of a patch."""

    TODO = "todo"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    IN_CONTROL = "in_control"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
