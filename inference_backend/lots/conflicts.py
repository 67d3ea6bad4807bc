# SPDX-License-Identifier: GPL-2.0-or-later
"""What could not be merged, alone in a layer that people look at and in a JSON that programs read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from inference_backend.atomic import replace_when_done
from inference_backend.contracts.tables import Column, Table
from inference_backend.lots.journal_rows import JournalEntry, Row
from inference_backend.lots.rebase import Reason
from inference_backend.postprocess.lot.gpkg_tables import write_spatial

CONFLICT = Table(
    "conflict",
    (
        Column("reason", "text"),
        Column("explanation", "text"),
        Column("polygon_ids", "text", "comma separated"),
        Column("operation", "text"),
        Column("operator", "text"),
        Column("time_utc", "text"),
        Column("item_id", "integer"),
        Column("codes_before", "text", "cover/use when the lot was cut"),
        Column("codes_lot", "text", "cover/use in the lot"),
        Column("codes_parent", "text", "cover/use in the parent"),
        Column("gesture_id", "text"),
        Column("seq", "integer", "row of the lot's journal"),
    ),
    "MultiPolygon",
)
EXPLANATIONS = {
    Reason.OUTSIDE: (
        "changes a polygon that belongs to another lot",
        "modifie un polygone qui appartient à un autre lot",
    ),
    Reason.CHANGED: (
        "the polygon was changed in the parent meanwhile",
        "le polygone a été modifié entre-temps dans le lot d'origine",
    ),
    Reason.GONE: (
        "the polygon is no longer in the parent",
        "le polygone n'est plus dans le lot d'origine",
    ),
    Reason.ID_TAKEN: (
        "another polygon of the parent has the id of a new one",
        "un autre polygone du lot d'origine porte l'identifiant d'un nouveau",
    ),
    Reason.BREAKS: (
        "would leave a gap or an overlap in the parent",
        "laisserait un trou ou un recouvrement dans le lot d'origine",
    ),
    Reason.ITEM_DECIDED: (
        "somebody else decided this item meanwhile",
        "quelqu'un d'autre a décidé cet élément entre-temps",
    ),
}


@dataclass(frozen=True)
class Conflict:
    """A gesture that was not applied.

    Attributes:
        reason: why.
        entry: its row in the lot's journal.
        theirs: the parent's polygons in question.
    """

    reason: Reason
    entry: JournalEntry
    theirs: tuple[Row, ...]

    def explanation(self, language: str = "fr") -> str:
        """The reason in words."""
        english, french = EXPLANATIONS[self.reason]
        return french if language.startswith("fr") else english

    def to_dict(self) -> dict[str, Any]:
        """JSON form, with the polygons of all three sides."""
        return {
            "reason": self.reason.value,
            "explanation": {"en": self.explanation("en"), "fr": self.explanation("fr")},
            **{key: self.entry.values[key] for key in _TOLD},
            "before": [row.to_dict() for row in self.entry.before],
            "lot": [row.to_dict() for row in self.entry.after],
            "parent": [row.to_dict() for row in self.theirs],
            "items": list(self.entry.items_after),
        }


_TOLD = ("seq", "gesture_id", "operation", "operator", "time_utc", "item_id")


def conflict_files(path: Path) -> tuple[Path, Path]:
    """The layer and the JSON; `path` has no suffix, though a lot may have a point in its name."""
    return path.with_name(f"{path.name}.gpkg"), path.with_name(f"{path.name}.json")


def write_conflicts(path: Path, conflicts: Sequence[Conflict], crs: str) -> None:
    """Write both files; where there is no conflict, those of an earlier merge go.

    Raises:
        OSError, pyogrio.errors.DataSourceError: they cannot be written.
    """
    layer, text = conflict_files(path)
    if not conflicts:
        layer.unlink(missing_ok=True)
        text.unlink(missing_ok=True)
        return
    rows = [_row(conflict) for conflict in conflicts]
    shapes = np.array([_ground(conflict) for conflict in conflicts], dtype=object)
    columns = {column.name: [row[column.name] for row in rows] for column in CONFLICT.columns}
    with replace_when_done(layer) as temporary:
        write_spatial(temporary, CONFLICT, shapes, columns, crs)
    with replace_when_done(text) as temporary:
        content = [conflict.to_dict() for conflict in conflicts]
        temporary.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _row(conflict: Conflict) -> dict[str, Any]:
    entry = conflict.entry
    ids = dict.fromkeys(row.id for row in (*entry.before, *entry.after))
    return {
        **{key: entry.values[key] for key in _TOLD},
        "reason": conflict.reason.value,
        "explanation": conflict.explanation(),
        "polygon_ids": ",".join(ids),
        "codes_before": _codes(entry.before),
        "codes_lot": _codes(entry.after),
        "codes_parent": _codes(conflict.theirs),
    }


def _codes(rows: Sequence[Row]) -> str:
    return ", ".join(dict.fromkeys(row.codes for row in rows))


def _ground(conflict: Conflict) -> shapely.MultiPolygon:
    """What the gesture touched."""
    rows = [*conflict.entry.before, *conflict.entry.after]
    ground = shapely.union_all([row.shape for row in rows])
    parts = [part for part in shapely.get_parts(ground) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts)
