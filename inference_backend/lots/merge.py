# SPDX-License-Identifier: GPL-2.0-or-later
"""A lot that came back, into the one it was cut from: gesture by gesture, all or nothing.

Every gesture is written into the parent's journal as the parent saw it, with its operator and time, so that
the parent's journal still gives the parent's layer and each gesture can be taken back there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyogrio.errors

from inference_backend.contracts.lot import ItemState, LotKey, Operation
from inference_backend.contracts.lot_states import MERGEABLE, STATE_NAMES, state_of
from inference_backend.errors import OutputError, OutputIsInputError, gdal_reason
from inference_backend.lots.conflicts import Conflict, write_conflicts
from inference_backend.lots.coverage_rows import CoverageRows, ItemRows
from inference_backend.lots.delivery import edited_past_journal, is_journalled
from inference_backend.lots.errors import ForeignLotError, NotDeliveredError
from inference_backend.lots.journal_rows import JournalEntry, append, read_journal, set_in_force
from inference_backend.lots.lot_file import LotFile, open_lot
from inference_backend.lots.rebase import Reason, Rebased, Refused, rebase
from inference_backend.lots.remarks import bring_remarks
from inference_backend.postprocess.lot.lot_metadata import utc_now
from inference_backend.progress import Progress, Silent, Span

_WRITE_ERRORS = (OSError, pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError)
_WORDS = ("comment", "sketch", "answer")
_NO_GESTURE = "00000000-0000-0000-0000-000000000000"


@dataclass
class MergeReport:
    """What became of a lot.

    Attributes:
        lot: its name.
        applied: gestures written into the parent.
        taken_back: gestures of an earlier merge that the lot took back since.
        known: gestures that the parent had already.
        items: items decided.
        remarks: remarks of the territory that came in or were answered.
        conflicts: gestures that were not applied.
    """

    lot: str
    applied: int = 0
    taken_back: int = 0
    known: int = 0
    items: int = 0
    remarks: int = 0
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Gestures applied, taken back, known already, and not applied."""
        return self.applied, self.taken_back, self.known, len(self.conflicts)


def merge_lots(
    parent: Path,
    lots: Sequence[Path],
    conflicts: Path | None = None,
    progress: Progress = Silent(),  # noqa: B008 - stateless
    on_merged: Callable[[Path, MergeReport], None] | None = None,
) -> list[MergeReport]:
    """Merge lots, one transaction each; merging one twice changes nothing.

    Args:
        parent: the lot they were cut from.
        lots: what came back.
        conflicts: folder of the files with what could not be applied; beside each lot by default.
        progress: told the share that is done; may raise `Cancelled`, then the lot in hand is not merged.
        on_merged: told of each lot once it is in, so that what came before a failure is known.

    Raises:
        LotFileError: a file is no lot of this version, damaged or in use.
        ForeignLotError, NotDeliveredError, EditedPastJournalError: a lot that must not be merged.
        OutputError: the parent or the conflicts cannot be written; the parent is as it was.
        Cancelled: the user asked to stop.
    """
    reports = []
    for number, lot in enumerate(lots):
        span = Span(progress, number / len(lots), (number + 1) / len(lots), lot.name)
        folder = conflicts or lot.parent
        report = _merge_one(parent, lot, folder / f"{lot.stem}-conflicts", span)
        reports.append(report)
        if on_merged is not None:
            on_merged(lot, report)
    progress.update(1.0, "done")
    return reports


def _merge_one(parent: Path, lot: Path, conflicts: Path, progress: Progress) -> MergeReport:
    if lot.exists() and parent.exists() and lot.samefile(parent):
        raise OutputIsInputError(path=lot)
    with open_lot(lot) as ours:  # alone, so that what is wrong with it is not said of the parent
        is_sound = is_journalled(ours, Span(progress, 0.0, 0.4))
    with open_lot(lot) as ours, open_lot(parent, write=True) as theirs:
        _require_own(ours, theirs)
        if not is_sound:
            raise edited_past_journal(ours, theirs)
        with theirs.transaction():
            remarks = bring_remarks(ours, theirs)
            report = _Merge(ours, theirs).run(Span(progress, 0.4, 0.9))
            report.remarks = remarks
            _register(ours, theirs, report)
            try:  # before the commit: a merge whose conflicts nobody can see did not happen
                write_conflicts(conflicts, report.conflicts, theirs.crs)
            except _WRITE_ERRORS as error:
                raise OutputError(path=conflicts, reason=gdal_reason(error)) from error
    return report


def _require_own(lot: LotFile, parent: LotFile) -> None:
    told = lot.metadata.get(LotKey.PARENT_ID.value)
    if not told or told != parent.lot_id:
        name = lot.metadata.get(LotKey.PARENT_NAME.value) or "?"
        raise ForeignLotError(path=lot.path, parent=parent.name, told=name)
    state = state_of(lot.metadata)
    if state not in MERGEABLE:
        english, french = STATE_NAMES[state]
        raise NotDeliveredError(path=lot.path, state_en=english, state_fr=french)


class _Merge:
    """One lot going into its parent, inside the parent's transaction."""

    def __init__(self, lot: LotFile, parent: LotFile) -> None:
        self._lot, self._parent = lot, parent
        self._rows, self._items = CoverageRows(parent), ItemRows(parent)
        self._srs_id = parent.srs_id
        known = _entry_of(parent, lot.lot_id)
        self._merged_seq = int(known.get("merged_seq") or 0)
        self._refused = set(known.get("refused") or ())
        self._report = MergeReport(lot.name)
        self._decided: dict[int, set[tuple[Any, Any]]] = {}

    def run(self, progress: Progress) -> MergeReport:
        """Take back what the lot took back, then apply what is new."""
        total = max(self._lot.last_seq, 1)
        turns: dict[str, JournalEntry] = {}
        for entry in read_journal(self._lot.database):
            for decision in (*entry.items_before, *entry.items_after):
                self._decided.setdefault(decision["item_id"], set()).add(_signature(decision))
            if entry.is_turn and (entry.seq > self._merged_seq or entry.gesture_id in self._refused):
                turns[entry.gesture_id] = entry
        self._take_back(turns)
        for entry in read_journal(self._lot.database, "operation NOT IN ('undo', 'redo') AND in_force = 1"):
            progress.update(entry.seq / total)
            self._bring(entry, turns.get(entry.gesture_id))
        return self._report

    def _take_back(self, turns: dict[str, JournalEntry]) -> None:
        """Gestures of an earlier merge that the lot undid since, in the order in which it did."""
        for turn in sorted(turns.values(), key=lambda entry: entry.seq):
            made = self._made(turn.gesture_id)
            if turn.values["operation"] != Operation.UNDO.value or made is None or not made.is_in_force:
                continue
            outcome = rebase(made.after, made.before, self._rows)
            before, after = _of_turn(turn, made.items_after), _of_turn(turn, made.items_before)
            if isinstance(outcome, Refused):
                self._refuse(outcome.reason, turn, outcome)
                continue
            if not all(self._may_decide(decision) for decision in after):
                self._refuse(Reason.ITEM_DECIDED, turn, Refused(Reason.ITEM_DECIDED, outcome.before))
                continue
            self._write(outcome, replace(turn, items_before=before, items_after=after))
            set_in_force(self._parent.database, turn.gesture_id, is_in_force=False)
            self._report.taken_back += 1

    def _bring(self, entry: JournalEntry, turn: JournalEntry | None) -> None:
        made = self._made(entry.gesture_id)
        if made is not None and (made.is_in_force or turn is None):
            self._report.known += 1
            return
        outcome = rebase(entry.before, entry.after, self._rows)
        if isinstance(outcome, Refused):
            self._refuse(outcome.reason, entry, outcome)
        elif not all(self._may_decide(decision) for decision in entry.items_after):
            self._refuse(Reason.ITEM_DECIDED, entry, Refused(Reason.ITEM_DECIDED, outcome.before))
        elif made is not None and turn is not None:
            self._write(
                outcome, replace(turn, items_before=entry.items_before, items_after=entry.items_after)
            )
            set_in_force(self._parent.database, entry.gesture_id, is_in_force=True)
            self._report.applied += 1
        else:
            self._write(outcome, entry)
            self._report.applied += 1

    def _write(self, outcome: Rebased, entry: JournalEntry) -> None:
        stood = [self._items.get(decision["item_id"]) for decision in entry.items_after]
        was = {decision["item_id"]: decision for decision in entry.items_before}
        items = [
            _with_words_of(old, new, was.get(new["item_id"]))
            for new, old in zip(entry.items_after, stood, strict=True)
            if old is not None
        ]
        append(
            self._parent.database,
            replace(
                entry,
                before=outcome.before,
                after=outcome.after,
                items_before=tuple(old for old in stood if old is not None),
                items_after=tuple(items),
            ),
            self._srs_id,
        )
        self._rows.replace(outcome.before, outcome.after)
        for decision in items:
            self._items.put(decision)
        self._report.items += len(items)

    def _may_decide(self, decision: dict[str, Any]) -> bool:
        """Whether the parent's item is undecided, or decided by this very lot."""
        stands = self._items.get(decision["item_id"])
        if stands is None or stands["state"] != ItemState.DONE.value:
            return True
        return _signature(stands) in self._decided.get(decision["item_id"], set())

    def _made(self, gesture_id: str) -> JournalEntry | None:
        """A gesture as the parent's journal has it."""
        condition = "gesture_id = ? AND operation NOT IN ('undo', 'redo')"
        return next(read_journal(self._parent.database, condition, gesture_id or _NO_GESTURE), None)

    def _refuse(self, reason: Reason, entry: JournalEntry, outcome: Refused) -> None:
        self._report.conflicts.append(Conflict(reason, entry, outcome.rows))


def _of_turn(turn: JournalEntry, decisions: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    """Those that an undo changed: an item that was decided anew since kept its decision."""
    touched = {decision["item_id"] for decision in turn.items_after}
    return tuple(decision for decision in decisions if decision["item_id"] in touched)


def _signature(decision: dict[str, Any]) -> tuple[Any, Any]:
    return decision.get("operator"), decision.get("decided_at")


def _with_words_of(theirs: dict[str, Any], new: dict[str, Any], was: dict[str, Any] | None) -> dict[str, Any]:
    """A decision with what somebody wrote in the parent, where the gesture itself wrote nothing else."""
    kept = {
        name: theirs[name]
        for name in _WORDS
        if was is not None and new.get(name) == was.get(name) and theirs[name] is not None
    }
    return {**new, **kept}


def _entry_of(parent: LotFile, lot_id: str) -> dict[str, Any]:
    return next((entry for entry in parent.lots if entry.get("lot_uuid") == lot_id), {})


def _register(lot: LotFile, parent: LotFile, report: MergeReport) -> None:
    """Note in the parent what was merged; nothing is written where nothing is new."""
    known = parent.lots
    entry = next((some for some in known if some.get("lot_uuid") == lot.lot_id), None)
    if entry is None:
        entry = {"lot_uuid": lot.lot_id, "name": lot.name, "file": lot.path.name}
        known.append(entry)
    # An undo that was refused is asked for again: nobody but the conflicts says that the parent differs.
    refused = sorted({conflict.entry.gesture_id for conflict in report.conflicts})
    news = {"merged_seq": lot.last_seq, "conflicts": len(report.conflicts), "refused": refused}
    if {key: entry.get(key) for key in news} == news and not (report.applied or report.taken_back):
        return
    entry.update({**news, "merged_utc": utc_now(), "state": state_of(lot.metadata).value})
    parent.set_metadata({LotKey.LOTS.value: json.dumps(known, ensure_ascii=False)})
