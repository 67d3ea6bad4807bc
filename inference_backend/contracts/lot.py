# SPDX-License-Identifier: GPL-2.0-or-later
"""Schema of a lot: `lot.gpkg`, or the same tables in PostGIS.

`occupation_sol` starts with the delivered columns (lower case, as IGN's GeoPackages have them), then the
production columns, which delivery drops.
"""

from __future__ import annotations

from enum import Enum

from .control import CONTROL, CONTROL_ANSWER, CONTROL_SAMPLE
from .signalement import SIGNALEMENT
from .tables import Column, Table

SCHEMA_VERSION = "3"
READABLE_SCHEMAS = ("1", "2", "3")
"""Versions that the plugin opens; opening an older lot adds the columns, tables and indexes it lacks."""
WORKABLE_SCHEMAS = ("2", "3")
"""Versions that lots are cut from, merged into and controlled in; what a control needs is added then."""

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
    Column("margin_of", "text", "null: of this lot; else read-only, of the lot named ('': unknown)"),
)
ADDED_COLUMNS = ("merged_share", "disagree_share", "expected_error", "margin_of")
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
        Column("sketch", "text", "JSON: GeoJSON geometries drawn with the comment, layer's CRS, or null"),
        Column("answer", "text", "what the controller answered, or why the item has to be redone"),
        Column("commune", "text", "INSEE code of the commune that holds the point, or null"),
        Column("holder", "text", "who has the item in front, or null; only where a team shares the tables"),
        Column("held_until", "datetime", "UTC, by the server's clock: when the hold ends unless renewed"),
    ),
    "Point",
)
ADDED_ITEM_COLUMNS = ("sketch", "answer", "commune", "holder", "held_until")
"""Columns of `review_item` that lots of schema 1 lack."""
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
        Column("item_before", "text", "JSON: list of the review_item rows touched, as they were, or null"),
        Column("item_after", "text", "JSON: the same rows, as they become, or null"),
        Column("state", "text", "JournalState"),
        Column("in_force", "integer", "1 unless the gesture is taken back; 0 for the rows of undo and redo"),
        Column("reasons", "text", "reasons of the item in front, or null"),
        Column("changed_m2", "real", "m2 whose cover or use changed"),
    ),
    "MultiPolygon",
)
ADDED_JOURNAL_COLUMNS = ("in_force", "reasons", "changed_m2")
"""Columns of `edit_journal` that lots of schema 1 lack, where it has no geometry either."""
IMAGERY = Table(
    "imagery",
    (
        Column("role", "text", "ImageryRole"),
        Column("uri", "text", "path relative to the lot's folder, or a GDAL or QGIS source of a map service"),
        Column("provider", "text", "QGIS provider: gdal or wms"),
        Column("title", "text"),
        Column("millesime", "text"),
        Column("bands", "text", "1-based bands for red, green, blue: 4,1,2; null for the file's own"),
    ),
)
REFERENCE = Table(
    "reference",
    (
        Column("layer", "text", "table of this lot"),
        Column("title", "text"),
        Column("source", "text", "origin: BD TOPO, RPG…"),
    ),
)
LOT = Table("lot", (Column("key", "text", "LotKey"), Column("value", "text")))

TABLES = (
    OCCUPATION_SOL,
    ZONE_CONSTRUITE,
    REVIEW_ITEM,
    EDIT_JOURNAL,
    CONTROL,
    CONTROL_SAMPLE,
    CONTROL_ANSWER,
    SIGNALEMENT,
    IMAGERY,
    REFERENCE,
    LOT,
)
"""A `control_sample` of schema 1 or 2, which nothing ever filled, gets the columns that it lacks."""
ADDED_TABLES = (CONTROL, CONTROL_ANSWER, SIGNALEMENT)
"""Tables that lots of schema 2 lack."""
INDEXES = (
    ("occupation_sol", ("id",)),
    ("occupation_sol", ("code_cs", "code_us")),
    ("review_item", ("item_id",)),
    ("review_item", ("polygon_id",)),
    ("review_item", ("state", "rank")),
    ("review_item", ("rank", "state")),
    ("edit_journal", ("seq",)),
    ("edit_journal", ("gesture_id",)),
    ("edit_journal", ("operator", "in_force", "seq")),
    ("signalement", ("item_id",)),
    ("signalement", ("source", "remote_id")),
)
"""Indexes by (table, columns): without them a lot of a million polygons does not open in seconds."""


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
    LOT_ID = "lot_uuid"
    PARENT_ID = "parent_uuid"
    PARENT_NAME = "parent_name"
    STATE = "state"
    ASSIGNED_TO = "assigned_to"
    BASE_FINGERPRINT = "base_fingerprint"
    PROFILE_RULES = "profile_json"
    PROFILE_NOMENCLATURE = "nomenclature_json"
    HISTORY = "state_history_json"
    LAST_ID = "last_polygon_id"
    """Highest polygon id given so far; lots cut from one parent start far apart: new ids never meet."""
    ID_LIMIT = "polygon_id_limit"
    """Highest polygon id that a lot cut from another may give; missing: no limit."""
    PARENT_SEQ = "parent_seq"
    """Last row of the parent's journal when the lot was cut."""
    LOTS = "lots_json"
    """Lots cut from this one: `[{"lot_uuid", "name", "file", "created_utc", "polygons", "items", "work_s",
    "merged_utc", "merged_seq", "conflicts", "refused"}]`; the last are gestures in conflict."""


class LotState(str, Enum):
    """Life of a lot; `HISTORY` holds `[{"state", "time_utc", "by", "comment"}]`."""

    PREPARED = "prepared"
    ASSIGNED = "assigned"
    IN_INTERPRETATION = "in_interpretation"
    DELIVERED = "delivered"
    IN_CONTROL = "in_control"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class ImageryRole(str, Enum):
    """What a background image shows."""

    ORTHO = "ortho"
    INFRARED = "infrared"
    HEIGHT = "height"
    OTHER_DATE = "other_date"
    PREDICTION = "prediction"


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
    SIGNALEMENT = "signalement"
    """Somebody in the territory remarked on it: table `signalement`."""
    CONTROL_ERROR = "control_error"
    """A control found it wrong."""


class ItemState(str, Enum):
    """Life of a review item."""

    TODO = "todo"
    DONE = "done"
    POSTPONED = "postponed"
    ASKED = "asked"
    REDO = "redo"
    """Sent back by the controller, who says why in `answer`."""
    GONE = "gone"
    """Its polygon was absorbed by a gesture on another one."""


class Operation(str, Enum):
    """What one gesture did."""

    ACCEPT = "accept"
    SET_COVER = "set_cover"
    SET_USE = "set_use"
    MERGE = "merge"
    SPLIT = "split"
    RESHAPE = "reshape"
    INSERT = "insert"
    ABSORB = "absorb"
    ALIGN = "align"
    ROAD = "road"
    SEGMENT = "segment"
    COMMENT = "comment"
    MERGE_LOT = "merge_lot"
    """Rows that came back with a lot handed over."""
    POSTPONE = "postpone"
    ASK = "ask"
    UNDO = "undo"
    REDO = "redo"


class JournalState(str, Enum):
    """Whether the layer on disk contains a gesture; `WRITTEN` is left only by lots of schema 1."""

    WRITTEN = "written"
    APPLIED = "applied"
