# SPDX-License-Identifier: GPL-2.0-or-later
"""Brings answers out of control files back into the lot; the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference_backend.contracts.control import CONTROL_ANSWER, AnswerRole, ControlState
from inference_backend.control.control_file_reading import (
    AnswerRow,
    ReturnedFile,
    read_control_file,
    refused,
)
from inference_backend.control.errors import ControlError, ControlFileError
from inference_backend.control.lot_source import LotTables, open_tables
from inference_backend.control.read import control_of, control_rows
from inference_backend.control.types import Control
from inference_backend.postgis.address import LotAddress

_SAID = tuple(name for name in CONTROL_ANSWER.column_names if name not in ("in_force", "decided_at"))
"""Columns of an answer that never change; the time is compared as a time."""
Key = tuple[int, str]
"""Unit and role: one answer of each is in force."""


@dataclass(frozen=True)
class Collected:
    """What came in, and where the control stands.

    Attributes:
        control: the control afterwards.
        new: answers that came in.
        turned: known answers that were taken back or given again.
        older: units of which a file knows less than the lot: they stay as they are.
    """

    control: Control
    new: int
    turned: int
    older: int

    @property
    def answered(self) -> int:
        """Units with an answer that counts."""
        return sum(unit.answer is not None for unit in self.control.units)

    @property
    def lacking_second(self) -> int:
        """Units whose second opinion is missing."""
        return sum(u.second_opinion and AnswerRole.SECOND not in u.answers for u in self.control.units)

    @property
    def differing(self) -> int:
        """Units that two controllers judge differently and no arbiter settled."""
        return len(differing(self.control))


def collect(lot: str | Path | LotAddress, files: Sequence[Path]) -> Collected:
    """Bring the answers of control files into the lot, all of them or none.

    Args:
        lot: a GeoPackage, or the address of a lot in PostGIS.
        files: control files; none to see where the control stands.

    Raises:
        ControlFileError: a file is damaged, of another control, was tampered with, or contradicts another.
        ControlError: the lot has no control that runs.
        LotFileError, ConfigError, OutputError: the lot cannot be read or written.
    """
    if not files:
        with open_tables(lot) as tables:
            return Collected(control_of(tables), 0, 0, 0)
    with open_tables(lot, write=True) as tables:
        nomenclature = tables.profile().nomenclature
        returned = [read_control_file(path, nomenclature) for path in files]
        with tables.transaction():
            control_id = _running(tables, returned)
            _require_units(tables, control_id, returned)
            counts = _take_in(tables, control_id, returned)
            control = control_of(tables, control_id)
        return Collected(control, *counts)


def differing(control: Control) -> list[int]:
    """Units where first and second opinion give other codes, and no arbiter has decided."""
    found = []
    for unit in control.units:
        first, second = (unit.answers.get(role) for role in (AnswerRole.FIRST, AnswerRole.SECOND))
        if first is None or second is None or AnswerRole.ARBITER in unit.answers:
            continue
        if (first.control_cs, first.control_us) != (second.control_cs, second.control_us):
            found.append(unit.sample_id)
    return found


def _running(tables: LotTables, files: Iterable[ReturnedFile]) -> str:
    """UUID of the control that runs; every file must be of it."""
    rows = control_rows(tables)
    states = {row["control_id"]: row["state"] for row in rows}
    running = [name for name, state in states.items() if state == ControlState.DRAWN.value]
    for file in files:
        if file.control_id not in states:
            raise refused(
                file.path,
                f"is of another control (lot {file.lot_name})",
                f"appartient à un autre contrôle (lot {file.lot_name})",
                "Collect it into the lot that it was drawn from.",
                "Collectez-le dans le lot dont il a été tiré.",
            )
        if file.control_id not in running:
            done = states[file.control_id] == ControlState.DECIDED.value
            raise refused(
                file.path,
                f"its control was {'decided' if done else 'cancelled'}: nothing comes in any more",
                f"son contrôle est {'décidé' if done else 'annulé'} : plus rien n'y entre",
                "Draw a new sample where more has to be said.",
                "Tirez un nouvel échantillon s'il faut en dire plus.",
            )
    if not running:
        raise ControlError(
            path=tables.label,
            problem_en="has no control that runs",
            problem_fr="ce lot n'a pas de contrôle en cours",
            remedy_en="Draw a sample first: ocsge control sample.",
            remedy_fr="Tirez d'abord un échantillon : ocsge control sample.",
        )
    return str(running[-1])


def _require_units(tables: LotTables, control_id: str, files: Iterable[ReturnedFile]) -> None:
    """Accept files whose units are those that were drawn, where they were drawn."""
    query = "SELECT sample_id, x, y, second_opinion FROM {control_sample} WHERE control_id = ?"
    drawn = {int(row[0]): row[1:] for row in tables.select(query, (control_id,))}
    shapes = tables.unit_shapes(control_id)
    for file in files:
        for sample_id, unit in file.units.items():
            known = drawn.get(sample_id)
            same_place = known is not None and (unit.x, unit.y) == (known[0], known[1])
            if known is None or not same_place or unit.wkb != shapes.get(sample_id):
                raise _tampered(file.path, sample_id, "is not what was drawn", "n'est pas celle tirée")
            if unit.is_second and not known[2]:
                raise _tampered(
                    file.path, sample_id, "needs no second opinion", "n'appelle pas de second avis"
                )


def _take_in(tables: LotTables, control_id: str, files: Sequence[ReturnedFile]) -> tuple[int, int, int]:
    """Write what is new, inside the caller's transaction: new answers, turned ones, units known better."""
    known = _known(tables, control_id)
    new, turned, older = 0, 0, 0
    for file in files:
        stale = _older_units(file, known)
        older += len(stale)
        for row in file.answers:
            before = known.get(row["answer_id"])
            if before is None:
                tables.insert(CONTROL_ANSWER, [row])
                known[row["answer_id"]] = row
                new += 1
            elif not _same(before, row):
                raise _tampered(file.path, row["sample_id"], "was answered anew under an old id",
                                "a reçu une autre réponse sous un ancien identifiant")  # fmt: skip
            elif before["in_force"] != row["in_force"] and _group(row) not in stale:
                values = (row["in_force"], row["answer_id"])
                tables.execute("UPDATE {control_answer} SET in_force = ? WHERE answer_id = ?", values)
                before["in_force"] = row["in_force"]
                turned += 1
        _require_one_voice(file, known.values())
    return new, turned, older


def _known(tables: LotTables, control_id: str) -> dict[str, AnswerRow]:
    names = CONTROL_ANSWER.column_names
    query = f"SELECT {', '.join(names)} FROM {{control_answer}} WHERE control_id = ?"  # nosec B608 - the contract's
    rows = (dict(zip(names, row, strict=True)) for row in tables.select(query, (control_id,)))
    return {row["answer_id"]: row for row in rows}


def _group(row: AnswerRow) -> tuple[int, str, str]:
    return int(row["sample_id"]), str(row["role"]), str(row["controller"])


def _older_units(file: ReturnedFile, known: dict[str, AnswerRow]) -> set[tuple[int, str, str]]:
    """Units of which the lot has all answers of a file, and more: the file is an earlier copy.

    Raises:
        ControlFileError: each has answers of one controller that the other lacks.
    """
    ours: dict[tuple[int, str, str], set[str]] = {}
    theirs: dict[tuple[int, str, str], set[str]] = {}
    for row in known.values():
        ours.setdefault(_group(row), set()).add(row["answer_id"])
    for row in file.answers:
        theirs.setdefault(_group(row), set()).add(row["answer_id"])
    older = set()
    for group, answers in theirs.items():
        have = ours.get(group, set())
        if have - answers and answers - have:
            raise _two_voices(file.path, group[0], group[2], group[2])
        if have - answers:
            older.add(group)
    return older


def _require_one_voice(file: ReturnedFile, rows: Iterable[AnswerRow]) -> None:
    """Accept answers of which one is in force for each unit and role, the second by another person."""
    voices: dict[Key, str] = {}
    for row in rows:
        if row["in_force"] != 1:
            continue
        key = (int(row["sample_id"]), str(row["role"]))
        if key in voices:
            raise _two_voices(file.path, key[0], voices[key], str(row["controller"]))
        voices[key] = str(row["controller"])
    _require_outsiders(file, voices)
    for (sample_id, role), controller in voices.items():
        other = voices.get((sample_id, AnswerRole.FIRST.value))
        if role == AnswerRole.SECOND.value and other and other.casefold() == controller.casefold():
            raise refused(
                file.path,
                f"{controller} gave both opinions on unit {sample_id}",
                f"{controller} a donné les deux avis sur l'unité {sample_id}",
                "Have the second one given by another person.",
                "Faites donner le second par une autre personne.",
            )


def _require_outsiders(file: ReturnedFile, voices: Mapping[Key, str]) -> None:
    """Accept arbiters who are neither of the two whose difference they settle."""
    for (sample_id, role), controller in voices.items():
        others = {
            voices.get((sample_id, r.value), "").casefold() for r in (AnswerRole.FIRST, AnswerRole.SECOND)
        }
        if role == AnswerRole.ARBITER.value and controller.casefold() in others:
            raise refused(
                file.path,
                f"{controller} settled a difference of their own on unit {sample_id}",
                f"{controller} a arbitré son propre avis sur l'unité {sample_id}",
                "Have it settled by a third person.",
                "Faites arbitrer par une troisième personne.",
            )


def _same(known: AnswerRow, row: AnswerRow) -> bool:
    return all(_plain(known[name]) == _plain(row[name]) for name in _SAID)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, int | float) else (value or None)


def _two_voices(path: Path, unit: int, one: str, other: str) -> ControlFileError:
    return refused(
        path,
        f"unit {unit} has two answers for one role, by {one} and {other}",
        f"l'unité {unit} a deux réponses pour un même rôle, de {one} et de {other}",
        "Two copies of one file were filled in: leave one of them out.",
        "Deux copies d'un même fichier ont été remplies : retirez l'une d'elles.",
    )


def _tampered(path: Path, unit: int, en: str, fr: str) -> ControlFileError:
    return refused(path, f"unit {unit} {en}", f"l'unité {unit} {fr}")
