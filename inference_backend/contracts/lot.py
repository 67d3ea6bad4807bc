# SPDX-License-Identifier: GPL-2.0-or-later
"""Schema of a lot: `lot.gpkg`, or the same tables in PostGIS.

`occupation_sol` starts with the delivered columns (lower case, as IGN's GeoPackages have them), then the
production columns, which delivery drops.
"""

from __future__ import annotations

from enum import Enum

from .tables import Column, Table

SCHEMA_VERSION = "1"

DELIVERED_COLUMNS = (
    Column("id", "text", "unique in the lot, OCSGE + 10 digits"),
    Column("code_cs", "text", "cover leaf"),
    Column("code_us", "text", "use leaf"),
    Column("millesime", "text", "year of the ortho-image"),
    Column("source", "text", "origin of the object"),
    Column("ossature", "integer", "1: belongs to the skeleton, locked"),
    Column("id_origine", "text", "identifier in the source, NC where there is none"),
    Column("code_or", "text", "code in the source, NC where there is none"),
)
PRODUCTION_COLUMNS = (
    Column("area_m2", "real", "m2"),
    Column("confidence", "real", "mean top-1 score, 0..1; null without prediction scores"),
    Column("margin", "real", "mean top-1 minus top-2, 0..1; null without prediction scores"),
    Column("runner_up_cs", "text", "cover code most often second, null where unknown"),
    Column("undecided_share", "real", "share of the area that no class won, 0..1"),
    Column("cs_rule", "text", "name of the rule that decided the cover"),
    Column("us_rule", "text", "name of the rule that decided the use"),
    Column("us_confidence", "real", "0..1"),
    Column("excuse", "text", "why the polygon may be under its threshold, null where it is not"),
    Column("merged_share", "real", "share of the area that had another cover before generalisation, 0..1"),
    Column("disagree_share", "real", "share of the area where prediction and references disagree, 0..1"),
    Column("expected_error", "real", "chance that cover or use is wrong at a point of it, 0..1"),
)
ADDED_COLUMNS = ("merged_share", "disagree_share", "expected_error")
"""Production columns that lots written by earlier versions lack: readers do without them."""

OCCUPATION_SOL = Table("occupation_sol", (*DELIVERED_COLUMNS, *PRODUCTION_COLUMNS), "Polygon")
ZONE_CONSTRUITE = Table(
    "zone_construite",
    (Column("id", "text"), Column("millesime", "text"), Column("area_m2", "real", "m2")),
    "Polygon",
)
REVIEW_ITEM = Table(
    "review_item",
    (
        Column("item_id", "integer", "1..n, stable"),
        Column("polygon_id", "text", "occupation_sol.id"),
        Column("rank", "integer", "1 comes first"),
        Column("priority", "real", "expected error x area x stake / expected cost"),
        Column("reasons", "text", "Reason values, comma separated, strongest first"),
        Column("proposed_cs", "text"),
        Column("proposed_us", "text"),
        Column("runner_up_cs", "text"),
        Column("confidence", "real", "0..1"),
        Column("state", "text", "ItemState"),
        Column("decision_cs", "text"),
        Column("decision_us", "text"),
        Column("operator", "text"),
        Column("decided_at", "datetime", "UTC"),
        Column("duration_s", "real", "s, time the item was in front of the operator"),
        Column("comment", "text"),
    ),
    "Point",
)
EDIT_JOURNAL = Table(
    "edit_journal",
    (
        Column("seq", "integer", "1..n without hole"),
        Column("gesture_id", "text", "UUID; an undo or redo carries that of the gesture it concerns"),
        Column("time_utc", "datetime", "UTC"),
        Column("operator", "text"),
        Column("operation", "text", "Operation"),
        Column("item_id", "integer", "review_item in front of the operator, or null"),
        Column("duration_s", "real", "s since the previous gesture or the item's opening"),
        Column(
            "before", "text", 'JSON: [{"id", "attributes", "wkb_hex"}] of every polygon touched, as it was'
        ),
        Column("after", "text", "JSON: the same, as it becomes"),
        Column("item_before", "text", "JSON: the review_item row touched, as it was, or null"),
        Column("item_after", "text", "JSON: the same row, as it becomes, or null"),
        Column("state", "text", "JournalState"),
    ),
)
CONTROL_SAMPLE = Table(
    "control_sample",
    (
        Column("sample_id", "integer"),
        Column("polygon_id", "text"),
        Column("stratum", "text"),
        Column("inclusion_probability", "real", "0..1"),
        Column("controller", "text"),
        Column("control_cs", "text"),
        Column("control_us", "text"),
        Column("decided_at", "datetime", "UTC"),
        Column("comment", "text"),
    ),
    "Polygon",
)
LOT = Table("lot", (Column("key", "text", "LotKey"), Column("value", "text")))

TABLES = (OCCUPATION_SOL, ZONE_CONSTRUITE, REVIEW_ITEM, EDIT_JOURNAL, CONTROL_SAMPLE, LOT)


class LotKey(str, Enum):
    """Keys of the table `lot`; the footprint is what the polygons cover exactly, in the layer's CRS."""

    SCHEMA = "schema_version"
    NAME = "name"
    PROFILE = "profile"
    PROFILE_VERSION = "profile_version"
    MILLESIME = "millesime"
    SOFTWARE = "software_version"
    CREATED = "created_utc"
    MODEL = "model"
    FOOTPRINT = "footprint_wkt"


class Reason(str, Enum):
    """Why a polygon is in the review queue."""

    LOW_CONFIDENCE = "low_confidence"
    SMALL_MARGIN = "small_margin"
    UNDECIDED = "undecided"
    REFERENCE_DISAGREES = "reference_disagrees"
    MISSING_SOURCE = "missing_source"
    USE_BY_DEFAULT = "use_by_default"
    MERGED_MUCH = "merged_much"
    SUSPICIOUS_SHAPE = "suspicious_shape"
    ARTIFICIALISATION_AT_STAKE = "artificialisation_at_stake"


class ItemState(str, Enum):
    """Life of a review item."""

    TODO = "todo"
    DONE = "done"
    POSTPONED = "postponed"
    ASKED = "asked"


class Operation(str, Enum):
    """What one gesture did."""

    ACCEPT = "accept"
    SET_COVER = "set_cover"
    SET_USE = "set_use"
    MERGE = "merge"
    SPLIT = "split"
    RESHAPE = "reshape"
    INSERT = "insert"
    POSTPONE = "postpone"
    ASK = "ask"
    UNDO = "undo"
    REDO = "redo"


class JournalState(str, Enum):
    """Whether the layer on disk contains a gesture."""

    WRITTEN = "written"
    APPLIED = "applied"
