# SPDX-License-Identifier: GPL-2.0-or-later
"""A control file: units to read, answers to append, each on the disk when the call returns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

from qgis.core import QgsCoordinateReferenceSystem, QgsVectorLayer

from inference_backend.contracts.control import (
    CONTROL_ANSWER,
    CONTROL_OUTLINE,
    CONTROL_SAMPLE,
    AnswerRole,
    ControlDesign,
    ControlFileKey,
    Unit,
)
from inference_backend.contracts.lot import LotKey
from ocsge_pi_review.adapters.control_opening import A_CONTROL_FILE, open_control_gpkg
from ocsge_pi_review.adapters.gpkg import transaction
from ocsge_pi_review.adapters.gpkg_blob import wkb_of
from ocsge_pi_review.adapters.gpkg_opening import unreadable
from ocsge_pi_review.adapters.gpkg_table import GpkgTable, quoted
from ocsge_pi_review.adapters.layer_of_table import gpkg_layer
from ocsge_pi_review.domain.control import Answer, ControlUnit
from ocsge_pi_review.domain.control_errors import AnswerNotWrittenError, DamagedControlError

_Method = TypeVar("_Method", bound=Callable[..., Any])


def _readable(method: _Method) -> _Method:
    """A method that says in our words that the file can no longer be read."""

    @wraps(method)
    def told(store: ControlStore, *arguments: Any) -> Any:
        try:
            return method(store, *arguments)
        except sqlite3.Error as error:
            raise DamagedControlError(path=store.label, reason=error) from error

    return cast("_Method", told)


class ControlStore:
    """One open control file.

    Args:
        path: the GeoPackage, which the caller has locked.
        operator: who works, where the file names nobody.

    Attributes:
        label: what messages call it.
        metadata: values of the table `lot` by key.
        crs: of every geometry.
        controller: whose answers are written.
        role: `FIRST` or `ARBITER`; second opinions are told by unit.
        is_by_point: whether points are judged rather than polygons.
        units: in the order of work, without their outlines.

    Raises:
        ControlFileError: no control file, or it cannot be written.
    """

    def __init__(self, path: Path, operator: str) -> None:
        self.path, self.label = path, str(path)
        self._connection = open_control_gpkg(path)
        try:
            self._read_tables(operator)
        except (sqlite3.Error, ValueError, TypeError, AttributeError) as error:
            self._connection.close()
            raise unreadable(path, error, A_CONTROL_FILE) from error
        except BaseException:
            self._connection.close()
            raise

    def _read_tables(self, operator: str) -> None:
        self._sample = GpkgTable(self._connection, CONTROL_SAMPLE.name)
        self._outlines = GpkgTable(self._connection, CONTROL_OUTLINE.name)
        pairs = self._connection.execute("SELECT key, value FROM lot")
        self.metadata = {row["key"]: row["value"] or "" for row in pairs}
        control = self._connection.execute("SELECT * FROM control").fetchone()
        self.control_id = str(control["control_id"])
        self.name = self.metadata.get(LotKey.NAME.value) or str(control["lot_name"] or self.path.stem)
        design = ControlDesign.from_dict(json.loads(control["design_json"] or "{}"))
        self.is_by_point = design.unit is Unit.POINT
        self.controller = self.metadata.get(ControlFileKey.CONTROLLER.value) or operator
        self.role = AnswerRole(self.metadata.get(ControlFileKey.ROLE.value) or AnswerRole.FIRST.value)
        self.crs: QgsCoordinateReferenceSystem = self.layer(CONTROL_SAMPLE.name, self.name).crs()
        self.units = tuple(self._read_units())
        if not self.units:
            raise A_CONTROL_FILE.refused(self.path, "it holds no unit", "il ne contient aucune unité")

    def _read_units(self) -> Iterator[ControlUnit]:
        statement = "SELECT sample_id, x, y, second_opinion FROM control_sample ORDER BY sample_id"
        for row in self._connection.execute(statement):
            yield ControlUnit(int(row["sample_id"]), row["x"], row["y"], bool(row["second_opinion"]))

    def layer(self, table: str, name: str) -> QgsVectorLayer:
        """A read-only layer on a table, not yet in a project.

        Raises:
            LotError: QGIS cannot read it.
        """
        return gpkg_layer(self.path, table, name)

    @_readable
    def outline(self, sample_id: int) -> bytes:
        """Outline of a unit as well-known binary; empty for a bare point."""
        return next(self._geometries(self._sample, sample_id), b"")

    @_readable
    def surroundings(self, sample_id: int) -> list[bytes]:
        """Borders of the polygons around a unit, as well-known binary."""
        return list(self._geometries(self._outlines, sample_id))

    @_readable
    def answers(self) -> list[Answer]:
        """The controller's own answers, in the order in which they were given.

        Raises:
            DamagedControlError: one says nonsense.
        """
        is_arbiter = self.role is AnswerRole.ARBITER
        found = self._connection.execute(
            "SELECT * FROM control_answer WHERE control_id = ? AND controller = ? AND (role = ?) = ? "
            "ORDER BY rowid",
            (self.control_id, self.controller, AnswerRole.ARBITER.value, int(is_arbiter)),
        )
        return [self._answer(row) for row in found]

    @_readable
    def opinions(self, sample_id: int) -> list[Answer]:
        """What others said of a unit that the controller decides between; nobody's name goes with it.

        Empty unless the controller is the arbiter. Their order says nothing of who they are.
        """
        if self.role is not AnswerRole.ARBITER:
            return []
        found = self._connection.execute(
            "SELECT * FROM control_answer WHERE control_id = ? AND sample_id = ? AND in_force = 1 "
            "AND role <> ? ORDER BY answer_id",
            (self.control_id, sample_id, self.role.value),
        )
        return [self._answer(row) for row in found]

    def append(self, answer: Answer) -> None:
        """Write an answer, and take the one that it replaces out of force.

        Raises:
            AnswerNotWrittenError: nothing is written.
        """
        values = {**answer.to_row(), "control_id": self.control_id}
        names, marks = ", ".join(map(quoted, values)), ", ".join("?" * len(values))
        with self._writing():
            if answer.replaces:
                self._set_in_force(answer.replaces, False)
            statement = f"INSERT INTO {CONTROL_ANSWER.name} ({names}) VALUES ({marks})"  # nosec B608 - quoted
            self._connection.execute(statement, tuple(values.values()))

    def take_back(self, answer: Answer) -> None:
        """Take an answer out of force; the one that it replaced counts again.

        Raises:
            AnswerNotWrittenError: nothing is written.
        """
        self._turn(answer, False)

    def give_again(self, answer: Answer) -> None:
        """Undo of `take_back`.

        Raises:
            AnswerNotWrittenError: nothing is written.
        """
        self._turn(answer, True)

    def close(self) -> None:
        """Close; safe to call again."""
        self._connection.close()

    def _turn(self, answer: Answer, in_force: bool) -> None:
        with self._writing():
            self._set_in_force(answer.answer_id, in_force)
            if answer.replaces:
                self._set_in_force(answer.replaces, not in_force)

    def _set_in_force(self, answer_id: str, in_force: bool) -> None:
        self._connection.execute(
            "UPDATE control_answer SET in_force = ? WHERE answer_id = ?", (int(in_force), answer_id)
        )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with transaction(self._connection):
                yield
        except sqlite3.Error as error:
            raise AnswerNotWrittenError(path=self.label, reason=error) from error

    def _answer(self, row: sqlite3.Row) -> Answer:
        try:
            return Answer.from_row(dict(row))
        except (ValueError, TypeError) as error:
            raise DamagedControlError(path=self.label, reason=error) from error

    @staticmethod
    def _geometries(table: GpkgTable, sample_id: int) -> Iterator[bytes]:
        if table.geometry is None:
            return
        for row in table.select("sample_id = ?", (sample_id,)):
            blob = row[table.geometry]
            if blob is not None:
                yield wkb_of(blob)
