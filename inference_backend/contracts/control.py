# SPDX-License-Identifier: GPL-2.0-or-later
"""The control of a lot: what is drawn, what controllers answer, and what is decided of it.

The same tables stand in two places (docs/decisions/0014). In the lot, or its schema in PostGIS,
`control_sample` says everything. In a control file, which controllers get, every column that tells or betrays
the delivered codes is null: who has only the control file cannot know them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any

from .tables import Column, Table

CONTROL_SCHEMA_VERSION = "1"

CONTROL = Table(
    "control",
    (
        Column("control_id", "text", "UUID"),
        Column("schema_version", "text"),
        Column("lot_uuid", "text", "the lot under control"),
        Column("lot_name", "text"),
        Column("created_utc", "datetime", "UTC"),
        Column("created_by", "text"),
        Column("software_version", "text"),
        Column("design_json", "text", "ControlDesign; in a control file only what betrays nothing"),
        Column("population_json", "text", "list of Stratum; null in a control file"),
        Column(
            "lot_fingerprint", "text", "of ids, codes, areas and shapes of the lot's own polygons when drawn"
        ),
        Column("state", "text", "ControlState"),
        Column("decision_json", "text", "ControlReport without its lists, once decided; null before"),
        Column("decided_by", "text", "who signed"),
        Column("decided_utc", "datetime", "UTC"),
    ),
)
CONTROL_SAMPLE = Table(
    "control_sample",
    (
        Column("control_id", "text"),
        Column("sample_id", "integer", "1..n in the order of work, which is random: it tells nothing"),
        Column("polygon_id", "text", "occupation_sol.id; null in a control file"),
        Column("fingerprint", "text", "row fingerprint of that polygon when drawn; null in a control file"),
        Column("stratum", "text", "Stratum.name; null in a control file"),
        Column("inclusion_probability", "real", "0..1, or expected hits where drawn with replacement; null"),
        Column("place", "integer", "place along the line or grid of a systematic draw, else null; null"),
        Column("area_m2", "real", "m2 on the ground, by the design's surface; null in a control file"),
        Column("map_cs", "text", "delivered cover; null in a control file"),
        Column("map_us", "text", "delivered use; null in a control file"),
        Column("x", "real", "the point to judge in the layer's CRS, or a point inside the polygon"),
        Column("y", "real"),
        Column(
            "second_opinion",
            "integer",
            "1: two controllers answer it, each alone; in a control file: this file's answer is the second",
        ),
    ),
    "Polygon",
)
BLIND_COLUMNS = (
    "polygon_id",
    "fingerprint",
    "stratum",
    "inclusion_probability",
    "place",
    "area_m2",
    "map_cs",
    "map_us",
)
"""Columns of `control_sample` that are null in a control file."""
CONTROL_ANSWER = Table(
    "control_answer",
    (
        Column("answer_id", "text", "UUID: collected twice, it counts once"),
        Column("control_id", "text"),
        Column("sample_id", "integer"),
        Column("controller", "text"),
        Column("role", "text", "AnswerRole"),
        Column("control_cs", "text", "cover seen, at any level; null if it cannot be said"),
        Column("control_us", "text", "use seen, at any level; null if it cannot be said"),
        Column("kinds", "text", "ErrorKind values that the eye sees, comma separated, or null"),
        Column("comment", "text"),
        Column("sketch", "text", "JSON: GeoJSON geometries, layer's CRS, or null"),
        Column("decided_at", "datetime", "UTC"),
        Column("duration_s", "real", "s the unit was in front of the controller"),
        Column("replaces", "text", "answer_id of the same unit's answer that it took the place of, or null"),
        Column("in_force", "integer", "1 for the controller's last answer; 0 once replaced or taken back"),
    ),
)
CONTROL_OUTLINE = Table(
    "control_outline",
    (Column("sample_id", "integer", "unit that it surrounds"),),
    "MultiLineString",
)
"""Control files alone: borders of the polygons around each unit, without a code.

A control file holds `control`, `control_sample`, `control_answer` and this one; `imagery` (no prediction) and
`reference` with its tables; and a table `lot` with the keys of `ControlFileKey` and those of
`CONTROL_FILE_LOT_KEYS`, no other. An arbiter's file brings the answers in force of the units where two
controllers differ.

Answers are collected by `answer_id`; of one that is known already only `in_force` may be another.
"""
CONTROL_FILE_LOT_KEYS = (
    "name",
    "millesime",
    "profile",
    "profile_version",
    "profile_json",
    "nomenclature_json",
)
"""`LotKey` values that a control file repeats: how it is called, and by which codes it is judged."""
CONTROL_TABLES = (CONTROL, CONTROL_SAMPLE, CONTROL_ANSWER)
CONTROL_SUFFIX = ".control.gpkg"


class ControlFileKey(str, Enum):
    """Keys of the table `lot` of a control file that say whose it is."""

    CONTROLLER = "controller"
    ROLE = "role"
    """`first` or `arbiter` (`AnswerRole`); which units are second opinions, `second_opinion` says."""


class Unit(str, Enum):
    """What is drawn and judged."""

    POLYGON = "polygon"
    POINT = "point"


class Draw(str, Enum):
    """How units are drawn."""

    RANDOM = "random"
    """Equal probabilities within a stratum, without replacement; points: uniform on the surface."""
    SYSTEMATIC = "systematic"
    """Random start, then every k-th along a space-filling curve; points: a square grid."""
    AREA = "area"
    """Polygons with probabilities proportional to their area, without replacement."""


class StrataBy(str, Enum):
    """What makes a stratum; none: the whole lot is one."""

    NONE = "none"
    COVER = "cover"
    USE = "use"
    COVER_AND_USE = "cover_and_use"
    LOT = "lot"
    OPERATOR = "operator"
    CONFIDENCE = "confidence"
    COMMUNE = "commune"


class Allocation(str, Enum):
    """How a stratified sample is shared out (Olofsson et al. 2014, 5.1.2)."""

    PROPORTIONAL = "proportional"
    EQUAL = "equal"
    NEYMAN = "neyman"
    SHARE = "share"
    """The same share of every stratum, small ones in full: 10 % of each class."""


class AnswerRole(str, Enum):
    """Whose answer counts: the arbiter's, else the first; second ones measure agreement."""

    FIRST = "first"
    SECOND = "second"
    ARBITER = "arbiter"


class ErrorKind(str, Enum):
    """What is wrong with a unit. Cover and use follow from the codes; the eye says the others."""

    COVER = "cover"
    USE = "use"
    OMISSION = "omission"
    """An object above its threshold that should be a polygon of its own."""
    GEOMETRY = "geometry"
    THRESHOLD = "threshold"
    """A polygon that should not exist: below its threshold and not excused."""


class ControlState(str, Enum):
    """Life of a control."""

    DRAWN = "drawn"
    DECIDED = "decided"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Stratum:
    """A part of the population, before exclusions were drawn from it.

    Attributes:
        name: its key: a code, an operator's name, `all`…
        units: polygons that could be drawn.
        area_m2: their area.
        drawn: units of the sample in it.
    """

    name: str
    units: int
    area_m2: float
    drawn: int


@dataclass(frozen=True)
class ControlDesign:
    """How a sample is drawn: with the lot as it was, this draws the same sample again.

    Attributes:
        unit: polygons or points.
        draw: how within a stratum.
        strata_by: what makes strata.
        level: level of the nomenclature's codes that make strata (1..4; 0: the leaves).
        allocation: how the sample is shared out.
        size: units to draw, None to reckon it from `precision` or `share`.
        precision: half-width of the 95 % interval of the overall accuracy that is asked, 0..1, or None.
        expected_accuracy: guess that sizes the sample: one share, or by stratum.
        share: share of each stratum, with `Allocation.SHARE`.
        full_below: strata with fewer units than this are taken whole.
        least: least number of units of a stratum that is not taken whole.
        most: largest number of units of one stratum, None for no cap.
        oversampled: by stratum, how many times its part is drawn.
        distance_m: least distance between two units, 0 for none.
        exclude_skeleton: leave out polygons of the skeleton.
        exclude_above_m2: leave out larger polygons, None for none.
        exclude_covers: leave out these branches of the cover nomenclature.
        second_share: share of the units that two controllers answer.
        seed: of the generator.
        surface: `projected` (areas in the layer's legal projection) or `ellipsoid`.
    """

    unit: Unit = Unit.POLYGON
    draw: Draw = Draw.RANDOM
    strata_by: StrataBy = StrataBy.COVER
    level: int = 0
    allocation: Allocation = Allocation.PROPORTIONAL
    size: int | None = None
    precision: float | None = None
    expected_accuracy: float | dict[str, float] = 0.9
    share: float | None = None
    full_below: int = 12
    least: int = 5
    most: int | None = None
    oversampled: dict[str, float] = field(default_factory=dict)
    distance_m: float = 0.0
    exclude_skeleton: bool = True
    exclude_above_m2: float | None = None
    exclude_covers: tuple[str, ...] = ()
    second_share: float = 0.1
    seed: int = 0
    surface: str = "projected"

    def to_dict(self) -> dict[str, Any]:
        """JSON form; enums by value."""
        return {
            name: value.value if isinstance(value, Enum) else value for name, value in asdict(self).items()
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> ControlDesign:
        """Inverse of `to_dict`; unknown keys are left out.

        Raises:
            ValueError: an enum has no such value.
        """
        known = {name: value for name, value in values.items() if name in cls.__dataclass_fields__}
        kinds = {"unit": Unit, "draw": Draw, "strata_by": StrataBy, "allocation": Allocation}
        for name, kind in kinds.items():
            if name in known:
                known[name] = kind(known[name])
        if "exclude_covers" in known:
            known["exclude_covers"] = tuple(known["exclude_covers"])
        return cls(**known)
