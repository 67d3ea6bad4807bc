# SPDX-License-Identifier: GPL-2.0-or-later
"""The journal as QGIS reads it, from a GeoPackage or PostGIS alike: lines by filter, one row whole.

Reads nothing whole: a list asks for the numbers of its lines, then for the lines it shows. Never writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from qgis.core import QgsFeature, QgsFeatureRequest, QgsPointXY, QgsRectangle, QgsVectorLayer
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QDateTime, Qt, QVariant

from inference_backend.contracts.lot import EDIT_JOURNAL, Operation
from ocsge_pi_review.domain.edits import Edit, EditFilter, touches
from ocsge_pi_review.domain.errors import LotError
from ocsge_pi_review.domain.item import decisions_from_json
from ocsge_pi_review.domain.journal import TURNS, Gesture, JournalRow
from ocsge_pi_review.domain.patch import Patch, rows_from_json

ROWS_AT_ONCE = 200
_LINE = ("seq", "gesture_id", "time_utc", "operator", "operation", "item_id", "duration_s")
_ADDED = ("in_force", "reasons", "changed_m2")
_GROUND_M = 0.01
"""Margin around the ground of an edit when later ones on it are looked for, m."""


class EditLog:
    """Reads one journal.

    Args:
        layer: on `edit_journal`, without a filter.
        shown: a second layer on it, which `choose` filters: that of the map.
    """

    def __init__(self, layer: QgsVectorLayer, shown: QgsVectorLayer | None = None) -> None:
        self.layer, self.shown = layer, shown or layer

    @classmethod
    def of_file(cls, path: Path) -> EditLog:
        """The journal of a GeoPackage.

        Raises:
            LotError: it holds none.
        """
        # A style stored in the file may bring forms and actions that run code.
        options = QgsVectorLayer.LayerOptions(loadDefaultStyle=False)
        layer = QgsVectorLayer(f"{path}|layername={EDIT_JOURNAL.name}", EDIT_JOURNAL.name, "ogr", options)
        if layer.isValid() and layer.fields().indexOf("before") >= 0:
            return cls(layer)
        sip.delete(layer)
        raise unreadable(path)

    @classmethod
    def of_layer(cls, layer: QgsVectorLayer) -> EditLog:
        """The whole journal of a layer, whatever filter it shows.

        Raises:
            LotError: it is on no journal.
        """
        own = layer.clone()
        if own.isValid() and own.fields().indexOf("before") >= 0 and own.setSubsetString(""):
            return cls(own)
        sip.delete(own)
        raise unreadable(Path(layer.name()))

    def close(self) -> None:
        """Let go of the file; a layer that a traceback keeps would outlive QGIS and crash it at its end."""
        if not sip.isdeleted(self.layer):
            sip.delete(self.layer)

    def operators(self) -> list[str]:
        """Everybody who made an edit."""
        return self._values("operator")

    def operations(self) -> list[Operation]:
        """What was done at least once, in the order of the contract."""
        known = set(self._values("operation"))
        return [operation for operation in Operation if operation.value in known]

    def numbers_at(self, point: QgsPointXY) -> list[int]:
        """Numbers of the rows shown whose ground holds a point of the journal's CRS, newest first."""
        request = self._request("", None)
        box = QgsRectangle(point, point)
        box.grow(_GROUND_M)
        request.setFilterRect(box)
        request.setSubsetOfAttributes(["seq"], self.shown.fields())
        found = (feature for feature in self.shown.getFeatures(request) if feature.geometry().contains(point))
        return sorted((int(feature["seq"]) for feature in found), reverse=True)

    def choose(self, wanted: EditFilter) -> None:
        """Filter the layer of the map; nothing happens where it is filtered so already."""
        words = condition(wanted)
        if self.shown.subsetString() != words and not self.shown.setSubsetString(words):
            raise unreadable(Path(self.shown.source().split("|")[0]))

    def numbers(self) -> list[int]:
        """Numbers of the rows that are shown, newest first."""
        found = self.shown.getFeatures(self._request("", ("seq",)))
        return sorted((int(feature["seq"]) for feature in found), reverse=True)

    def lines(self, numbers: Iterable[int]) -> dict[int, Edit]:
        """Rows without their polygons, by number."""
        listed = ", ".join(str(int(number)) for number in numbers)
        if not listed:
            return {}
        request = self._request(f'"seq" IN ({listed})', (*_LINE, *_ADDED))
        found = (_line(feature) for feature in self.layer.getFeatures(request))
        return {edit.seq: edit for edit in found}

    def row(self, seq: int) -> JournalRow | None:
        """One row whole."""
        return next(self.rows(seq - 1, seq), None)

    def rows(self, after_seq: int = 0, last_seq: int | None = None) -> Iterator[JournalRow]:
        """Rows whole and in order, some at a time."""
        last = self.last_seq() if last_seq is None else last_seq
        for start in range(after_seq, last, ROWS_AT_ONCE):
            end = min(start + ROWS_AT_ONCE, last)
            request = self._request(f'"seq" > {start} AND "seq" <= {end}', None)
            yield from sorted(map(_row, self.layer.getFeatures(request)), key=lambda row: row.seq)

    def last_seq(self) -> int:
        """Number of the newest row; 0 without any."""
        newest = self.layer.maximumValue(self.layer.fields().indexOf("seq"))
        return 0 if _is_null(newest) else int(newest)

    def later_on(self, row: JournalRow) -> list[Edit]:
        """Rows after one that changed a polygon of it."""
        box = _ground(row)
        if box is None:
            return []
        request = self._request(f'"seq" > {row.seq}', None)
        request.setFilterRect(box)
        ids = row.gesture.patch.ids
        found = (_line(f) for f in self.layer.getFeatures(request) if touches(_row(f), ids))
        return sorted(found, key=lambda edit: edit.seq)

    def _values(self, column: str) -> list[str]:
        found = self.layer.uniqueValues(self.layer.fields().indexOf(column))
        return sorted(str(value) for value in found if not _is_null(value))

    def _request(self, expression: str, columns: tuple[str, ...] | None) -> QgsFeatureRequest:
        request = QgsFeatureRequest()
        if expression:
            request.setFilterExpression(expression)
        if columns is not None:
            request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
            known = [name for name in columns if self.layer.fields().indexOf(name) >= 0]
            request.setSubsetOfAttributes(known, self.layer.fields())
        return request


def unreadable(path: Path) -> LotError:
    """What is wrong with a file that has no journal of the present schema."""
    return LotError(
        path=path,
        problem_en="it holds no journal that can be read",
        problem_fr="il ne contient pas de journal lisible",
        remedy_en="Open it once in the review, then try again.",
        remedy_fr="Ouvrez-le une fois dans la reprise, puis recommencez.",
    )


def condition(wanted: EditFilter) -> str:
    """A filter as a condition that SQLite and PostgreSQL read alike; empty for everything."""
    parts = []
    if wanted.in_force_only:
        parts.append('"in_force" = 1')
    if wanted.changes_only:
        parts.append('"changed_m2" > 0')
    if wanted.operators:
        parts.append(f'"operator" IN ({_listed(wanted.operators)})')
    if wanted.operations:
        parts.append(f'"operation" IN ({_listed(o.value for o in wanted.operations)})')
    if wanted.reasons:
        tests = (f"',' || \"reasons\" || ',' LIKE {_text(f'%,{r.value},%')}" for r in wanted.reasons)
        parts.append(f"({' OR '.join(tests)})")
    if wanted.since is not None:
        parts.append(f'"time_utc" >= {_text(wanted.since)}')
    if wanted.until is not None:
        parts.append(f'"time_utc" < {_text(wanted.until)}')
    return " AND ".join(parts)


def _listed(values: Iterable[str]) -> str:
    return ", ".join(map(_text, values))


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _ground(row: JournalRow) -> QgsRectangle | None:
    """Box of every polygon of an edit, m around it included; None where it touched none."""
    polygons = [found.polygon for found in (*row.gesture.patch.before, *row.gesture.patch.after)]
    points = [point for polygon in polygons for point in polygon[0]]
    if not points:
        return None
    xs, ys = zip(*points)
    box = QgsRectangle(min(xs), min(ys), max(xs), max(ys))
    box.grow(_GROUND_M)
    return box


def _line(found: QgsFeature) -> Edit:
    values = _values(found)
    operation = Operation(values["operation"])
    return Edit(
        int(values["seq"]),
        str(values["gesture_id"]),
        str(values["time_utc"]),
        str(values["operator"] or ""),
        operation,
        values["item_id"],
        float(values["duration_s"] or 0.0),
        tuple(part for part in (values["reasons"] or "").split(",") if part),
        float(values["changed_m2"] or 0.0),
        _is_in_force(values, operation),
    )


def _row(found: QgsFeature) -> JournalRow:
    values = _values(found)
    line = _line(found)
    gesture = Gesture(
        line.gesture_id,
        line.operation,
        Patch(rows_from_json(values["before"]), rows_from_json(values["after"])),
        decisions_from_json(values["item_before"]),
        decisions_from_json(values["item_after"]),
        line.item_id,
        line.reasons,
        line.changed_m2,
    )
    return JournalRow(line.seq, gesture, line.time_utc, line.operator, line.duration_s, line.is_in_force)


def _values(found: QgsFeature) -> dict[str, Any]:
    """Columns as plain Python; one that an older lot lacks is None."""
    names = found.fields().names()
    return {name: _plain(found[name]) if name in names else None for name in EDIT_JOURNAL.column_names}


def _plain(value: Any) -> Any:
    if _is_null(value):
        return None
    if isinstance(value, QDateTime):
        return value.toUTC().toString(Qt.DateFormat.ISODateWithMs)
    return value


def _is_null(value: Any) -> bool:
    return value is None or (isinstance(value, QVariant) and value.isNull())


def _is_in_force(values: dict[str, Any], operation: Operation) -> bool:
    if values["in_force"] is None:
        return operation not in TURNS
    return bool(values["in_force"])
